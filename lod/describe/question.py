"""The document of a question, with its text, participants, procedure, answers and sources; its tombstone."""

from datetime import date

from lod.context import Node
from lod.describe import concept, journal, life, organ, person, provenance
from lod.describe.answer import answer, errata
from lod.describe.concept import LABELS, QUESTION_TYPES, fixed, legislature, rubric
from lod.iri import Iris
from lod.model import Ministry, Question, QuestionId

_WITHDRAWN = "http://purl.org/adms/status/Withdrawn"
"""The status of a document that its publisher has withdrawn.

`def/etat/retiree` is something else: a question that its author withdraws remains published."""


def question(iris: Iris, record: Question, software: str) -> Node:
    """Describe a question as one framed JSON-LD document."""
    me, title = iris.question(record.id), title_of(record)
    node: Node = {
        "type": ["Work", "Question"],
        "id": me,
        "workType": fixed(iris, "type", QUESTION_TYPES[record.id.kind]),
        "identifier": record.id.uid,
        "number": str(record.id.number),
        "title": title,
        **journal.publication(iris, record.published),
        "parliamentaryTerm": legislature(iris, record.id.legislature),
        **({"isAbout": [rubric(iris, record.rubric)]} if record.rubric else {}),
        **(
            {"subjects": [concept.keyword(iris, word) for word in record.keywords]} if record.keywords else {}
        ),
        "author": person.deputy_ref(iris, record.id, record.author),
        **({"text": record.text.plain} if record.text else {}),
        "expression": journal.expression(iris, me, title, record.text),
        **({"refersTo": [reference(iris, earlier) for earlier in record.recalls]} if record.recalls else {}),
        "participations": participations(iris, record),
        "procedure": [life.procedure(iris, record)],
        "officialPage": official_page(record),
    }
    if record.answers:
        answers = [answer(iris, record, each, rank) for rank, each in enumerate(record.answers, 1)]
        node |= {"answers": answers, "acceptedAnswer": [each["id"] for each in answers]}
    node |= errata(iris, me, label_of(record.id), record.errata)
    node["describedIn"] = [provenance.description(iris, record, software)]
    return node


def tombstone(iris: Iris, withdrawn: QuestionId, on: date) -> Node:
    """Describe the withdrawal of a question's document in a release of that day, without its content."""
    return {
        "type": ["Document"],
        "id": iris.question(withdrawn),
        "identifier": withdrawn.uid,
        "documentStatus": _WITHDRAWN,
        "modified": on.isoformat(),
    }


def title_of(record: Question) -> str:
    """Return the title of a question, or its label if it has none."""
    return record.title or label_of(record.id)


def label_of(question: QuestionId) -> str:
    """Return the type and number of a question: Question écrite n° 16300."""
    return f"{LABELS['type'][QUESTION_TYPES[question.kind]]} n° {question.number}"


def reference(iris: Iris, question: QuestionId) -> Node:
    """Refer to another question, of which only the number need be known."""
    return {"id": iris.question(question), "label": label_of(question)}


def participations(iris: Iris, record: Question) -> list[Node]:
    """Describe the participations of the author, the ministry asked and each in charge, as far as stated.

    The last of those in charge is in charge now, which is a second role of that participation.
    """
    asked, last = record.ministry_asked, len(record.attributions)
    return [
        _participation(iris, record, "auteur", ["auteur"])
        | {
            "participantPerson": person.deputy_ref(iris, record.id, record.author),
            "inCapacityOf": person.capacities(iris, record.id, record.author),
        },
        *([_ministry(iris, record, "interroge", ["ministere-interroge"], asked)] if asked else []),
        *(
            _ministry(
                iris,
                record,
                f"attributaire-{n}",
                ["ministere-attributaire", *(["attributaire-actuel"] if n == last else [])],
                attribution.ministry,
            )
            for n, attribution in enumerate(record.attributions, 1)
        ),
    ]


def official_page(record: Question) -> str:
    """Return the address of the page of a question on the site of the Assemblée."""
    number = f"{record.id.legislature}-{record.id.number}{record.id.kind}"
    return f"https://questions.assemblee-nationale.fr/q{record.id.legislature}/{number}.htm"


def _participation(iris: Iris, record: Question, name: str, roles: list[str]) -> Node:
    return {
        "type": ["Participation"],
        "id": iris.part(iris.question(record.id), name),
        "participationRoles": [fixed(iris, "role", role) for role in roles],
    }


def _ministry(iris: Iris, record: Question, name: str, roles: list[str], ministry: Ministry) -> Node:
    participant = {"participantOrganization": organ.ministry_ref(iris, ministry)}
    return _participation(iris, record, name, roles) | participant
