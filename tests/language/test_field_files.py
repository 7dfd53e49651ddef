"""Files that people really wrote, or that a machine mangled: what reading says of them."""

import time
from pathlib import Path

import pytest

from simulator.errors import SpecError
from simulator.language.files import read
from tests.language.writing import EXPERIMENT, TOPOLOGY, changed, complaints

SHARED_NAME = TOPOLOGY.replace("deep", "api")


def test_a_service_may_share_its_name_with_a_health_check_and_hold_a_mistake(tmp_path: Path) -> None:
    topology = changed(SHARED_NAME, "{compute: 20 ms}", "{computee: 20 ms}")
    [complaint] = complaints(tmp_path, EXPERIMENT, topology)
    assert complaint.startswith("t.yaml:12:14: a step names one of ")
    assert complaint.endswith("did you mean 'compute' by 'computee'?")


def test_a_name_too_long_for_any_file_names_no_file(tmp_path: Path) -> None:
    [complaint] = complaints(tmp_path, changed(EXPERIMENT, "t.yaml", "x" * 300), TOPOLOGY)
    assert complaint.startswith("e.yaml:2:11: there is no topology file 'xxx")
    assert "…'" in complaint
    assert len(complaint) < 200


@pytest.mark.parametrize(
    "contents",
    [
        "user: root\npassword: hunter2\n",
        "version: 3\nservices: {db: {image: hunter2}}\nvolumes: {}\n",
        "hunter2",
    ],
)
def test_of_a_file_that_is_no_topology_nothing_is_told(tmp_path: Path, contents: str) -> None:
    (tmp_path / "secrets.txt").write_text(contents)
    for name in ("secrets.txt", "../" + tmp_path.name + "/secrets.txt", str(tmp_path / "secrets.txt")):
        [complaint] = complaints(tmp_path, changed(EXPERIMENT, "t.yaml", name), TOPOLOGY)
        assert complaint.startswith("e.yaml:2:11: ")
        assert "is no topology" in complaint
        assert "hunter2" not in complaint
        assert "password" not in complaint


def test_nothing_in_a_message_steers_a_terminal(tmp_path: Path) -> None:
    topology = changed(TOPOLOGY, "write: progress", 'write: "\\e[2Jscores\\a"')
    [complaint] = complaints(tmp_path, EXPERIMENT, topology)
    assert complaint.isprintable()
    assert "'\\x1b[2Jscores\\x07'" in complaint


def test_values_are_cut_in_messages(tmp_path: Path) -> None:
    [complaint] = complaints(tmp_path, changed(EXPERIMENT, "10 min", "9" * 5000 + " s"), TOPOLOGY)
    assert complaint.startswith(f"e.yaml:3:11: '{'9' * 79}…' has 5,002 characters")


ALIASES = "\n".join(
    ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
)
HOPELESS = {
    "an alias bomb": ALIASES,
    "an alias bomb among services": f"{TOPOLOGY}\n{ALIASES}",
    "20,000 unknown keys": TOPOLOGY + "".join(f"key{i}: {i}\n" for i in range(20_000)),
    "5,000 services that are none": changed(
        TOPOLOGY, "dns:\n", "".join(f"  s{i}: 5\n" for i in range(5_000)) + "dns:\n"
    ),
    "50 MB of keys": "".join(f"key{i}: {i}\n" for i in range(3_000_000)),
}


@pytest.mark.parametrize("text", HOPELESS.values(), ids=HOPELESS)
def test_a_hopeless_file_is_refused_without_much_work(tmp_path: Path, text: str) -> None:
    """Processor seconds, not wall time: some ten times what it takes, and far below what it took."""
    file = tmp_path / "t.yaml"
    file.write_text(text)
    begun = time.process_time()
    with pytest.raises(SpecError) as caught:
        read(file)
    assert time.process_time() - begun < 20
    assert 0 < len(caught.value.problems) <= 110
    assert all(problem.line >= 1 for problem in caught.value.problems)


