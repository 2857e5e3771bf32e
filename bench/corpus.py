"""Invented questions in the exact official forms, as many as one likes: the same seed gives the same bytes.

python bench/corpus.py 16000 --out corpus.zip            one JSON file a question, in a zip
python bench/corpus.py 16000 --out corpus.json           one JSON file with all of them
python bench/corpus.py 16000 --out corpus.xml            one XML file with all of them
python bench/corpus.py 0 --out register.zip --register   the deputies and groups that they refer to
"""

import argparse
import json
import random
import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

SEED = 20260623
DEPUTIES, GROUPS, MINISTRIES, RUBRICS = 577, 11, 42, 172
FIRST_ISSUE = date(2024, 7, 23)
ISSUES = 250
"""How many issues the questions are spread over: those of one legislature."""
A_DAY = (1980, 1, 1, 0, 0, 0)
"""The only time stamp that a zip can bear without saying anything."""

_SYLLABLES = re.findall("[^aeiouéœ]*[aeiouéœ]+", "babéchodadoufagrilolumaménipariosotatrévozé")
_DEPARTEMENTS = [f"{n:02}" for n in range(1, 96) if n != 20] + ["2A", "2B", "971", "974"]
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NAMESPACE = "http://schemas.assemblee-nationale.fr/referentiel"


