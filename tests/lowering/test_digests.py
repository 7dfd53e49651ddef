"""Plans that say the same have the same digest, wherever in memory their parts lie."""

from simulator.plan.digests import digest_of
from tests.small import HERE, experiment, plan_of, topology

FUNCTION = {"regions": [HERE], "compute": {"lambda": {}}, "operations": {"view": [{"compute": "20 ms"}]}}
METRICS = {
    "errors": {"metric": "lambda.errors", "of": "api"},
    "calls": {"metric": "lambda.invocations", "of": "api"},
}


def with_alarm(expression: str) -> str:
    """The digest of a plan with an alarm of two metrics."""
    alarm = {"metrics": METRICS, "expression": expression, "threshold": "> 5"}
    return digest_of(plan_of(topology(services={"api": FUNCTION}, alarms={"busy": alarm}), experiment()))


def test_an_expression_is_what_it_says_and_not_where_it_lies() -> None:
    assert with_alarm("100 * errors / calls") == with_alarm("100 * errors / calls")
    assert with_alarm("100 * errors / calls") != with_alarm("10 * errors / calls")
