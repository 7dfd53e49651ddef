import io
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

import simulator
from simulator import Result
from simulator.report.faults import gist
from simulator.report.terminal import print_result
from simulator.units import parse_duration
from tests.report.conftest import Run
from tests.small import HERE, experiment, topology, write

_DURATION = r"(?:[\d.]+ (?:d|h|min|s|ms|us|ns)\b ?)+"


def printed(result: Result, width: int = 100, *, verbose: bool = True) -> str:
    """The summary as plain text, without trailing blanks."""
    console = Console(file=io.StringIO(), width=width, highlight=False, color_system=None)
    print_result(result, console, verbose=verbose)
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())


def section(text: str, title: str) -> list[str]:
    """The lines below a title, up to the next blank line."""
    lines = text.splitlines()
    first = max(number for number, line in enumerate(lines) if line.startswith(title)) + 1
    return lines[first : lines.index("", first)] if "" in lines[first:] else lines[first:]


def cells(line: str) -> list[str]:
    return re.split(r"\s{2,}", line.strip())


@pytest.mark.parametrize("width", [40, 50, 60, 70, 80, 100, 120, 200])
def test_nothing_is_cut_or_runs_over(milan: Result, width: int) -> None:
    text = printed(milan, width)
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= width


@pytest.mark.parametrize("width", [40, 50, 60, 70, 80, 100])
def test_every_figure_of_a_wide_terminal_is_on_a_narrow_one_in_one_piece(milan: Result, width: int) -> None:
    """No column vanishes, and no line ends within a figure."""
    figure = re.compile(rf"{_DURATION}|\d[\d.,]* %")
    on_wide, on_narrow = (
        Counter(
            found.strip() for line in printed(milan, columns).splitlines() for found in figure.findall(line)
        )
        for columns in (200, width)
    )
    assert on_wide.total() > 80
    assert on_wide <= on_narrow  # which repeats the heads of columns, such as 99 %


def test_a_pair_has_its_median_at_80_columns(milan: Result) -> None:
    rows = section(printed(milan, 80), "Replication lag")
    wide = section(printed(milan, 120), "Replication lag")
    assert cells(rows[0]) == ["median", "99 %", "worst", "metric", "silent"] == cells(wide[0])[1:]
    figures = [cells(row) for row in rows if row.endswith(" of 9")]
    assert figures == [cells(row)[1:] for row in wide if row.endswith(" of 9")]
    assert {len(row) for row in figures} == {5}


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_the_waterfall_adds_up_to_the_recovery_time(milan: Result, width: int) -> None:
    rows = {}
    for line in section(printed(milan, width), "Recovery"):
        row = re.match(rf"  (detect|change DNS|caches expire|sum) +({_DURATION})", line)
        if row:
            rows[row[1]] = parse_duration(row[2])
    whole = rows.pop("sum")
    assert [*rows] == ["detect", "change DNS", "caches expire"]
    assert sum(rows.values()) == whole == round(milan["recovery"]["recovery_time_s"] * 10**9)


def test_bars_of_the_waterfall_follow_one_another(milan: Result) -> None:
    lines = [line for line in section(printed(milan), "Recovery") if "█" in line]
    starts = [line.index("█") for line in lines]
    assert starts == sorted(starts)
    assert len(lines) == len(milan["recovery"]["phases"])


def test_the_verdict_comes_first_and_shows_every_expectation(milan: Result) -> None:
    lines = printed(milan).splitlines()
    assert lines[:2] == ["MET: every expectation holds  (45 min simulated, seed 1)", "Milan goes dark"]
    ticks = [line for line in lines if line.startswith("✓")]
    assert len(ticks) == len(milan.expectations)
    for line, one in zip(ticks, milan.expectations, strict=True):
        assert one.expectation.replace("_", " ") in line
        assert one.shown in line


