"""What the page of a question shows, taken from its JSON-LD document."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from lod.web.index.index import Index
from lod.web.index.question_filter import QuestionFilter
from lod.web.index.question_row import Facet
from lod.web.pages.capacity import Holders
from lod.web.pages.life import Moment, due, life
from lod.web.pages.links import Links, Named


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An erratum: where it is on the page, what it says, when and where it was published."""

    anchor: str
    title: str
    text: str | None
    published: str | None
    issue: Named | None
    page: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """An answer. `shared` counts the questions that it answers.

    `is_in_time` is None where no rule says when it was due.
    """

    anchor: str
    title: str
    text: str
    ministry: Named | None
    published: str
    issue: Named | None
    page: str | None
    days: int | None
    is_in_time: bool | None
    common: Named | None
    shared: int
    corrections: tuple[Correction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """A question as its page shows it."""

    iri: str
    title: str
    number: str
    type: Named
    legislature: Named
    status: str
    state: Named
    author: Named | None
    mandate: Named | None
    group: Named | None
    asked: Named | None
    in_charge: tuple[Named, ...]
    rubrics: tuple[Named, ...]
    subjects: tuple[Named, ...]
    recalls: tuple[Named, ...]
    text: str | None
    answers: tuple[AnswerView, ...]
    corrections: tuple[Correction, ...]
    life: tuple[Moment, ...]
    published: str
    issue: Named | None
    page: str | None
    due: str | None
    late: int | None
    official: str | None


class QuestionViewReader:
    """Makes what pages show of questions' documents, in the names of one language."""

    def __init__(self, index: Index, links: Links, holders: Holders) -> None:
        self._index = index
        self._holders = holders
        self._links = links

    def read(self, node: dict[str, Any]) -> QuestionView:
        """Give what the page of a question shows."""
        name, names = self._links.named, self._names
        process = node["procedure"][0]
        mandate, group = self._capacities(node)
        return QuestionView(
            iri=node["id"],
            title=node["title"],
            number=node["number"],
            type=name(node["workType"]),
            legislature=name(node["parliamentaryTerm"]),
            status=_end(process["processStatus"]),
            state=name(process["processStatus"]),
            author=name(node["author"]) if "author" in node else None,
            mandate=mandate,
            group=group,
            asked=next(iter(self._taking_part(node, "ministere-interroge")), None),
            in_charge=tuple(self._taking_part(node, "ministere-attributaire")),
            rubrics=names(node, "isAbout"),
            subjects=names(node, "subjects"),
            recalls=names(node, "refersTo"),
            text=node.get("text"),
            answers=tuple(self._answers(node)),
            corrections=tuple(self._corrections(node, node)),
            life=tuple(life(node, self._links, {anchor for anchor, _ in _works(node)})),
            published=node["issued"],
            issue=self._issue(node),
            page=node.get("pageStart"),
            due=due(node),
            late=self._late(node),
            official=node.get("officialPage"),
        )

    def _names(self, node: dict[str, Any], key: str) -> tuple[Named, ...]:
        return tuple(self._links.named(value) for value in node.get(key, ()))

    def _issue(self, node: dict[str, Any]) -> Named | None:
        return self._links.named(node["publishedIn"]) if "publishedIn" in node else None

    def _taking_part(self, node: dict[str, Any], role: str) -> Iterator[Named]:
        for part in node["participations"]:
            if _end(part["participationRole"]) == role and "participantOrganization" in part:
                yield self._links.named(part["participantOrganization"])

    def _capacities(self, node: dict[str, Any]) -> tuple[Named | None, Named | None]:
        """Name the constituency and the group in whose capacity the author asks."""
        held = [one for part in node["participations"] for one in part.get("inCapacityOf", ())]
        found = self._holders.capacities([one["id"] for one in held])
        named = {key: self._links.named(value) for key, value in found.items()}
        return named.get(Facet.CONSTITUENCY), named.get(Facet.GROUP)

    def _answers(self, node: dict[str, Any]) -> Iterator[AnswerView]:
        term = due(node)
        for anchor, answer in _works(node):
            if "answersTo" not in answer:
                continue
            common = answer.get("memberOf")
            yield AnswerView(
                anchor=anchor,
                title=answer["title"],
                text=answer.get("text", ""),
                ministry=self._in_charge_on(node, answer["issued"]),
                published=answer["issued"],
                issue=self._issue(answer),
                page=answer.get("pageStart"),
                days=answer.get("responseDays"),
                is_in_time=answer["issued"] <= term if term else None,
                common=self._links.named(common) if common else None,
                shared=self._index.count(QuestionFilter(resource=common["id"])) if common else 0,
                corrections=tuple(self._corrections(node, answer)),
            )

    def _in_charge_on(self, node: dict[str, Any], day: str) -> Named | None:
        """Name the ministry that was in charge on a day: the one last put in charge until then."""
        since = {
            part: activity["activityDate"]
            for activity in node["procedure"][0]["activities"]
            for part in activity.get("hadParticipations", ())
        }
        names = [
            self._links.named(part["participantOrganization"])
            for part in node["participations"]
            if _end(part["participationRole"]) == "ministere-attributaire"
            and since.get(part["id"], "") <= day
        ]
        return names[-1] if names else None

    def _corrections(self, node: dict[str, Any], work: dict[str, Any]) -> Iterator[Correction]:
        for erratum in work.get("correctedBy", ()):
            yield Correction(
                anchor=_anchor(node, erratum),
                title=erratum["title"],
                text=erratum.get("text"),
                published=erratum.get("issued"),
                issue=self._issue(erratum),
                page=erratum.get("pageStart"),
            )

    def _late(self, node: dict[str, Any]) -> int | None:
        """Count the days since an answer was due, on the day of the release, if there is none yet."""
        term, today = due(node), _day(self._index.release[:10])
        if not term or not today or _end(node["procedure"][0]["processStatus"]) != "en-attente-de-reponse":
            return None
        return max(0, (today - date.fromisoformat(term)).days) or None


def _works(node: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the answers and errata of a question, each with the name of its place on the page."""
    for work in (node, *node.get("answers", ())):
        if work is not node:
            yield _anchor(node, work), work
        for erratum in work.get("correctedBy", ()):
            yield _anchor(node, erratum), erratum


def _anchor(node: dict[str, Any], work: dict[str, Any]) -> str:
    return str(work["id"]).removeprefix(f"{node['id']}/").replace("/", "-")


def _end(value: str | dict[str, Any]) -> str:
    """Give the last part of the IRI of a concept."""
    iri: str = value if isinstance(value, str) else value["id"]
    return iri.rpartition("/")[2]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
