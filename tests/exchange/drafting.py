"""Drafts of single resources, written as a template or as a plan, and what they say."""

import textwrap
from pathlib import Path
from typing import Any

import yaml

from simulator.exchange.reading import imported
from simulator.result.imported import Imported
from tests.exchange.plans import plan

IRELAND, VIRGINIA, FRANKFURT = "eu-west-1", "us-east-1", "eu-central-1"


def of_template(text: str, directory: Path, *regions: str, **parameters: str) -> Imported:
    """The draft of resources of a template, in some regions."""
    path = directory / "template.yaml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return imported([f"{region}={path}" for region in regions or (IRELAND,)], parameters)


def of_plan(resources: list[dict[str, Any]], directory: Path, **providers: str) -> Imported:
    """The draft of resources of a plan; each provider but `aws` by its alias."""
    path = directory / "plan.json"
    regions = {"aws": IRELAND} | {f"aws.{alias}": region for alias, region in providers.items()}
    path.write_text(plan(resources, regions), encoding="utf-8")
    return imported([str(path)])


def said(found: Imported) -> Any:
    """What a draft says, without its comments."""
    return yaml.safe_load(found.text)


def todos(found: Imported) -> str:
    return "\n".join(found.gaps)
