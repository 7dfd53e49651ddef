"""Which resource refers to which, by reference or by what only one of them is called."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from simulator.exchange.found import Found, refs_in, said_in

_NAMES = (
    "arn", "id", "dns_name", "domain_name", "regional_domain_name", "bucket_regional_domain_name",
    "cloudfront_domain_name", "api_endpoint", "execution_arn", "invoke_arn", "qualified_arn", "invoke_url",
    "function_url", "name", "function_name",
)  # fmt: skip
"""What a state tells of a resource and others name it by."""


class Links:
    """The resources of all files, and the references among them."""

    def __init__(self, found: Iterable[Found]) -> None:
        self.found = [*found]
        self._by_key: dict[str, list[Found]] = defaultdict(list)
        self._by_name: dict[str, list[Found]] = defaultdict(list)
        for one in self.found:
            self._by_key[one.key].append(one)
            for name in names_of(one):
                self._by_name[name].append(one)
        self._to = {one: self._targets(one, one.values) for one in self.found}
        self._of: dict[Found, list[Found]] = defaultdict(list)
        for one, targets in self._to.items():
            for target in targets:
                self._of[target].append(one)

    def kind(self, *kinds: str) -> list[Found]:
        """Everything of some kinds, in file order."""
        return [one for one in self.found if one.kind in kinds]

    def to(self, one: Found, *kinds: str) -> list[Found]:
        """What a resource refers to."""
        return [other for other in self._to[one] if other.kind in kinds]

    def of(self, one: Found, *kinds: str) -> list[Found]:
        """What refers to a resource."""
        return [other for other in self._of[one] if other.kind in kinds]

    def at(self, one: Found, value: Any, *kinds: str) -> list[Found]:
        """What a value of a resource refers to."""
        return [other for other in self._targets(one, value) if other.kind in kinds]

    def beside(self, one: Found, *kinds: str) -> list[Found]:
        """What is joined to a resource by a reference of either to the other."""
        return [*dict.fromkeys([*self.to(one, *kinds), *self.of(one, *kinds)])]

    def _targets(self, one: Found, value: Any) -> list[Found]:
        found = dict.fromkeys(other for ref in refs_in(value) for other in self._meant(one, ref))
        for text in said_in(value, names_of(one)):
            found |= dict.fromkeys(self._by_name.get(text, ()))
        found.pop(one, None)
        return [*found]

    def _meant(self, one: Found, ref: str) -> list[Found]:
        """Of several instances those of its own module's instance, or of its own index."""
        several = self._by_key.get(ref, [])
        for alike in (_same_place, _same_index):
            if len(several) > 1 and (near := [other for other in several if alike(one, other)]):
                several = near
        return several


def _same_place(one: Found, other: Found) -> bool:
    return one.place == other.place


def _same_index(one: Found, other: Found) -> bool:
    return bool(one.index) and one.index == other.index


def names_of(one: Found) -> list[str]:
    """What a resource is called by in the values of others."""
    values = one.values if isinstance(one.values, dict) else {}
    names = [values.get(name) for name in _NAMES]
    names.append(one.text("name"))
    return [*dict.fromkeys(str(name) for name in names if isinstance(name, str) and name)]
