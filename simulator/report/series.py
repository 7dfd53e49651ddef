"""Time series of a run as tables: windows of requests, and gauges where they were sampled."""

import csv
import io
from collections.abc import Iterator

from simulator.result.replication import Pair
from simulator.result.series import Windows
from simulator.result.whole import Result


def windows_csv(windows: Windows) -> str:
    """One row per window: actions by outcome, and attempts by region.

    The latter by how the region was found, served, failed, and of these rejected: throttled or overloaded.
    """
    by_region = {
        "fresh": windows.fresh,
        "cached": windows.cached,
        "pinned": windows.pinned,
        "served": windows.served,
        "failed": windows.failed_by_region,
        "rejected": windows.rejected,
    }
    names = [f"{kind}_{region}" for kind in by_region for region in windows.regions]
    columns = [
        windows.start_s,
        windows.succeeded,
        windows.failed,
        *(table[:, region] for table in by_region.values() for region in range(len(windows.regions))),
    ]
    return _csv(
        ["start_s", "succeeded", "failed", *names], zip(*(column.tolist() for column in columns), strict=True)
    )


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
    return _csv(header, zip(*(column.tolist() for column in columns), strict=True))


def _label(pair: Pair) -> str:
    return f"{pair.table}_{pair.from_}_{pair.to}"


def _csv(header: list[str], rows: Iterator[tuple[object, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
