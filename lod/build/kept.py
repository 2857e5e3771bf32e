"""Questions kept as the last release has them: their documents were received, but all of them are rejected.

What the last release says of such a question is copied: its document and its row, and what it refers to of
the resources that questions share. Nothing is read from sources again.
"""

import csv
import hashlib
import io
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from lod import compression, table
from lod.build.account_database import AccountDatabase
from lod.build.accounting import CorrectionLog
from lod.build.check import check_whole
from lod.build.record import KeptQuestion
from lod.build.tombstones import questions_of
from lod.build.worker import Worker
from lod.context import Node
from lod.describe import concept
from lod.describe.shared import SharedResource, graph_of, is_shared_by_answers
from lod.errors import BadValue, Cause, CheckFailed, LodError, Problem, Refused, Severity, quote
from lod.iri import Iris, SharedGraph
from lod.model import QuestionId
from lod.release import File, Release

SharedNodes: TypeAlias = dict[str, list[Node]]
"""The shared nodes of a release, by the IRI that they are about."""

_QUESTION = b'"type":["Work","Question"],"id":"'
_CONTEXT_END = b'},"'
_COPIED_FROM = frozenset({"jsonld", "csv"})
"""The formats that have what is copied of a question; a release may have been built without them."""


@dataclass(frozen=True, slots=True)
class _Account:
    """What the last release has of a question: its document and its row, as they are in the files."""

    document: bytes
    row: dict[str, str]


