"""Valid files, a small pair and one of the request path, and what reading says once they are changed."""

from pathlib import Path

from simulator.errors import SpecError
from simulator.language.files import Loaded, read_experiment

TOPOLOGY = """\
topology: two regions
regions:
  eu-south-1: {}
  eu-central-1: {role: standby}
tables:
  progress: {replicas: [eu-south-1, eu-central-1]}
  scores: {replicas: [eu-south-1, eu-central-1]}
services:
  api:
    regions: [eu-south-1, eu-central-1]
    operations:
      act: [{compute: 20 ms}, {write: progress}]
      look: [{read: progress}]
dns:
  api.example: {service: api, policy: failover, health_check: deep}
health_checks:
  deep: {} # deep
"""

EXPERIMENT = """\
experiment: a black hole
topology: t.yaml
duration: 10 min
users:
  all: {near: eu-south-1, sessions: 10, think_time: 5 s, actions: {act: 1}}
faults:
  - {at: 1 min, for: 2 min, region: eu-south-1, mode: black_hole}
expect:
  - {recovery_time: {at_most: 5 min}}
"""

ALL = "{near: eu-south-1, sessions: 10, think_time: 5 s, actions: {act: 1}}"
FAULT = "{at: 1 min, for: 2 min, region: eu-south-1, mode: black_hole}"
DURATION = "10 min"
EXPECTATION = "{recovery_time: {at_most: 5 min}}"

PATH_TOPOLOGY = """\
topology: the whole request path
regions:
  eu-west-1: {zones: 3}
  eu-central-1: {zones: 2} # two zones
  eu-south-1: {role: standby}
tables:
  scores: {replicas: [eu-west-1, eu-central-1]} # scores
caches:
  boards: {regions: [eu-west-1, eu-central-1], time_to_live: 1 min} # boards
  counters: {regions: [eu-west-1, eu-central-1], multi_region: true} # counters
buckets:
  pages: {replicas: [eu-west-1, eu-south-1]} # pages
  photos: {replicas: [eu-west-1, eu-central-1]}
services:
  api:
    regions: [eu-west-1, eu-central-1]
    gateway: {timeout: 10 s} # gateway
    compute: {lambda: {}} # compute
    verifies_tokens: gateway
    operations:
      act: [{read: scores}, {increment: counters}, {put: photos}] # act
      look: [{cache: boards, miss: scores}]
  site:
    regions: [eu-west-1, eu-south-1] # site
    cdn: {origins: [eu-west-1, eu-south-1]} # cdn
    operations:
      page: [{get: pages}] # page
dns:
  api.example: {service: api, policy: failover, evaluate_target_health: true} # api
  www.example: {service: site, policy: multivalue}
identity: {issuer: [eu-west-1, eu-central-1]} # identity
"""

PATH_EXPERIMENT = """\
experiment: the whole request path
topology: t.yaml
duration: 10 min
users:
  many: {near: eu-west-1, sessions: 10, think_time: 5 s, actions: {act: 1, page: 1}, sign_up: 1 %} # many
faults:
  - {at: 1 min, zone: eu-west-1a, mode: refused} # zone
"""

MANY = "{near: eu-west-1, sessions: 10, think_time: 5 s, actions: {act: 1, page: 1}, sign_up: 1 %} # many"
ZONE = "{at: 1 min, zone: eu-west-1a, mode: refused} # zone"
TWO = "{zones: 2} # two zones"
SCORES = "{replicas: [eu-west-1, eu-central-1]} # scores"
BOARDS = "{regions: [eu-west-1, eu-central-1], time_to_live: 1 min} # boards"
COUNTERS = "{regions: [eu-west-1, eu-central-1], multi_region: true} # counters"
PAGES = "{replicas: [eu-west-1, eu-south-1]} # pages"
GATEWAY = "{timeout: 10 s} # gateway"
COMPUTE = "{lambda: {}} # compute"
ACT = "[{read: scores}, {increment: counters}, {put: photos}] # act"
SITE = "[eu-west-1, eu-south-1] # site"
CDN = "{origins: [eu-west-1, eu-south-1]} # cdn"
PAGE = "[{get: pages}] # page"
API = "{service: api, policy: failover, evaluate_target_health: true} # api"
IDENTITY = "{issuer: [eu-west-1, eu-central-1]} # identity"

REPLICAS = "{replicas: [eu-south-1, eu-central-1]}"
LOOK = "[{read: progress}]"
RECORD = "{service: api, policy: failover, health_check: deep}"
DEEP = "{} # deep"


def changed(text: str, old: str, new: str) -> str:
    """The text with one passage, which must be there, replaced."""
    assert old in text
    return text.replace(old, new, 1)


def framed(name: str, more: str = "") -> str:
    """An experiment of ten minutes on `t.yaml` and, from its fourth line on, what a test is about."""
    return f"experiment: {name}\ntopology: t.yaml\nduration: 10 min\n{more}"


def changed_in(experiment: str, topology: str, old: str, new: str) -> tuple[str, str]:
    """Both texts with one passage replaced, in the experiment if it is there."""
    if old in experiment:
        return changed(experiment, old, new), topology
    return experiment, changed(topology, old, new)


def load(directory: Path, experiment: str = EXPERIMENT, topology: str = TOPOLOGY) -> Loaded:
    """Write both files (`e.yaml`, `t.yaml`) and read the experiment."""
    (directory / "t.yaml").write_text(topology, encoding="utf-8")
    (directory / "e.yaml").write_text(experiment, encoding="utf-8")
    return read_experiment(directory / "e.yaml")


def complaints(directory: Path, experiment: str = EXPERIMENT, topology: str = TOPOLOGY) -> list[str]:
    """What reading says of the two files, each problem as `e.yaml:line:column: message`."""
    try:
        load(directory, experiment, topology)
    except SpecError as error:
        return [line.removeprefix(f"{directory}/") for line in str(error).splitlines()]
    return []
