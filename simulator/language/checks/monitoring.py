"""What is said of metrics: that each exists, and has something that it is of."""

from collections.abc import Sequence

from simulator import catalog
from simulator.boundary.metric_terms import Metric
from simulator.boundary.metrics import METRICS
from simulator.language.checks.subjects import are_whole, as_written, chosen, metrics_named, subjects_of
from simulator.language.checks.values import check_longer_than_0
from simulator.language.models.monitoring import KeptMetric
from simulator.language.models.topology import Topology
from simulator.language.reading.messages import known, nearest
from simulator.language.reading.positions import Document, Path
from simulator.language.reading.sound import Names

_MOST_SERIES = 5_000
_OFTEN_NS = 10**9


def check_canaries(topology: Topology, document: Document) -> None:
    """Report regions that do not exist, runs that would overlap, and operations that nobody can reach."""
    for name, canary in topology.canaries.items():
        path: Path = ("canaries", name)
        known(document, (*path, "near"), canary.near, catalog.region_names(), "region")
        check_longer_than_0(canary.timeout, "a run", document, (*path, "timeout"))
        if canary.every < _OFTEN_NS:
            document.problem("a canary runs at most once a second", (*path, "every"))


def check_metrics(metrics: list[KeptMetric], topology: Topology, names: Names, document: Document) -> None:
    """Report metrics that do not exist, that nothing has, and copies that lead nowhere."""
    series = 0
    is_sound = are_whole(topology, names)
    for number, kept in document.numbered("metrics", metrics):
        here: Path = ("metrics", number)
        found = metrics_named(kept.metric)
        if not found:
            document.problem(_unknown(kept.metric), _named_at(document, here))
            continue
        if is_sound:
            series += _check_subject(kept, found, topology, document, here)
        _check_copy(kept, found, topology, document, here)
    if series > _MOST_SERIES:
        complaint = f"a run keeps at most {_MOST_SERIES:,} metrics, not {series:,}"
        document.problem(complaint, ("metrics",), at_key=True)


def _unknown(name: str) -> str:
    """Complain of a metric that does not exist; of one without a family, tell which families there are."""
    hint = nearest(name, [metric.name for metric in METRICS])
    if "." not in name:
        families = dict.fromkeys(metric.name.partition(".")[0] for metric in METRICS)
        hint = f"; metrics begin with {', '.join(f'{family}.' for family in families)}"
    return f"no metric is called '{name}'{hint}"


def _named_at(document: Document, path: Path) -> Path:
    """Where the name stands: the entry itself, or its key."""
    written = document.data.get("metrics") if isinstance(document.data, dict) else None
    entry = written[path[-1]] if isinstance(written, list) and isinstance(path[-1], int) else None
    return (*path, "metric") if isinstance(entry, dict) else path


def _check_subject(
    kept: KeptMetric, found: Sequence[Metric], topology: Topology, document: Document, path: Path
) -> int:
    """Report what has no such metric; how many series are meant."""
    subjects = {metric.of: subjects_of(metric.of, topology) for metric in found}
    meant = sum(len(chosen(kept.of, subjects[metric.of])) for metric in found)
    if meant:
        return meant
    names = [one.text for some in subjects.values() for one in some]
    if not names:
        complaint = f"nothing in the topology has {kept.metric}, which is of {found[0].of.says}"
        document.problem(complaint, _named_at(document, path))
    elif kept.of is not None:
        alone = {one.name for some in subjects.values() for one in some}
        hint = nearest(as_written(kept.of), [*dict.fromkeys([*names, *alone])])
        document.problem(f"'{kept.of}' has no {kept.metric}{hint}", (*path, "of"))
    return 0


def _check_copy(
    kept: KeptMetric, found: Sequence[Metric], topology: Topology, document: Document, path: Path
) -> None:
    if kept.copied_to is None:
        if kept.copy_delay is not None:
            document.problem("'copy_delay' belongs to 'copied_to'", (*path, "copy_delay"), at_key=True)
        return
    here = (*path, "copied_to")
    if not known(document, here, kept.copied_to, catalog.region_names(), "region"):
        return
    meant = ((one, chosen(kept.of, subjects_of(one.of, topology))) for one in found)
    homes = {subject.home(metric) for metric, subjects in meant for subject in subjects}
    if homes == {kept.copied_to}:
        document.problem(f"{kept.metric} is in {kept.copied_to} already; leave this out", here)
