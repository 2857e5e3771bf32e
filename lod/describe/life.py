"""The life of a question: its procedure, the activities in it, and the answers that are due."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TypeVar

from lod.context import Node
from lod.dates import months_after
from lod.describe import journal
from lod.describe.concept import QUESTION_TYPES, STATES, fixed, legislature
from lod.iri import Iris
from lod.model import Ending, JournalPage, Question, QuestionKind

_Item = TypeVar("_Item")

MONTHS_TO_ANSWER = 2
TWO_MONTHS_SINCE = date(2014, 11, 28)
"""The day of the resolution that set two months; before, it was one month, and one more.

The article is 135, as `lod.dates.rule_on_answers` says: 139 before 27 May 2009."""
DAYS_TO_ANSWER_ONCE_FLAGGED = 10
_ENDINGS = {
    Ending.WITHDRAWN: "retrait",
    Ending.LAPSED: "caducite",
    Ending.CLOSED: "cloture",
    Ending.UNKNOWN: "cloture",
}


def procedure(iris: Iris, question: Question) -> Node:
    """Describe the procedure with its activities in order, and the answers that the rules foresee."""
    me = iris.question(question.id)
    past = activities(iris, question)
    node: Node = {
        "type": ["Process"],
        "id": iris.part(me, "procedure"),
        "processNumber": str(question.id.number),
        "processType": fixed(iris, "procedure", QUESTION_TYPES[question.id.kind]),
        "processStatus": fixed(iris, "etat", STATES[question.status]),
        "parliamentaryTerm": legislature(iris, question.id.legislature),
        "latestActivity": past[-1]["id"],
        "activities": past + foreseen(iris, question),
    }
    if works := _answers_and_errata(iris, question):
        node["involvedWorks"] = works
    return node


def activities(iris: Iris, question: Question) -> list[Node]:
    """Describe the past activities, by day; those of one day in the order of the rules."""
    past = [
        publication(iris, question),
        *_reattributions(iris, question),
        *(_reminder(iris, question, "renouvellement", n, on) for n, on in _ranked(question.renewals)),
        *(_reminder(iris, question, "signalement", n, on) for n, on in _ranked(question.flaggings)),
        *_answers(iris, question),
        *_errata(iris, question),
        *_closure(iris, question),
    ]
    ordered = sorted(past, key=lambda activity: activity["activityDate"])
    return [{**activity, "activityOrder": str(n)} for n, activity in enumerate(ordered, 1)]


def publication(iris: Iris, question: Question) -> Node:
    """Describe the publication, with the author, the ministry asked and the first ministry in charge."""
    me = iris.question(question.id)
    asked = ["interroge"] if question.ministry_asked else []
    first = [attribution.on == question.published.on for attribution in question.attributions[:1]]
    participants = ["auteur", *asked, *(["attributaire-1"] if any(first) else [])]
    return _activity(iris, question, "publication", "publication-question", question.published.on) | {
        "created": me,
        **_recorded(iris, question.published),
        "hadParticipations": [iris.part(me, name) for name in participants],
    }


def foreseen(iris: Iris, question: Question) -> list[Node]:
    """Describe the answers due to a written question, each with what sets the term.

    It is two months from the publication, or ten days from a flagging.
    """
    if question.id.kind is not QuestionKind.WRITTEN:
        return []
    published = question.published.on
    months = MONTHS_TO_ANSWER if published >= TWO_MONTHS_SINCE else 1
    due = [("reponse-attendue", "publication", months_after(published, months))]
    if published < TWO_MONTHS_SINCE:
        prolonged = months_after(published, MONTHS_TO_ANSWER)
        due.append(("reponse-attendue-prolongation", "publication", prolonged))
    for n, flagged in _ranked(question.flaggings):
        motive = f"signalement-{n}"
        due.append((f"reponse-attendue-{motive}", motive, flagged + timedelta(DAYS_TO_ANSWER_ONCE_FLAGGED)))
    return [_foreseen(iris, question, *each) for each in due]


def _foreseen(iris: Iris, question: Question, name: str, motive: str, on: date) -> Node:
    me = iris.question(question.id)
    node = _activity(iris, question, name, "reponse", on) | {
        "type": ["ForeseenActivity"],
        "motivatedBy": iris.part(me, motive),
    }
    if question.answers:
        node["executedIn"] = iris.part(me, "reponse")
    return node


def _reattributions(iris: Iris, question: Question) -> list[Node]:
    me = iris.question(question.id)
    return [
        _activity(iris, question, f"attribution-{n}", "changement-attribution", on)
        | {"hadParticipations": [iris.part(me, f"attributaire-{n}")]}
        | journal.issue_ref(iris, "recordedIn", on, change.journal)
        for n, change, on in question.reattributions
    ]


def _reminder(iris: Iris, question: Question, kind: str, rank: int, on: date) -> Node:
    me = iris.question(question.id)
    return _activity(iris, question, f"{kind}-{rank}", kind, on) | {
        "basedOn": me,
        "motivatedBy": iris.part(me, "publication"),
    }


def _answers(iris: Iris, question: Question) -> list[Node]:
    return [
        _activity(iris, question, "reponse" if n == 1 else f"reponse-{n}", "reponse", answer.published.on)
        | {
            "basedOn": iris.question(question.id),
            "created": iris.answer(question.id, n),
            **_recorded(iris, answer.published),
        }
        for n, answer in _ranked(question.answers)
    ]


def _errata(iris: Iris, question: Question) -> list[Node]:
    """Describe the publications of errata, each with the name of its erratum: reponse-erratum."""
    me = iris.question(question.id)
    return [
        _activity(iris, question, name.removeprefix(f"{me}/").replace("/", "-"), "erratum", published.on)
        | {
            "basedOn": corrected,
            "created": name,
            **_recorded(iris, published),
        }
        for corrected, name, published in _corrections(iris, question)
        if published
    ]


def _answers_and_errata(iris: Iris, question: Question) -> list[str]:
    answers = [iris.answer(question.id, n) for n, _ in _ranked(question.answers)]
    return answers + [name for _, name, _ in _corrections(iris, question)]


def _corrections(iris: Iris, question: Question) -> Iterator[tuple[str, str, JournalPage | None]]:
    """Yield each corrected work, its erratum, and where the erratum was published."""
    answers = ((iris.answer(question.id, n), answer.errata) for n, answer in _ranked(question.answers))
    for corrected, errata in ((iris.question(question.id), question.errata), *answers):
        for n, erratum in _ranked(errata):
            yield corrected, iris.erratum(corrected, n), erratum.published


def _closure(iris: Iris, question: Question) -> list[Node]:
    """Describe the end of a question, if its day is known: the state alone says that there was one."""
    closure = question.closure
    if closure is None or closure.on is None:
        return []
    kind = _ENDINGS[closure.ending]
    node = _activity(iris, question, kind, kind, closure.on) | {"basedOn": iris.question(question.id)}
    return [node | ({"activityLabel": closure.label} if closure.label else {})]


def _activity(iris: Iris, question: Question, name: str, kind: str, on: date) -> Node:
    return {
        "type": ["Activity"],
        "id": iris.part(iris.question(question.id), name),
        "activityType": fixed(iris, "evenement", kind),
        "activityDate": on.isoformat(),
    }


def _recorded(iris: Iris, page: JournalPage) -> Node:
    return journal.issue_ref(iris, "recordedIn", page.on, page.journal)


def _ranked(items: tuple[_Item, ...]) -> list[tuple[int, _Item]]:
    return list(enumerate(items, 1))
