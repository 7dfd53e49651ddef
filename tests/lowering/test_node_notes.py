"""What `simulator check` notes of nodes that can run out of memory."""

from simulator.lowering.node_notes import node_notes
from tests.small import HERE, THERE, Written, experiment, read, topology


def notes(nodes: Written, **more: Written) -> list[str]:
    service = {"regions": [HERE, THERE], "operations": {"view": [{"compute": "1 ms"}]}}
    services = {"api": service | {"compute": {"nodes": nodes}} | more}
    return [note.said for note in node_notes(read(topology(services=services), experiment()).topology)]


def test_it_says_of_how_many_requests_they_die_and_what_would_turn_these_away() -> None:
    little = {"workers": 40, "queue": 2000, "memory": "1 GB", "request_memory": "1 MB"}
    assert notes(little) == [
        "a node of api in eu-central-1, eu-west-1 has memory for 1,024 requests and takes up to 2,040, at "
        "work and waiting: more than 1,024 kill it; with 'workers' and 'queue' of 1,024 together it turns "
        "them away instead"
    ]
    (only_there,) = notes({}, compute_in={THERE: {"nodes": little}})
    assert only_there.startswith("a node of api in eu-west-1 has")


def test_nodes_that_cannot_run_out_of_it_are_not_noted() -> None:
    assert not notes({"workers": 40, "queue": 2000})
    assert not notes({"workers": 24, "queue": 1000, "memory": "1 GB", "request_memory": "1 MB"})
