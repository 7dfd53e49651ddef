"""Steps that call external dependencies: what they may say, and where there are none."""

from pathlib import Path

import pytest

from tests.language.writing import ACT, IDENTITY, PAGE, PATH_EXPERIMENT, PATH_TOPOLOGY, changed, complaints

EXTERNAL = f"{IDENTITY}\nexternal:\n  cards: {{home: us-east-1, kind: payment}}"
WITH_CARDS = changed(PATH_TOPOLOGY, IDENTITY, EXTERNAL)


def told(tmp_path: Path, step: str, instead_of: str = ACT) -> list[str]:
    return complaints(tmp_path, PATH_EXPERIMENT, changed(WITH_CARDS, instead_of, f"[{step}]"))


@pytest.mark.parametrize("more", ["", ", writes: true", ", writes: true, idempotent: true, takes: 1 s"])
def test_a_step_calls_an_external(more: str, tmp_path: Path) -> None:
    assert told(tmp_path, f"{{call: cards{more}}}") == []


@pytest.mark.parametrize(
    ("step", "complaint"),
    [
        ("{call: card}", "t.yaml:21:20: unknown external or operation 'card'; did you mean 'cards'?"),
        (
            "{call: cards, to: eu-west-1}",
            "t.yaml:21:27: external 'cards' is where its 'home' is; leave 'to' out",
        ),
        (
            "{call: cards, idempotent: true}",
            "t.yaml:21:27: a call that has no effect needs no token; add 'writes: true', or leave it out",
        ),
        (
            "{call: cards, key: user}",
            "t.yaml:21:27: unknown key 'key'; one of: call, idempotent, takes, to, writes",
        ),
    ],
)
def test_what_an_external_does_not_know_is_refused(step: str, complaint: str, tmp_path: Path) -> None:
    assert complaint in told(tmp_path, step)


def test_nothing_is_called_from_behind_a_content_network(tmp_path: Path) -> None:
    assert told(tmp_path, "{call: cards}", PAGE) == [
        "t.yaml:27:13: an operation behind a content network is exactly one 'get' or 'put'"
    ]


def test_a_link_may_lead_to_a_home(tmp_path: Path) -> None:
    """Stockholm is neither a region of the system nor near anybody, and no checker is there."""
    north = changed(WITH_CARDS, "home: us-east-1", "home: eu-north-1")
    fault = "{at: 1 min, link: {between: [eu-west-1, eu-north-1]}, mode: cut}"
    run = changed(PATH_EXPERIMENT, "{at: 1 min, zone: eu-west-1a, mode: refused}", fault)
    assert complaints(tmp_path, run, north) == []
    assert complaints(tmp_path, run, WITH_CARDS) != []
