"""The columns of the table of questions: name, type, value, and the RDF property that states the same."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from lod.describe.question import official_page, title_of
from lod.iri import ANSWER, LEGISLATURE, Iris
from lod.model import Answer, Author, Question, Text

Cell = str | int | date | None
Value = Cell | list[Cell]
"""The value of a cell; None if the question has none, or the source does not state it."""

ANQ = "https://w3id.org/anq/ontology#"
BIBO = "http://purl.org/ontology/bibo/"
DCTERMS = "http://purl.org/dc/terms/"
ELI = "http://data.europa.eu/eli/ontology#"
ELI_DL = "http://data.europa.eu/eli/eli-draft-legislation-ontology#"
SCHEMA = "http://schema.org/"


class CellType(enum.StrEnum):
    """The datatype of a cell, as CSVW names it."""

    IRI = "anyURI"
    TEXT = "string"
    NUMBER = "integer"
    DAY = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its name and titles, its description, and how its value is taken from a question.

    `property` is the RDF property with the same value, of the question or of the resource whose IRI has the
    `ending` added; `link` is the pattern of the IRI that the RDF has where the cell has a code.
    """

    name: str
    french: str
    english: str
    description: str
    value: Callable[[Iris, Question], Value]
    type: CellType = CellType.TEXT
    property: str | None = None
    ending: str = ""
    link: str | None = None
    is_french: bool = False
    is_list: bool = False
    is_required: bool = False
    values: tuple[str, ...] = ()


def _seat(author: Author) -> str | None:
    return author.seat.departement if author.seat else author.departement


def _author_name(question: Question) -> str | None:
    """Return the name of the author as printed, or the one that the register knows if none is."""
    return next((stated.name for stated in question.stated if stated.name), question.author.name)


def _group_label(question: Question) -> str | None:
    """Return the name of the group as printed, or the one that the register knows if none is."""
    group = next((stated.group for stated in question.stated if stated.group), question.author.group)
    return group.label if group else None


def _group(iris: Iris, question: Question) -> str | None:
    group = question.author.group
    return iris.group(question.id.legislature, group) if group else None


def _first(question: Question) -> Answer:
    return question.answers[0]


def _text(text: Text | None) -> str | None:
    return text.plain if text else None


