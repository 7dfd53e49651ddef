"""Function × scenario: what was asked for, what was measured, by what margin it holds (docs/drill.md)."""

from simulator.result.drill import (
    MET,
    MISSED,
    NO_OBJECTIVE,
    NOT_SHOWN,
    UNTESTED,
    Cell,
    Function,
    Judged,
    Measured,
    OfFunction,
    Scenario,
)


def judge(function: Function, scenario: Scenario, run: Measured) -> Cell:
    """A function in a scenario that was played."""
    function = scenario.asked_of(function)
    found = run.functions[function.name]
    longest = max(found.phases, key=lambda one: one.end_s - one.start_s, default=None)
    time, point = _time(function, scenario, found, run), _point(function, scenario, run)
    return Cell(function.name, scenario.key, time, point, longest)


def _time(function: Function, scenario: Scenario, found: OfFunction, run: Measured) -> Judged:
    asked = function.recovery_time_s
    measured = found.recovery_time_s
    none = NO_OBJECTIVE if asked is None else ""
    if measured is None:
        return Judged(asked, None, False, none or UNTESTED, "nobody used it")
    if not found.shown and found.settled:
        after = "not good again when the run ended, and nothing was left that would mend it"
        return Judged(asked, measured, True, none or MISSED, after)
    if asked is not None and measured > asked:
        return Judged(
            asked, measured, False, MISSED, "" if found.shown else "and not over when the run ended"
        )
    if not found.shown:
        return Judged(asked, measured, False, none or NOT_SHOWN, found.not_shown)
    return Judged(asked, measured, False, none or MET, "")


def _point(function: Function, scenario: Scenario, run: Measured) -> Judged:
    """The worst of the function's stores."""
    asked = function.recovery_point_s
    none = NO_OBJECTIVE if asked is None else ""
    gone = [why for store, why in scenario.gone.items() if store in function.stores]
    if gone:
        return Judged(asked, None, True, none or MISSED, "; ".join(gone))
    stores = [run.stores[name] for name in function.stores if name in run.stores]
    measured = max((one.recovery_point_s for one in stores if one.recovery_point_s is not None), default=None)
    if asked is not None and measured is not None and measured > asked:
        return Judged(asked, measured, False, MISSED, "")
    if any(one.restores_open for one in stores):
        reason = "a restore was not done when the run ended"
        return Judged(asked, measured, False, none or NOT_SHOWN, reason)
    return Judged(asked, measured, False, none or MET, "" if measured is not None else "no data was at stake")