WORDS = [
    ("near: eu-south-1", "near: Frankfurt", "Frankfurt is eu-central-1"),
    ("{recovery_time:", "{rto:", "unknown key 'rto'; here it is called 'recovery_time'"),
    ("{recovery_time: {at_most: 5 min}}", "{lost_writes: 0}", "write {at_most: 0} or {at_least: 0}"),
    ("{act: 1}", "{act: 80%}", "this must be a number, not '80%'; write 80"),
    ("think_time: 5 s", "think_time: {p50: 5 s, p99: 9 s}", "here it is called 'median'"),
    ("for: 2 min", "duration: 2 min", "unknown key 'duration'; here it is called 'for'"),
    ("  scores: {", "  scores: {billing_mode: on_demand, ", "here it is called 'capacity'"),
    ("deep: {}", "deep: {type: HTTPS}", "unknown key 'type'; here it is called 'protocol'"),
    ("deep: {}", "deep: {protocol: HTTPS}", "'HTTPS' is not allowed here; write 'https'"),
    ("policy: failover", "policy: failover, primary: eu-south-1", "here it is called 'order'"),
    ("    operations:", "    compute: {ecs: {}}\n    operations:", "did you mean 'nodes' by 'ecs'?"),
    (
        "    operations:",
        "    gateway: {throttling: {rate: 5/s, burst: 5}}\n    operations:",
        "here it is called 'limit'",
    ),
    ("dns:", "identity: {issuer: eu-south-1}\ndns:", "write [eu-south-1]"),
    # relatives of those above: what people write who know AWS, Terraform, Kubernetes, load tests
    ("near: eu-south-1", "near: Ireland", "Ireland is eu-west-1"),
    ("sessions: 10", "vus: 10", "here it is called 'sessions'"),
    ("think_time: 5 s", "think_time: {avg: 5 s}", "unknown key 'avg'; here it is called 'mean'"),
    ("think_time: 5 s", "pause: 5 s", "here it is called 'think_time'"),
    ("act: 1}}", "act: 1}, retries: 3}", "write it under 'client'"),
    ("mode: black_hole", "mode: down", "write 'black_hole'"),
    ("mode: black_hole", "mode: latency", "write 'slow'"),
    ("mode: black_hole", "mode: 5xx", "write 'error'"),
    ("mode: black_hole", "mode: error, probability: 10 %", "here it is called 'share'"),
    ("mode: black_hole", "mode: slow, latency: 1 s", "here it is called 'add'"),
    ("region: eu-south-1, mode", "az: eu-south-1a, mode", "did you mean 'zone' by 'az'?"),
    ("region: eu-south-1, mode", "dynamodb: scores, mode", "did you mean 'table' by 'dynamodb'?"),
    ("region: eu-south-1, mode", "network: {}, mode", "did you mean 'link' by 'network'?"),
    ("at: 1 min", "start: 1 min", "here it is called 'at'"),
    ("topology: t.yaml", "system: t.yaml", "here it is called 'topology'"),
    ("duration: 10 min", "length: 10 min", "here it is called 'duration'"),
    ("{recovery_time:", "{mttr:", "here it is called 'recovery_time'"),
    ("{recovery_time:", "{uptime:", "here it is called 'success'"),
    ("{recovery_time:", "{error_rate:", "write 'success: {at_least: …}', its complement"),
    ("{recovery_time:", "{latency_p99:", "write 'action_latency: {percentile: 99, at_most: …}'"),
    ("{recovery_time:", "{data_loss:", "write 'recovery_point' (how old) or 'missing_writes' (how many)"),
    ("deep: {}", "deep: {path: /health}", "here it is called 'operation'"),
    ("deep: {}", "deep: {periodSeconds: 10}", "here it is called 'interval'"),
    ("deep: {}", "deep: {regions: [eu-west-1]}", "here it is called 'checker_regions'"),
    ("policy: failover", "policy: active-passive", "write 'failover'"),
    ("policy: failover", "policy: failover, alias: true", "write 'evaluate_target_health: true'"),
    ("role: standby", "role: passive", "write 'standby'"),
    ("{read: progress}", "{get_item: progress}", "did you mean 'read' by 'get_item'?"),
    ("{read: progress}", "{sleep: 5 ms}", "did you mean 'compute' by 'sleep'?"),
    ("  scores: {", "  scores: {hash_key: id, ", "tables have no keys here"),
    ("  scores: {", "  scores: {read_capacity: 5, ", "here it is called 'capacity'"),
    ("    operations:", "    alb: {}\n    operations:", "write 'compute: {nodes: {}}'"),
    ("    operations:", "    compute: {nodes: {desired_count: 2}}\n    operations:", "called 'per_zone'"),
    ("    operations:", "    gateway: {integration_timeout: 5 s}\n    operations:", "called 'timeout'"),
    ("dns:", "rds: {}\ndns:", "here it is called 'databases'"),
    ("dns:", "queues: {}\ndns:", "queues between services are not simulated"),
]


@pytest.mark.parametrize(("old", "new", "remedy"), WORDS, ids=[new for _, new, _ in WORDS])
def test_a_word_from_elsewhere_gets_one_answer_that_names_ours(
    tmp_path: Path, old: str, new: str, remedy: str
) -> None:
    if old in EXPERIMENT:
        [complaint] = complaints(tmp_path, changed(EXPERIMENT, old, new), TOPOLOGY)
    else:
        [complaint] = complaints(tmp_path, EXPERIMENT, changed(TOPOLOGY, old, new))
    assert remedy in complaint


@pytest.mark.parametrize("is_first", [True, False])
def test_a_topology_among_many_unknown_keys_is_a_topology_all_the_same(
    is_first: bool, tmp_path: Path
) -> None:
    unknown = "".join(f"key{number}: {number}\n" for number in range(1000))
    text = unknown + TOPOLOGY if is_first else TOPOLOGY.rstrip() + "\n" + unknown
    found = complaints(tmp_path, EXPERIMENT, text)
    assert len(found) == 101
    assert found[0].startswith(
        f"t.yaml:{1 if is_first else TOPOLOGY.rstrip().count(chr(10)) + 2}:1: unknown key 'key0'"
    )
    assert found[-1].endswith("and 900 more problems from here on")


def test_a_key_that_begins_with_a_colon_is_unknown_where_it_stands(tmp_path: Path) -> None:
    [complaint] = complaints(tmp_path, EXPERIMENT, changed(TOPOLOGY, "services:", ":services:"))
    assert "unknown key ':services'" in complaint
