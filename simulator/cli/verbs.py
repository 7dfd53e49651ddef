"""The group of verbs. One file per verb, imported only when it is called."""

from importlib import import_module
from keyword import iskeyword

import click

_VERBS = {
    "new": "Begin a project from a reference design.",
    "run": "Replay an experiment and judge it.",
    "why": "Tell why traffic moved: what led to a change of answers, back to the fault.",
    "trace": "Tell one session's story, request by request.",
    "check": "Check topologies and experiments without running them.",
    "compare": "Compare designs on the same users, seed by seed.",
    "sweep": "Play an experiment with values varied, or find where a condition ends to hold.",
    "breaks": "Find the load at which expectations fail, and what gives way first.",
    "tune": "Search for the values of several knobs at which a figure is best.",
    "baseline": "Keep figures in the repository, or hold experiments against those kept.",
    "worst": "Search for the outage that hurts an objective most.",
    "cost": "Tell what a system costs, by list prices: a month in peace, and an hour of an outage.",
    "drill": "Test the recovery of a system against its objectives, scenario by scenario.",
    "import": "Draft a topology from plans of Terraform and templates of CloudFormation.",
    "export": "Write an experiment in the format of another tool: AWS Fault Injection Service.",
    "defaults": "Show the built-in defaults with their sources.",
    "schema": "Print or write the JSON Schemas of the files and of the result.",
    "warm-up": "Compile the simulator for this machine, ahead of the first run.",
}


class _Verbs(click.Group):
    """A group that imports a verb's module when the verb is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*_VERBS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _VERBS:
            return None
        name = cmd_name.replace("-", "_") + "_" * iskeyword(cmd_name)
        command: click.Command = getattr(import_module(f"simulator.cli.{name}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing them: help must be quick."""
        with formatter.section("Commands"):
            formatter.write_dl([*_VERBS.items()])


def _print_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            click.echo(f"simulator {version('multiregion-simulator')}")
        except PackageNotFoundError:
            click.echo("simulator, not installed: run from its source")
        ctx.exit()


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version.",
)
def main() -> None:
    """Replay the outage of a multi-region system: recovery time, lost writes, replication lag, sessions.

    Exit codes: 0 all expectations met, 1 one or more missed, 2 wrong usage or invalid input, 3 a defect of
    the simulator, 4 inconclusive (something was not shown or not exercised).
    """
