import re
import warnings
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from simulator import Result, catalog
from simulator.report.pictures.album import PICTURES, pictures_of
from simulator.report.pictures.lettering import Draw
from simulator.report.pictures.looks import region_lines
from simulator.report.pictures.names import names
from simulator.report.pictures.recovery import recovery
from simulator.report.pictures.replication import replication
from simulator.report.pictures.scales import scale_of
from simulator.report.pictures.service import service
from simulator.report.pictures.strips import database_strips
from simulator.report.words import duration
from simulator.result.databases import Databases, Promotion, SplitBrain
from tests.report.conftest import Run

_LOST = "faults: [{at: 1 min, region: eu-west-1, mode: lost}]"
_MANY = (
    "faults:\n"
    + "".join(
        f"  - {{at: {60 + number} s, for: 1 s, clock: eu-west-1, skew: {number} ms}}\n  - "
        f"{{at: {60 + number} s, for: 1 s, region: eu-central-1, mode: {mode}}}\n"
        for number, mode in enumerate(("refused", "black_hole", "error"), 1)
    )
    + (
        "  - {at: 70 s, for: 1 s, control_plane: route53}\n"
        "  - {at: 71 s, for: 1 s, dns: api.example, mode: error}\n"
        "  - {at: 72 s, for: 1 s, replication: {region: eu-west-1}}\n"
        "  - {at: 73 s, for: 1 s, link: {between: [eu-west-1, eu-central-1]}, mode: cut}\n"
    )
)


def panels(figure: Figure) -> tuple[Axes, Axes, Axes]:
    strips, top, bottom = figure.axes
    return strips, top, bottom


def texts(figure: Figure) -> list[str]:
    found = [text.get_text() for axes in figure.axes for text in [axes.title, *axes.texts]]
    return [*found, figure.get_suptitle()]


def test_the_service_picture_names_the_experiment_and_its_recovery(milan: Result) -> None:
    figure = service(milan)
    found = texts(figure)
    assert "Milan goes dark" in found
    assert "OK again after 20 min 10 s" in found
    assert "eu-south-1 does not answer (Milan)" in found
    assert "objective\n99 %" in found


def test_the_service_picture_draws_success_and_every_region(milan: Result) -> None:
    _, top, bottom = panels(service(milan))
    success = np.asarray(top.lines[1].get_ydata())
    assert np.nanmax(success) == 100
    assert np.nanmin(success) < 20  # Frankfurt's own users, and images that the content network holds
    labels = [line.get_label() for line in bottom.lines]
    assert labels == ["eu-south-1 (Milan)", "eu-central-1 (Frankfurt)"]  # nobody was sent to Stockholm
    milan_served = np.asarray(bottom.lines[0].get_ydata())
    assert milan_served[61:180].max() == 0  # 10 s windows to minute 30; answers under way at minute 10 arrive
    assert milan_served[:60].min() > 0


@pytest.mark.parametrize("draw", [service, replication, names])
def test_the_fault_is_shaded_in_both_panels_from_start_to_end(milan: Result, draw: Draw) -> None:
    strips, top, bottom = panels(draw(milan))
    for axes in (top, bottom):
        shade = [patch for patch in axes.patches if to_hex(patch.get_facecolor()) == "#d55e00"]
        (box,) = [patch.get_extents().transformed(axes.transData.inverted()) for patch in shade]
        assert (box.x0, box.x1) == pytest.approx((10, 30))
    bars, *_ = [one for one in strips.collections if isinstance(one, PolyCollection)]
    assert bars.get_paths()[0].get_extents().intervalx.tolist() == pytest.approx([10, 30])


def test_a_small_dip_of_success_is_not_squeezed_flat(small: Run) -> None:
    result = small("faults: [{at: 1 min, for: 1 min, region: eu-west-1, mode: error, share: 20 %}]")
    _, top, _ = panels(service(result))
    lowest = np.nanmin(np.asarray(top.lines[1].get_ydata()))
    low, high = top.get_ylim()
    assert 80 < lowest < 100
    assert low > 70
    assert high > 100
    begin = int(re.findall(r"axis begins at (\d+) %", top.get_ylabel())[0])
    assert low < begin < lowest
    assert top.lines[-1].get_transform() == top.transAxes  # the strokes through its foot


def test_an_axis_that_begins_at_nothing_is_not_marked(milan: Result) -> None:
    _, top, _ = panels(service(milan))
    assert top.get_ylim()[0] < 0
    assert "begins" not in top.get_ylabel()
    assert all(line.get_transform() != top.transAxes for line in top.lines)


