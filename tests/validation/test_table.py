"""The page of results is what the code gives."""

import pytest

from tests.validation import table


def test_every_row_of_the_page_is_within_its_tolerance() -> None:
    rows = table.in_page(table.PAGE.read_text(encoding="utf-8")).splitlines()[2:]
    assert len(rows) >= 20
    for row in rows:
        expected, ours, tolerance = (_number(cell) for cell in row.split("|")[2:5])
        assert abs(ours - expected) <= tolerance * 1.01, row  # the page rounds


def _number(cell: str) -> float:
    return float(cell.strip().lstrip("±").removesuffix("%").replace(",", ""))


@pytest.mark.slow
def test_page_is_what_the_full_size_runs_give() -> None:
    figures = table.figures()
    assert [figure.what for figure in figures if not figure.holds] == []
    assert table.in_page(table.PAGE.read_text(encoding="utf-8")) == table.render(figures)
