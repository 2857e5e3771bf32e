"""Changes written out: for programs as JSON, for triple stores as Turtle, for people as rows of a table."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from lod.changes.questions import ChangeKind, Edit, QuestionChange, compare_releases
from lod.changes.shared import SharedChange, SharedChangeKind, compare_shared
from lod.iri import Iris, fragment, last_segment
from lod.release import Release

_ACTIVITY_STREAMS = "https://www.w3.org/ns/activitystreams#"
_ACTIVITIES = {
    ChangeKind.NEW: "Create",
    ChangeKind.RETURNED: "Create",
    ChangeKind.WITHDRAWN: "Delete",
    SharedChangeKind.CREATED: "Create",
    SharedChangeKind.DELETED: "Delete",
}
"""What changes are as activities; all others are updates."""
_LABELS = {ChangeKind.ENDED: "ended without answer"}
_HIDDEN = "(not shown)"


class ReleaseDifference(NamedTuple):
    """Two releases to be compared; without one before, everything is new."""

    before: Release | None
    after: Release

    def changes(self) -> Iterator[QuestionChange | SharedChange]:
        """Yield what has happened to questions, then what has happened to what they share, each by IRI."""
        yield from compare_releases(self.before, self.after)
        yield from compare_shared(self.before, self.after)

    def turtle(self) -> Iterator[str]:
        """Yield the changes as Turtle: an activity for each, which creates, updates or deletes something."""
        manifest = self.after.manifest
        iris, day = Iris(manifest.base), manifest.last_day
        yield f"@prefix as: <{_ACTIVITY_STREAMS}> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        for change in self.changes():
            yield _activity(change, iris.change(manifest.release, change.iri), day)


def as_json(change: QuestionChange | SharedChange) -> dict[str, Any]:
    """Return a change for programs: a line of changes.jsonl."""
    if isinstance(change, SharedChange):
        return {"resource": change.iri, "happened": [str(change.kind)]}
    entry: dict[str, Any] = {"question": change.iri, "happened": list(happened(change))}
    if change.edits:
        entry["corrected"] = [_edit(edit) for edit in change.edits]
    return entry


def row(change: QuestionChange | SharedChange, base: str) -> tuple[str, str, str]:
    """Return a change as a row: what changed, what has happened to it, and the words before and after."""
    edits = change.edits if isinstance(change, QuestionChange) else ()
    words = "; ".join(f"{_name(each.term)}: {_words(each)}" for each in edits)
    return change.iri.removeprefix(base), ", ".join(happened(change)), words


def happened(change: QuestionChange | SharedChange) -> list[str]:
    """Return what has happened, in the order of the kinds."""
    if isinstance(change, SharedChange):
        return [str(change.kind)]
    return [_LABELS.get(kind, str(kind)) for kind in ChangeKind if kind in change.kinds]


def activity_type(change: QuestionChange | SharedChange) -> str:
    """Return whether a change creates, updates or deletes: the name of a type of ActivityStreams."""
    kinds = [change.kind] if isinstance(change, SharedChange) else list(change.kinds)
    return next((_ACTIVITIES[kind] for kind in kinds if kind in _ACTIVITIES), "Update")


def _activity(change: QuestionChange | SharedChange, iri: str, day: date) -> str:
    return (
        f"\n<{iri}> a as:{activity_type(change)} ;\n"
        f"    as:object <{change.iri}> ;\n"
        f'    as:summary "{", ".join(happened(change))}"@en ;\n'
        f'    as:updated "{day}T00:00:00Z"^^xsd:dateTime .\n'
    )


def _edit(edit: Edit) -> dict[str, Any]:
    hidden = {"hidden": True} if edit.is_hidden else {}
    return {
        "subject": edit.subject,
        "term": edit.term,
        "before": list(edit.before),
        "after": list(edit.after),
        **hidden,
    }


def _name(term: str) -> str:
    return fragment(term) or last_segment(term)


def _words(edit: Edit) -> str:
    before = _HIDDEN if edit.is_hidden else " ".join(edit.before)
    return f"{before} → {' '.join(edit.after) or '(nothing)'}"