def test_lag_is_drawn_once_for_each_pair_of_regions_that_copied(milan: Result) -> None:
    figure = replication(milan)
    worst_s = Counter[str]()
    for pair in milan["replication"]:
        ends = f"{pair['from']} → {pair['to']}"
        worst_s[ends] = max(worst_s[ends], pair["true"]["max_s"] or 0)
    _, top, bottom = panels(figure)
    assert [line.get_label() for line in top.lines] == [
        f"{pair}, up to {duration(worst_s[pair])}"
        for pair in (
            "eu-south-1 → eu-central-1",
            "eu-south-1 → eu-north-1",
            "eu-central-1 → eu-south-1",
            "eu-central-1 → eu-north-1",
        )
    ]
    for line, most_s in zip(top.lines, sorted(worst_s.values(), reverse=True), strict=False):
        assert np.nanmax(np.asarray(line.get_ydata())) == pytest.approx(most_s / 60)  # no copy is missed
    ends = [np.asarray(line.get_xdata()) for line in bottom.lines]
    assert {float(end[1] - end[0]) for end in ends} == {5.0}  # each datapoint spans its 5 min
    assert top.get_ylim() == bottom.get_ylim()


def test_lag_grows_until_the_region_is_back_and_then_only_falls(milan: Result) -> None:
    _, top, _ = panels(replication(milan))
    assert len(top.lines) == 4  # the last of which the outage does not concern
    for line in top.lines[:3]:
        at, lag = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
        peak = int(np.nanargmax(lag))
        assert 30 < at[peak] < 31
        outage, after = lag[(at >= 10.5) & (at <= at[peak])], lag[peak : peak + 9]
        assert (np.diff(outage) >= 0).all()  # no dip at the instant at which all is handed over
        assert (np.diff(after) <= 0.1).all()


def test_lag_towards_a_region_that_was_lost_is_not_drawn_on(small: Run) -> None:
    result = small(_LOST, metrics=True)
    _, top, _ = panels(replication(result))
    (line,) = top.lines  # the other region takes no writes before that
    at, lag = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
    assert np.isnan(lag[at > 1.01]).tolist() == [True] * 17  # windows of 10 s to 3 min 50 s
    assert np.isnan(lag[at < 1]).tolist() == [False] * 5


def test_attempts_are_stacked_to_the_whole(milan: Result) -> None:
    _, top, _ = panels(names(milan))
    stacks = [one for one in top.collections if isinstance(one, PolyCollection)]
    assert len(stacks) == 2
    assert max(path.get_extents().y1 for path in stacks[-1].get_paths()) == pytest.approx(100)


def test_bars_of_the_waterfall_sum_to_the_recovery_time(milan: Result) -> None:
    axes, _ = recovery(milan).axes
    bars = [patch.get_extents().transformed(axes.transData.inverted()) for patch in axes.patches]
    assert len(bars) == len(milan["recovery"]["phases"])
    assert sum(bar.width for bar in bars) == pytest.approx(milan["recovery"]["recovery_time_s"] / 60)
    for before, after in pairwise(bars):
        assert after.x0 == pytest.approx(before.x1)


def test_the_longest_phase_stands_out(milan: Result) -> None:
    axes, _ = recovery(milan).axes
    colours = [to_hex(patch.get_facecolor()) for patch in axes.patches]
    widths = [patch.get_extents().width for patch in axes.patches]
    assert colours[widths.index(max(widths))] == "#0072b2"
    assert colours.count("#0072b2") == 1


def test_regions_do_not_share_the_colour_of_faults(milan: Result) -> None:
    _, top, bottom = panels(service(milan))
    assert "#d55e00" not in {to_hex(str(line.get_color())) for axes in (top, bottom) for line in axes.lines}


@pytest.mark.parametrize(
    ("more", "action"),
    [
        pytest.param("", "note", id="no fault"),
        pytest.param("", "look", id="nothing is written"),
        pytest.param(_LOST, "note", id="a region is lost"),
        pytest.param(_MANY, "note", id="more faults than there is room for"),
        pytest.param(
            "faults: [{at: 1 min, flapping: {period: 20 s, duty: 50 %}, region: eu-west-1, mode: error}]",
            "note",
            id="flapping",
        ),
    ],
)
@pytest.mark.parametrize("metrics", [False, True])
def test_every_picture_of_every_kind_of_run_can_be_drawn(
    small: Run, more: str, action: str, metrics: bool
) -> None:
    result = small(more, action=action, metrics=metrics)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for draw in pictures_of(result).values():
            draw(result).draw_without_rendering()


def test_faults_beyond_the_room_are_counted_in_one_strip(small: Run) -> None:
    strips, _, _ = panels(service(small(_MANY)))
    labels = [text.get_text() for text in strips.texts if to_hex(str(text.get_color())) != "#555555"]
    assert len(labels) == 6
    assert labels[-1].endswith(" more faults")


