"""YAML that cannot be read, and what YAML 1.1 would have read otherwise."""

import pytest

from simulator.language.reading.positions import Document, read_document, scalar


def read(text: str) -> Document:
    return read_document(text, "f.yaml")


def complaints(text: str) -> list[str]:
    return [str(problem) for problem in read(text).problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\n\tb: 2\n", "2:1: not valid YAML: a tab cannot indent; use spaces"),
        ("a:\n\t- 1\n", "2:1: not valid YAML: a tab cannot indent; use spaces"),
        (
            "a: {b: 1\nc: 2\n",
            "2:2: not valid YAML: a ',' or '}' is missing before this; the '{' is in line 1, column 4",
        ),
        (
            "a:\n  - {at: 1 s mode: x}\n",
            "2:18: not valid YAML: a ',' or '}' is missing before this; the '{' is in line 2, column 5",
        ),
        (
            "a: [1, 2\nb: 3\n",
            "2:2: not valid YAML: a ',' or ']' is missing before this; the '[' is in line 1, column 4",
        ),
        (
            "a: 'x\nb: 1\n",
            "3:1: not valid YAML: the closing quote is missing; the text begins in line 1, column 4",
        ),
        (
            "a: b: c\n",
            "1:5: not valid YAML: a ':' does not fit here; "
            "is a key not on a line of its own, or text not in quotes?",
        ),
        (
            "a:\n  b: 1\n c: 2\n",
            "3:2: not valid YAML: this does not belong here; "
            "is it indented as its neighbours, and every bracket closed once?",
        ),
        (
            "a: {b: 1}}\n",
            "1:10: not valid YAML: this does not belong here; "
            "is it indented as its neighbours, and every bracket closed once?",
        ),
        ("- 1\nb: 2\n", "2:1: not valid YAML: a '-' is missing, or the indentation is wrong"),
        ("a: 1\nb\nc: 2\n", "3:1: not valid YAML: a ':' is missing in the line above"),
        ("a: @x\n", "1:4: not valid YAML: a text that begins with '@' must stand in quotes"),
        ("a: `x`\n", "1:4: not valid YAML: a text that begins with '`' must stand in quotes"),
        ("a: %\n", "1:4: not valid YAML: a text that begins with '%' must stand in quotes"),
        ("a: *\n", "1:5: not valid YAML: a text that begins with '*' or '&' must stand in quotes"),
        ("a: *x\n", "1:4: not valid YAML: this alias (*) names no anchor (&) above it"),
        ("a: &x 1\nb: &x 2\n", "2:4: not valid YAML: this anchor (&) has the name of an earlier one"),
        (
            'a: "\\q"\n',
            "1:5: not valid YAML: a '\\' within \"…\" begins an escape; write '\\\\', or use single quotes",
        ),
        ("è: 1\né: \x01\n", "2:4: not valid YAML: a control character; remove it"),
        ("a: 1\n---\nb: 2\n", "2:1: not valid YAML: a file holds one document; remove the second '---'"),
        ("...\n", "1:1: not valid YAML: a value is missing here"),
        ("é: {è: [1, *q]}\n", "1:12: not valid YAML: this alias (*) names no anchor (&) above it"),
        ("", "1:1: the file is empty"),
        ("# only a comment\n", "1:1: the file is empty"),
    ],
)
def test_errors_of_syntax_are_told_in_plain_words(text: str, expected: str) -> None:
    assert complaints(text) == [f"f.yaml:{expected}"]


