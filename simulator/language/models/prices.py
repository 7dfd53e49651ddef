"""Prices that replace list prices of the catalog, or give those that it lacks."""

from typing import Annotated

from pydantic import Discriminator, Field, Tag

from simulator.language.models.quantities import NotEmpty, RegionName, text_or_mapping

Dollars = Annotated[float, Field(ge=0, le=1_000_000)]
"""US dollars for the unit of a price."""

WrittenPrice = Annotated[
    Annotated[Dollars, Tag(":Word")] | Annotated[dict[RegionName, Dollars], NotEmpty, Tag(":Mapping")],
    Discriminator(text_or_mapping),
]
"""The same everywhere, or by region."""
