"""Help: quick, complete, and readable."""

import re
import shlex
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from simulator.cli import main
from simulator.randomness.draws import sample

ROOT = Path(__file__).parents[2]
VERBS = main.list_commands(click.Context(main))


def commands(verb: str) -> list[tuple[tuple[str, ...], click.Command]]:
    """A verb, or what it is a group of, each with the words that call it."""
    context = main.make_context("simulator", [verb, "--help"], resilient_parsing=True)
    command = main.get_command(context, verb)
    assert command is not None
    if isinstance(command, click.Group):
        return [((verb, name), one) for name, one in command.commands.items()]
    return [((verb,), command)]


def examples(verb: str) -> list[list[str]]:
    """The calls of a verb that its help, or that of its parts, shows, without the program's name."""
    shown = [
        CliRunner().invoke(main, [*words, "--help"], terminal_width=100).output
        for words in ((verb,), *(words for words, _ in commands(verb)))
    ]
    lines = re.findall(
        rf"^ +(?:\w+=\S+ )*simulator ({verb}\b.*)$", "\n".join(shown).replace("\\\n", " "), re.M
    )
    return [shlex.split(line, comments=True) for line in dict.fromkeys(lines)]


def run_python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_help_names_every_verb_and_every_exit_code() -> None:
    result = CliRunner().invoke(main, ["--help"], prog_name="simulator")
    assert result.exit_code == 0
    assert result.output.startswith("Usage: simulator [OPTIONS] COMMAND [ARGS]...")
    assert all(f"\n  {verb} " in result.output for verb in VERBS)
    meaning = " ".join(result.output.split())
    assert "0 all expectations met, 1 one or more missed, 2 wrong usage or invalid input" in meaning
    assert "3 a defect of the simulator, 4 inconclusive (something was not shown or not exercised)" in meaning


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_of_at_most_100_columns(verb: str) -> None:
    result = CliRunner().invoke(main, [verb, "--help"], prog_name="simulator", terminal_width=100)
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: simulator {verb} [OPTIONS]")
    assert max(map(len, result.output.splitlines())) <= 100
    description = result.output.split("\n\n")[1].strip()
    assert description[0].isupper()
    assert "." in description


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_is_explained(verb: str) -> None:
    for _, command in commands(verb):
        options = [option for option in command.params if isinstance(option, click.Option)]
        assert all(option.help and option.help.endswith(".") for option in options)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_shows_a_call_of_it_that_would_be_understood(verb: str) -> None:
    """Its words are parsed as those of a user, and nothing is done."""
    calls = examples(verb)
    assert calls
    for call in calls:
        (words, command), *_ = (one for one in commands(verb) if tuple(call[: len(one[0])]) == one[0])
        end = call.index(">") if ">" in call else len(call)
        with suppress(click.exceptions.Exit):  # of options that do all themselves
            command.make_context(" ".join(words), call[len(words) : end])


@pytest.mark.parametrize(
    "arguments", [["--help"], ["-h"], ["run", "--help"], ["check", "--help"], ["--version"]]
)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys; from simulator.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'numba', 'numpy', 'matplotlib', 'simpy', 'pydantic', 'networkx', 'rich', 'yaml'}\n"
        "print('HEAVY:', *sorted(heavy & sys.modules.keys()))"
    )
    result = run_python(code, *arguments)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[-1].strip() == "HEAVY:"


def test_checking_and_defaults_need_no_engine() -> None:
    """Checking reckons with distributions of the users' load; what draws them is compiled by then."""
    sample(0, 1.0, 2.0, 0.5)
    code = (
        "import sys; from simulator.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('HEAVY:', *sorted({'numba', 'matplotlib', 'simpy'} & sys.modules.keys()))"
    )
    for heavy, *arguments in (
        ["HEAVY:", "check", "experiments/milan-goes-dark.yaml"],
        ["HEAVY:", "defaults", "dns"],
        ["HEAVY:", "schema", "topology"],
    ):
        assert run_python(code, *arguments).stdout.splitlines()[-1].strip() == heavy


def test_the_version_is_shown() -> None:
    result = CliRunner().invoke(main, ["--version"])
    assert result.exit_code == 0
    assert result.output.startswith("simulator")


def test_the_package_runs_as_a_module() -> None:
    command = [sys.executable, "-m", "simulator.cli", "defaults", "browser_floor"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0
    assert result.stdout.startswith("dns.browser_floor  60 s  documented\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["explode"], "No such command 'explode'"),
        (["run"], "Missing argument 'FILE...'"),
        (["check"], "Missing argument 'FILE...'"),
        (["run", "x.yaml", "--seed", "one"], "'one' is not a valid integer range"),
        (["run", "x.yaml", "--seed", "-1"], "-1 is not in the range 0<=x<=9223372036854775807"),
        (["run", "x.yaml", "--format", "xml"], "'xml' is not one of 'text', 'json'"),
        (["run", "x.yaml", "--wibble"], "No such option"),
        (["schema", "user"], "'user' is not one of 'topology', 'experiment'"),
    ],
)
def test_wrong_usage_is_code_2(arguments: list[str], message: str) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert message in result.stderr.replace("\n", " ")
    assert result.stdout == ""
