"""Plans of Terraform: regions of providers, references through modules and instances, several files."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from simulator.errors import SpecError
from simulator.exchange.reading import imported
from tests.exchange.drafting import IRELAND, VIRGINIA, of_plan, said, todos
from tests.exchange.plans import module, plan, resource

TABLE = {"name": "orders", "billing_mode": "PAY_PER_REQUEST"}


def written(text: str, path: Path) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_provider_may_take_its_region_from_a_variable(tmp_path: Path) -> None:
    document = json.loads(plan([resource("aws_dynamodb_table", "orders", TABLE)], {"aws": IRELAND}))
    provider = document["configuration"]["provider_config"]["aws"]
    provider["expressions"]["region"] = {"references": ["var.region"]}
    document["variables"] = {"region": {"value": VIRGINIA}}
    found = imported([written(json.dumps(document), tmp_path / "plan.json")])
    assert [*said(found)["regions"]] == [VIRGINIA]


def test_a_provider_that_says_no_region_has_that_of_the_file(tmp_path: Path) -> None:
    document = json.loads(plan([resource("aws_dynamodb_table", "orders", TABLE)], {"aws": IRELAND}))
    document["configuration"]["provider_config"]["aws"]["expressions"] = {}
    path = written(json.dumps(document), tmp_path / "plan.json")
    assert [*said(imported([f"{VIRGINIA}={path}"]))["regions"]] == [VIRGINIA]


def test_a_module_of_an_old_plan_is_not_taken_to_be_in_the_region_of_another_provider(tmp_path: Path) -> None:
    data = module([resource("aws_dynamodb_table", "orders", TABLE, provider="data:aws")])
    several = plan([], {"aws": IRELAND, "aws.us": VIRGINIA}, {"data": data})
    with pytest.raises(SpecError, match=r"does not say in which region aws_dynamodb_table\.orders is"):
        imported([written(several, tmp_path / "several.json")])
    one = written(plan([], {"aws": IRELAND}, {"data": data}), tmp_path / "one.json")
    assert [*said(imported([one]))["regions"]] == [IRELAND]


def test_two_plans_make_one_topology_by_name(tmp_path: Path) -> None:
    def of(region: str) -> str:
        name = f"view-{region}"  # the region in a name makes no other function of it
        function = resource("aws_lambda_function", "view", {"function_name": name, "runtime": "python3.13"})
        url = resource(
            "aws_lambda_function_url", "view", {}, {"function_name": ["aws_lambda_function.view.arn"]}
        )
        return written(plan([function, url], {"aws": region}), tmp_path / f"{region}.json")

    found = imported([of(IRELAND), of(VIRGINIA)])
    services = said(found)["services"]
    assert services["view"]["regions"] == [IRELAND, VIRGINIA]
    assert [*services["view"]["operations"]] == ["view"]
    assert "aws_lambda_function_url.view (eu-west-1.json; us-east-1.json)" in found.text


def test_instances_refer_to_those_of_their_own_index(tmp_path: Path) -> None:
    names = ["carts", "orders"]
    resources = [
        resource("aws_lambda_function", "this", {"runtime": "python3.13"}, instances=names),
        resource(
            "aws_lambda_function_url",
            "this",
            {},
            {"function_name": ["aws_lambda_function.this"]},
            instances=names,
        ),
        resource(
            "aws_lambda_provisioned_concurrency_config",
            "this",
            {"provisioned_concurrent_executions": 5},
            {"function_name": ["aws_lambda_function.this"]},
            instances=names,
        ),
    ]
    document = json.loads(plan(resources, {"aws": IRELAND}))
    planned = document["planned_values"]["root_module"]["resources"]
    for one in planned:
        if one["type"] == "aws_lambda_function":
            one["values"] = {**one["values"], "function_name": one["address"].split('"')[1]}
    found = imported([written(json.dumps(document), tmp_path / "plan.json")])
    services = said(found)["services"]
    warm = {name: one["compute"]["lambda"]["provisioned"] for name, one in services.items()}
    assert warm == {"carts": 5, "orders": 5}


def test_two_apis_of_one_name_in_one_region_are_two_services(tmp_path: Path) -> None:
    api = {name: module([resource("aws_apigatewayv2_api", "this", {"name": "api"})]) for name in ("a", "b")}
    path = written(plan([], {"aws": IRELAND}, api), tmp_path / "plan.json")
    assert {name: one["regions"] for name, one in said(imported([path]))["services"].items()} == {
        "api": [IRELAND],
        "api-2": [IRELAND],
    }


def test_outputs_of_modules_and_what_they_are_given_are_followed(tmp_path: Path) -> None:
    data = module(
        [resource("aws_dynamodb_table", "orders", TABLE)],
        outputs={"table": ["aws_dynamodb_table.orders.name"]},
    )
    variables: dict[str, Any] = {"environment": [{"variables": ["var.table"]}]}
    api = module(
        [
            resource("aws_lambda_function", "view", {"function_name": "view", "runtime": "go"}, variables),
            resource(
                "aws_lambda_function_url", "view", {}, {"function_name": ["aws_lambda_function.view.arn"]}
            ),
        ],
        given={"table": ["module.data.table"]},
    )
    path = written(plan([], {"aws": IRELAND}, {"data": data, "api": api}), tmp_path / "plan.json")
    steps = said(imported([path]))["services"]["view"]["operations"]["view"]
    assert [next(iter(step)) for step in steps] == ["compute", "read", "write"]


def test_a_value_that_is_made_while_applying_is_told(tmp_path: Path) -> None:
    found = of_plan(
        [
            resource(
                "aws_lambda_function",
                "view",
                {"function_name": "view", "runtime": "go"},
                {"memory_size": ["local.size"]},
            ),
            resource(
                "aws_lambda_function_url", "view", {}, {"function_name": ["aws_lambda_function.view.arn"]}
            ),
        ],
        tmp_path,
    )
    assert "memory_size of aws_lambda_function.view has a value that is not in the file" in todos(found)


def test_a_draft_can_be_filled_in_and_read(tmp_path: Path) -> None:
    found = of_plan([resource("aws_dynamodb_table", "orders", TABLE)], tmp_path)
    assert not found.valid
    assert yaml.safe_load(found.text)["services"] == {}
    assert "no file declares what requests arrive at" in todos(found)