NO_VALUE = "has no value; write one ({} where nothing needs saying) or leave the key out"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", ["3:1: 'a' stands here a second time; the first is in line 1"]),
        (
            "a: {x: 1, y: 2, x: 3, x: 4}\n",
            [
                "1:17: 'x' stands here a second time; the first is in line 1",
                "1:23: 'x' stands here a second time; the first is in line 1",
            ],
        ),
        ("a: 1\n'a': 2\n", ["2:1: 'a' stands here a second time; the first is in line 1"]),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", ["3:3: merge keys (<<) are not supported; write the keys out"]),
        ("1: a\n", ['1:1: a key must be text, not 1; write it in quotes: "1"']),
        ("true: a\n", ['1:1: a key must be text, not true; write it in quotes: "true"']),
        ("1.5: a\n", ['1:1: a key must be text, not 1.5; write it in quotes: "1.5"']),
        ("~: a\n", ['1:1: a key must be text, not nothing; write it in quotes: "~"']),
        ("? [a, b]\n: c\n", ["1:3: a key must be text, not a list or a mapping"]),
        ("a:\nb: 1\n", [f"1:1: 'a' {NO_VALUE}"]),
        ("a: ~\nb: null\n", [f"1:1: 'a' {NO_VALUE}", f"2:1: 'b' {NO_VALUE}"]),
        ("a:\n  - 1\n  -\n", ["3:4: this entry of the list is empty; write it, or remove it"]),
        ("a: !secret b\n", ["1:4: tags such as !secret are not supported; leave it out"]),
        ("a: !!binary aGk=\n", ["1:4: tags such as !!binary are not supported; leave it out"]),
        ("a: !!set {b}\n", ["1:4: tags such as !!set are not supported; leave it out"]),
        ("'': 1\n", ["1:1: this key is empty; write a name"]),
        ("a: {' ': 1}\n", ["1:5: this key is empty; write a name"]),
        ("a: &x [*x]\n", ["1:4: an alias may not contain itself"]),
    ],
)
def test_what_yaml_allows_and_a_spec_does_not(text: str, expected: list[str]) -> None:
    assert complaints(text) == [f"f.yaml:{one}" for one in expected]


def test_quoted_keys_may_look_like_anything() -> None:
    assert read('"1": a\n"<<": b\n"true": c\n').data == {"1": "a", "<<": "b", "true": "c"}


def test_deep_nesting_is_refused_where_it_becomes_too_deep() -> None:
    [complaint] = complaints("a: " + "[" * 60 + "]" * 60)
    assert complaint == "f.yaml:1:53: lists or mappings inside each other more than 50 deep"


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 5000, "{a: " * 50_000])
def test_bottomless_nesting_is_refused(text: str) -> None:
    assert complaints(text) == ["f.yaml:1:1: lists or mappings inside each other more than 50 deep"]


def test_a_long_file_with_a_syntax_error_is_told_as_such() -> None:
    assert complaints("- 1\n" * 3000 + "b: 2\n") == [
        "f.yaml:3001:1: not valid YAML: a '-' is missing, or the indentation is wrong"
    ]


def test_aliases_of_aliases_do_not_fill_the_memory() -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10)]
    [complaint] = complaints("\n".join(lines))
    assert complaint.endswith("the file's aliases stand for more than 100,000 values")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("NO", "NO"),
        ("12:30", "12:30"),
        ("1:30:00", "1:30:00"),
        ("012", 12),
        ("0o14", 12),
        ("0x1F", 31),
        ("0b11", "0b11"),
        ("1e3", 1000.0),
        ("1.", 1.0),
        (".5", 0.5),
        ("-7", -7),
        ("200_000", 200_000),
        ("1_000.5", 1000.5),
        ("1__0", "1__0"),
        ("1_", "1_"),
        ("_1", "_1"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("1e999", "1e999"),
        ("9" * 5000, "9" * 5000),
        ("2026-01-01", "2026-01-01"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
    ],
)
def test_plain_scalars_follow_yaml_1_2(text: str, expected: object) -> None:
    found = scalar(text)
    assert found == expected
    assert type(found) is type(expected)


def test_plain_and_quoted_scalars_differ() -> None:
    """The C loader gives plain scalars an empty style, the Python loader none."""
    assert read("a: 1\nb: '1'\nc: \"true\"\nd: true\ne: |\n  5\n").data == {
        "a": 1,
        "b": "1",
        "c": "true",
        "d": True,
        "e": "5\n",
    }


def test_values_and_keys_have_places_counted_in_characters() -> None:
    document = read("\ufeffé: ü\nlist:\n  - x\n  - {è: [1, 22]}\n")
    assert document.keys[("é",)] == (1, 1)
    assert document.values[("é",)] == (1, 4)
    assert document.values[("list", 1, "è", 1)] == (4, 13)
    assert document.keys[("list", 1, "è")] == (4, 6)


def test_a_problem_at_a_missing_place_stands_at_the_key_above_it() -> None:
    document = read("a:\n  b: {c: 1}\n")
    document.problem("at the value", ("a", "b"))
    document.problem("at the key", ("a", "b"), at_key=True)
    document.problem("nowhere", ("a", "b", "z", "y"))
    document.problem("nowhere at all", ("x",))
    assert [str(one) for one in document.problems] == [
        "f.yaml:2:6: at the value",
        "f.yaml:2:3: at the key",
        "f.yaml:2:3: nowhere",
        "f.yaml:1:1: nowhere at all",
    ]
