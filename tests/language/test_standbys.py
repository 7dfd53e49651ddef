"""Standbys that make no sense: each complaint with its place and its remedy."""

from pathlib import Path

import pytest

from tests.language.writing import changed, complaints, framed

TOPOLOGY = """\
topology: a standby
regions: {eu-west-1: {}, eu-central-1: {}, eu-south-1: {}}
services:
  api:
    regions: [eu-west-1, eu-central-1]
    dormant_in: [eu-central-1] # dormant
    operations: {act: [{compute: 1 ms}]}
dns:
  api.example: {service: api, policy: failover}
plans:
  over:
    steps:
      - {enable: api, in: eu-central-1}
"""

EXPERIMENT = framed(
    "a standby",
    """\
operator:
  - {run: over, at: 1 min}
""",
)

DORMANT, ENABLE = "[eu-central-1] # dormant", "{enable: api, in: eu-central-1}"

CASES = [
    # where a service is switched off
    (
        DORMANT,
        "[eu-central-1, eu-central-1]",
        "t.yaml:6:32: 'eu-central-1' stands here a second time",
    ),
    (
        DORMANT,
        "[eu-south-1]",
        "t.yaml:6:18: unknown region of the service 'eu-south-1'; one of: eu-west-1, eu-central-1",
        "t.yaml:13:27: service 'api' is on in eu-central-1 from the start; leave the step out, or write "
        "'dormant_in: [eu-central-1]' at the service",
    ),
    (DORMANT, "[eu-centrl-1]", "t.yaml:6:18: unknown region 'eu-centrl-1'; did you mean 'eu-central-1'?"),
    (
        DORMANT,
        "[eu-west-1, eu-central-1]",
        "t.yaml:6:5: it would be switched off wherever it runs; leave out the regions that serve from the "
        "start",
    ),
    (
        ENABLE,
        "{custom: mail, takes: 1 min}",
        "t.yaml:6:18: no failover plan switches it on in eu-central-1; add a step "
        "'{enable: api, in: eu-central-1}' to one",
    ),
    # steps that switch it on
    (ENABLE, "{enable: apis, in: eu-central-1}", "t.yaml:13:18: unknown service 'apis'; did you mean 'api'?"),
    (ENABLE, "{enable: api}", "t.yaml:13:9: missing key 'in'"),
    (
        ENABLE,
        "{enable: api, in: eu-central-1, take: 1 s}",
        "t.yaml:13:41: unknown key 'take'; did you mean 'takes'?",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case[1] for case in CASES])
def test_a_standby_that_cannot_be_is_refused_at_its_place(case: tuple[str, ...], tmp_path: Path) -> None:
    old, new, *expected = case
    assert complaints(tmp_path, EXPERIMENT, changed(TOPOLOGY, old, new)) == expected


def test_the_file_that_is_changed_is_valid(tmp_path: Path) -> None:
    assert complaints(tmp_path, EXPERIMENT, TOPOLOGY) == []
