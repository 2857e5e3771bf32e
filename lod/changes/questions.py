"""What differs between two releases, question by question.

The N-Quads of both releases are read side by side: the graphs of questions are in the order of their IRIs,
each in one piece, so that only one question of each is in memory. Resources that questions share are not
compared here, nor what is known of documents and of their reading, which is in the graph of metadata.
"""

import enum
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lod import rdf
from lod.changes.pairs import pairs
from lod.context import RDF_TYPE
from lod.errors import CheckFailed, quote
from lod.iri import NTriplesPatterns, SharedGraph, concept_path, scheme_path
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


class Edit(NamedTuple):
    """What is stated otherwise: the values of one property before and after, as N-Triples spells them.

    If `is_hidden`, the values before are not told: a correction may have redacted them.
    """

    subject: str
    term: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    is_hidden: bool = False


class QuestionChange(NamedTuple):
    """What has happened to one question between two releases; of a corrected one, what was corrected."""

    iri: str
    kinds: frozenset[ChangeKind]
    edits: tuple[Edit, ...] = ()


class QuestionGraph(NamedTuple):
    """The graph of a question: its IRI, its statements as lines of N-Quads, sorted, and its corrections.

    The corrections are the IRIs of those that this project has made, in angle brackets.
    """

    iri: str
    lines: list[bytes]
    corrections: frozenset[str] = frozenset()


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
    for old, new in pairs(question_graphs(before) if before else iter(()), question_graphs(after)):
        if old is None and new is not None:
            kind = ChangeKind.RETURNED if new.iri in withdrawn else ChangeKind.NEW
            yield QuestionChange(new.iri, frozenset([kind]))
        elif new is None and old is not None:
            yield QuestionChange(old.iri, frozenset([ChangeKind.WITHDRAWN]))
        elif old is not None and new is not None and old.lines != new.lines:
            yield _change(old, new)


def count_changes(changes: Iterable[QuestionChange]) -> dict[ChangeKind, int]:
    """Return how many questions each kind of change has happened to, in the order of the kinds."""
    counts = Counter(kind for change in changes for kind in change.kinds)
    return {kind: counts[kind] for kind in ChangeKind if counts[kind]}


def question_graphs(release: Release) -> Iterator[QuestionGraph]:
    """Yield the graphs of the questions of a release; raise CheckFailed if they are not in order."""
    patterns = NTriplesPatterns(release.manifest.base)
    is_question, metadata = patterns.is_question, patterns.graphs[SharedGraph.METADATA]
    question, last = None, ""
    for dump in release.dumps("nq"):
        for name, lines in _graphs(dump.lines()):
            if name == metadata and question:
                corrections = _corrections_of(patterns, question.iri, lines)
                yield question._replace(corrections=corrections)
                question = None
            elif is_question(name):
                if question:
                    yield question
                iri = name[1:-1]
                if iri <= last:
                    found = f"{quote(iri)} after {quote(last)}"
                    raise CheckFailed(f"{dump.path}: expected questions in the order of IRIs, found {found}")
                question = QuestionGraph(iri, lines)
                last = iri
    if question:
        yield question


def _corrections_of(patterns: NTriplesPatterns, question: str, metadata: list[bytes]) -> frozenset[str]:
    """Return the corrections in the statements on the description of a question, which follow its graph."""
    subjects = {line.split(b" ", 1)[0].decode() for line in metadata}
    return frozenset(each for each in subjects if patterns.correction_of(each) == f"<{question}>")


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


def _change(before: QuestionGraph, after: QuestionGraph) -> QuestionChange:
    """Return what has happened to a question whose statements differ."""
    old, new = set(before.lines), set(after.lines)
    removed = [line for line in before.lines if line not in new]
    added = [line for line in after.lines if line not in old]
    events = _events(added, after.lines)
    if any(_IN_CHARGE in line for line in removed):
        events.add(ChangeKind.REATTRIBUTED)
    wrong = [line for line in removed if not (events and _follows_from_events(line))]
    if not wrong:
        return QuestionChange(after.iri, frozenset(events or {ChangeKind.COMPLETED}))
    # a correction may hide what it replaces, and nothing published says whether it does
    is_hidden = not after.corrections <= before.corrections
    edits = tuple(_edits(wrong, added, is_hidden=is_hidden))
    return QuestionChange(after.iri, frozenset({*events, ChangeKind.CORRECTED}), edits)


def _events(added: list[bytes], lines: list[bytes]) -> set[ChangeKind]:
    """Return what the activities that were added to a question say has happened."""
    activities = {line.split(b" ", 1)[0] for line in added if _ACTIVITY in line}
    found = (
        _EVENTS.get(match[1].decode())
        for line in lines
        if _ACTIVITY_TYPE in line and line.split(b" ", 1)[0] in activities
        for match in _EVENT.finditer(line)
    )
    return {event for event in found if event}


def _edits(removed: list[bytes], added: list[bytes], *, is_hidden: bool) -> Iterator[Edit]:
    """Yield what is stated otherwise, by subject and property; only values that are literals are hidden."""
    before, after = _values(removed), _values(added)
    for (subject, term), values in before.items():
        hidden = is_hidden and any(value.startswith('"') for value in values)
        yield Edit(subject, term, () if hidden else values, after.get((subject, term), ()), hidden)


def _values(lines: list[bytes]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the objects of statements by subject and predicate."""
    values = defaultdict[tuple[str, str], list[str]](list)
    for line in lines:
        subject, predicate, rest = line.decode().split(" ", 2)
        values[subject[1:-1], predicate[1:-1]].append(rest[:-3].rpartition(" ")[0])
    return {key: tuple(found) for key, found in values.items()}


def _follows_from_events(line: bytes) -> bool:
    return any(predicate in line for predicate in _FOLLOWS_FROM_EVENTS)


def _tombstones(release: Release) -> set[str]:
    """Return the IRIs of the questions that were withdrawn before a release."""
    if not release.has(WITHDRAWN):
        return set()
    text = release.file(WITHDRAWN).read_text(encoding="utf-8")
    return {f"{subject}".strip("<>") for subject, _, _ in rdf.triples(text)}
