"""`simulator new`: begin from a reference design."""

import shutil
import tempfile
import textwrap
from pathlib import Path

import click

from simulator.cli.failing import fail, printed
from simulator.cli.places import DIRECTORY, check_writable
from simulator.cli.saying import columns, say


@click.command()
@click.argument("template", required=False)
@click.argument("directory", type=DIRECTORY, required=False)
@click.option("--list", "lists", is_flag=True, help="List the designs.")
def new(template: str | None, directory: str | None, lists: bool) -> None:
    """Begin a project in DIRECTORY from the reference design TEMPLATE, with an experiment and a workflow.

    \b
    simulator new --list
    simulator new warm-standby recovery

    DIRECTORY must not exist yet, or be empty. Exit codes: 0 written, 2 there is no such design, or it cannot
    be written.
    """
    from simulator.starting.designs import DESIGNS

    if lists:
        printed(say("\n".join(_listed(columns()))))
        return
    if template is None or directory is None:
        fail("say which design and where, as 'simulator new warm-standby recovery'; --list shows the designs")
    if template not in DESIGNS:
        fail(f"there is no design '{template}'; there is {', '.join(DESIGNS)}")
    _write(template, Path(directory))


def _listed(width: int) -> list[str]:
    from simulator.starting.designs import DESIGNS

    left = max(map(len, DESIGNS)) + 2
    return [
        line
        for one in DESIGNS.values()
        for line in textwrap.wrap(
            f"{one.name:<{left}}{one.says}", width, subsequent_indent=" " * left, break_on_hyphens=False
        )
    ]


def _write(template: str, directory: Path) -> None:
    """Write all files, or none: they are put in place together."""
    from simulator.starting.designs import DESIGNS, files_of
    from simulator.versions import NOT_INSTALLED, package_version

    check_writable(directory)
    if directory.exists() and any(directory.iterdir()):
        fail(f"{directory} is not empty; choose another directory, nothing is overwritten")
    version = package_version()
    files = files_of(DESIGNS[template], None if version == NOT_INSTALLED else version)
    try:
        directory.absolute().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory.absolute().parent) as place:
            for name, text in files.items():
                path = Path(place) / "new" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            if directory.exists():
                directory.rmdir()
            shutil.move(Path(place) / "new", directory)
    except OSError as error:
        fail(f"cannot write to {directory}: {error.strerror or error}")
    experiment = f"experiments/{DESIGNS[template].experiment}.yaml"
    lines = [*(f"{directory / name}" for name in files), "", f"cd {directory} && simulator run {experiment}"]
    printed(say("\n".join(lines)))
