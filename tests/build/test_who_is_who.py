"""Who is who across the documents of a build: names tied to ids, gaps of a register, chairs counted once."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from lod import Options, Summary, build_release, load_register
from lod.finding import Finding
from lod.query import cookbook
from lod.source.register import REGISTER
from tests.conftest import SAMPLES
from tests.support.queries import lod_runner
from tests.support.reading import without_end

PAGE = SAMPLES / "pages" / "90001-lien-vide.txt"


def built(tmp_path: Path, *sources: Path, register: Path | None = None) -> Summary:
    registers = (register,) if register else ()
    return build_release([*sources], tmp_path / "out", Options(registers=registers))


def page_with(folder: Path, name: str, *edits: tuple[str, str]) -> None:
    """Write the sample page with other words in place of some."""
    text = PAGE.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_a_page_that_names_a_group_and_an_export_that_knows_it_are_both_published(tmp_path: Path) -> None:
    summary = built(tmp_path, SAMPLES / "pages", SAMPLES / "json")
    assert (summary.counts["rejected"], summary.problems) == (0, [])
    lines = (summary.path / "questions.nt").read_text(encoding="utf-8").splitlines()
    tied = {line.split()[0] for line in lines if "sameAs" in line and "/an/groupe/17/" in line}
    assert tied
    for name in tied:
        assert all("sameAs" in line for line in lines if name in line)


def test_a_chair_counts_once_among_the_questions_of_the_group(tmp_path: Path) -> None:
    register = shutil.copytree(SAMPLES / "register", tmp_path / "register")
    file = register / "json/acteur/PA9990001.json"
    actor: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    mandates = actor["acteur"]["mandats"]["mandat"]
    chair = {**mandates[0], "uid": "PM99900019"}
    mandates.append(chair | {"infosQualite": {"codeQualite": "Président"}})
    file.write_text(json.dumps(actor), encoding="utf-8")
    asked = lod_runner(built(tmp_path, PAGE, register=register).path)
    for query in (cookbook()["questions-by-group"].text, (SAMPLES / "questions-by-group.rq").read_text()):
        assert asked(query).splitlines()[1:] == ["Groupe des Essais,1,2026-09-01"]


def test_what_a_register_does_not_cover_is_told_once_with_its_count(tmp_path: Path) -> None:
    for number in range(90011, 90014):
        edits = (
            ("90001", str(number)),
            ("17ème", "16ème"),
            ("1er septembre 2026", f"{7 * (number - 90010)} mars 2023"),
            ("Exemple", f"Inconnue{'abc'[number - 90011]}"),
        )
        page_with(tmp_path / "pages", f"{number}.txt", *edits)
    problems = built(tmp_path, tmp_path / "pages", register=SAMPLES / "register").problems
    [problem] = without_end(problems)
    assert (problem.place, problem.count, problem.document) == (REGISTER, 3, "90011.txt")
    assert "legislature 16" in problem.expected
    assert "AMO30" in problem.expected


def test_people_whom_a_register_does_not_know_are_told_once_with_an_example(tmp_path: Path) -> None:
    for number, name in ((90011, "Ondine"), (90012, "Aimé"), (90013, "Nicodème")):
        edits = (("90001", str(number)), ("Zéphyrine Exemple", f"{name} Inconnu"), ("41^e", "43^e"))
        page_with(tmp_path / "pages", f"{number}.txt", *edits)
    problems = built(tmp_path, tmp_path / "pages", register=SAMPLES / "register").problems
    unknown = [problem for problem in problems if problem.place == REGISTER]
    assert [(problem.count, problem.found, problem.kind) for problem in unknown] == [
        (3, "nobody such as « Ondine Inconnu » for 01-43", Finding.REGISTER_INCOMPLETE)
    ]


def test_the_table_has_what_was_printed_and_the_iri_of_who_it_is(tmp_path: Path) -> None:
    linked = ("[Mme Zéphyrine Exemple](#)", "[Mme Zéphyrine-Aimée Exemple](/dyn/deputes/PA9990001)")
    page_with(tmp_path / "pages", "p.txt", linked)
    summary = built(tmp_path, tmp_path / "pages", register=SAMPLES / "register")
    with (summary.path / "questions.csv").open(encoding="utf-8", newline="") as table:
        [row] = csv.DictReader(table)
    assert row["author_name"] == "Zéphyrine-Aimée Exemple"
    assert row["author_id"] == "PA9990001"
    assert row["author_iri"].endswith("an/acteur/PA9990001#id")
    triples = (summary.path / "questions.nt").read_text(encoding="utf-8")
    assert 'PA9990001#id> <http://xmlns.com/foaf/0.1/name> "Zéphyrine Exemple"' in triples


@pytest.mark.parametrize("register", [None, SAMPLES / "register"], ids=["no-register", "register"])
def test_two_spellings_of_a_stated_id_are_two_names_of_one_person(
    tmp_path: Path, register: Path | None
) -> None:
    for number, name in ((90011, "Zéphyrine"), (90012, "Zéphyrine-Aimée")):
        link = f"[Mme {name} Exemple](/dyn/deputes/PA9990001)"
        edits = (("90001", str(number)), ("[Mme Zéphyrine Exemple](#)", link))
        page_with(tmp_path / "pages", f"{number}.txt", *edits)
    summary = built(tmp_path, tmp_path / "pages", register=register)
    assert summary.counts["questions"] == 2
    lines = (summary.path / "questions.nt").read_text(encoding="utf-8").splitlines()
    names = {
        line.split('"')[1]
        for line in lines
        if "PA9990001#id> " in line and ("/name>" in line or "#altLabel>" in line)
    }
    assert names == {"Zéphyrine Exemple", "Zéphyrine-Aimée Exemple"}


def test_every_file_of_the_sample_register_is_read_without_a_problem() -> None:
    assert load_register(SAMPLES / "register")[1] == []
