"""Drafts of topologies: whole systems compared in full, and what is said of files that cannot be read."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simulator.cli import main
from simulator.exchange.reading import imported
from simulator.language.files import read_topology
from simulator.result.imported import Imported
from tests.exchange import stacks
from tests.exchange.drafting import of_template

HERE = Path(__file__).parent
TEMPLATES, DRAFTS = HERE / "templates", HERE / "drafts"
SITE = (f"eu-west-1={TEMPLATES / 'site-eu.yaml'}", f"us-east-1={TEMPLATES / 'site-us.json'}")


def drafted(text: str, directory: Path, name: str = "plan.json", region: str = "") -> Imported:
    """The draft of one file."""
    path = directory / name
    path.write_text(text, encoding="utf-8")
    return imported([f"{region}={path}" if region else str(path)])


def called(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["import", *map(str, arguments)], env={"COLUMNS": "80"})


def compared(found: Imported, name: str, directory: Path) -> None:
    """A draft must be the expected one, line for line, and a topology that the checks accept."""
    assert found.text == (DRAFTS / name).read_text(encoding="utf-8")
    assert found.valid
    draft = directory / "draft.yaml"
    draft.write_text(found.text, encoding="utf-8")
    read_topology(draft)


def test_an_api_of_two_modules_on_a_global_table_is_one_service_in_two_regions(tmp_path: Path) -> None:
    compared(drafted(stacks.serverless(), tmp_path), "serverless.yaml", tmp_path)


def test_two_templates_of_two_regions_make_one_site_with_a_second_origin(tmp_path: Path) -> None:
    compared(imported(SITE), "site.yaml", tmp_path)


def test_a_web_tier_with_a_small_standby_and_one_writer_is_one_service(tmp_path: Path) -> None:
    compared(drafted(stacks.web_tier(), tmp_path), "web-tier.yaml", tmp_path)


def test_a_state_is_read_by_what_its_resources_are_called(tmp_path: Path) -> None:
    compared(imported([str(TEMPLATES / "state.json")]), "state.yaml", tmp_path)


def test_the_draft_is_printed_or_written_and_never_takes_the_place_of_a_file(tmp_path: Path) -> None:
    printed = called(*SITE)
    assert (printed.exit_code, printed.output) == (0, (DRAFTS / "site.yaml").read_text(encoding="utf-8"))
    place = tmp_path / "new" / "topology.yaml"
    written = called(*SITE, "--out", place.parent)
    assert written.exit_code == 0
    assert place.read_text(encoding="utf-8") == printed.output
    assert "6 of 10 resources are in the draft" in written.output
    assert "rule common, which is none by rate" in written.output
    assert max(map(len, written.output.splitlines())) <= max(80, len(f"Written: {place}"))
    again = called(*SITE, "--write", place)
    assert again.exit_code == 2
    assert "is there already; write to another file, or remove it" in again.output


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (
            b"PK\x03\x04rest",
            "which it alone can read; write what Terraform shows of it: terraform show -json",
        ),
        (b"{not json", "this is not JSON"),
        (b"", "the file is empty"),
        (b"\xff\xfe\x00", "this is not a text file in UTF-8"),
        (b'{"a": 1}', "neither a plan of Terraform (terraform show -json) nor a template of CloudFormation"),
        (
            b'{"version": 4, "terraform_version": "1.9.5", "resources": []}',
            "terraform show -json > state.json",
        ),
        (b'resource "aws_lb" "x" {}', "this is the configuration of Terraform itself; plan it"),
        (b"Resources: {}", "there is nothing to draft: its 'Resources' are empty"),
        (b"Resources: [", "this is neither JSON nor YAML"),
        (
            b'{"format_version": "1.2", "planned_values": {}}',
            "there is nothing to draft: it has no resources",
        ),
        (b"topology: mine\nregions: {}\nservices: {}", "this is a topology of the simulator already"),
        (b"Resources: {T: {Type: 'AWS::DynamoDB::Table'}}", "put the region before the file: eu-west-1="),
    ],
)
def test_what_is_no_such_file_is_refused_with_a_remedy(
    content: bytes, complaint: str, tmp_path: Path
) -> None:
    path = tmp_path / "input"
    path.write_bytes(content)
    result = called(path, "--write", tmp_path / "draft.yaml")
    assert result.exit_code == 2
    assert complaint in result.output
    assert f"{path}:1:1: " in result.output
    assert not (tmp_path / "draft.yaml").exists()


def test_a_file_that_is_not_there_is_told_beside_the_others(tmp_path: Path) -> None:
    result = called(tmp_path / "none.json", tmp_path / "no.yaml")
    assert result.exit_code == 2
    assert result.output.count("there is no such file") == 2


def test_a_destination_is_one_and_can_be_written() -> None:
    assert "give --out or --write, not both" in called(*SITE, "--out", "a", "--write", "b").output


def test_types_that_are_unknown_are_counted(tmp_path: Path) -> None:
    thing = {"Type": "AWS::Kinesis::Stream", "Properties": {}}
    template = json.dumps({"Resources": {"A": thing, "B": thing, "C": {"Type": "Custom::Thing"}}})
    found = drafted(template, tmp_path, region="eu-west-1")
    assert found.types == (("AWS::Kinesis::Stream", 2), ("Custom::Thing", 1))
    assert not found.valid
    assert "AWS::Kinesis::Stream (2): the simulator has nothing of this type" in found.text
    assert any("no file declares what requests arrive at" in gap for gap in found.gaps)


def test_a_type_that_answers_requests_and_is_not_known_is_told(tmp_path: Path) -> None:
    """A subnet is left aside in silence; a fleet of servers, or a network of services, is not."""
    found = of_template(
        """
        Resources:
          Orders: {Type: 'AWS::Serverless::SimpleTable', Properties: {TableName: orders}}
          Below: {Type: 'AWS::EC2::Subnet', Properties: {}}
          Fleet: {Type: 'AWS::EC2::EC2Fleet', Properties: {}}
          Lattice: {Type: 'AWS::VpcLattice::Service', Properties: {}}
        """,
        tmp_path,
    )
    assert {*found.types} == {("AWS::EC2::EC2Fleet", 1), ("AWS::VpcLattice::Service", 1)}
    assert found.aside == 1
