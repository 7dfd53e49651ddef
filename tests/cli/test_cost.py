"""`simulator cost`: what is printed, in 80 columns and as JSON."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simulator.cli import main
from tests.prices.test_costs import orders, shop
from tests.small import write


@pytest.fixture(autouse=True)
def _in_a_directory_with_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    write(tmp_path, shop(), orders())


def cost(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["cost", *arguments])


def test_the_month_is_told_in_80_columns_with_what_has_no_price() -> None:
    result = cost("experiment.yaml")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("A month in peace: $") for line in lines)
    assert any(line.startswith("lambda.provisioned ") and "thousand GB-hours" in line for line in lines)
    assert "Prices of us-east-1 stand in where those of eu-central-1, eu-west-1 are not known." in " ".join(
        lines
    )


def test_shown_sums_are_those_of_the_amounts() -> None:
    found = json.loads(cost("experiment.yaml", "--format", "json").stdout)
    assert sum(one["usd"] for one in found["month"] if one["usd"] is not None) == pytest.approx(
        found["usd_month"]
    )
    shown = cost("experiment.yaml", "-v").stdout
    assert all(f"{one['price']} " in shown for one in found["month"] if one["usd"])


def test_2_for_what_cannot_be_read() -> None:
    result = cost("nowhere.yaml")
    assert (result.exit_code, result.stdout) == (2, "")


def test_prices_are_listed_with_their_sources() -> None:
    listed = CliRunner().invoke(main, ["defaults", "price.dynamodb.w*", "--format", "json"])
    entries = {one["name"]: one for one in json.loads(listed.stdout)}
    assert entries["price.dynamodb.write"]["value"] == "million units: 0.625 USD in us-east-1"
    assert entries["price.dynamodb.write_capacity"]["value"] == "thousand unit-hours: no price"
