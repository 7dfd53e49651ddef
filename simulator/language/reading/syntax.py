"""Errors of YAML syntax in words for someone who does not know YAML's grammar."""

import re

import yaml
from yaml.reader import Reader

from simulator.errors import Problem

_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")

_WORDS = {
    "expected a single document": "a file holds one document; remove the second '---'",
    "tab character": "a tab cannot indent; use spaces",
    "mapping values are not allowed": (
        "a ':' does not fit here; is a key not on a line of its own, or text not in quotes?"
    ),
    "did not find expected ',' or '}'": "a ',' or '}}' is missing before this; the '{{' is in {start}",
    "did not find expected ',' or ']'": "a ',' or ']' is missing before this; the '[' is in {start}",
    "quoted scalar found unexpected end": "the closing quote is missing; the text begins in {start}",
    "could not find expected ':'": "a ':' is missing in the line above",
    "did not find expected key": (
        "this does not belong here; is it indented as its neighbours, and every bracket closed once?"
    ),
    "did not find expected '-' indicator": "a '-' is missing, or the indentation is wrong",
    "did not find expected <document start>": "this does not fit what stands above it",
    "did not find expected node content": "a value is missing here",
    "undefined alias": "this alias (*) names no anchor (&) above it",
    "expected alphabetic or numeric character": "a text that begins with '*' or '&' must stand in quotes",
    "unknown escape character": "a '\\' within \"…\" begins an escape; write '\\\\', or use single quotes",
}
"""What libyaml says → what we say."""


def syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    """A parser's error as a problem at its place."""
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else _place_of_character(text)
    words = _words(error, text, line, column)
    last = len(_LINE_BREAK.split(text))
    if line > last:  # libyaml looks behind the end of a file whose last line does not end
        line, column, words = last, 1, words.replace("the line above", "this line")
    return Problem(file, line, column, f"not valid YAML: {words}")


def _words(error: yaml.YAMLError, text: str, line: int, column: int) -> str:
    parts = (getattr(error, "context", None), getattr(error, "problem", None))
    raw = re.sub(r"\s+", " ", " ".join(filter(None, parts)) or str(error))
    if "cannot start any token" in raw:
        return _bad_start(text, line, column)
    if "duplicate anchor" in raw:
        return "this anchor (&) has the name of an earlier one"
    if "unacceptable character" in raw:
        return "a control character; remove it"
    mark = getattr(error, "context_mark", None)
    start = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "a line above"
    return next((words.format(start=start) for phrase, words in _WORDS.items() if phrase in raw), raw)


def _bad_start(text: str, line: int, column: int) -> str:
    character = "".join(text.splitlines()[line - 1 : line])[column - 1 : column]
    if character == "\t":
        return "a tab cannot indent; use spaces"
    return f"a text that begins with '{character}' must stand in quotes"


def _place_of_character(text: str) -> tuple[int, int]:
    """The line and column of the first character that no YAML file may hold."""
    character = Reader.NON_PRINTABLE.search(text)
    index = character.start() if character else 0
    before = text[:index]
    return before.count("\n") + 1, index - before.rfind("\n")
