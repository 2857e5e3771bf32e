"""Clusters of similar questions, by average linkage: each is a campaign, or a text that was copied."""

import heapq
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

_LEAST_AVERAGE = 0.2
"""The least average similarity of the questions of two clusters that are joined."""
_DIGITS = 3


class Pair(NamedTuple):
    """Two similar questions, by their IRIs in order; `is_copied` if one has much of the other's text."""

    one: str
    other: str
    score: float
    is_copied: bool


class Cluster(NamedTuple):
    """Questions on the same matter: each with its average similarity to the others, the highest first."""

    members: tuple[tuple[str, float], ...]
    copied: frozenset[str]


def find_clusters(pairs: Iterable[Pair]) -> list[Cluster]:
    """Return the clusters of similar pairs; a pair that is not given has no similarity at all.

    The two clusters with the highest average similarity are joined first; of equals, the first by IRI.
    """
    pairs = list(pairs)
    joined = _join(pairs)
    sums, copied = defaultdict[str, float](float), set[str]()
    home = {iri: name for name, members in joined.items() for iri in members}
    for pair in pairs:
        if home[pair.one] == home[pair.other]:
            sums[pair.one] += pair.score
            sums[pair.other] += pair.score
            copied |= {pair.one, pair.other} if pair.is_copied else set()
    clusters = []
    for members in (each for each in joined.values() if len(each) > 1):
        scored = [(iri, round(sums[iri] / (len(members) - 1), _DIGITS)) for iri in members]
        ordered = tuple(sorted(scored, key=lambda each: (-each[1], each[0])))
        clusters.append(Cluster(ordered, frozenset(copied & members)))
    return clusters


def _join(pairs: Iterable[Pair]) -> dict[str, set[str]]:
    """Return the clusters by the name of one of their members."""
    members = dict[str, set[str]]()
    sums = defaultdict[str, dict[str, float]](dict)
    heap = list[tuple[float, str, str]]()
    for one, other, score, _ in pairs:
        members.setdefault(one, {one})
        members.setdefault(other, {other})
        sums[one][other] = sums[other][one] = score
        heap.append((-score, one, other))
    heapq.heapify(heap)
    while heap:
        negative, one, other = heapq.heappop(heap)
        if one not in members or other not in members or -negative != _average(sums, members, one, other):
            continue  # one of them has been joined since
        if -negative < _LEAST_AVERAGE:
            break
        kept, gone = sorted((one, other))
        members[kept] |= members.pop(gone)
        del sums[kept][gone]
        for third, total in sums.pop(gone).items():
            if third != kept:
                del sums[third][gone]
                sums[kept][third] = sums[third][kept] = sums[kept].get(third, 0.0) + total
        for third in sums[kept]:
            first, second = sorted((kept, third))
            heapq.heappush(heap, (-_average(sums, members, first, second), first, second))
    return members


def _average(sums: dict[str, dict[str, float]], members: dict[str, set[str]], one: str, other: str) -> float:
    total = sums[one].get(other, 0.0)
    return round(total / (len(members[one]) * len(members[other])), 9)
