"""What has become slower is told, what is noise is not, and what nobody can tell is not hidden."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from benchmarks import check
from benchmarks.check import MOST, Case, Compared, compared, engine
from benchmarks.records import keep
from benchmarks.versions import TODAY, RefusedError, Taken, Version, last_kept

NOISE = (0.93, 1.06, 1.21, 0.97, 1.15, 0.9)
"""Of pairs of the same, on a machine that others use."""


@dataclass(frozen=True)
class Fake(Version):
    """A version that takes what the test says, of files that it can read."""

    each_s: tuple[float, ...] = (1.0,)
    """What its measurements take, over and over."""
    refuses: str = "nothing"
    measured: list[Path] = field(default_factory=list)
    requests: float = 100

    def engine(self, file: Path) -> Taken:
        if self.refuses in str(file):
            raise RefusedError("topology.yaml:1:1: unknown key 'queue'")
        self.measured.append(file)
        return Taken(self.each_s[len(self.measured) % len(self.each_s)], self.requests)


def fake(name: str, *each_s: float, refuses: str = "nothing", requests: float = 100) -> Fake:
    return Fake(Path(name), None, each_s or (1.0,), refuses, [], requests)


def in_its_root(version: Version, _place: Path) -> Path:
    return version.root / "a.yaml"


def only_today(version: Version, _place: Path) -> Path:
    if version.root.name == "old":
        raise RefusedError("it has no a.yaml")
    return version.root / "a.yaml"


CASE = Case("a case", in_its_root, engine)


@pytest.mark.parametrize(
    ("ratios", "is_slower"),
    [
        (NOISE, False),  # median 1.02
        ((1.0, 0.99, 1.01, 1.0, 1.0, 1.02), False),
        ((1.2, 1.19, 1.21, 1.22, 1.2, 1.18), True),
        ((1.08, 1.09, 1.08, 1.07, 1.09, 1.08), False),  # slower, but not by more than is allowed
        ((0.7, 1.6, 1.2, 0.8, 1.4, 1.3), False),  # the median is 1.25, but the same could be as fast
        ((0.5, 0.5, 0.5, 0.5, 0.5, 0.5), False),
    ],
)
def test_slower_is_what_is_so_beyond_the_noise(ratios: tuple[float, ...], is_slower: bool) -> None:
    found = Compared("a", ratios)
    assert found.is_slower(1.1) is is_slower
    assert found.line(1.1).startswith("SLOWER a: " if is_slower else "ok     a: ")


def test_six_pairs_are_enough_where_they_agree_and_each_goes_first_in_turn() -> None:
    order = list[str]()

    @dataclass(frozen=True)
    class Told(Fake):
        def engine(self, file: Path) -> Taken:
            order.append(self.root.name)
            return super().engine(file)

    old, new = Told(Path("old")), Told(Path("new"), None, (1.3,))
    found = compared(CASE, old, new, Path())
    assert (len(found.ratios), found.ratio) == (6, pytest.approx(1.3))
    assert order[:8] == [
        "new",
        "old",
        *("old", "new", "new", "old", "old", "new"),
    ]  # after two that count for nothing


def test_where_the_limit_lies_within_the_noise_there_are_more_pairs() -> None:
    found = compared(CASE, fake("old"), fake("new", *NOISE), Path())
    assert 6 < len(found.ratios) <= MOST
    assert not found.is_slower(1.1)
    assert found.line(1.1) == f"ok     a case: {found.ratio:.2f}× (0.90–1.21, {len(found.ratios)} pairs)"


def test_both_read_todays_file_or_the_old_one_its_own_of_the_same_name() -> None:
    old, new = fake("old"), fake("new")
    assert compared(CASE, old, new, Path()).note == ""
    assert {*old.measured, *new.measured} == {Path("new/a.yaml")}
    old = fake("old", refuses="new")
    found = compared(CASE, old, new, Path())
    assert {*old.measured} == {Path("old/a.yaml")}
    assert found.line(1.1).endswith("; then by its own file, for it cannot read today's")


def test_what_cannot_be_compared_is_told_with_its_reason() -> None:
    case = Case("a case", only_today, engine)
    old = fake("old", refuses="new")
    (found,) = check.compare_all([case], old, fake("new"))
    assert isinstance(found, tuple)
    name, why = found
    assert (name, str(why)) == (
        "a case",
        "the old version refuses today's file (topology.yaml:1:1: unknown key 'queue') and has none itself: "
        "it has no a.yaml",
    )


def test_runs_of_other_lengths_are_compared_by_the_request() -> None:
    """Twice the requests in twice the time."""
    found = compared(CASE, fake("old", 1.0), fake("new", 2.0, requests=200), Path())
    assert found.ratio == 1.0
    assert found.note == "100 requests then, 200 now: compared by the request"


@pytest.mark.parametrize(
    ("now", "refuses", "code", "last"),
    [
        (1.0, "nothing", 0, "nothing takes more than 1.1 times as long as with abc"),
        (
            1.25,
            "nothing",
            1,
            "slower than with abc: a case takes 1.25 times as long, and 1.1 times is allowed",
        ),
        (1.0, "a.yaml", 2, "nothing could be compared with abc"),
    ],
)
def test_the_last_line_and_the_exit_code(
    now: float,
    refuses: str,
    code: int,
    last: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    @contextmanager
    def out(_commit: str) -> Iterator[Version]:
        yield fake("old", refuses=refuses)

    monkeypatch.setattr(check, "checked_out", out)
    monkeypatch.setattr(check, "TODAY", fake("new", now))
    monkeypatch.setattr(check, "CASES", (CASE,))
    assert check.main(["--against", "abc"]) == code
    assert capsys.readouterr().out.splitlines()[-1] == last


@pytest.fixture
def commit(tmp_path: Path) -> Callable[[str, dict[str, object]], str]:
    """Commits a record to a repository of its own, and gives the commit."""
    if shutil.which("git") is None:
        pytest.skip("Git is not installed")

    def git(*arguments: str) -> str:
        who = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
        done = subprocess.run(
            ["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def committed(day: str, record: dict[str, object]) -> str:
        (tmp_path / f"{day}.json").write_text(json.dumps(record))
        git("add", "--all")
        git("commit", "--quiet", "--message", day)
        return git("rev-parse", "HEAD")

    git("init", "--quiet")
    return committed


def test_the_last_record_says_its_commit_or_the_history_does(
    tmp_path: Path, commit: Callable[[str, dict[str, object]], str]
) -> None:
    first = commit("2026-01-01", {"figures": []})
    assert last_kept(tmp_path) == (first, "2026-01-01")
    commit("2026-01-02", {"figures": [], "commit": first})
    assert last_kept(tmp_path) == (first, "2026-01-02")
    third = commit("2026-01-03", {"figures": [], "commit": "0" * 40})  # of a history that was rewritten
    assert last_kept(tmp_path) == (third, "2026-01-03")


def test_without_any_record_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="name one with --against"):
        last_kept(tmp_path)


def test_what_is_kept_says_its_commit(tmp_path: Path) -> None:
    keep({}, [], tmp_path)
    (file,) = tmp_path.iterdir()
    assert "commit" in json.loads(file.read_text())


@dataclass(frozen=True)
class Slowed(Version):
    """Really run, and then told to have taken half as long again."""

    def engine(self, file: Path) -> Taken:
        taken = super().engine(file)
        return Taken(1.5 * taken.seconds, taken.requests)


@pytest.mark.slow
def test_the_same_is_not_slower_and_what_takes_half_as_long_again_is(tmp_path: Path) -> None:
    def small(version: Version, place: Path) -> Path:
        return version.made("steady", 1000, 120, place=place)

    case = Case("small", small, engine)
    same = compared(case, TODAY, TODAY, tmp_path)
    assert not same.is_slower(1.1), same
    slowed = compared(case, TODAY, Slowed(TODAY.root), tmp_path)
    assert slowed.is_slower(1.1), slowed
