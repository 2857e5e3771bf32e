"""Which shared resources a process has told of: it tells of each but once, and counts it ever after."""

import os
from collections import Counter
from collections.abc import Sequence

import msgspec

from lod.build.verdicts import digest
from lod.describe.shared import SharedResource

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode


class SharedResourceSender:
    """The resources that this process has told of, packed, with the digest of that as the key of each."""

    def __init__(self) -> None:
        self._process = 0
        self._told: dict[int, tuple[bytes, SharedResource]] = {}

    def count(
        self, resources: Sequence[SharedResource], counts: Counter[bytes], fresh: dict[bytes, bytes]
    ) -> None:
        """Count resources by their keys, and give those that are told of for the first time."""
        if self._process != os.getpid():  # what was told before this process was forked, others have told
            self._process, self._told = os.getpid(), {}
        at_hand = {id(resource): resource for resource in resources}
        for number, times in Counter(map(id, resources)).items():
            known = self._told.get(number)
            if known is None:
                resource = at_hand[number]
                packed = _encode((resource.graph, resource.node))
                known = self._told[number] = (digest(packed), resource)
                fresh[known[0]] = packed
            counts[known[0]] += times

    def forget(self) -> None:
        """Begin anew: what was told may have been lost."""
        self._told.clear()


def unpacked(packed: bytes) -> SharedResource:
    """Give a resource that a process has told of."""
    return SharedResource(*_decode(packed))