@pytest.mark.parametrize("draw", [service, replication, names])
@pytest.mark.parametrize("more", [_LOST, _MANY])
def test_nothing_is_written_over_a_curve(small: Run, draw: Draw, more: str) -> None:
    """Labels and legends stand beside or above the panels in which data is."""
    figure = draw(small(more, metrics=True))
    figure.draw_without_rendering()
    for axes in panels(figure)[1:]:
        legend = axes.get_legend()
        for written in [*axes.texts, *([legend] if legend else [])]:
            box = written.get_window_extent()
            shared = Bbox.intersection(box, axes.bbox)
            assert shared is None or min(shared.width, shared.height) < 1, written


def test_what_would_be_empty_is_not_drawn(small: Run) -> None:
    assert [*pictures_of(small(action="look"))] == ["service.png"]
    assert [*pictures_of(small())] == ["service.png", "replication.png"]
    assert [*pictures_of(small(_LOST))] == [
        name for name in PICTURES if name not in ("damage.png", "metrics.png")
    ]


def test_a_cut_over_in_which_nobody_is_sent_anywhere_is_not_drawn(small: Run) -> None:
    """Whoever gets no token sends nothing, though the answers change."""
    found = small(_LOST)
    none = np.zeros_like(found.series.windows.fresh)
    windows = replace(found.series.windows, fresh=none, cached=none, pinned=none)
    unsent = replace(found, series=replace(found.series, windows=windows))
    assert "dns.png" in pictures_of(found)
    assert "dns.png" not in pictures_of(unsent)


def test_no_more_regions_are_named_than_there_are_colours(milan: Result) -> None:
    """40 regions were sent attempts, and the 6 busiest are named."""
    windows = milan.series.windows
    busy = np.arange(40) * np.ones((len(windows.start_s), 1), dtype=np.int64)
    codes = [*catalog.region_names(), *catalog.region_names()][:40]
    many = replace(windows, regions=tuple(codes), fresh=busy, cached=busy, pinned=busy, served=busy)
    lines = [*region_lines(many)]
    assert [line.columns[0] for line in lines] == [34, 35, 36, 37, 38, 39, 1]
    assert lines[-1].label == "33 more regions"  # and the first one was sent nothing
    assert sum(int(line.of(busy).sum()) for line in lines) == int(busy.sum())
    assert len({line.colour for line in lines}) == 7


@pytest.mark.parametrize(
    ("length_s", "unit"),
    [(1, "s"), (179, "s"), (180, "min"), (7199, "min"), (7200, "h"), (345_599, "h"), (345_600, "d")],
)
def test_an_axis_has_a_unit_that_suits_its_length(length_s: float, unit: str) -> None:
    assert scale_of(length_s).unit == unit


def test_the_ladder_stands_below_the_waterfall(milan: Result) -> None:
    _, ladder = recovery(milan).axes
    rungs = milan["recovery"]["ladder"]
    assert [text.get_text() for text in ladder.get_yticklabels()] == [
        "50 %",
        "85 %",  # which the experiment asks for
        "90 %",
        "95 %",
        "99 %",
        "99.9 %",
    ]
    ends = [float(np.asarray(line.get_xdata())[0]) for line in ladder.lines]
    assert ends == pytest.approx([rung["recovery_time_s"] / 60 for rung in rungs])
    assert [text.get_text() for text in ladder.texts] == [duration(rung["recovery_time_s"]) for rung in rungs]


def test_how_long_the_service_was_not_ok_stands_above_its_curve(milan: Result) -> None:
    strips, _, _ = panels(service(milan))
    assert [text.get_text() for text in strips.texts] == [
        "eu-south-1 does not answer (Milan)",
        "OK again after 20 min 10 s",
    ]


def test_two_writers_and_promotions_have_strips(milan: Result) -> None:
    """A promotion of 20 s, and two writers from its end on for a minute, the longer one first."""
    bases = Databases(
        promotions=(Promotion("ledger", "eu-south-1", "eu-north-1", False, 600.0, 20.0, 4, 1.0),),
        split_brains=(SplitBrain("ledger", 620.0, 680.0, 60.0),),
        refused=0,
        by_name={},
    )
    strips = database_strips(replace(milan, databases=bases))
    assert [(strip.label, strip.intervals_s) for strip in strips] == [
        ("ledger has two writers", [(620.0, 680.0)]),
        ("ledger gets a new writer", [(600.0, 620.0)]),
    ]
    assert "ledger has two writers" in texts(service(replace(milan, databases=bases)))
