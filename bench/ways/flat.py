"""What others would make of the JSON without this project: flat rows of text, without empty values.

It reads written questions of the 17th legislature as far as they need no register, no other questions and no
names made from labels. Whatever is not a text of one line in the JSON is worked out here: lines, days, ranks.
"""

import html
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
from dateutil.relativedelta import relativedelta

Row: TypeAlias = dict[str, str]
Rows: TypeAlias = dict[str, list[Row]]
"""The rows of a question, by the name of their table."""

TABLES = {
    "questions": (
        *("identifier", "title", "author", "ministry", "charged", "status", "latest"),
        *("journal", "on", "page", "text"),
    ),
    "attributions": ("rank", "ministry"),
    "changes": ("rank", "journal", "on"),
    "flaggings": ("on",),
    "activities": ("name", "kind", "on", "rank"),
    "foreseen": ("name", "on", "motive"),
    "executed": ("name",),
    "answers": ("identifier", "title", "days", "journal", "on", "page", "text"),
}
"""The tables and, beside the number of the question, their columns."""

_JOURNALS = {"JO_QUESTION": "an-questions", "JO_LOI_DECRET": "lois-et-decrets"}


def questions(corpus: Path) -> Iterator[Rows]:
    """Read a zip of official JSON, question by question."""
    decode = msgspec.json.Decoder().decode
    with zipfile.ZipFile(corpus) as archive:
        for name in archive.namelist():
            yield _rows(decode(archive.read(name))["question"])


def _rows(question: dict[str, Any]) -> Rows:
    text, number = question["textesQuestion"]["texteQuestion"], question["identifiant"]["numero"]
    asked, given = text["infoJO"]["dateJO"], question["minAttribs"]["minAttrib"]
    given = given if isinstance(given, list) else [given]
    answer = question["textesReponse"] and question["textesReponse"]["texteReponse"]
    flagged = question["signalement"] and question["signalement"]["dateDepotSignal"]
    foreseen = [("reponse-attendue", date.fromisoformat(asked) + relativedelta(months=2), "publication")]
    if flagged:
        due = date.fromisoformat(flagged) + timedelta(10)
        foreseen.append(("reponse-attendue-signalement-1", due, "signalement-1"))
    rows: Rows = {
        "attributions": [
            {"rank": f"{n}", "ministry": one["denomination"]["organeRef"]} for n, one in enumerate(given, 1)
        ],
        "changes": [{"rank": f"{n}", **_issue(one["infoJO"])} for n, one in enumerate(given[1:], 2)],
        "flaggings": [{"on": flagged}] if flagged else [],
        "answers": [_answer(question["uid"], number, asked, answer)] if answer else [],
        "foreseen": [{"name": name, "on": f"{on}", "motive": motive} for name, on, motive in foreseen],
        "executed": [{"name": name} for name, *_ in foreseen] if answer else [],
        "activities": _activities(asked, given, flagged, answer),
    }
    rows["questions"] = [
        {
            "identifier": question["uid"],
            "title": question["indexationAN"]["analyses"]["analyse"],
            "author": question["auteur"]["identite"]["acteurRef"],
            "ministry": question["minInt"]["organeRef"],
            "charged": f"{len(given)}",
            "status": "repondue" if answer else "en-attente-de-reponse",
            "latest": rows["activities"][-1]["name"],
            **_published(text),
        }
    ]
    return {table: [{"number": number, **row} for row in found] for table, found in rows.items()}


def _activities(
    asked: str, given: list[dict[str, Any]], flagged: str | None, answer: dict[str, Any] | None
) -> list[Row]:
    happened = [("publication", "publication-question", asked)]
    for n, one in enumerate(given[1:], 2):
        happened.append((f"attribution-{n}", "changement-attribution", one["infoJO"]["dateJO"]))
    if flagged:
        happened.append(("signalement-1", "signalement", flagged))
    if answer:
        happened.append(("reponse", "reponse", answer["infoJO"]["dateJO"]))
    ordered = enumerate(sorted(happened, key=lambda activity: activity[2]), 1)
    return [{"name": name, "kind": kind, "on": on, "rank": f"{n}"} for n, (name, kind, on) in ordered]


def _answer(uid: str, number: str, asked: str, answer: dict[str, Any]) -> Row:
    days = (date.fromisoformat(answer["infoJO"]["dateJO"]) - date.fromisoformat(asked)).days
    title = f"Réponse à la question écrite n° {number}"
    return {"identifier": f"{uid}-REP", "title": title, "days": f"{days}", **_published(answer)}


def _published(text: dict[str, Any]) -> Row:
    info, lines = text["infoJO"], html.unescape(text["texte"].replace("<br/><br/>", "\n"))
    return {**_issue(info), "page": info["pageJO"], "text": lines}


def _issue(info: dict[str, Any]) -> Row:
    return {"journal": _JOURNALS[info["typeJO"]], "on": info["dateJO"]}
