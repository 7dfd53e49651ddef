"""Time series of a run as tables: windows of requests, and gauges where they were sampled."""

import csv
import io
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from simulator.result.replication import Pair
from simulator.result.series import Windows
from simulator.result.whole import Result


def windows_csv(windows: Windows) -> str:
    """One row per window: actions by outcome, attempts by region, actions begun by slice, requests sent.

    Attempts by how the region was found, served, failed, and of these rejected: throttled or overloaded.
    """
    by_region = {
        "fresh": windows.fresh,
        "cached": windows.cached,
        "pinned": windows.pinned,
        "served": windows.served,
        "failed": windows.failed_by_region,
        "rejected": windows.rejected,
    }
    columns = {
        "start_s": windows.start_s,
        "succeeded": windows.succeeded,
        "failed": windows.failed,
        **{
            f"{kind}_{region}": table[:, number]
            for kind, table in by_region.items()
            for number, region in enumerate(windows.regions)
        },
        **_of_actions(windows),
        **{f"sent_{region}": windows.sent[:, :, n].sum(axis=1) for n, region in enumerate(windows.regions)},
    }
    return csv_of([*columns], zip(*(column.tolist() for column in columns.values()), strict=True))


def _of_actions(windows: Windows) -> dict[str, NDArray[np.int64]]:
    """Actions by when they began: of all people, of each population, of each operation."""
    columns = {"begun": windows.begun_actions, "good": windows.good, "waiting": windows.waiting}
    slices = (windows.populations, windows.by_population), (windows.operations, windows.by_operation)
    for names, actions in slices:
        for number, name in enumerate(names):
            kinds = {"begun": actions.begun, "good": actions.good, "waiting": actions.waiting}
            columns |= {f"{kind}_{name}": counts[:, number] for kind, counts in kinds.items()}
    return columns


def gauges_csv(result: Result) -> str | None:
    """One row per sample: sessions in progress; per table and pair copies under way and true lag.

    None if gauges were not sampled.
    """
    gauges = result.series.gauges
    if gauges is None:
        return None
    header, columns = ["at_s", "sessions"], [gauges.at_s, gauges.sessions]
    for pair in result.replication:
        if pair.gauges is not None:
            header += [f"pending_{_label(pair)}", f"lag_s_{_label(pair)}"]
            columns += [pair.gauges.pending, pair.gauges.lag_s]
    return csv_of(header, zip(*(column.tolist() for column in columns), strict=True))


def _label(pair: Pair) -> str:
    return f"{pair.table}_{pair.from_}_{pair.to}"


def csv_of(header: list[str], rows: Iterable[tuple[object, ...]]) -> str:
    """A table as text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
