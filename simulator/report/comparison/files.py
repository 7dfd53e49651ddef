"""A comparison on disk: `comparison.json`, `comparison.png`, and with costs `pareto.png`."""

from collections.abc import Iterator
from pathlib import Path

from simulator.report import pareto
from simulator.report.comparison.picture import picture
from simulator.report.placing import place_files, png_of, quiet_drawing
from simulator.result.comparison import Comparison


def write_comparison(found: Comparison, directory: str | Path) -> list[Path]:
    """Write the files into a directory, made if need be; their paths. OSError if it cannot be done."""
    offers = [*_offers(found)]
    with quiet_drawing():
        files: dict[str, str | bytes] = {"comparison.png": png_of(picture(found))}
        if pareto.drawable(offers):
            files["pareto.png"] = png_of(pareto.picture(offers, found.designs[0].experiment))
    return place_files(directory, files | {"comparison.json": found.to_json()})


def _offers(found: Comparison) -> Iterator[pareto.Offer]:
    """The designs with their costs, if these were asked for."""
    medians = {row.key: row.values for row in found.rows if row.key in pareto.FIGURES}
    for number, one in enumerate(found.designs):
        if one.cost is not None:
            seconds = {key: values[number].value for key, values in medians.items()}
            yield pareto.Offer(one.name, one.cost, seconds, one.said)