class Keeper:
    """Keeps questions of the last release whose documents are rejected, and counts them."""

    def __init__(self, last: Path, worker: Worker, questions: AccountDatabase, *, required: bool) -> None:
        self._worker = worker
        self._questions = questions
        self._required = required
        self._release = _open(last, worker.iris, required=required)
        self.kept: dict[str, dict[str, Any]] = {}
        self.shared: list[SharedResource] = []
        self.problems: list[Problem] = []
        self.corrections = CorrectionLog()
        self.lost: set[str] = set()

    def keep_unread(self, problems: Iterable[Problem]) -> None:
        """Keep the questions that no document could be read of.

        A rejected document that does not say which question it is about may be about any that is missing.
        """
        rejected = [problem for problem in problems if problem.severity is Severity.REJECTED]
        if not rejected or self._release is None:
            return
        names = {problem.question for problem in rejected}
        missing = (iri for iri in _questions(self._release) if not self._questions.has(iri))
        iris = self._worker.iris
        self._keep([iri for iri in missing if "" in names or iris.question_of(iri).uid in names])

    def keep_rejected(self, questions: Iterable[QuestionId]) -> set[QuestionId]:
        """Keep questions that were read but are not published; return those that the last release has."""
        wanted = {self._worker.iris.question(question): question for question in questions}
        new = sorted(wanted.keys() - self.kept.keys() - self.lost)
        self._keep(new)
        return {wanted[iri] for iri in new if iri in self.kept}

    def inputs(self) -> list[dict[str, Any]]:
        """List what was copied from the last release, as the manifest lists inputs."""
        return [self.kept[iri] for iri in sorted(self.kept)]

    def _keep(self, wanted: list[str]) -> None:
        if not wanted or self._release is None or not self._can_copy(self._release, wanted):
            return
        accounts, shared = _read_accounts(self._release, wanted)
        for iri, account in accounts.items():
            kept = _kept_question(self._worker.iris, account, shared)
            if found := self._fault(kept):
                self.lost.add(iri)
                self.problems.append(_lost(kept.id, found))
                continue
            data = kept.pack()
            self._questions.keep(iri, self._worker.spool("kept", data), kept.link_keys())
            self.shared += kept.context
            self._log_corrections(kept)
            self.problems.append(_kept(kept.id))
            name = f"the last release, {iri.removeprefix(self._worker.iris.base)}"
            self.kept[iri] = {"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}

    def _can_copy(self, release: Release, wanted: list[str]) -> bool:
        """Return whether a release has the formats that questions are copied from.

        Raise Refused if it has not, and questions must be kept.
        """
        lacking = sorted(_COPIED_FROM - {*release.manifest.formats})
        if lacking and self._required:
            raise Refused(
                f"{release.folder}: expected {' and '.join(lacking)} among the formats of the last release, "
                f"to keep questions whose documents are rejected, such as {wanted[0]}, found none; correct "
                "the documents, or use --allow-shrink to publish all the same"
            )
        return not lacking

    def _fault(self, kept: KeptQuestion) -> str | None:
        """Return why a question cannot be published as the last release has it; None if it can."""
        if name := self._redaction(kept):
            return f"the correction {name} redacts what it says"
        try:
            written = self._worker.write_kept(kept)
        except (BadValue, CheckFailed, KeyError, TypeError, ValueError) as error:
            return str(error)
        nodes = [resource.node for resource in kept.context]
        results = check_whole(self._worker.shapes, [written], nodes)
        return next((f"{result.rule} ({result.found})" for result in results if result.violates), None)

    def _log_corrections(self, kept: KeptQuestion) -> None:
        """Log the corrections of a kept question: those that the last release has are applied."""
        iris, descriptions = self._worker.iris, kept.document.get("describedIn", ())
        published = {each["id"] for found in descriptions for each in found.get("corrections", ())}
        for correction in self._worker.settings.corrections.by_question.get(kept.id, ()):
            self.corrections.met.add(correction.name)
            if iris.correction(kept.id, correction.name) in published:
                self.corrections.applied.add(correction.name)

    def _redaction(self, kept: KeptQuestion) -> str | None:
        """Return the name of a correction that redacts what the last release still says of a question."""
        for correction in self._worker.settings.corrections.by_question.get(kept.id, ()):
            nodes = [kept.document, kept.row, [resource.node for resource in kept.context]]
            if correction.redacted and any(map(correction.redacted.occurs_in, _texts(nodes))):
                return correction.name
        return None


def _texts(value: Any) -> Iterator[str]:
    """Yield all strings within a node."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value


def _open(last: Path, iris: Iris, *, required: bool) -> Release | None:
    """Open the last release, if there is one under the same base; raise Refused if it cannot be read."""
    if not (last.is_symlink() or last.exists()):
        return None
    try:
        release = Release(last)
        release.check_files(file.path for file in release.manifest.files if _is_read(file))
    except (LodError, OSError, ValueError) as error:
        if not required:
            return None
        raise Refused(
            f"{last}: expected the last release, to keep questions whose documents are rejected, found none "
            f"that can be read ({error}); use --allow-shrink to publish all the same"
        ) from None
    return release if release.manifest.base == iris.base else None


def _is_read(file: File) -> bool:
    return bool((file.dump and file.dump.format == "jsonld") or (file.table and file.table.format == "csv"))


def _questions(release: Release) -> Iterator[str]:
    """Yield the IRIs of the questions of a release."""
    if "jsonld" not in release.manifest.formats:
        yield from questions_of(release.dumps("nt"))
        return
    for dump in release.dumps("jsonld"):
        for line in dump.lines():
            if iri := _question_of_line(line):
                yield iri


def _question_of_line(line: bytes) -> str | None:
    start = line.find(_QUESTION)
    if start < 0:
        return None
    start += len(_QUESTION)
    return line[start : line.index(b'"', start)].decode()


def _read_accounts(release: Release, wanted: Iterable[str]) -> tuple[dict[str, _Account], SharedNodes]:
    """Return what a release has of some questions, and all its shared nodes."""
    left, documents = set(wanted), dict[str, bytes]()
    shared = defaultdict[str, list[Node]](list)
    for dump in release.dumps("jsonld"):
        for line in dump.lines():
            iri = _question_of_line(line)
            if iri in left:
                documents[iri] = line
            elif iri is None and line.startswith(b"{"):
                node = _node(line)
                shared[node["id"]].append(node)
    rows = {row["iri"]: row for row in _rows(release) if row["iri"] in documents}
    return {iri: _Account(documents[iri], rows[iri]) for iri in sorted(documents)}, shared


def _node(line: bytes) -> Node:
    """Return the node of a line of a dump, without its context."""
    node: Node = msgspec.json.decode(line.rstrip(b",\n"))
    del node["@context"]
    return node


def _rows(release: Release) -> Iterator[dict[str, str]]:
    file = next(file for file in release.manifest.files if file.table and file.table.format == "csv")
    how = file.table.compression if file.table else compression.Compression.NONE
    csv.field_size_limit(table.LONGEST_CELL)
    with (
        compression.open_decompressed(release.file(file.path), how) as stream,
        io.TextIOWrapper(stream, encoding="utf-8", newline="") as lines,
    ):
        yield from csv.DictReader(lines, strict=True)


def _kept_question(iris: Iris, account: _Account, shared: SharedNodes) -> KeptQuestion:
    document = _node(account.document)
    return KeptQuestion(
        id=iris.question_of(document["id"]),
        document=document,
        row=[account.row.get(column.name, "") for column in table.COLUMNS],
        context=[*_described(document, shared), *_concepts(iris, document)],
    )


def _described(document: Node, shared: SharedNodes) -> Iterator[SharedResource]:
    """Yield the shared resources that a document refers to, and those that these refer to in turn.

    Links from other names are among them; common answers are not, as they depend on other questions.
    """
    linked = defaultdict[str, list[str]](list)
    for node in itertools.chain.from_iterable(shared.values()):
        for official in node.get("sameAs", ()):
            linked[official].append(node["id"])
    seen, queue = set[str](), [*_iris(document)]
    while queue:
        iri = queue.pop()
        if iri in seen:
            continue
        seen.add(iri)
        queue += linked[iri]
        for node in shared.get(iri, ()):
            if is_shared_by_answers(node):
                continue
            yield SharedResource(graph_of(node), node)
            if scheme := node.get("topConceptOf"):
                yield SharedResource(SharedGraph.CONCEPTS, {"id": scheme, "hasTopConcept": [node["id"]]})
            queue += _iris(node)


def _iris(value: Any) -> Iterator[str]:
    """Yield all that may be IRIs within a node: its own, and those of what it refers to."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("type", "text", "html", "label", "title"):
                yield from _iris(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _iris(inner)
    elif isinstance(value, str) and ":" in value:
        yield value


def _concepts(iris: Iris, document: Node) -> Iterator[SharedResource]:
    """Yield the concepts that a document refers to: they are in another file than what else is shared."""
    for key, scheme in (("isAbout", "rubrique"), ("subjects", "analyse")):
        for each in document.get(key, ()):
            node: Node = {"type": ["Concept"], "id": each["id"], "prefLabel": each["label"]}
            yield from concept.top_concept(iris.scheme(scheme), node)
    yield from concept.legislature_concept(iris, iris.question_of(document["id"]).legislature)


def _kept(question: QuestionId) -> Problem:
    found = "only documents that are rejected: it is kept as the last release has it"
    return _problem(question, "a document of this question that can be published", found)


def _lost(question: QuestionId, why: str) -> Problem:
    found = f"only documents that are rejected, and the last release has what cannot be published: {why}"
    return _problem(question, "a document of this question that can be published", quote(found, 400))


def _problem(question: QuestionId, expected: str, found: str) -> Problem:
    return Problem(
        document=question.uid,
        place="",
        expected=expected,
        found=found,
        severity=Severity.WARNING,
        cause=Cause.DOCUMENT,
        question=question.uid,
        part=question.part,
    )
