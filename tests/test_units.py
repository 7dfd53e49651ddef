"""Quantities: text to numbers and back."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import units

DURATIONS = st.integers(0, units.LONGEST_NS)
NUMBERS = st.decimals(0, 10**7, places=3, allow_nan=False, allow_infinity=False)
UNITS = st.sampled_from([*units.NS_PER_UNIT])
SPACES = st.sampled_from(["", " ", "  "])


@given(DURATIONS)
def test_a_formatted_duration_reads_back_exactly(ns: int) -> None:
    assert units.parse_duration(units.format_duration(ns)) == ns


@given(st.integers(-units.LONGEST_NS, units.LONGEST_NS))
def test_a_formatted_signed_duration_reads_back_exactly(ns: int) -> None:
    assert units.parse_signed_duration(units.format_duration(ns)) == ns


@given(st.lists(st.tuples(st.integers(0, 1000), UNITS, SPACES), min_size=1, max_size=5))
def test_the_parts_of_a_duration_add_up(parts: list[tuple[int, str, str]]) -> None:
    text = " ".join(f"{number}{space}{unit}" for number, unit, space in parts)
    assert units.parse_duration(text) == sum(number * units.NS_PER_UNIT[unit] for number, unit, _ in parts)


@given(NUMBERS, st.sampled_from(["us", "ms", "s", "min"]))
def test_decimal_fractions_are_exact(number: object, unit: str) -> None:
    assert units.parse_duration(f"{number} {unit}") == Fraction(str(number)) * units.NS_PER_UNIT[unit]


@given(st.integers(0, 10_000))
def test_a_share_is_a_hundredth_of_its_percentage(hundredths: int) -> None:
    assert units.parse_share(f"{hundredths / 100:.2f} %") == hundredths / 10_000


@given(st.integers(1, 10**6), UNITS)
def test_a_rate_is_a_number_per_time(number: int, unit: str) -> None:
    assert units.parse_rate(f"{number}/{unit}") == float(Fraction(number * 10**9, units.NS_PER_UNIT[unit]))


@given(st.integers(1, units.LARGEST_BYTES))
def test_a_formatted_size_reads_back_exactly(size_bytes: int) -> None:
    assert units.parse_size(units.format_size(size_bytes)) == size_bytes


@pytest.mark.parametrize(
    ("text", "size_bytes"),
    [
        ("1 B", 1),
        ("1 KB", 1024),
        ("1.5 KB", 1536),
        ("512MB", 512 * 2**20),
        ("1_000 B", 1000),
        (" 4 GB ", 4 * 2**30),
    ],
)
def test_a_kilobyte_is_1024_bytes(text: str, size_bytes: int) -> None:
    assert units.parse_size(text) == size_bytes


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (512, "512 is not a size; write a number and a unit (B KB MB GB) such as '512 MB'"),
        ("512", "'512' is not a size; write a number and a unit (B KB MB GB) such as '512 MB'"),
        ("-1 MB", "'-1 MB' is not a size; write a number and a unit (B KB MB GB) such as '512 MB'"),
        ("512 MiB", "unknown unit of size 'MiB'; use one of B KB MB GB"),
        ("512 mb", "unknown unit of size 'mb'; use one of B KB MB GB"),
        ("0 KB", "'0 KB' is not a whole number of bytes from 1 B to 1,048,576 GB"),
        ("0.3 B", "'0.3 B' is not a whole number of bytes from 1 B to 1,048,576 GB"),
        ("1_048_577 GB", "'1_048_577 GB' is not a whole number of bytes from 1 B to 1,048,576 GB"),
    ],
)
def test_what_is_no_size(value: object, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        units.parse_size(value)


@given(st.integers(0, 23), st.integers(0, 59))
def test_a_time_of_day_counts_from_midnight(hours: int, minutes: int) -> None:
    assert units.parse_time_of_day(f"{hours:02}:{minutes:02}") == (60 * hours + minutes) * 60 * 10**9


PARSERS = {
    units.DURATION_PATTERN: units.parse_duration,
    units.SIGNED_DURATION_PATTERN: units.parse_signed_duration,
    units.SHARE_PATTERN: units.parse_share,
    units.RATE_PATTERN: units.parse_rate,
    units.SIZE_PATTERN: units.parse_size,
    units.TIME_OF_DAY_PATTERN: units.parse_time_of_day,
}


@pytest.mark.parametrize("pattern", PARSERS)
@given(st.text("0123459_. -+%/:smhdinuKMGB", max_size=10))
def test_what_a_parser_takes_its_pattern_takes(pattern: str, text: str) -> None:
    """Editors check patterns: they may take a value that is out of range, but never refuse a good one."""
    try:
        PARSERS[pattern](text)
    except ValueError:
        return
    assert re.search(pattern, text)


DIGITS = st.from_regex(r"[0-9]{1,6}(_[0-9]{1,3})?", fullmatch=True)
NUMBER = st.builds("".join, st.tuples(DIGITS, st.sampled_from(["", ".5", ".125", ".0"])))
PART = st.builds("".join, st.tuples(SPACES, NUMBER, SPACES, UNITS, SPACES))
TEXTS = {
    units.DURATION_PATTERN: st.lists(PART, min_size=1, max_size=4).map("".join),
    units.SIGNED_DURATION_PATTERN: st.builds(
        "".join, st.tuples(st.sampled_from(["", "-", "+", " - "]), PART)
    ),
    units.SHARE_PATTERN: st.builds("".join, st.tuples(SPACES, NUMBER, SPACES, st.just("%"), SPACES)),
    units.RATE_PATTERN: st.builds("".join, st.tuples(NUMBER, SPACES, st.just("/"), SPACES, UNITS)),
    units.SIZE_PATTERN: st.builds(
        "".join, st.tuples(SPACES, NUMBER, SPACES, st.sampled_from([*units.BYTES_PER_UNIT]), SPACES)
    ),
    units.TIME_OF_DAY_PATTERN: st.from_regex(r"[0-2]?[0-9]:[0-5][0-9]", fullmatch=True),
}
OUT_OF_RANGE = "finer than a nanosecond|a hundred years|between 0 % and 100 %|whole number of bytes"


@pytest.mark.parametrize("pattern", TEXTS)
@given(st.data())
def test_what_a_pattern_takes_its_parser_takes_but_for_the_range(pattern: str, data: st.DataObject) -> None:
    text = data.draw(TEXTS[pattern])
    complaint = complaint_of(pattern, text)
    if re.search(pattern, text):
        assert not complaint or re.search(OUT_OF_RANGE, complaint)
    else:
        assert complaint.endswith("such as '08:30'")


def complaint_of(pattern: str, text: str) -> str:
    try:
        PARSERS[pattern](text)
    except ValueError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("0 s", 0),
        ("30 s", 30 * 10**9),
        ("30s", 30 * 10**9),
        ("1 h 30 min", 5400 * 10**9),
        ("1h30min", 5400 * 10**9),
        ("1.5 s", 1_500_000_000),
        ("0.000000001 s", 1),
        ("200_000 ms", 200 * 10**9),
        (" 5 us ", 5000),
        ("36525 d", units.LONGEST_NS),
    ],
)
def test_durations(text: str, ns: int) -> None:
    assert units.parse_duration(text) == ns


SUCH_AS = "write a number and a unit (ns us ms s min h d), such as '30 s' or '1 h 30 min'"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (30, "30 has no unit; write '30 s' or another of ns us ms s min h d"),
        (1.5, "1.5 has no unit; write '1.5 s' or another of ns us ms s min h d"),
        ("30", "'30' has no unit; write '30 s' or another of ns us ms s min h d"),
        ("5 m", "the unit 'm' is ambiguous; write 'min' for minutes"),
        ("5 M", "the unit 'M' is ambiguous; write 'min' for minutes"),
        ("5 sec", "unknown unit of time 'sec'; did you mean 's'?"),
        ("5 hours", "unknown unit of time 'hours'; did you mean 'h'?"),
        ("5 µs", "unknown unit of time 'µs'; did you mean 'us'?"),
        ("5 w", "unknown unit of time 'w'; use one of ns us ms s min h d"),
        ("-5 s", "'-5 s' is negative; a duration is 0 s or more"),
        ("0.5 ns", "'0.5 ns' is finer than a nanosecond"),
        ("101 d 36500 d", "'101 d 36500 d' is longer than 36525 d, a hundred years"),
        ("", f"'' is not a duration; {SUCH_AS}"),
        ("soon", f"'soon' is not a duration; {SUCH_AS}"),
        ("1:30", f"'1:30' is not a duration; {SUCH_AS}"),
        ("5 s later", f"'5 s later' is not a duration; {SUCH_AS}"),
        ("1__0 s", f"'1__0 s' is not a duration; {SUCH_AS}"),
        ("٣ s", f"'٣ s' is not a duration; {SUCH_AS}"),
        (True, "a duration is text such as '30 s', not true"),
        (None, "a duration is text such as '30 s', not nothing"),
        ([], "a duration is text such as '30 s', not an empty list"),
        ([1, 2], "a duration is text such as '30 s', not a list of 2"),
        ({}, "a duration is text such as '30 s', not an empty mapping"),
        ({"a": 1}, "a duration is text such as '30 s', not a mapping"),
    ],
)
def test_what_is_no_duration(value: object, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        units.parse_duration(value)


@pytest.mark.parametrize(("text", "ns"), [("-200 ms", -200 * 10**6), ("+2 s", 2 * 10**9), ("2 s", 2 * 10**9)])
def test_signed_durations(text: str, ns: int) -> None:
    assert units.parse_signed_duration(text) == ns


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (0.5, "0.5 is not a share; write a percentage such as '5 %'"),
        ("0.5", "'0.5' is not a share; write a percentage such as '5 %'"),
        ("half", "'half' is not a share; write a percentage such as '5 %'"),
        ("100.1 %", "'100.1 %' is not between 0 % and 100 %"),
        ("-1 %", "'-1 %' is not between 0 % and 100 %"),
    ],
)
def test_what_is_no_share(value: object, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        units.parse_share(value)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (5, "5 is not a rate; write a number per unit of time such as '5/s' or '300/min'"),
        ("5 s", "'5 s' is not a rate; write a number per unit of time such as '5/s' or '300/min'"),
        ("5/m", "the unit 'm' is ambiguous; write 'min' for minutes"),
        ("5/second", "unknown unit of time 'second'; did you mean 's'?"),
    ],
)
def test_what_is_no_rate(value: object, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        units.parse_rate(value)


@pytest.mark.parametrize("value", ["24:00", "8:60", "8", 8, "08:30:00", None])
def test_what_is_no_time_of_day(value: object) -> None:
    with pytest.raises(ValueError, match=r"is not a time of day; write hours and minutes such as '08:30'$"):
        units.parse_time_of_day(value)


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (0, "0 s"),
        (1, "1 ns"),
        (1500, "1.5 us"),
        (412_000_000, "412 ms"),
        (2_350_000_000, "2.35 s"),
        (97 * 10**9, "1 min 37 s"),
        (86_400 * 10**9, "1 d"),
        (90_061 * 10**9 + 5, "1 d 1 h 1 min 1.000000005 s"),
        (-200_000_000, "-200 ms"),
    ],
)
def test_durations_for_a_reader(ns: int, text: str) -> None:
    assert units.format_duration(ns) == text


def test_seconds_are_floats() -> None:
    assert units.seconds(1_500_000_000) == 1.5


@pytest.mark.parametrize(
    ("text", "seeds"), [("3", [1, 2, 3]), ("5..7", [5, 6, 7]), (" 0..0 ", [0]), ("1 .. 2", [1, 2])]
)
def test_seeds_are_so_many_or_from_one_to_another(text: str, seeds: list[int]) -> None:
    assert [*units.parse_seeds(text)] == seeds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "say how many"),
        ("few", "say how many"),
        ("-1", "say how many"),
        ("1..", "say how many"),
        ("0", "there are none from 1 to 0"),
        ("5..2", "there are none from 5 to 2"),
        (f"1..{2**63}", "there are none"),
        ("1000001", "at most 1,000,000"),
    ],
)
def test_seeds_that_are_none(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        units.parse_seeds(text)
