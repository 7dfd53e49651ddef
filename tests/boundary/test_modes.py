"""The table of fault modes: complete, and the same as what the documentation says."""

from collections.abc import Iterator

import pytest

from simulator.boundary.looks import WELL, Look
from simulator.boundary.modes import MODES, TARGETS, label, mode_text, modes_of, share_text
from simulator.language.models import faults
from tests.faults import kinds


def models(base: type[faults.Fault] = faults.Fault) -> Iterator[type[faults.Fault]]:
    """Every model of a fault that users can write."""
    for model in base.__subclasses__():
        yield from models(model)
        if "target" in vars(model):
            yield model


MODELS = {model.target: model for model in sorted(models(), key=lambda model: [*TARGETS].index(model.target))}


def test_targets_are_the_keys_by_which_faults_are_told_apart() -> None:
    assert [*TARGETS] == [*faults.FAULT_KINDS]
    assert {target: f":{model.__name__}" for target, model in MODELS.items()} == faults.FAULT_KINDS


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_has_modes_and_no_two_of_one_name(target: str) -> None:
    names = [mode.name for mode in MODES if target in mode.on]
    assert names
    assert len({*names}) == len(names)


@pytest.mark.parametrize("target", MODELS)
def test_faults_take_what_their_modes_take(target: str) -> None:
    keys, modes = MODELS[target].model_fields.keys(), modes_of(target).values()
    assert ("share" in keys) == any(mode.share for mode in modes)
    assert ("add" in keys) == any(mode.slows for mode in modes)


@pytest.mark.parametrize(
    "target", [target for target in MODELS if issubclass(MODELS[target], faults.FaultOfUsers)]
)
def test_a_mode_can_be_limited_or_says_why_it_strikes_everybody(target: str) -> None:
    assert all(bool(mode.said_some) != bool(mode.for_all) for mode in modes_of(target).values())


def test_what_a_fault_does_to_a_look() -> None:
    of_table = modes_of("table")
    assert of_table["error"].look_of(None, None, None) == Look(error_share=1.0)
    assert of_table["capacity"].look_of(0.0, None, None) == Look(capacity=0.0)
    assert of_table["slow"].look_of(None, None, 5) == Look(add_ns=5)
    assert of_table["slow"].look_of(None, 2.0, None) == Look(factor=2.0)
    assert modes_of("cache")["flushed"].look_of(None, None, None) == WELL


def test_labels_say_what_is_wrong_unless_they_say_all_by_themselves() -> None:
    dark = modes_of("region")["black_hole"]
    assert label("eu-west-1", dark, {}, ["Dublin"]) == "eu-west-1 does not answer (Dublin)"
    assert label("clock", modes_of("clock")["skew"], {"off": "1 s ahead"}) == "clock is 1 s ahead"
    error = modes_of("service")["error"]
    assert label("shop", error, {}) == "shop answers errors"
    assert label("shop", error, {"share": "2 %"}) == "shop answers 2 % with errors"
    assert label("shop", error, {"some": "checkout"}) == "shop answers errors to checkout"
    some = {"share": "2 %", "some": "checkout of mobile"}
    assert label("shop", error, some) == "shop answers 2 % of checkout of mobile with errors"
    slow = modes_of("service")["slow"]
    assert label("shop", slow, {"slower": "1 s longer", "some": "pay"}) == "shop takes 1 s longer for pay"
    assert label("surge of people ×2", modes_of("surge")["surge"], {}) == "surge of people ×2"


def test_no_mode_is_said_by_the_word_that_files_have_for_it() -> None:
    """Only surges and bots are said by what they strike alone."""
    silent = [mode.name for mode in MODES if not (mode.said or mode.said_part)]
    assert silent == ["surge", "bots"]
    assert not [mode for mode in MODES if mode.name in ("black_hole", "empty_answer") and "_" in mode.said]


def test_descriptions_are_made_from_the_table() -> None:
    assert mode_text("cache") == "How calls fail; `flushed`: everything in it is forgotten at that instant."
    assert share_text("service") == (
        "`error`: the share of requests answered with a 5xx; default all. `capacity`: the share that is left."
    )


def test_no_two_kinds_of_plan_have_one_name() -> None:
    names = [kind.kind for kind in kinds()]
    assert len({*names}) == len(names)
