"""Which shared resources a process has told of: it tells of each but once, and counts it ever after."""

import os
from collections import Counter
from collections.abc import Iterable

import msgspec

from lod.describe.shared import Resource
from lod.publish.verdicts import digest

_encode = msgspec.msgpack.Encoder().encode


class Told:
    """The resources that this process has told of, each with the digest of what it says as its key."""

    def __init__(self) -> None:
        self._process = 0
        self._told: dict[int, tuple[bytes, Resource]] = {}

    def count(
        self, resources: Iterable[Resource], counts: Counter[bytes], fresh: list[tuple[bytes, Resource]]
    ) -> None:
        """Count resources by their keys, and give those that are told of for the first time."""
        if self._process != os.getpid():  # what was told before this process was forked, others have told
            self._process, self._told = os.getpid(), {}
        for resource in resources:
            known = self._told.get(id(resource))
            if known is None:
                known = self._told[id(resource)] = (_key(resource), resource)
                fresh.append(known)
            counts[known[0]] += 1

    def forget(self) -> None:
        """Begin anew: what was told may have been lost."""
        self._told.clear()


def _key(resource: Resource) -> bytes:
    return digest(_encode((resource.graph, resource.node)))
