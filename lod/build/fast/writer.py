"""Writes questions of a known form by filling its templates, and all others in the ordinary way."""

import operator
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, starmap

from lod.build.fast.forms import Form, Key, form_of, twin
from lod.build.fast.templates import Slots, Template
from lod.build.record import PublishedQuestion, RecordWriter
from lod.context import ResourceBlock
from lod.describe import shared_resources
from lod.errors import BadValue, CheckFailed
from lod.keyed_cache import KeyedCache
from lod.model import Question
from lod.shacl import ProjectedLines
from lod.version import VERSION
from lod.void_statistics import VoidStatistics
from lod.write import ntriples

COMPARED = 100
"""One question in so many is compared with the ordinary path; so is the first of each form."""
SEEN_BEFORE = 3
"""How many questions of a form are written in the ordinary way first: its templates cost as much."""
_MOST_FORMS = 512

Project = Callable[[Iterable[ResourceBlock]], ProjectedLines]
"""What takes from the statements of a question those that the shapes across documents look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormTemplates:
    """The templates of a form: statements, other formats, statements looked at across documents."""

    slots: Slots
    own: Template
    metadata: Template
    others: dict[str, Template]
    projected: "_BlocksTemplate"
    statistics: VoidStatistics
    metadata_triples: int


class FastWriter:
    """Writes questions as `RecordWriter` does, most of them from templates."""

    def __init__(
        self,
        ordinary: RecordWriter,
        project: Project,
        seen_before: int = SEEN_BEFORE,
        compared: int = COMPARED,
    ) -> None:
        """Prepare to write as `ordinary` does; tests make templates sooner, and compare more."""
        self._seen_before = seen_before
        self._compared = compared
        self._ordinary = ordinary
        self._project = project
        self._seen = KeyedCache[Key, int](lambda _: 0)
        self._known: dict[Key, FormTemplates | None] = {}

    @property
    def forms(self) -> int:
        """The number of forms that have templates."""
        return sum(templates is not None for templates in self._known.values())

    def write(self, question: Question) -> PublishedQuestion:
        """Describe and write a question.

        Raise BadValue as `RecordWriter.write` does, and CheckFailed if a question that is compared differs.
        """
        form = form_of(question)
        if form is None:
            return self._ordinary.write(question)
        templates = self._known.get(form.key)
        if templates is None:
            return self._write_new(question, form)
        filled = self._filled(question, form, templates)
        if filled is None:
            return self._ordinary.write(question)
        if zlib.crc32(question.id.uid.encode()) % self._compared == 0:
            self._compare(filled, self._ordinary.write(question))
        return filled

    def _write_new(self, question: Question, form: Form) -> PublishedQuestion:
        """Write a question in the ordinary way; make templates of its form if it is not the first one."""
        written = self._ordinary.write(question)
        if form.key not in self._known and len(self._known) < _MOST_FORMS:
            self._seen[form.key] += 1
            if self._seen[form.key] > self._seen_before:
                self._known[form.key] = templates = self._templates(question)
                if templates and (filled := self._filled(question, form, templates)):
                    self._compare(filled, written)
        return written

    def _templates(self, question: Question) -> FormTemplates | None:
        """Return the templates of the form of a question, cut from a twin.

        Return None if they do not fit another twin: then values are written in a spelling that is not known
        here, or decide more than the form says.
        """
        first, second = twin(question, 1), twin(question, 2)
        form, other = form_of(first), form_of(second)
        if form is None or other is None or form.key != other.key:
            return None
        templates = self._cut(self._ordinary.write(first), form)
        filled = self._filled(second, other, templates)
        return templates if filled and not self._difference(filled, self._ordinary.write(second)) else None

    def _cut(self, written: PublishedQuestion, form: Form) -> FormTemplates:
        """Cut templates from what is written of a twin."""
        slots = Slots(form.leaves)
        own, metadata = (
            slots.cut_statements(ntriples.statements(part.blocks))
            for part in self._ordinary.graph_parts(written.question.id, written.blocks)
        )
        others = {name: slots.cut(text) for name, text in written.texts.items() if name not in ("nt", "nq")}
        looked_at = [block for block in written.blocks if any(self._project([block]))]
        projected = _BlocksTemplate(looked_at, slots)
        return FormTemplates(
            slots=slots,
            own=own,
            metadata=metadata,
            others=others,
            projected=projected,
            statistics=VoidStatistics.of(written.blocks, 1),
            metadata_triples=written.metadata,
        )

    def _filled(self, question: Question, form: Form, templates: FormTemplates) -> PublishedQuestion | None:
        """Fill the templates of a form; return None if the values do not fit, as if two are one resource."""
        try:
            values = templates.slots.spell(form.leaves)
        except (BadValue, OverflowError):  # the ordinary path says what is wrong
            return None
        if values is None:
            return None
        own, metadata = _sorted(templates.own.fill(values)), _sorted(templates.metadata.fill(values))
        if own is None or metadata is None:
            return None
        texts = {name: template.fill(values) for name, template in templates.others.items()}
        texts |= self._ordinary.statement_texts(question.id, own, metadata)
        if self._ordinary.is_too_long(texts):
            return None
        return self._ordinary.published(
            question,
            shared_resources(question, self._ordinary.iris, VERSION),
            texts=texts,
            blocks=templates.projected.fill(values),
            statistics=templates.statistics,
            metadata=templates.metadata_triples,
        )

    def _compare(self, filled: PublishedQuestion, ordinary: PublishedQuestion) -> None:
        """Raise CheckFailed if a question was filled other than it is written in the ordinary way."""
        if difference := self._difference(filled, ordinary):
            raise CheckFailed(
                f"{ordinary.question.id.uid}: the fast path writes {difference} other than the ordinary one; "
                "build with --no-fast, and report this"
            )

    def _difference(self, filled: PublishedQuestion, ordinary: PublishedQuestion) -> str | None:
        """Return what differs between two ways of writing a question, or None."""
        for name, text in ordinary.texts.items():
            if filled.texts[name] != text:
                return name
        if filled.metadata != ordinary.metadata or filled.void != ordinary.void:
            return "statistics"
        if self._project(filled.blocks) != self._project(ordinary.blocks):
            return "what is checked across documents"
        return None


class _BlocksTemplate:
    """Statements about resources, with gaps for values."""

    def __init__(self, blocks: Sequence[ResourceBlock], slots: Slots) -> None:
        lines = [value for block in blocks for value in (block.subject, *_values(block))]
        self._template = slots.cut(b"\n".join(lines))
        self._positions = list[tuple[tuple[bytes, ...], int, list[slice]]]()
        start = 0
        for block in blocks:
            ends = list(accumulate(map(len, block.objects), initial=start + 1))
            self._positions.append((block.predicates, start, list(starmap(slice, pairwise(ends)))))
            start = ends[-1]

    def fill(self, values: Sequence[bytes]) -> list[ResourceBlock]:
        """Return the statements with these values."""
        lines = self._template.fill(values).split(b"\n")
        return [
            ResourceBlock(lines[subject], predicates, [lines[each] for each in objects])
            for predicates, subject, objects in self._positions
        ]


def _values(block: ResourceBlock) -> Iterable[bytes]:
    return (value for values in block.objects for value in values)


def _sorted(lines: bytes) -> list[bytes] | None:
    """Return filled statements in order; None if two of them are the same."""
    statements = sorted(lines.split(b"\n")) if lines else []
    return statements if all(map(operator.ne, statements, statements[1:])) else None
