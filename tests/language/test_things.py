"""Secrets, images and certificates: what services need and their regions have, or each complaint."""

from pathlib import Path

import pytest

from tests.language.writing import changed, complaints, framed

TOPOLOGY = """\
topology: a service with a password
regions:
  eu-west-1: {has: {secrets: [password], images: [api-7]}}
  eu-central-1: {role: standby, has: {images: [api-7]}}
services:
  api:
    regions: [eu-west-1, eu-central-1]
    needs: {secrets: [password], images: [api-7]}
    operations: {act: [{compute: 1 ms}]}
dns:
  api.example: {service: api, policy: failover, health_check: api}
health_checks: {api: {}}
"""

EXPERIMENT = framed("nothing")

CASES = [
    ("images: [api-7]}}\n  eu-central", "images: [api-7]}}\n  eu-central", []),  # as it is
    (
        "needs: {secrets: [password]",
        "needs: {secrets: [pasword]",
        [
            "t.yaml:3:31: no service needs the secret 'password'; did you mean 'pasword'?",
            "t.yaml:8:23: service 'api' works in eu-west-1 today and needs the secret 'pasword', which "
            "eu-west-1 does not have; did you mean 'password'?",
        ],
    ),
    (
        "needs: {secrets: [password], ",
        "needs: {",
        [
            "t.yaml:3:31: no service needs the secret 'password'; write 'needs: {secrets: [password]}' in "
            "the service that does, or leave it out"
        ],
    ),
    (
        "{has: {secrets: [password], images",
        "{has: {images",
        [
            "t.yaml:8:23: service 'api' works in eu-west-1 today and needs the secret 'password', which "
            "eu-west-1 does not have; write 'has: {secrets: [password]}' in that region"
        ],
    ),
    (
        "eu-central-1: {role: standby, has: {images: [api-7]}}",
        "eu-central-1: {has: {images: [api-7]}}",
        [
            "t.yaml:8:23: service 'api' works in eu-central-1 today and needs the secret 'password', which "
            "eu-central-1 does not have; write 'has: {secrets: [password]}' in that region"
        ],
    ),
    (
        "role: standby, has: {images: [api-7]}",
        "role: standby, has: {images: [api-7, api-7]}",
        ["t.yaml:4:55: 'api-7' stands here a second time"],
    ),
    (
        "needs: {secrets: [password]",
        "needs: {secrets: [password, ' ']",
        [
            "t.yaml:8:33: this name is empty; write it, or remove it",
        ],
    ),
    (
        "needs: {secrets: [password]",
        "needs: {secret: [password]",
        ["t.yaml:8:13: unknown key 'secret'; did you mean 'secrets'?"],
    ),
    (
        "needs: {secrets: [password]",
        "needs: {secrets: password",
        ["t.yaml:8:22: this must be a list, not 'password'"],
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), CASES)
def test_what_is_needed_is_there_where_the_service_works(
    old: str, new: str, expected: list[str], tmp_path: Path
) -> None:
    assert complaints(tmp_path, EXPERIMENT, changed(TOPOLOGY, old, new)) == expected


def test_of_a_faulty_region_nothing_is_said_that_nobody_can_know(tmp_path: Path) -> None:
    spoiled = changed(TOPOLOGY, "eu-west-1: {has", "eu-west-1: {rolle: active, has")
    assert complaints(tmp_path, EXPERIMENT, spoiled) == [
        "t.yaml:3:15: unknown key 'rolle'; did you mean 'role'?"
    ]
