"""What a system costs, for a reader: a month by region and by what is charged for, an hour of an outage."""

from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from simulator.catalog.prices import EVERYWHERE, STAND_IN
from simulator.report.words import name, title
from simulator.result.costs import WRITTEN, Cost, Costs

_ROWS_MOST = 12
_SAME = 0.005


def print_costs(costs: Costs, console: Console, *, every: bool = False) -> None:
    """Print what a month costs; with `every`, each thing that is charged for."""
    for part in _parts(costs, every):
        console.print(part)


def _parts(costs: Costs, every: bool) -> Iterator[RenderableType]:
    yield Text(f"{title(costs.recipe.topology)}")
    yield Text(f"A month in peace: {usd(costs.usd_month)}, as far as there are prices. {_outage(costs)}")
    yield Text("")
    yield _by_region(costs)
    yield Text("")
    yield from _things(costs, every)
    if costs.unpriced:
        yield Text("")
        yield Text("Not in these sums, for want of a list price; prices: in the topology gives one:")
        yield _unpriced(costs)
    yield Text("")
    for line in _notes(costs):
        yield Text(line)


def _outage(costs: Costs) -> str:
    more = costs.usd_hour_of_outage - costs.usd_hour_in_peace
    hour = f"An hour of this run: {usd(costs.usd_hour_in_peace)}"
    if abs(more) < _SAME * max(costs.usd_hour_in_peace, 1e-9):
        return f"{hour}, with its outage or without."
    return f"{hour} in peace, {usd(costs.usd_hour_of_outage)} with its outage."


def _notes(costs: Costs) -> Iterator[str]:
    borrowed = {
        one.region for one in costs.month if one.usd and one.price_of not in (EVERYWHERE, one.region, WRITTEN)
    }
    if borrowed:
        yield f"Prices of {STAND_IN} stand in where those of {', '.join(sorted(borrowed))} are not known."
    if abs(costs.load - 1) > _SAME:
        yield f"In an hour of the week users do {costs.load:.2f} times what they do in one of the run."
    yield "Answers to users, logs and taxes are left out; docs/cost.md says what is counted how."


def _by_region(costs: Costs) -> Table:
    table = _table("Region", "USD a month", "share")
    sums: dict[str, float] = {}
    for one in costs.month:
        sums[one.region] = sums.get(one.region, 0.0) + (one.usd or 0.0)
    for region, total in sorted(sums.items(), key=lambda item: -item[1]):
        table.add_row(region, usd(total), f"{total / costs.usd_month:.0%}" if costs.usd_month else "–")
    return table


def _things(costs: Costs, every: bool) -> Iterator[RenderableType]:
    """What is charged for, by price and region, the dearest first; with `every`, each by itself."""
    table = _table("What", "where", *(["of"] if every else []), "quantity", "USD a month")
    rows = [[one] for one in costs.month if one.usd] if every else _summed(costs)
    shown = rows if every else rows[:_ROWS_MOST]
    for same in shown:
        of = [name(same[0].of, 20)] if every else []
        quantity = f"{_figure(sum(one.quantity for one in same))} {same[0].per}"
        table.add_row(same[0].price, same[0].region, *of, quantity, usd(_sum(same)))
    yield table
    if len(shown) < len(rows):
        rest = sum(map(_sum, rows[len(shown) :]))
        yield Text(f"and {len(rows) - len(shown)} more for {usd(rest)}; -v shows everything")


def _summed(costs: Costs) -> list[list[Cost]]:
    found: dict[tuple[str, str], list[Cost]] = {}
    for one in costs.month:
        if one.usd:
            found.setdefault((one.price, one.region), []).append(one)
    return sorted(found.values(), key=_sum, reverse=True)


def _sum(costs: list[Cost]) -> float:
    return sum(one.usd or 0.0 for one in costs)


def _unpriced(costs: Costs) -> Table:
    table = _table("Price", "quantity", "where")
    for price in costs.unpriced:
        same = [one for one in costs.month if one.price == price]
        total = f"{_figure(sum(one.quantity for one in same))} {same[0].per}"
        table.add_row(price, total, ", ".join(dict.fromkeys(one.region for one in same)))
    return table


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        is_figure = heading in ("USD a month", "share", "quantity")
        table.add_column(heading, justify="right" if is_figure else "left", overflow="fold")
    return table


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.3g}"


def usd(value: float) -> str:
    """Dollars for a reader: `$1,234`, `$12.30`, `$0.012`."""
    if value >= 1000:
        return f"${value:,.0f}"
    return f"${value:,.2f}" if value >= 0.1 or value == 0 else f"${value:.2g}"
