"""The reference designs, and the files of a project that begins with one of them."""

from collections.abc import Mapping
from pathlib import Path

from simulator.language.schema import schema_text
from simulator.records import dataclass

WORKFLOW = Path(__file__).parent / "outages.yml"
"""A workflow of GitHub Actions that gates on the project's experiments; `docs/ci.md` shows it."""


@dataclass(frozen=True)
class Design:
    """One reference design: a topology, and an experiment in which it loses a region."""

    name: str
    says: str
    topology: str
    experiment: str


DESIGNS = {
    one.name: one
    for one in (
        Design(
            "single-region", "everything in one region, and nothing elsewhere",
            "single-region", "dublin-dark-single-region",
        ),
        Design(
            "backup-and-restore", "backups in another region, from which somebody builds everything",
            "backup-and-restore", "dublin-lost-backup-and-restore",
        ),
        Design(
            "pilot-light", "the data is copied, and nothing runs until somebody lights it",
            "pilot-light", "dublin-lost-pilot-light",
        ),
        Design(
            "warm-standby", "a small copy runs, and grows when it is needed",
            "warm-standby", "dublin-lost-warm-standby",
        ),
        Design(
            "hot-standby", "a copy of full size waits",
            "hot-standby", "dublin-lost-hot-standby",
        ),
        Design(
            "active-active", "two regions serve, each everybody near it",
            "active-active", "dublin-dark-active-active",
        ),
        Design(
            "strong", "two regions serve from a table that is strongly consistent, with a witness",
            "strong-orders", "dublin-dark-strong",
        ),
        Design(
            "platform", "functions, gateways, tables, caches, tokens, alarms and a third region as standby",
            "aworld", "milan-goes-dark",
        ),
    )
}  # fmt: skip
"""By name, in the order of the list."""


def _shipped(folder: str, name: str) -> str:
    """The text of a shipped file: beside this package in a checkout, in this folder in a wheel."""
    house = Path(__file__).parent.parent
    places = (house / "starting" / folder, house.parent / folder)
    found = next(place for place in places if (place / f"{name}.yaml").is_file())
    return (found / f"{name}.yaml").read_text(encoding="utf-8")


def files_of(design: Design, version: str | None) -> Mapping[str, str]:
    """The files of a new project, by their paths in it; it asks for any version if there is none."""
    return {
        f"topologies/{design.topology}.yaml": _shipped("topologies", design.topology),
        f"experiments/{design.experiment}.yaml": _shipped("experiments", design.experiment),
        "docs/schema/topology.schema.json": schema_text("topology"),
        "docs/schema/experiment.schema.json": schema_text("experiment"),
        ".github/workflows/outages.yml": WORKFLOW.read_text(encoding="utf-8"),
        "requirements.txt": f"multiregion-simulator{f'=={version}' if version else ''}\n",
        "README.md": _readme(design),
    }


def _readme(design: Design) -> str:
    return f"""# What an outage would do to us

Begun from the design `{design.name}`: {design.says}.

    pip install -r requirements.txt
    simulator check topologies experiments
    simulator run experiments/{design.experiment}.yaml --out results

1. Make `topologies/{design.topology}.yaml` yours: regions, services, tables, names, and all that is
   marked as assumed.
2. Make `experiments/{design.experiment}.yaml` yours: who uses it, what breaks, what you expect.
3. `simulator worst experiments/{design.experiment}.yaml` finds what you had not thought of.

`.github/workflows/outages.yml` gates pull requests on all experiments. Editors complete and check the
files by `docs/schema`.
"""
