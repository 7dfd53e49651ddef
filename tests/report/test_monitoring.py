"""What metrics showed, as a table, as points, and as a picture."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.figure import Figure
from rich.console import Console

import simulator
from simulator.report.monitoring import bands_csv, metrics_csv, table
from simulator.report.pictures.monitoring import metrics, was_monitored
from tests.small import HERE, THERE, experiment, topology, write


@pytest.fixture(scope="module")
def monitored(tmp_path_factory: pytest.TempPathFactory) -> simulator.Result:
    """Ten minutes of a gateway and its function; after three dark ones its users stay in the other region."""
    api = {"regions": [HERE, THERE], "gateway": {}, "compute": {"lambda": {}}}
    system = topology(
        services={"api": api | {"operations": {"view": [{"compute": "200 ms"}]}}},
        metrics=["api_gateway.latency", "lambda.errors", {"metric": "lambda.throttles", "copied_to": THERE}],
    )
    dark = {"at": "4 min", "region": HERE, "mode": "refused", "for": "3 min"}
    system["alarms"] = {"slow": {"metric": "api_gateway.latency", "of": f"api@{HERE}", "band": 2}}
    run = experiment(duration="10 min", time_of_day="10:41", faults=[dark])
    return simulator.run(write(tmp_path_factory.mktemp("run"), system, run), metrics=True)


def test_each_point_is_a_row_and_tells_when_it_was_seen(monitored: simulator.Result) -> None:
    assert monitored.monitoring is not None
    rows = [*csv.DictReader(io.StringIO(metrics_csv(monitored.monitoring)))]
    latency = [row for row in rows if (row["metric"], row["of"]) == ("api_gateway.latency", f"api@{HERE}")]
    assert [float(row["begin_s"]) for row in latency] == [0.0, 60.0, 120.0, 180.0]
    assert all(float(row["p99"]) >= float(row["p50"]) >= 200 for row in latency)
    assert all(float(row["published_s"]) - float(row["begin_s"]) >= 120 for row in latency)
    assert latency[-1]["published_s"] == "420.0"  # when the region is back
    errors = [row for row in rows if row["metric"] == "lambda.errors"]
    assert all(row["p99"] == "" for row in errors)
    throttles = [row for row in rows if (row["metric"], row["of"]) == ("lambda.throttles", f"api@{HERE}")]
    copied = {row["region"] for row in throttles}
    assert copied == {HERE, THERE}


def test_each_period_of_a_band_is_a_row(monitored: simulator.Result) -> None:
    """Nothing is seen of the three dark minutes; what was expected is known of them, too."""
    assert monitored.monitoring is not None
    rows = [*csv.DictReader(io.StringIO(bands_csv(monitored.monitoring) or ""))]
    assert [float(row["begin_s"]) for row in rows] == [60.0 * minute for minute in range(10)]
    assert {(row["alarm"], row["region"], row["period_s"]) for row in rows} == {("slow", HERE, "60.0")}
    assert [bool(row["value"]) for row in rows] == [True] * 4 + [False] * 6
    assert all(200 < float(row["lower"]) < float(row["expected"]) < float(row["upper"]) for row in rows)


def test_without_bands_there_is_no_such_file(monitored: simulator.Result) -> None:
    assert monitored.monitoring is not None
    assert bands_csv(replace(monitored.monitoring, alarms=())) is None


def test_the_table_fits_in_80_columns_and_names_every_metric(monitored: simulator.Result) -> None:
    console = Console(width=80, file=io.StringIO(), record=True)
    console.print(table(monitored))
    lines = console.export_text().splitlines()
    assert max(map(len, lines)) <= 80
    assert any("api_gateway.latency" in line and f"api@{HERE}" in line for line in lines)
    assert any(line.rstrip().endswith(f"in {THERE}") for line in lines)


def test_the_result_tells_how_many_periods_have_no_point(monitored: simulator.Result) -> None:
    (latency,) = [
        one for one in monitored["monitoring"]["metrics"]
        if (one["metric"], one["of"]) == ("api_gateway.latency", f"api@{HERE}")
    ]  # fmt: skip
    assert (latency["points"], latency["without"], latency["period_s"]) == (4, 6, 60.0)
    assert "series" not in latency


def test_the_picture_has_a_panel_for_each_metric_below_what_happened(monitored: simulator.Result) -> None:
    """Strips, the truth, and two metrics that have more to show than their copies; breaks where none was."""
    assert was_monitored(monitored)
    figure = metrics(monitored)
    assert isinstance(figure, Figure)
    titles = [axes.get_title("right") for axes in figure.axes]
    assert [title for title in titles if title] == [
        "AWS/ApiGateway Latency, average", "AWS/Lambda Errors, sum", "AWS/Lambda Throttles, sum",
    ]  # fmt: skip


def test_nothing_is_said_where_nothing_was_asked_for(tmp_path: Path) -> None:
    result = simulator.run(write(tmp_path, topology(), experiment()))
    assert table(result) is None
    assert not was_monitored(result)
    assert "monitoring" not in result.to_dict()
