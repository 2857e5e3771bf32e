"""A question: the document at its IRI, with text, participants, procedure, answers and source."""

from lod.context import Node
from lod.describe import concept, journal, life, organ, person, provenance
from lod.describe.answer import answer
from lod.describe.concept import LABELS, QUESTION_TYPES, fixed, legislature, rubric
from lod.describe.erratum import errata
from lod.iri import Iris
from lod.model import Ministry, Question, QuestionId


def question(iris: Iris, asked: Question, software: str) -> Node:
    """Describe a question as one framed JSON-LD document."""
    me, title = iris.question(asked.id), title_of(asked)
    node: Node = {
        "type": ["Work", "Question"],
        "id": me,
        "workType": fixed(iris, "type", QUESTION_TYPES[asked.id.kind]),
        "identifier": asked.id.uid,
        "number": str(asked.id.number),
        "title": title,
        **journal.published(iris, asked.published),
        "parliamentaryTerm": legislature(iris, asked.id.legislature),
        **({"isAbout": [rubric(iris, asked.rubric)]} if asked.rubric else {}),
        **({"subjects": [concept.keyword(iris, word) for word in asked.keywords]} if asked.keywords else {}),
        "author": person.deputy_ref(iris, asked.id, asked.author),
        **({"text": asked.text.plain} if asked.text else {}),
        "expression": journal.expression(iris, me, title, asked.text),
        **({"refersTo": [reference(iris, earlier) for earlier in asked.recalls]} if asked.recalls else {}),
        "participations": participations(iris, asked),
        "procedure": [life.procedure(iris, asked)],
        "officialPage": official_page(asked),
        "derivedFrom": [provenance.source_ref(iris, source) for source in asked.sources],
        "generatedBy": [provenance.run(iris, asked, software)],
    }
    if asked.answers:
        answers = [answer(iris, asked, given, rank) for rank, given in enumerate(asked.answers, 1)]
        node |= {"answers": answers, "acceptedAnswer": [given["id"] for given in answers]}
    return node | errata(iris, me, label_of(asked.id), asked.errata)


def title_of(asked: Question) -> str:
    """Give the title, or a label made of type and number for a question that has none."""
    return asked.title or label_of(asked.id)


def label_of(question: QuestionId) -> str:
    """Name a question by type and number: Question écrite n° 16300."""
    return f"{LABELS['type'][QUESTION_TYPES[question.kind]]} n° {question.number}"


def reference(iris: Iris, question: QuestionId) -> Node:
    """Refer to another question, of which nothing but the number need be known."""
    return {"id": iris.question(question), "label": label_of(question)}


def participations(iris: Iris, asked: Question) -> list[Node]:
    """Describe who asks and as what, the ministry asked, and each ministry put in charge."""
    in_charge = enumerate(asked.attributions, 1)
    return [
        _participation(iris, asked, "auteur", "auteur")
        | {
            "participantPerson": person.deputy_ref(iris, asked.id, asked.author),
            "inCapacityOf": person.capacities(iris, asked.id, asked.author),
        },
        _ministry(iris, asked, "interroge", "ministere-interroge", asked.asked),
        *(
            _ministry(iris, asked, f"attributaire-{n}", "ministere-attributaire", attribution.ministry)
            for n, attribution in in_charge
        ),
    ]


def official_page(asked: Question) -> str:
    """Give the address of the question's page at the Assemblée."""
    number = f"{asked.id.legislature}-{asked.id.number}{asked.id.kind}"
    return f"https://questions.assemblee-nationale.fr/q{asked.id.legislature}/{number}.htm"


def _participation(iris: Iris, asked: Question, name: str, role: str) -> Node:
    return {
        "type": ["Participation"],
        "id": iris.part(iris.question(asked.id), name),
        "participationRole": fixed(iris, "role", role),
    }


def _ministry(iris: Iris, asked: Question, name: str, role: str, ministry: Ministry) -> Node:
    taking_part = {"participantOrganization": organ.ministry_ref(iris, ministry)}
    return _participation(iris, asked, name, role) | taking_part