COLUMNS = (
    Column(
        name="iri",
        french="IRI de la question",
        english="IRI of the question",
        description="The name of the question in the linked data, where more is said of it.",
        value=lambda iris, question: iris.question(question.id),
        type=CellType.IRI,
        is_required=True,
    ),
    Column(
        name="identifier",
        french="Identifiant officiel",
        english="Official identifier",
        description="The identifier of the Assemblée, such as QANR5L17QE16300.",
        value=lambda _, question: question.id.uid,
        property=f"{DCTERMS}identifier",
        is_required=True,
    ),
    Column(
        name="legislature",
        french="Législature",
        english="Legislature",
        description="The number of the legislature.",
        value=lambda _, question: question.id.legislature,
        type=CellType.NUMBER,
        property=f"{ELI_DL}parliamentary_term",
        link=LEGISLATURE,
        is_required=True,
    ),
    Column(
        name="type",
        french="Type de question",
        english="Type of question",
        description="QE: a written question, QG: one to the Government, QOSD: an oral one without debate.",
        value=lambda _, question: str(question.id.kind),
        is_required=True,
        values=("QE", "QG", "QOSD"),
    ),
    Column(
        name="number",
        french="Numéro",
        english="Number",
        description="The number of the question in its legislature and type.",
        value=lambda _, question: question.id.number,
        type=CellType.NUMBER,
        is_required=True,
    ),
    Column(
        name="title",
        french="Titre",
        english="Title",
        description="The title; of a question that has none, its type and number.",
        value=lambda _, question: title_of(question),
        property=f"{DCTERMS}title",
        is_french=True,
        is_required=True,
    ),
    Column(
        name="rubric",
        french="Rubrique",
        english="Rubric",
        description="The rubric, as the question has it; of a page, in the official spelling.",
        value=lambda _, question: question.rubric,
        is_french=True,
    ),
    Column(
        name="rubric_iri",
        french="IRI de la rubrique",
        english="IRI of the rubric",
        description="The name of the rubric in the linked data: one for all spellings.",
        value=lambda iris, question: iris.concept("rubrique", question.rubric) if question.rubric else None,
        type=CellType.IRI,
        property=f"{ELI}is_about",
    ),
    Column(
        name="keywords",
        french="Mots-clés",
        english="Keywords",
        description="The keywords, as the question has them, « | » between two; a « | » in one is « ¦ ».",
        value=lambda _, question: [word.replace("|", "¦") for word in question.keywords],
        is_french=True,
        is_list=True,
    ),
    Column(
        name="author_iri",
        french="IRI de l’auteur",
        english="IRI of the author",
        description="The name of the deputy in the linked data.",
        value=lambda iris, question: iris.deputy(question.id, question.author),
        type=CellType.IRI,
        property=f"{SCHEMA}author",
        is_required=True,
    ),
    Column(
        name="author_id",
        french="Identifiant officiel de l’auteur",
        english="Official identifier of the author",
        description="The identifier of the deputy at the Assemblée, such as PA841339, if it is known.",
        value=lambda _, question: question.author.official_id,
    ),
    Column(
        name="author_name",
        french="Auteur",
        english="Author",
        description="The name of the deputy, as the question has it.",
        value=lambda _, question: _author_name(question),
    ),
    Column(
        name="group",
        french="Groupe politique",
        english="Political group",
        description="The political group of the deputy on that day, as the question has it.",
        value=lambda _, question: _group_label(question),
        is_french=True,
    ),
    Column(
        name="group_iri",
        french="IRI du groupe politique",
        english="IRI of the political group",
        description="The name of the political group in the linked data.",
        value=_group,
        type=CellType.IRI,
    ),
    Column(
        name="departement",
        french="Département",
        english="Département",
        description="The code of the département of the deputy, such as 44 or 2A.",
        value=lambda _, question: _seat(question.author),
    ),
    Column(
        name="constituency",
        french="Circonscription",
        english="Constituency",
        description="The code of the constituency of the deputy, such as 44-09.",
        value=lambda _, question: question.author.seat.notation if question.author.seat else None,
    ),
    Column(
        name="ministry_asked",
        french="Ministère interrogé",
        english="Ministry asked",
        description="The ministry that the question is put to, as the question has it.",
        value=lambda _, question: question.ministry_asked.label if question.ministry_asked else None,
        is_french=True,
    ),
    Column(
        name="ministry_asked_iri",
        french="IRI du ministère interrogé",
        english="IRI of the ministry asked",
        description="The name of the ministry asked in the linked data.",
        value=lambda iris, question: (
            iris.ministry(question.ministry_asked) if question.ministry_asked else None
        ),
        type=CellType.IRI,
    ),
    Column(
        name="ministry_in_charge",
        french="Ministère attributaire",
        english="Ministry in charge",
        description="The ministry in charge now: the one put in charge last, as the question has it.",
        value=lambda _, question: question.in_charge.label if question.in_charge else None,
        is_french=True,
    ),
    Column(
        name="ministry_in_charge_iri",
        french="IRI du ministère attributaire",
        english="IRI of the ministry in charge",
        description="The name of the ministry in charge in the linked data.",
        value=lambda iris, question: iris.ministry(question.in_charge) if question.in_charge else None,
        type=CellType.IRI,
    ),
    Column(
        name="date_published",
        french="Date de publication",
        english="Day of publication",
        description="The day of the Journal officiel with the question.",
        value=lambda _, question: question.published.on,
        type=CellType.DAY,
        property=f"{DCTERMS}issued",
        is_required=True,
    ),
    Column(
        name="page",
        french="Page",
        english="Page",
        description="The page of the Journal officiel on which the question begins; "
        "a text such as « 5635-5636 ».",
        value=lambda _, question: question.published.page or None,
        property=f"{BIBO}pageStart",
    ),
    Column(
        name="status",
        french="État",
        english="Status",
        description="Where the procedure stands: awaiting an answer, answered, or ended without one: "
        "withdrawn, lapsed, closed for another cause; ended, if how is not known.",
        value=lambda _, question: str(question.status),
        is_required=True,
        values=("awaiting", "answered", "withdrawn", "lapsed", "closed", "ended"),
    ),
    Column(
        name="answers",
        french="Nombre de réponses",
        english="Number of answers",
        description="How many answers were published; what follows is said of the first.",
        value=lambda _, question: len(question.answers),
        type=CellType.NUMBER,
        is_required=True,
    ),
    Column(
        name="date_answered",
        french="Date de réponse",
        english="Day of the answer",
        description="The day of the Journal officiel with the first answer.",
        value=lambda _, question: _first(question).published.on if question.answers else None,
        type=CellType.DAY,
        property=f"{DCTERMS}issued",
        ending=ANSWER,
    ),
    Column(
        name="response_days",
        french="Délai de réponse en jours",
        english="Response time in days",
        description="The days between the publication of the question and that of the first answer, "
        "if that is not earlier.",
        value=lambda _, question: question.days_to(_first(question)) if question.answers else None,
        type=CellType.NUMBER,
        property=f"{ANQ}responseDays",
        ending=ANSWER,
    ),
    Column(
        name="renewals",
        french="Renouvellements",
        english="Renewals",
        description="The days on which the question was renewed; « | » stands between two.",
        value=lambda _, question: list(question.renewals),
        type=CellType.DAY,
        is_list=True,
    ),
    Column(
        name="flaggings",
        french="Signalements",
        english="Flaggings",
        description="The days on which the chair of a group flagged the question; « | » stands between two.",
        value=lambda _, question: list(question.flaggings),
        type=CellType.DAY,
        is_list=True,
    ),
    Column(
        name="official_page",
        french="Page officielle",
        english="Official page",
        description="The address of the question at the Assemblée.",
        value=lambda _, question: official_page(question),
        type=CellType.IRI,
        property=f"{DCTERMS}isReferencedBy",
        is_required=True,
    ),
    Column(
        name="question_text",
        french="Texte de la question",
        english="Text of the question",
        description="The text of the question, a line for each paragraph.",
        value=lambda _, question: _text(question.text),
        property=f"{SCHEMA}text",
        is_french=True,
    ),
    Column(
        name="answer_text",
        french="Texte de la réponse",
        english="Text of the answer",
        description="The text of the first answer, a line for each paragraph.",
        value=lambda _, question: _text(_first(question).text) if question.answers else None,
        property=f"{SCHEMA}text",
        ending=ANSWER,
        is_french=True,
    ),
)
