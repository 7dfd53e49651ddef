"""Where the examples are."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
TOPOLOGIES = sorted((ROOT / "topologies").glob("*.yaml"))
EXPERIMENTS = sorted((ROOT / "experiments").glob("*.yaml"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))
README = ROOT / "README.md"
