"""`simulator check`: read files and tell what is wrong, and what rules find, without running anything."""

import os
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click

from simulator.cli.failing import fail, reported_errors
from simulator.cli.options import format_option, set_option
from simulator.cli.reports import REPORT_OF_CHECK, check_reports, put
from simulator.cli.saying import columns, say
from simulator.errors import EXIT_INVALID, EXIT_MISSED, Problem
from simulator.units import printable


def _explain(ctx: click.Context, _option: click.Parameter, rule: str | None) -> None:
    """Say what a rule is about, and leave."""
    if rule is None or ctx.resilient_parsing:
        return
    from simulator.language.reading.messages import nearest
    from simulator.rules.listed import RULES

    if rule not in RULES:
        fail(f"there is no rule '{printable(rule)}'{nearest(rule, RULES)}")
    one = RULES[rule]
    lines = [
        f"{one.name} ({one.severity})",
        "",
        *_wrapped(one.about),
        *_wrapped(one.why),
        *_wrapped(one.remedy),
    ]
    say("\n".join(lines))
    ctx.exit()


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, columns(), break_on_hyphens=False)


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(readable=False))
@set_option
@click.option("--strict", is_flag=True, help="End with code 1 if a rule of severity warning found something.")
@format_option(
    "What to print: lines; JSON; SARIF for code scanning; annotations of GitHub.",
    ("text", "json", "sarif", "github"),
)
@click.option(
    "--report",
    "reports",
    type=REPORT_OF_CHECK,
    multiple=True,
    help="Write a report in one of these formats, too, as sarif:findings.sarif. May be repeated.",
)
@click.option(
    "--explain",
    metavar="RULE",
    is_eager=True,
    expose_value=False,
    callback=_explain,
    help="Say what a rule finds, why that matters and what to do, and nothing else.",
)
def check(files: tuple[str, ...], settings: tuple[str, ...], **given: Any) -> None:
    """Check topologies and experiments without running them.

    Every problem of every FILE is shown as file:line:col: message. An experiment's topology is checked with
    it. Settings that defeat their purpose, what is single, and what each standby has and lacks are told with
    the rule that finds them, and are no problems. A folder stands for its experiments and topologies, - for
    standard input.

    \b
    simulator check experiments/ topologies/ --strict
    simulator check experiments/ --report sarif:findings.sarif
    simulator check --explain failover-to-smaller-quota

    Exit code: 0 if all is well, 1 if --strict minds a finding, 2 if a file is invalid.
    """
    with reported_errors():
        code = _check(files, settings, **given)
    sys.exit(code)


def _check(
    names: Sequence[str], settings: Sequence[str], strict: bool, format_: str, reports: Sequence[Any]
) -> int:
    from simulator.gate.checking import STDIN, check_files, source_of
    from simulator.language.folders import files_named
    from simulator.language.settings import parse_settings

    check_reports(reports)
    source = source_of(sys.stdin.read() if STDIN in names else None)
    told, done = _Told(), []
    for one in check_files(files_named(names), parse_settings(settings), source):
        done.append(one.found)
        told.problems_of(one.found)
        if format_ == "text" and one.found.is_valid:
            told.file(one)
    _write(done, format_, reports)
    return told.exit_code(done, strict)


class _Told:
    """Tells of files, and of what several of them share once."""

    def __init__(self) -> None:
        self._problems: set[Problem] = set()
        self._findings: set[Any] = set()

    def problems_of(self, file: Any) -> None:
        """What makes a file invalid. A topology's problems are those of each experiment that names it."""
        for one in file.findings if not file.is_valid else ():
            problem = Problem(one.file, one.line, one.column, one.message)
            by_place = replace(problem, file=os.path.realpath(one.file))
            if by_place not in self._problems:
                say(str(problem), err=True)
                self._problems.add(by_place)

    def file(self, one: Any) -> None:
        """What rules found in a valid file, and its standbys."""
        from simulator.report.readiness import readiness_lines

        say(printable(f"{one.found.file}: ok"))
        for finding in one.found.findings:
            if not (finding.suppressed or finding.of_readiness or finding in self._findings):
                self._findings.add(finding)
                said = (
                    f"{finding.file}:{finding.line}:{finding.column}: {finding.severity}: {finding.message}"
                )
                say("\n".join(_indented(printable(f"{said} [{finding.rule}]"))))
        for line in readiness_lines(one.readiness, columns(), rules=True):
            say(printable(line))

    def exit_code(self, files: Sequence[Any], strict: bool) -> int:
        """2 if a file is invalid, 1 if `strict` minds a finding; says how many."""
        if self._problems:
            count = len(self._problems)
            say(f"{count} problem{'s' if count > 1 else ''}", err=True)
            return EXIT_INVALID
        from simulator.gate.findings import told_once

        minded = [one for one in told_once(files) if one.severity != "note" and not one.suppressed]
        if strict and minded:
            count = len(minded)
            say(f"{count} finding{'s' if count > 1 else ''} that --strict minds", err=True)
            return EXIT_MISSED
        return 0


def _indented(text: str) -> list[str]:
    """A finding in lines; paths and rules are never broken."""
    return textwrap.wrap(
        text,
        columns(),
        initial_indent="  ",
        subsequent_indent="    ",
        break_on_hyphens=False,
        break_long_words=False,
    )


def _write(files: Sequence[Any], format_: str, reports: Sequence[Any]) -> None:
    """Write and print what is asked for beside lines."""
    from simulator.gate.findings import FORMATS

    root = os.environ.get("GITHUB_WORKSPACE")
    for name, file in reports:
        put(file, FORMATS[name](files, root))
    if format_ != "text":
        say(FORMATS[format_](files, root).rstrip("\n"))
