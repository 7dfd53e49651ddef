"""Sections of a file: what they may hold is made ready when a file has one, since most files have few."""

from functools import cached_property
from typing import Any, cast

from pydantic import ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter
from pydantic_core import CoreSchema, core_schema

_AS_MODELS = ConfigDict(strict=True, allow_inf_nan=False)


class _Section:
    """A list or mapping of models; pydantic makes what validates it when that is first asked for."""

    def __init__(self, type_: Any) -> None:
        self._type = type_

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """What validates and writes it."""
        return TypeAdapter(self._type, config=_AS_MODELS)

    def validated(self, value: Any, info: core_schema.ValidationInfo) -> Any:
        """What it holds; its mistakes have their places below that of the section."""
        return self.adapter.validate_python(value, context=info.context)

    def written(self, value: Any, info: core_schema.SerializationInfo) -> Any:
        """What it says, as plain data."""
        return self.adapter.dump_python(
            value,
            mode=cast("Any", info.mode),
            by_alias=info.by_alias,
            exclude_unset=info.exclude_unset,
            exclude_defaults=info.exclude_defaults,
            exclude_none=info.exclude_none,
            warnings=False,
        )


class WhenWritten:
    """Says of a field, as `Annotated[list[Fault], WHEN_WRITTEN]`, that it is a section."""

    def __get_pydantic_core_schema__(self, source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """A function in the place of all that the section may hold."""
        section = _Section(source)
        written = core_schema.plain_serializer_function_ser_schema(section.written, info_arg=True)
        return core_schema.with_info_plain_validator_function(section.validated, serialization=written)

    def __get_pydantic_json_schema__(
        self, asked: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """What the section may hold."""
        section: _Section = cast("Any", asked)["function"]["function"].__self__
        return handler(section.adapter.core_schema)


WHEN_WRITTEN = WhenWritten()
