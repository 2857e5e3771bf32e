"""The columns of what became of a question, and of the texts."""

from lod.describe.question import official_page
from lod.model import Answer, Question
from lod.table.column import ANQ, ANSWER, DCTERMS, SCHEMA, Column, Type


def _first(asked: Question) -> Answer:
    return asked.answers[0]


ANSWERED = (
    Column(
        name="status",
        french="État",
        english="Status",
        about="Where the procedure stands: awaiting an answer, answered, or ended without one.",
        of_question=lambda _, asked: str(asked.status),
        always=True,
        values=("awaiting", "answered", "withdrawn", "lapsed", "closed"),
    ),
    Column(
        name="answers",
        french="Nombre de réponses",
        english="Number of answers",
        about="How many answers were published; what follows is said of the first.",
        of_question=lambda _, asked: len(asked.answers),
        type=Type.NUMBER,
        always=True,
    ),
    Column(
        name="date_answered",
        french="Date de réponse",
        english="Day of the answer",
        about="The day of the Journal officiel with the first answer.",
        of_question=lambda _, asked: _first(asked).published.on if asked.answers else None,
        type=Type.DAY,
        term=f"{DCTERMS}issued",
        of=ANSWER,
    ),
    Column(
        name="response_days",
        french="Délai de réponse en jours",
        english="Response time in days",
        about="The days between the publication of the question and that of the first answer.",
        of_question=lambda _, asked: asked.days_to(_first(asked)) if asked.answers else None,
        type=Type.NUMBER,
        term=f"{ANQ}responseDays",
        of=ANSWER,
    ),
    Column(
        name="renewals",
        french="Renouvellements",
        english="Renewals",
        about="The days on which the question was renewed; « | » stands between two.",
        of_question=lambda _, asked: list(asked.renewals),
        type=Type.DAY,
        many=True,
    ),
    Column(
        name="flaggings",
        french="Signalements",
        english="Flaggings",
        about="The days on which the chair of a group flagged the question; « | » stands between two.",
        of_question=lambda _, asked: list(asked.flaggings),
        type=Type.DAY,
        many=True,
    ),
    Column(
        name="official_page",
        french="Page officielle",
        english="Official page",
        about="The address of the question at the Assemblée.",
        of_question=lambda _, asked: official_page(asked),
        type=Type.IRI,
        term=f"{DCTERMS}isReferencedBy",
        always=True,
    ),
    Column(
        name="question_text",
        french="Texte de la question",
        english="Text of the question",
        about="The text of the question, a line for each paragraph.",
        of_question=lambda _, asked: asked.text.plain if asked.text else None,
        term=f"{SCHEMA}text",
        french_text=True,
    ),
    Column(
        name="answer_text",
        french="Texte de la réponse",
        english="Text of the answer",
        about="The text of the first answer, a line for each paragraph.",
        of_question=lambda _, asked: _first(asked).text.plain if asked.answers else None,
        term=f"{SCHEMA}text",
        of=ANSWER,
        french_text=True,
    ),
)