class Corpus:
    """The invented chamber: who is in it, what it asks, what it is told."""

    def __init__(self, seed: int = SEED) -> None:
        self._random = random.Random(seed)
        self._words = sorted({self._word() for _ in range(3000)})
        self._rubrics = [self._label(2) for _ in range(RUBRICS)]
        self._ministries = [self._label(4).capitalize() for _ in range(MINISTRIES)]
        self._seed = seed

    def question(self, number: int) -> dict[str, Any]:
        """Give a question as the official JSON has it."""
        self._random = random.Random(self._seed * 1_000_003 + number)
        issue = FIRST_ISSUE + timedelta(weeks=number // 250 % ISSUES)
        asked, deputy = self._ministry(), self._random.randrange(DEPUTIES)
        group = deputy % GROUPS
        answered = issue + timedelta(weeks=self._random.randrange(3, 60))
        has_answer = self._random.random() < 0.82
        attributions = [self._attribution(asked, issue, "JO_QUESTION")]
        if self._random.random() < 0.2:
            attributions.append(
                self._attribution(self._ministry(), issue + timedelta(days=11), "JO_LOI_DECRET")
            )
        return {
            "@xmlns": _NAMESPACE,
            "@xmlns:xsi": _XSI,
            "@xsi:type": "QuestionEcrite_Type",
            "uid": f"QANR5L17QE{number}",
            "identifiant": {"numero": f"{number}", "regime": "5eme Republique", "legislature": "17"},
            "type": "QE",
            "indexationAN": {
                "rubrique": self._random.choice(self._rubrics),
                "teteAnalyse": None,
                "analyses": {"analyse": self._label(5).capitalize()},
            },
            "auteur": {
                "identite": {"acteurRef": f"PA{9_100_000 + deputy}", "mandatRef": f"PM{9_200_000 + deputy}"},
                "groupe": {
                    "organeRef": f"PO{9_300_000 + group}",
                    "abrege": f"G{group}",
                    "developpe": f"Groupe imaginaire {group}",
                },
            },
            "minInt": asked,
            "minAttribs": {"minAttrib": attributions if len(attributions) > 1 else attributions[0]},
            "textesQuestion": {"texteQuestion": self._text(issue, number, self._paragraphs(2, 5))},
            "textesReponse": (
                {"texteReponse": self._text(answered, number + 900, self._answer(answered))}
                if has_answer
                else None
            ),
            "cloture": self._closure(answered) if has_answer else None,
            "signalement": (
                {"dateDepotSignal": f"{issue + timedelta(days=70)}", "infoJO": self._info(issue, None)}
                if self._random.random() < 0.1
                else None
            ),
            "renouvellements": None,
        }

    def register(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Give the files of a register: groups, and deputies with their mandates."""
        for group in range(GROUPS):
            uid = f"PO{9_300_000 + group}"
            organ = {"uid": uid, "codeType": "GP", "legislature": "17"}
            yield (
                f"organe/{uid}",
                {"organe": {**organ, "libelle": f"Groupe imaginaire {group}", "libelleAbrev": f"G{group}"}},
            )
        for deputy in range(DEPUTIES):
            code, number = self._seat(deputy)
            uid = f"PO{9_600_000 + deputy}"
            seat = {"uid": uid, "codeType": "CIRCONSCRIPTION", "legislature": "17", "numero": number}
            yield f"organe/{uid}", {"organe": {**seat, "lieu": {"departement": {"code": code}}}}
            yield f"acteur/PA{9_100_000 + deputy}", {"acteur": self._deputy(deputy)}

    def _deputy(self, deputy: int) -> dict[str, Any]:
        self._random = random.Random(self._seed + deputy)
        uid, (place, number) = f"PA{9_100_000 + deputy}", self._seat(deputy)
        common = {"acteurRef": uid, "legislature": "17", "dateDebut": "2024-07-07", "dateFin": None}
        seat = {"numDepartement": place, "numCirco": number}
        mandate = {
            "uid": f"PM{9_200_000 + deputy}",
            "typeOrgane": "ASSEMBLEE",
            "election": {"lieu": seat},
            "infosQualite": {"codeQualite": "membre"},
        }
        membership = {
            "uid": f"PM{9_400_000 + deputy}",
            "typeOrgane": "GP",
            "infosQualite": {"codeQualite": "Membre"},
            "organes": {"organeRef": f"PO{9_300_000 + deputy % GROUPS}"},
        }
        name = {"civ": self._random.choice(["M.", "Mme"])}
        name |= {"prenom": self._word().capitalize(), "nom": (self._word() + self._word()).capitalize()}
        return {
            "uid": {"@xsi:type": "IdActeur_type", "#text": uid},
            "etatCivil": {"ident": name},
            "mandats": {"mandat": [common | mandate, common | membership]},
        }

    @staticmethod
    def _seat(deputy: int) -> tuple[str, str]:
        return _DEPARTEMENTS[deputy % len(_DEPARTEMENTS)], f"{deputy // len(_DEPARTEMENTS) + 1}"

    def _ministry(self) -> dict[str, Any]:
        which = self._random.randrange(MINISTRIES)
        label = self._ministries[which]
        return {"organeRef": f"PO{9_500_000 + which}", "abrege": label, "developpe": f"Ministère {label}"}

    def _attribution(self, ministry: dict[str, Any], on: date, journal: str) -> dict[str, Any]:
        return {"infoJO": self._info(on, None, journal), "denomination": ministry}

    def _text(self, on: date, page: int, text: str) -> dict[str, Any]:
        return {"infoJO": self._info(on, str(1 + page % 9000)), "texte": text}

    def _closure(self, on: date) -> dict[str, Any]:
        closure = {"codeCloture": "REP_PUB", "libelleCloture": "Réponse publiée", "dateCloture": f"{on}"}
        return {**closure, "infoJO": self._info(on, "1")}

    def _info(self, on: date, page: str | None, journal: str = "JO_QUESTION") -> dict[str, Any]:
        nothing = {"numJO": None, "urlLegifrance": None, "referenceNOR": None}
        return {"typeJO": journal, "dateJO": f"{on}", "pageJO": page, **nothing}

    def _answer(self, on: date) -> str:
        """Write an answer; some are given, word for word, to several questions on one day."""
        if self._random.random() < 0.15:
            self._random = random.Random(f"{self._seed} {on} {self._random.randrange(3)}")
        return self._paragraphs(3, 9)

    def _paragraphs(self, least: int, most: int) -> str:
        paragraphs = (
            " ".join(self._random.choices(self._words, k=66)) + ". L'été, 3 &lt; 4 &amp; «&#160;œuvre&#160;»."
            for _ in range(self._random.randint(least, most))
        )
        return "<br/><br/>".join(paragraphs)

    def _label(self, words: int) -> str:
        return " ".join(self._random.choices(self._words, k=words))

    def _word(self) -> str:
        return "".join(self._random.choices(_SYLLABLES, k=self._random.randint(1, 4)))


def write_zip(out: Path, files: Iterator[tuple[str, dict[str, Any]]]) -> None:
    """Write one JSON file each, as the official archives have them: one line, in ASCII."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in files:
            member = zipfile.ZipInfo(f"json/{name}.json", A_DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, json.dumps(value))


def write_json(out: Path, questions: Iterator[dict[str, Any]]) -> None:
    """Write all questions into one list, as the archives of the 14th legislature have them."""
    with out.open("w", encoding="ascii") as stream:
        stream.write('{"questionsEcrites": {"question": [')
        for n, question in enumerate(questions):
            stream.write(("" if n == 0 else ", ") + json.dumps(question))
        stream.write("]}}\n")


def write_xml(out: Path, questions: Iterator[dict[str, Any]]) -> None:
    """Write all questions into one XML file, whose elements are the keys of the JSON."""
    with out.open("w", encoding="utf-8") as stream:
        stream.write('<?xml version="1.0" encoding="UTF-8"?>\n<questionsEcrites>\n')
        for question in questions:
            element(stream, "question", {key: v for key, v in question.items() if not key.startswith("@")})
            stream.write("\n")
        stream.write("</questionsEcrites>\n")


def element(stream: IO[str], name: str, value: Any) -> None:
    """Write a value, or each of several, as an element of this name."""
    for item in value if isinstance(value, list) else (value,):
        if item is None:
            stream.write(f"<{name} xmlns:xsi={quoteattr(_XSI)} xsi:nil='true'/>")
            continue
        stream.write(f"<{name}>")
        if isinstance(item, dict):
            for key, inner in item.items():
                element(stream, key, inner)
        else:
            stream.write(escape(item))
        stream.write(f"</{name}>")


def main() -> None:
    """Write a corpus in the form that the name of the output asks for."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("count", type=int)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--register", action="store_true")
    told = arguments.parse_args()
    corpus = Corpus()
    questions = (corpus.question(number) for number in range(1, told.count + 1))
    if told.register:
        write_zip(told.out, corpus.register())
    elif told.out.suffix == ".zip":
        write_zip(told.out, ((question["uid"], {"question": question}) for question in questions))
    else:
        {".json": write_json, ".xml": write_xml}[told.out.suffix](told.out, questions)


if __name__ == "__main__":
    main()