@pytest.fixture(scope="session")
def crowded(milan: Result) -> Result:
    """The demo with thirty expectations, one of which is missed, and faults of long names."""
    (first, *_), faults = milan.expectations, milan.recovery.faults
    missed = replace(first, verdict="missed", shown="1 d 3 h 12 min", reason="it took too long")
    long = tuple(replace(faults[0], fault=f"table {'orders-' * 20}{number} is slow") for number in range(9))
    return replace(
        milan,
        verdict="missed",
        expectations=(*[first] * 15, missed, *[first] * 14),
        recovery=replace(milan.recovery, faults=(*faults, *long)),
    )


@pytest.mark.parametrize("width", [80, 100, 120])
def test_what_must_be_known_has_room_on_one_screen(milan: Result, crowded: Result, width: int) -> None:
    """24 lines, of which one tells what was written, and one is the prompt's."""
    for result, most in ((milan, 22), (crowded, 22)):
        lines = printed(result, width, verbose=False).splitlines()
        assert len(lines) <= most
        assert max(map(len, lines)) <= width


def test_the_screen_says_verdict_ladder_sessions_writes_reason_and_assumptions(milan: Result) -> None:
    rows = rows_of(printed(milan, 80, verbose=False))
    parts = ["Faults", "Failback", "Recovery", "Good again", "Why", "Sessions", "By whom"]
    parts += ["Writes", "Alarms", "Assumed"]
    assert [*rows] == parts
    assert rows["Faults"] == "eu-south-1 does not answer (Milan), 10 min to 30 min"
    assert rows["Recovery"].startswith("20 min 10 s until 99 % of actions succeed again")
    assert rows["Good again"].endswith("95 % after 20 min, 99 and 99.9 % after 20 min 10 s")
    assert re.match(r"[\d,]+ of [\d,]+ missing \(overwritten unseen\)", rows["Writes"])
    assert rows["Assumed"].startswith("dns.resolver_extends_ttl 5 %; dynamodb.replication_lag.median")


def rows_of(text: str) -> dict[str, str]:
    """The parts of the first layer by their labels."""
    rows: dict[str, str] = {}
    for line in text.split("\n\n")[1].splitlines():
        label, said = line[:12].strip(), line[12:]
        rows[label or [*rows].pop()] = f"{rows.get([*rows].pop(), '')} {said}".strip() if not label else said
    return rows


def test_what_is_not_met_comes_first_where_not_all_expectations_have_room(crowded: Result) -> None:
    lines = printed(crowded, 80, verbose=False).splitlines()
    assert lines[0] == "MISSED  (45 min simulated, seed 1)"
    assert re.fullmatch(r"✗  recovery time at most 1 d +1 d 3 h 12 min", lines[2])
    left = re.fullmatch(
        r"✓  (\d+) others are met \(-v shows all\)", next(line for line in lines if "-v" in line)
    )
    assert left
    assert int(left[1]) + sum(line.startswith(("✓  rec", "✗  rec")) for line in lines) == 30
    assert printed(crowded, 80).count("\n✓  recovery time") == 29


def test_the_remedy_has_room_before_more_than_one_assumption(crowded: Result) -> None:
    rows = rows_of(printed(crowded, 80, verbose=False))
    assert re.search(r"ended by the repair; not tried: ", rows["Why"])
    assert rows["Assumed"].startswith("dns.resolver_extends_ttl 5 %; ")


