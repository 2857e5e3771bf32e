"""What differs between two releases, question by question.

The N-Quads of both releases are read side by side: the graphs of questions are in the order of their IRIs,
each in one piece, so that only one question of each is in memory. Resources that questions share are not
compared, nor what is known of documents and of their reading, which is in the graph of metadata.
"""

import enum
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lod import rdf
from lod.context import RDF_TYPE
from lod.errors import CheckFailed, quote
from lod.iri import NTriplesPatterns, concept_path, scheme_path
from lod.release import WITHDRAWN, Release


class ChangeKind(enum.StrEnum):
    """What has happened to a question."""

    NEW = "new"
    RETURNED = "returned"
    """It had been withdrawn, and is published again."""
    ANSWERED = "answered"
    REATTRIBUTED = "reattributed"
    RENEWED = "renewed"
    FLAGGED = "flagged"
    ENDED = "ended"
    """It lapsed, was withdrawn by its author, or was closed."""
    ERRATUM = "erratum"
    CORRECTED = "corrected"
    """Something that was stated is no longer stated, or otherwise."""
    COMPLETED = "completed"
    """Something is stated that was not, such as a page number."""
    WITHDRAWN = "withdrawn"
    """It is no longer published."""


class QuestionChange(NamedTuple):
    """What has happened to one question between two releases."""

    iri: str
    kinds: frozenset[ChangeKind]


class QuestionGraph(NamedTuple):
    """The graph of a question: its IRI, and its statements as lines of N-Quads, sorted."""

    iri: str
    lines: list[bytes]


_EVENTS = {
    "reponse": ChangeKind.ANSWERED,
    "changement-attribution": ChangeKind.REATTRIBUTED,
    "renouvellement": ChangeKind.RENEWED,
    "signalement": ChangeKind.FLAGGED,
    "retrait": ChangeKind.ENDED,
    "caducite": ChangeKind.ENDED,
    "cloture": ChangeKind.ENDED,
    "erratum": ChangeKind.ERRATUM,
}
"""What the types of activities say, by their names in the scheme of events."""
_ELI_DL = "http://data.europa.eu/eli/eli-draft-legislation-ontology#"
_ACTIVITY = f" <{RDF_TYPE}> <{_ELI_DL}Activity> ".encode()
_ACTIVITY_TYPE = f" <{_ELI_DL}had_activity_type> ".encode()
_IN_CHARGE = f"/{concept_path('role', 'attributaire actuel')}> ".encode()
"""The role of the ministry in charge now: another has it after a re-attribution, even of an unknown day."""
_FOLLOWS_FROM_EVENTS = (
    *(f" <{_ELI_DL}{name}> ".encode() for name in ("process_status", "latest_activity", "activity_order")),
    _IN_CHARGE,
)
"""What events change: that it differs after one is no correction."""
_EVENT = re.compile(rf"/{scheme_path('evenement')}/([a-z-]+)> ".encode())


def compare_releases(before: Release | None, after: Release) -> Iterator[QuestionChange]:
    """Yield what has happened to each question that differs, in the order of the IRIs.

    Without a release before, or if that is under another base, all questions are new. Raise CheckFailed if a
    release is damaged.
    """
    if before and before.manifest.base != after.manifest.base:
        before = None
    withdrawn = _tombstones(before) if before else set()
    for old, new in _pairs(question_graphs(before) if before else iter(()), question_graphs(after)):
        if old is None and new is not None:
            kind = ChangeKind.RETURNED if new.iri in withdrawn else ChangeKind.NEW
            yield QuestionChange(new.iri, frozenset([kind]))
        elif new is None and old is not None:
            yield QuestionChange(old.iri, frozenset([ChangeKind.WITHDRAWN]))
        elif old is not None and new is not None and old.lines != new.lines:
            yield QuestionChange(new.iri, _kinds(old.lines, new.lines))


def count_changes(changes: Iterable[QuestionChange]) -> dict[ChangeKind, int]:
    """Return how many questions each kind of change has happened to, in the order of the kinds."""
    counts = Counter(kind for change in changes for kind in change.kinds)
    return {kind: counts[kind] for kind in ChangeKind if counts[kind]}


def question_graphs(release: Release) -> Iterator[QuestionGraph]:
    """Yield the graphs of the questions of a release; raise CheckFailed if they are not in order."""
    is_question = NTriplesPatterns(release.manifest.base).is_question
    last = ""
    for dump in release.dumps("nq"):
        for name, lines in _graphs(dump.lines()):
            if is_question(name):
                iri = name[1:-1]
                if iri <= last:
                    found = f"{quote(iri)} after {quote(last)}"
                    raise CheckFailed(f"{dump.path}: expected questions in the order of IRIs, found {found}")
                yield QuestionGraph(iri, lines)
                last = iri


def _graphs(quads: Iterable[bytes]) -> Iterator[tuple[str, list[bytes]]]:
    """Yield each run of lines of one graph, with its name in angle brackets."""
    end, lines = b"", list[bytes]()
    for line in quads:
        if not end or not line.endswith(end):
            if lines:
                yield end[1:-3].decode(), lines
            end, lines = line[line[:-3].rfind(b" ") :], []
        lines.append(line)
    if lines:
        yield end[1:-3].decode(), lines


def _pairs(
    before: Iterator[QuestionGraph], after: Iterator[QuestionGraph]
) -> Iterator[tuple[QuestionGraph | None, QuestionGraph | None]]:
    """Pair the graphs of two releases by IRI; what only one of them has comes with None."""
    old, new = next(before, None), next(after, None)
    while old is not None or new is not None:
        has_old = old is not None and (new is None or old.iri <= new.iri)
        has_new = new is not None and (old is None or new.iri <= old.iri)
        yield old if has_old else None, new if has_new else None
        old = next(before, None) if has_old else old
        new = next(after, None) if has_new else new


def _kinds(before: list[bytes], after: list[bytes]) -> frozenset[ChangeKind]:
    """Return what has happened to a question whose statements differ."""
    removed, added = set(before).difference(after), set(after).difference(before)
    activities = {line.split(b" ", 1)[0] for line in added if _ACTIVITY in line}
    events = [
        _EVENTS.get(match[1].decode())
        for line in after
        if _ACTIVITY_TYPE in line and line.split(b" ", 1)[0] in activities
        for match in _EVENT.finditer(line)
    ]
    kinds = {event for event in events if event}
    if any(_IN_CHARGE in line for line in removed):
        kinds.add(ChangeKind.REATTRIBUTED)
    if any(not (kinds and _follows_from_events(line)) for line in removed):
        kinds.add(ChangeKind.CORRECTED)
    return frozenset(kinds or {ChangeKind.COMPLETED})


def _follows_from_events(line: bytes) -> bool:
    return any(predicate in line for predicate in _FOLLOWS_FROM_EVENTS)


def _tombstones(release: Release) -> set[str]:
    """Return the IRIs of the questions that were withdrawn before a release."""
    if not release.has(WITHDRAWN):
        return set()
    text = release.file(WITHDRAWN).read_text(encoding="utf-8")
    return {f"{subject}".strip("<>") for subject, _, _ in rdf.triples(text)}
