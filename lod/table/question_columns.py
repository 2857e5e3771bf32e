"""The columns of who asks what, when, and whom."""

from lod.describe.question import title_of
from lod.iri import Iris
from lod.model import Author, Question
from lod.table.column import BIBO, DCTERMS, ELI, ELI_DL, SCHEMA, Column, Type


def _seat(author: Author) -> str | None:
    return author.seat.departement if author.seat else author.departement


def _author_name(asked: Question) -> str | None:
    return next((said.name for said in asked.stated if said.name), asked.author.name)


def _group_label(asked: Question) -> str | None:
    """Return the name of the group as printed, or the one that the register knows if none is."""
    group = next((said.group for said in asked.stated if said.group), asked.author.group)
    return group.label if group else None


def _group(iris: Iris, asked: Question) -> str | None:
    group = asked.author.group
    return iris.group(asked.id.legislature, group) if group else None


ASKED = (
    Column(
        name="iri",
        french="IRI de la question",
        english="IRI of the question",
        about="The name of the question in the linked data, where more is said of it.",
        of_question=lambda iris, asked: iris.question(asked.id),
        type=Type.IRI,
        always=True,
    ),
    Column(
        name="identifier",
        french="Identifiant officiel",
        english="Official identifier",
        about="The identifier of the Assemblée, such as QANR5L17QE16300.",
        of_question=lambda _, asked: asked.id.uid,
        term=f"{DCTERMS}identifier",
        always=True,
    ),
    Column(
        name="legislature",
        french="Législature",
        english="Legislature",
        about="The number of the legislature.",
        of_question=lambda _, asked: asked.id.legislature,
        type=Type.NUMBER,
        term=f"{ELI_DL}parliamentary_term",
        link="an/legislature/{legislature}",
        always=True,
    ),
    Column(
        name="type",
        french="Type de question",
        english="Type of question",
        about="QE: a written question, QG: one to the Government, QOSD: an oral one without debate.",
        of_question=lambda _, asked: str(asked.id.kind),
        always=True,
        values=("QE", "QG", "QOSD"),
    ),
    Column(
        name="number",
        french="Numéro",
        english="Number",
        about="The number of the question in its legislature and type.",
        of_question=lambda _, asked: asked.id.number,
        type=Type.NUMBER,
        always=True,
    ),
    Column(
        name="title",
        french="Titre",
        english="Title",
        about="The title; of a question that has none, its type and number.",
        of_question=lambda _, asked: title_of(asked),
        term=f"{DCTERMS}title",
        french_text=True,
        always=True,
    ),
    Column(
        name="rubric",
        french="Rubrique",
        english="Rubric",
        about="The rubric, as the question has it; of a page, in the official spelling.",
        of_question=lambda _, asked: asked.rubric,
        french_text=True,
    ),
    Column(
        name="rubric_iri",
        french="IRI de la rubrique",
        english="IRI of the rubric",
        about="The name of the rubric in the linked data: one for all spellings.",
        of_question=lambda iris, asked: iris.concept("rubrique", asked.rubric) if asked.rubric else None,
        type=Type.IRI,
        term=f"{ELI}is_about",
    ),
    Column(
        name="keywords",
        french="Mots-clés",
        english="Keywords",
        about="The keywords, as the question has them, « | » between two; a « | » in one is « ¦ ».",
        of_question=lambda _, asked: [word.replace("|", "¦") for word in asked.keywords],
        french_text=True,
        many=True,
    ),
    Column(
        name="author_iri",
        french="IRI de l’auteur",
        english="IRI of the author",
        about="The name of the deputy in the linked data.",
        of_question=lambda iris, asked: iris.deputy(asked.id, asked.author),
        type=Type.IRI,
        term=f"{SCHEMA}author",
        always=True,
    ),
    Column(
        name="author_id",
        french="Identifiant officiel de l’auteur",
        english="Official identifier of the author",
        about="The identifier of the deputy at the Assemblée, such as PA841339, if it is known.",
        of_question=lambda _, asked: asked.author.official_id,
    ),
    Column(
        name="author_name",
        french="Auteur",
        english="Author",
        about="The name of the deputy, as the question has it.",
        of_question=lambda _, asked: _author_name(asked),
    ),
    Column(
        name="group",
        french="Groupe politique",
        english="Political group",
        about="The political group of the deputy on that day, as the question has it.",
        of_question=lambda _, asked: _group_label(asked),
        french_text=True,
    ),
    Column(
        name="group_iri",
        french="IRI du groupe politique",
        english="IRI of the political group",
        about="The name of the political group in the linked data.",
        of_question=_group,
        type=Type.IRI,
    ),
    Column(
        name="departement",
        french="Département",
        english="Département",
        about="The code of the département of the deputy, such as 44 or 2A.",
        of_question=lambda _, asked: _seat(asked.author),
    ),
    Column(
        name="constituency",
        french="Circonscription",
        english="Constituency",
        about="The code of the constituency of the deputy, such as 44-09.",
        of_question=lambda _, asked: asked.author.seat.notation if asked.author.seat else None,
    ),
    Column(
        name="ministry_asked",
        french="Ministère interrogé",
        english="Ministry asked",
        about="The ministry that the question is put to, as the question has it.",
        of_question=lambda _, asked: asked.asked.label,
        french_text=True,
        always=True,
    ),
    Column(
        name="ministry_asked_iri",
        french="IRI du ministère interrogé",
        english="IRI of the ministry asked",
        about="The name of the ministry asked in the linked data.",
        of_question=lambda iris, asked: iris.ministry(asked.asked),
        type=Type.IRI,
        always=True,
    ),
    Column(
        name="ministry_in_charge",
        french="Ministère attributaire",
        english="Ministry in charge",
        about="The ministry that was put in charge last, as the question has it.",
        of_question=lambda _, asked: asked.attributions[-1].ministry.label,
        french_text=True,
        always=True,
    ),
    Column(
        name="ministry_in_charge_iri",
        french="IRI du ministère attributaire",
        english="IRI of the ministry in charge",
        about="The name of the ministry in charge in the linked data.",
        of_question=lambda iris, asked: iris.ministry(asked.attributions[-1].ministry),
        type=Type.IRI,
        always=True,
    ),
    Column(
        name="date_published",
        french="Date de publication",
        english="Day of publication",
        about="The day of the Journal officiel with the question.",
        of_question=lambda _, asked: asked.published.on,
        type=Type.DAY,
        term=f"{DCTERMS}issued",
        always=True,
    ),
    Column(
        name="page",
        french="Page",
        english="Page",
        about="The page of the Journal officiel on which the question begins; a text such as « 5635-5636 ».",
        of_question=lambda _, asked: asked.published.page or None,
        term=f"{BIBO}pageStart",
    ),
)