def test_colours_are_left_out_where_nobody_wants_them(milan: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    def raw() -> str:
        console = Console(file=io.StringIO(), width=80, force_terminal=True, color_system="truecolor")
        print_result(milan, console)
        assert isinstance(console.file, io.StringIO)
        return console.file.getvalue()

    assert "\x1b[1;32m" in raw()  # bold and green
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", raw())


def test_the_fates_of_the_writes_account_for_all_of_them(milan: Result) -> None:
    rows = section(printed(milan), "Acknowledged writes")
    assert cells(rows[0]) == ["table", "acknowledged", "visible everywhere", "discarded", "lost", "pending"]
    for row in rows[1:4]:
        name, acknowledged, *fates = cells(row)
        assert name in ("progress", "leaderboards", "all")
        counts = [int(fate.replace(",", "")) for fate in fates]
        assert sum(counts) == int(acknowledged.replace(",", ""))
    assert cells(rows[3])[1] == f"{milan['loss']['acknowledged']:,}"


def test_the_fates_of_the_writes_at_risk_account_for_all_of_them(milan: Result) -> None:
    rows = section(printed(milan), "Writes out of reach")
    assert cells(rows[0])[1:] == ["recovery point", "writes", "came late", "discarded", "lost", "pending"]
    for row in rows[1:4]:
        at_risk, *fates = map(int, cells(row)[2:])
        assert sum(fates) == at_risk
    assert int(cells(rows[3])[2]) == milan["loss"]["at_risk"] > 0


def test_lags_are_shown_by_table_and_pair(milan: Result) -> None:
    rows = section(printed(milan), "Replication lag")
    assert cells(rows[0])[-3:] == ["worst", "metric", "silent"]
    pairs = [cells(row) for row in rows if row.startswith("    eu-")]
    moving = [pair for pair in milan["replication"] if pair["true"]["count"]]
    assert [pair[0] for pair in pairs] == [f"{pair['from']} → {pair['to']}" for pair in moving]
    assert {len(pair) for pair in pairs} == {6}
    assert [row.strip() for row in rows if re.fullmatch(r"  \w+", row)] == ["progress", "leaderboards"]
    silent = [f"{pair['metric']['periods_without_data']} of 9" for pair in moving]  # 45 min are nine periods
    assert [pair[-1] for pair in pairs] == silent


def test_the_five_classes_of_sessions_are_shown_with_their_counts(milan: Result) -> None:
    rows = [cells(row) for row in section(printed(milan), "Sessions alive")]
    counts = milan["continuity"]["counts"]
    assert [(row[0], row[2]) for row in rows] == [
        (name.replace("_", " "), f"{count:,}") for name, count in counts.items()
    ]


def test_the_assumed_defaults_are_listed_unless_asked_not_to(milan: Result) -> None:
    for one in milan["assumptions"]:
        assert re.search(rf"^  {re.escape(one['name'])} +{re.escape(one['value'])}$", printed(milan), re.M)
    assert "Defaults that no source backs" not in printed(milan, verbose=False)


def test_without_faults_there_is_nothing_to_recover_from(small: Run) -> None:
    text = printed(small())
    assert "No fault acted." in text
    assert "No expectations declared" in text
    assert "Sessions alive during the fault" not in text


def test_an_expectation_that_was_not_exercised_says_why(small: Run) -> None:
    result = small("expect: [{recovery_time: {at_most: 1 min}}, {success: {at_least: 99 %}}]")
    text = printed(result)
    assert "INCONCLUSIVE" in text.splitlines()[0]
    assert re.search(r"\? +recovery time at most 1 min +not exercised: no fault acted", text)


def test_a_fault_that_nobody_was_there_to_meet_acted_all_the_same(tmp_path: Path) -> None:
    """A user an hour, and five minutes."""
    rare = {
        "near": HERE,
        "arrivals": "1/h",
        "session_length": "1 s",
        "think_time": "1 s",
        "actions": {"view": 1},
    }
    run = experiment(
        users={"rare": rare}, faults=[{"at": "1 min", "region": HERE, "mode": "refused"}],
        expect=[{"recovery_time": {"at_most": "1 min"}}],
    )  # fmt: skip
    result = simulator.run(write(tmp_path, topology(), run))
    assert result.requests.success is None
    assert result.expectations[0].reason == "no request met a fault"
    for verbose in (False, True):
        text = " ".join(printed(result, verbose=verbose).split()).lower()
        assert "no fault acted" not in text
        assert "nobody used the service" in text


def test_a_fault_that_comes_and_goes_is_said_to(small: Run) -> None:
    flapping = (
        "{at: 1 min, for: 1 min, region: eu-west-1, mode: refused, flapping: {period: 10 s, duty: 50 %}}"
    )
    text = " ".join(printed(small(f"faults: [{flapping}]"), verbose=False).split())
    assert "eu-west-1 refuses connections (Dublin), 1 min to 2 min, for 5 s of every 10 s" in text


def test_faults_that_are_alike_are_said_once(small: Run) -> None:
    dark = "{at: 1 min, for: 1 min, region: eu-west-1, mode: refused}"
    twice, thrice = (
        rows_of(printed(small(f"faults: [{', '.join([dark] * n)}]"), verbose=False)) for n in (2, 3)
    )
    said = "eu-west-1 refuses connections (Dublin), 1 min to 2 min (declared "
    assert twice["Faults"] == said + "twice)"
    assert thrice["Faults"] == said + "3 times)"


def test_a_missed_expectation_shows_what_was_measured(small: Run) -> None:
    result = small("expect: [{success: {at_most: 50 %}}]")
    text = printed(result)
    assert "MISSED" in text.splitlines()[0]
    assert re.search(r"✗ +success at most 50 % +100 %", text)


def test_a_service_that_never_comes_back_is_said_not_to_have_recovered(small: Run) -> None:
    faults = [f"{{at: 1 min, region: {region}, mode: refused}}" for region in ("eu-west-1", "eu-central-1")]
    text = printed(small(f"faults: [{', '.join(faults)}]"))
    assert "Not shown to have recovered (it was not OK when the run ended)" in " ".join(text.split())


def test_several_faults_are_told_apart(small: Run) -> None:
    text = printed(
        small(
            "faults:\n"
            "  - {at: 40 s, for: 20 s, region: eu-west-1, mode: error}\n"
            "  - {at: 130 s, for: 20 s, clock: eu-central-1, skew: 10 ms}\n"
        )
    )
    assert "(the longest of 2)" in text
    assert "Fault at 40 s: recovered in 20 s." in text
    assert "Fault at 2 min 10 s: the service stayed OK." in text


def test_all_faults_stand_in_the_details_with_the_requests_that_met_them(small: Run) -> None:
    result = small(
        "faults:\n"
        "  - {at: 130 s, for: 20 s, clock: eu-central-1, skew: 10 ms}\n"
        "  - {at: 40 s, for: 20 s, region: eu-west-1, mode: error}\n"
        "  - {at: 90 s, region: eu-central-1, mode: refused}\n"
    )
    rows = [cells(row) for row in section(printed(result), "Faults, and the requests")]
    by_start = sorted(result.recovery.faults, key=lambda fault: fault.start_s)
    assert [row[1] for row in rows[1:]] == [f"{fault.requests:,}" for fault in by_start]
    assert [row[2] for row in rows[1:]] == ["40 s to 1 min", "from 1 min 30 s on", "2 min 10 s to 2 min 30 s"]
    assert rows_of(printed(result, verbose=False))["Faults"].endswith("; and 2 more")


def test_three_faults_of_the_same_times_are_all_named(milan: Result) -> None:
    (one,) = milan.recovery.faults
    faults = tuple(replace(one, fault=f"link {name} is cut") for name in "abc")
    result = replace(milan, recovery=replace(milan.recovery, faults=faults))
    said = "link a is cut, link b is cut and link c is cut, 10 min to 30 min"
    assert [*gist(result)] == [said]


def test_a_service_without_tables_shows_no_data_sections(small: Run) -> None:
    text = printed(small(action="look"))
    assert "Acknowledged writes" not in text
    assert "Replication lag" not in text
    assert "actions, 100 % succeeded" in text


def test_what_clients_do_by_themselves_is_said_where_they_did(small: Run) -> None:
    """The 20 browsers keep connections; each of these breaks with the next request over it."""
    blink = "faults: [{region: eu-west-1, mode: refused, at: 1 min, for: 1 ms}]\n"
    said = re.search(
        "requests that clients repeated after a reset: ([0-9]+)", printed(small(blink, action="look"))
    )
    assert said is not None
    assert 0 < int(said[1]) <= 20
    assert "after a reset:" not in printed(small(action="look"))
