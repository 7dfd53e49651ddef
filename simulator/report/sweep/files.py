"""A sweep on disk: `sweep.json`, its tables as CSV or Parquet, and its picture."""

from collections.abc import Iterator
from pathlib import Path

from simulator.report import pareto
from simulator.report.placing import place_files, png_of, quiet_drawing
from simulator.report.sweep.tables import csv_of, parquet_of, points_table, runs_table
from simulator.result.sweep import Sweep


def write_sweep(found: Sweep, directory: str | Path, *, parquet: bool = False) -> list[Path]:
    """Write all files into a directory, made if need be; their paths.

    OSError if it cannot be done, UsageError without the extra that writes Parquet.
    """
    from simulator.report.sweep.picture import has_picture, picture

    files: dict[str, str | bytes] = {}
    for name, table in (("points", points_table(found)), ("runs", runs_table(found))):
        files[f"{name}.csv"] = csv_of(table)
        if parquet:
            files[f"{name}.parquet"] = parquet_of(table)
    offers = [*_offers(found)]
    with quiet_drawing():
        if has_picture(found):
            files["sweep.png"] = png_of(picture(found))
        if pareto.drawable(offers):
            files["pareto.png"] = png_of(pareto.picture(offers, found.experiment))
    return place_files(directory, files | {"sweep.json": found.to_json()})


def _offers(found: Sweep) -> Iterator[pareto.Offer]:
    """The points with their costs, if these were asked for."""
    for point in found.points:
        if point.cost is not None:
            seconds = {key: point.figures[key].value for key in pareto.FIGURES if key in point.figures}
            yield pareto.Offer(", ".join(point.values), point.cost, seconds)
