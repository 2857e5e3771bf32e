"""What the page of a question shows, extracted from its JSON-LD document."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from lod.dates import rule_on_answers
from lod.iri import DEPUTY, fragment, last_segment
from lod.web.index.question_filter import Facet, QuestionFilter
from lod.web.index.question_life import due_day, question_life
from lod.web.index.reader import Index
from lod.web.pages.cited_text import PassageView, passages
from lod.web.pages.language import Label
from lod.web.pages.links import Links
from lod.web.pages.memberships import MembershipResolver

_DUE = "reponse-attendue"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErratumView:
    """An erratum; `anchor` is its id on the page."""

    anchor: str
    title: str
    text: str | None
    html: str | None
    published: str | None
    issue: Label | None
    page: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """An answer; `anchor` is its id on the page.

    `is_in_time` is None if no rule sets a date; `common` is the answer common to several questions, and
    `common_count` their number.
    """

    anchor: str
    title: str
    text: str | None
    html: str | None
    ministry: Label | None
    published: str
    issue: Label | None
    page: str | None
    days: int | None
    is_in_time: bool | None
    common: Label | None
    common_count: int
    passages: tuple[PassageView, ...]
    errata: tuple[ErratumView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """An event of the life of a question.

    `kind` is the last segment of its type, or `due` for an answer that is foreseen. `anchor` is its id on the
    page, unless the answer or erratum of the event has that id: then `target` is.
    """

    day: str
    kind: str
    label: Label
    note: str | None
    ministry: Label | None
    anchor: str | None
    target: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionView:
    """A correction of the documents; `anchor` is its id on the page, `link` the address of its source."""

    anchor: str
    title: str
    day: str
    reason: str
    link: str | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """A question as its page shows it.

    `author_anchor` is the id on the page of a deputy whom this question alone describes; `article` is that of
    the rules of procedure which sets the term; `overdue_days` are counted on the day of the release;
    `sources` are the digests of the documents that describe it. `recalls` are the questions that the source
    says it recalls.
    """

    iri: str
    title: str
    number: str
    type: Label
    legislature: Label
    status: str
    status_label: Label
    author: Label | None
    author_anchor: str | None
    constituency: Label | None
    group: Label | None
    ministry_asked: Label | None
    ministries_in_charge: tuple[Label, ...]
    rubrics: tuple[Label, ...]
    subjects: tuple[Label, ...]
    recalls: tuple[Label, ...]
    related: tuple[Label, ...]
    text: str | None
    html: str | None
    passages: tuple[PassageView, ...]
    answers: tuple[AnswerView, ...]
    errata: tuple[ErratumView, ...]
    events: tuple[EventView, ...]
    published: str
    issue: Label | None
    page: str | None
    due: str | None
    article: str
    overdue_days: int | None
    official_page: str | None
    sources: tuple[str, ...]
    corrections: tuple[CorrectionView, ...]

    @property
    def cited(self) -> list[Label]:
        """What the question and its answers cite, each once, in the order of the texts."""
        found = (*self.passages, *(each for answer in self.answers for each in answer.passages))
        return list(dict.fromkeys(passage.cited for passage in found))


class QuestionViewReader:
    """Reads the views of questions, with labels in one language."""

    def __init__(self, index: Index, links: Links, memberships: MembershipResolver, stated_day: str) -> None:
        self._index = index
        self._stated_day = stated_day
        self._links = links
        self._memberships = memberships

    def read(self, node: dict[str, Any]) -> QuestionView:
        """Return the view of a question from its node."""
        label, labels = self._links.label, self._labels
        status, author = node["procedure"][0]["processStatus"], node.get("author")
        constituency, group = self._capacities(node)
        return QuestionView(
            iri=node["id"],
            title=node["title"],
            number=node["number"],
            type=label(node["workType"]),
            legislature=label(node["parliamentaryTerm"]),
            status=last_segment(_id(status)),
            status_label=label(status),
            author=label(author) if author else None,
            author_anchor=fragment(DEPUTY) if author and _id(author).endswith(DEPUTY) else None,
            constituency=constituency,
            group=group,
            ministry_asked=next(self._ministries(node, "ministere-interroge"), None),
            ministries_in_charge=tuple(self._ministries(node, "ministere-attributaire")),
            rubrics=labels(node, "isAbout"),
            subjects=labels(node, "subjects"),
            recalls=tuple(label(each) for each in node.get("refersTo", ()) if self._is_own(each)),
            related=tuple(self._related(node)),
            text=node.get("text"),
            html=_html(node),
            passages=passages(node, self._links),
            answers=tuple(self._answers(node)),
            errata=tuple(self._errata(node, node)),
            events=tuple(self._events(node)),
            published=node["issued"],
            issue=self._issue(node),
            page=node.get("pageStart"),
            due=due_day(node),
            article=rule_on_answers(date.fromisoformat(node["issued"])),
            overdue_days=self._overdue_days(node),
            official_page=node.get("officialPage"),
            sources=tuple(_sources(node)),
            corrections=tuple(_corrections(node)),
        )

    def _is_own(self, value: str | dict[str, Any]) -> bool:
        return _id(value).startswith(self._index.base)

    def _related(self, node: dict[str, Any]) -> Iterator[Label]:
        """Yield the titles of related questions, with their pages; first those with the same text."""
        for iri in dict.fromkeys((*node.get("copies", ()), *node.get("related", ()))):
            if document := self._index.document(self._index.iris.path(iri)):
                yield self._links.document_label(document)

    def _labels(self, node: dict[str, Any], key: str) -> tuple[Label, ...]:
        return tuple(self._links.label(value) for value in node.get(key, ()))

    def _issue(self, node: dict[str, Any]) -> Label | None:
        return self._links.label(node["publishedIn"]) if "publishedIn" in node else None

    def _ministries(self, node: dict[str, Any], role: str) -> Iterator[Label]:
        for participation in node["participations"]:
            if has_role(participation, role) and "participantOrganization" in participation:
                yield self._links.label(participation["participantOrganization"])

    def _capacities(self, node: dict[str, Any]) -> tuple[Label | None, Label | None]:
        """Return the constituency and the group of the author."""
        memberships = [
            membership["id"]
            for participation in node["participations"]
            for membership in participation.get("inCapacityOf", ())
        ]
        capacities = self._memberships.capacities(memberships)
        labels = {facet: self._links.label(value) for facet, value in capacities.items()}
        return labels.get(Facet.CONSTITUENCY), labels.get(Facet.GROUP)

    def _answers(self, node: dict[str, Any]) -> Iterator[AnswerView]:
        due = due_day(node)
        for anchor, answer in _works(node):
            if "answersTo" not in answer:
                continue
            common = answer.get("memberOf")
            yield AnswerView(
                anchor=anchor,
                title=answer["title"],
                text=answer.get("text"),
                html=_html(answer),
                passages=passages(answer, self._links),
                ministry=self._ministry_in_charge_on(node, answer["issued"]),
                published=answer["issued"],
                issue=self._issue(answer),
                page=answer.get("pageStart"),
                days=answer.get("responseDays"),
                is_in_time=answer["issued"] <= due if due else None,
                common=self._links.label(common) if common else None,
                common_count=self._index.count(QuestionFilter(resource=common["id"])) if common else 0,
                errata=tuple(self._errata(node, answer)),
            )

    def _ministry_in_charge_on(self, node: dict[str, Any], day: str) -> Label | None:
        """Return the last ministry put in charge on or before a day."""
        since = {
            participation: activity["activityDate"]
            for activity in node["procedure"][0]["activities"]
            for participation in activity.get("hadParticipations", ())
        }
        labels = [
            self._links.label(participation["participantOrganization"])
            for participation in node["participations"]
            if has_role(participation, "ministere-attributaire") and since.get(participation["id"], "") <= day
        ]
        return labels[-1] if labels else None

    def _errata(self, node: dict[str, Any], work: dict[str, Any]) -> Iterator[ErratumView]:
        for erratum in work.get("correctedBy", ()):
            yield ErratumView(
                anchor=_anchor(node, erratum),
                title=erratum["title"],
                text=erratum.get("text"),
                html=_html(erratum),
                published=erratum.get("issued"),
                issue=self._issue(erratum),
                page=erratum.get("pageStart"),
            )

    def _overdue_days(self, node: dict[str, Any]) -> int | None:
        """Return how many days an answer is overdue on the stated day; None if none is."""
        life = question_life(node)
        if not life.due or not life.is_waiting:
            return None
        late = date.fromisoformat(self._stated_day) - date.fromisoformat(life.due)
        return max(0, late.days) or None

    def _events(self, node: dict[str, Any]) -> list[EventView]:
        """Return the life of a question by day; on the same day, what was due precedes what happened."""
        anchors = {anchor for anchor, _ in _works(node)}
        events = [self._event(node, activity, anchors) for activity in _activities(node)]
        return sorted(events, key=lambda event: (event.day, event.kind != "due"))

    def _event(self, node: dict[str, Any], activity: dict[str, Any], anchors: set[str]) -> EventView:
        name = fragment(activity["id"])
        is_due = "ForeseenActivity" in activity["type"]
        return EventView(
            day=activity["activityDate"],
            kind="due" if is_due else last_segment(activity["activityType"]["id"]),
            label=self._links.label(activity["activityType"]),
            note=activity.get("activityLabel") or (name.removeprefix(_DUE).strip("-") if is_due else None),
            ministry=None if name == "publication" else self._event_ministry(node, activity),
            anchor=None if name in anchors else name,
            target=name if name in anchors else None,
        )

    def _event_ministry(self, node: dict[str, Any], activity: dict[str, Any]) -> Label | None:
        participations = {participation["id"]: participation for participation in node["participations"]}
        for name in activity.get("hadParticipations", ()):
            if "participantOrganization" in participations.get(name, ()):
                return self._links.label(participations[name]["participantOrganization"])
        return None


def _sources(node: dict[str, Any]) -> Iterator[str]:
    """Yield the digests of the documents that a question is described from."""
    for description in node.get("describedIn", ()):
        for source in description["derivedFrom"]:
            iri: str = source if isinstance(source, str) else source["id"]
            yield last_segment(iri)


def _corrections(node: dict[str, Any]) -> Iterator[CorrectionView]:
    for description in node.get("describedIn", ()):
        for correction in description.get("corrections", ()):
            link = correction.get("reference")
            yield CorrectionView(
                anchor=fragment(correction["id"]),
                title=correction["title"],
                day=correction["issued"],
                reason=correction["reason"],
                link=link,
                source=link or correction["citation"],
            )


def _activities(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for process in node["procedure"]:
        yield from process["activities"]


def _works(node: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the answers and errata of a question, each with its id on the page."""
    for work in (node, *node.get("answers", ())):
        if work is not node:
            yield _anchor(node, work), work
        for erratum in work.get("correctedBy", ()):
            yield _anchor(node, erratum), erratum


def _html(work: dict[str, Any]) -> str | None:
    """Return the text of a work with its structure; None if it has only paragraphs."""
    html: str | None = work.get("expression", {}).get("embodiedBy", {}).get("html")
    return html


def _anchor(node: dict[str, Any], work: dict[str, Any]) -> str:
    return str(work["id"]).removeprefix(f"{node['id']}/").replace("/", "-")


def has_role(participation: dict[str, Any], role: str) -> bool:
    """Return whether a participation has a role, by the last segment of its IRI."""
    return any(last_segment(_id(each)) == role for each in participation["participationRoles"])


def _id(value: str | dict[str, Any]) -> str:
    iri: str = value if isinstance(value, str) else value["id"]
    return iri
