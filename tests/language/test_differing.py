"""What differs between two pairs of files."""

from pathlib import Path

from simulator import Loaded
from simulator.language.differing import differences
from tests.language.writing import EXPERIMENT, TOPOLOGY, changed, load

MORE = "  - {at: 4 min, region: eu-central-1, mode: refused}\nexpect:"


def told(one: Loaded, other: Loaded) -> list[tuple[str, str, str | None, str | None]]:
    return [(each.where, each.path, each.before, each.after) for each in differences(one, other)]


def test_the_same_files_do_not_differ_however_they_are_written(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    spaced = load(tmp_path, EXPERIMENT.replace("\n", "  # as before\n"), TOPOLOGY + "\n\n")
    assert told(loaded, spaced) == []


def test_values_keys_and_names_that_differ(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    other = loaded.with_("dns.api.example.ttl", "5 min").with_("users.all.sessions", 20)
    assert told(loaded, other) == [
        ("experiment", "users.all.sessions", "10", "20"),
        ("topology", "dns.api.example.ttl", None, "5 min"),
    ]
    assert told(other, loaded)[1] == ("topology", "dns.api.example.ttl", "5 min", None)


def test_titles_are_no_difference(tmp_path: Path) -> None:
    renamed = changed(EXPERIMENT, "a black hole", "another title")
    assert told(load(tmp_path), load(tmp_path, renamed)) == []


def test_entries_of_lists_are_found_again_where_one_is_added_before_them(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    two = load(tmp_path, changed(EXPERIMENT, "expect:", MORE))
    first = '{"at": "4 min", "region": "eu-central-1", "mode": "refused"}'
    assert told(loaded, two) == [("experiment", "faults.1", None, first)]
    assert told(two, two.with_("faults.0.for", "3 min")) == [("experiment", "faults.0.for", "2 min", "3 min")]


def test_a_list_of_names_is_one_value(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    other = loaded.with_(
        "dns.api.example", {"service": "api", "policy": "failover", "order": ["eu-central-1"]}
    )
    assert ("topology", "dns.api.example.order", None, '["eu-central-1"]') in told(loaded, other)
