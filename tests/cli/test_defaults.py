"""`simulator defaults`: readable tables with their sources."""

import json

import pytest
from click.testing import CliRunner, Result

from simulator.cli import main


def defaults(*arguments: str, columns: int = 80) -> Result:
    return CliRunner().invoke(main, ["defaults", *arguments], env={"COLUMNS": str(columns)})


def test_a_default_has_its_value_label_and_source() -> None:
    assert defaults("jvm_negative").output == (
        "dns.jvm_negative  10 s  documented\n    OpenJDK java.security, networkaddress.cache.negative.ttl\n"
    )


@pytest.mark.parametrize("columns", [80, 120, 200])
@pytest.mark.parametrize("arguments", [[], ["rtt.eu-south-1.*"], ["region."]])
def test_every_line_fits_the_terminal(arguments: list[str], columns: int) -> None:
    lines = defaults(*arguments, columns=columns).output.splitlines()
    assert max(map(len, lines)) <= min(columns, 120)
    assert sum(line.startswith("    ") for line in lines) >= sum(not line.startswith(" ") for line in lines)


def test_nothing_is_cut_off_at_80_columns() -> None:
    narrow, wide = (" ".join(defaults(columns=columns).output.split()) for columns in (80, 120))
    assert narrow == wide
    assert "…" not in narrow


def test_names_values_and_labels_stand_in_columns() -> None:
    heads = [line for line in defaults("client.jvm").output.splitlines() if not line.startswith(" ")]
    assert len(heads) == 6
    assert len({len(line) - len(line.split()[-1]) for line in heads}) == 1


def test_round_trips_of_one_region() -> None:
    output = defaults("rtt.eu-south-1.*").output
    assert "rtt.eu-south-1.eu-central-1    13 ms   measured\n" in output
    assert output.count("cloudping.co") == 32


def test_json_holds_the_same() -> None:
    [one] = json.loads(defaults("dns.jvm_negative", "--format", "json").output)
    assert one == {
        "name": "dns.jvm_negative",
        "value": "10 s",
        "label": "documented",
        "source": "OpenJDK java.security, networkaddress.cache.negative.ttl",
    }


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("dns.browser_flor", "no default matches 'dns.browser_flor'; the nearest: dns.browser_floor"),
        ("zzz", "no default matches 'zzz'; without a pattern all are shown"),
    ],
)
def test_a_pattern_without_a_match_is_code_2(pattern: str, message: str) -> None:
    result = defaults(pattern)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(message)
