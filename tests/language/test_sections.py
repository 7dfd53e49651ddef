"""Sections of files: validated, written and described as their models are, made ready when there is one."""

from typing import Annotated

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from simulator.language.models.quantities import ALREADY_READ, Duration, Model
from simulator.language.models.sections import WHEN_WRITTEN


class Stop(Model):
    """What a section of this test holds."""

    after: Duration
    """When."""
    from_: str = Field(default="here", alias="from")


class Journey(Model):
    """A file with two sections, and the same without waiting."""

    stops: Annotated[list[Stop], WHEN_WRITTEN] = Field(default=[])
    named: Annotated[dict[str, Stop], WHEN_WRITTEN] = Field(default={})


class Eager(Model):
    """The same without sections."""

    stops: list[Stop] = Field(default=[])
    named: dict[str, Stop] = Field(default={})


WRITTEN = {"stops": [{"after": "5 s"}, {"after": "2 min", "from": "there"}], "named": {"a": {"after": "1 h"}}}


def test_a_section_holds_and_writes_what_its_models_do() -> None:
    ours, theirs = Journey.model_validate(WRITTEN), Eager.model_validate(WRITTEN)
    assert ours.stops == theirs.stops
    assert ours.named == theirs.named
    for unset in (True, False):
        said = ours.model_dump_json(by_alias=True, exclude_unset=unset)
        assert said == theirs.model_dump_json(by_alias=True, exclude_unset=unset)
    assert ours.model_dump() == theirs.model_dump()


@pytest.mark.parametrize(
    "wrong",
    [
        {"stops": [{"after": "5 s"}, {"after": "often"}], "named": {"a": {}}},
        {"stops": {}, "named": []},
        {"stops": [{"after": 5, "wibble": 1}], "named": {"b": {"after": "1 h", "from": 3}}},
    ],
)
def test_mistakes_in_a_section_have_their_places(wrong: object) -> None:
    found = []
    for model in (Journey, Eager):
        with pytest.raises(ValidationError) as invalid:
            model.model_validate(wrong)
        errors = invalid.value.errors(include_url=False)
        found.append([(one["type"], one["loc"], one["msg"], one["input"]) for one in errors])
    assert found[0] == found[1]


def test_what_a_program_has_changed_is_known_to_be_read_already() -> None:
    with pytest.raises(ValidationError, match="a model holds a number here"):
        Journey.model_validate(WRITTEN, context=ALREADY_READ)
    read = {"stops": [{"after": 5}]}
    assert Journey.model_validate(read, context=ALREADY_READ).stops == [Stop.model_construct(after=5)]


def test_a_section_is_described_as_its_models_are() -> None:
    ours, theirs = Journey.model_json_schema(), Eager.model_json_schema()
    assert ours["properties"]["stops"] == theirs["properties"]["stops"]
    assert ours["$defs"] == theirs["$defs"]


def test_nothing_is_made_ready_for_a_section_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = []

    class Watched(TypeAdapter[object]):
        def __init__(self, type_: object, **options: object) -> None:
            made.append(type_)
            super().__init__(type_, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("simulator.language.models.sections.TypeAdapter", Watched)

    class Fresh(Model):
        stops: Annotated[list[Stop], WHEN_WRITTEN] = Field(default=[])

    assert Fresh.model_validate({}).stops == []
    assert made == []
    Fresh.model_validate({"stops": []})
    assert made == [list[Stop]]
