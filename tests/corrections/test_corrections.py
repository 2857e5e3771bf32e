"""Corrections: applied while documents have the old value, told where not, shown with their reasons."""

import json
import shutil
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from lod import Misused, Options, Question, Refused, Summary, build_release, read_file
from lod.corrections import NotApplied
from lod.corrections.files import read
from lod.corrections.properties import _PROPERTIES, find_property, value_at
from lod.model import Ending, Seat, Text
from tests.conftest import SAMPLES
from tests.support.command import lod
from tests.support.lives import ANSWERED, CORRECTED, ENDED_WITH_ITS_LEGISLATURE, WITHDRAWN
from tests.support.reading import plain

PAGE = SAMPLES / "pages" / "90001-lien-vide.txt"
UID = "QANR5L17QE90001"
COMMON = {"reason": "Erreur de saisie.", "source": "https://example.org/journal", "date": date(2026, 11, 2)}


def toml(fields: dict[str, Any]) -> str:
    def spelt(value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{key} = {spelt(item)}" for key, item in value.items()) + "}"
        return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)

    return "".join(f"{key} = {spelt(value)}\n" for key, value in fields.items())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "corrections").mkdir()
    return tmp_path / "corrections"


def write(folder: Path, name: str, **fields: Any) -> Path:
    path = folder / f"{name}.toml"
    path.write_text(toml({"question": UID, **COMMON, **fields}), encoding="utf-8")
    return path


def corrected(folder: Path, question: Question, **fields: Any) -> Question:
    return read(write(folder, "essai", **{"question": question.id.uid, **fields})).apply(question)


def build(folder: Path, *, out: str = "out", sources: Path = PAGE, **options: Any) -> Summary:
    chosen = Options(registers=(SAMPLES / "register",), corrections=(folder,), **options)
    return build_release([sources], folder.parent / out, chosen)


def text_of(release: Path) -> str:
    return (release / "questions.nt").read_text(encoding="utf-8")


CHANGES: dict[str, tuple[Question, Any, Any]] = {
    # the property -> a question, its old and its new value in TOML
    "title": (ANSWERED, "Horaires des marées imaginaires", "Marées imaginaires"),
    "rubric": (replace(ANSWERED, rubric="environnement"), "Environnement", "transports"),
    "text": (ANSWERED, plain(ANSWERED.text), "Un texte entier."),
    "author.name": (ANSWERED, "Zéphyrine Exemple", "Barnabé Factice"),
    "author.id": (ANSWERED, "PA9990001", "PA9990002"),
    "author.seat": (ANSWERED, "01-41", "23-31"),
    "published.on": (ANSWERED, date(2026, 1, 6), date(2026, 1, 13)),
    "published.page": (ANSWERED, "9001", "9002"),
    "ministry_asked": (ANSWERED, "Beaux temps et éclaircies", "Transports merveilleux"),
    "attributions.2.ministry": (ANSWERED, "Faune inventée", "Transports merveilleux"),
    "attributions.2.on": (ANSWERED, date(2026, 3, 3), date(2026, 3, 10)),
    "answers.1.text": (ANSWERED, "Les marées imaginaires sont à l'heure.", "En avance."),
    "answers.1.published.on": (ANSWERED, date(2026, 5, 5), date(2026, 5, 12)),
    "answers.1.published.page": (ANSWERED, "9500", "9501"),
    "renewals.1": (ANSWERED, date(2026, 4, 14), date(2026, 4, 21)),
    "flaggings.1": (ANSWERED, date(2026, 4, 28), date(2026, 4, 29)),
    "closure": (WITHDRAWN, None, None),
    "closure.ending": (WITHDRAWN, "withdrawn", "lapsed"),
    "closure.on": (WITHDRAWN, date(2026, 2, 17), date(2026, 2, 24)),
    "closure.label": (WITHDRAWN, "Question retirée à l'initiative de l'auteur", "Fin de mandat"),
}


def test_an_end_can_be_added_where_only_the_legislature_is_known_to_be_over(folder: Path) -> None:
    end = {"ending": "lapsed", "on": date(2012, 6, 19), "label": "Fin de mandat"}
    ended = corrected(folder, ENDED_WITH_ITS_LEGISLATURE, property="closure", new=end)
    assert ended.closure
    assert ended.closure.ending is Ending.LAPSED


@pytest.mark.parametrize("name", [name for name in CHANGES if name != "closure"])
def test_a_correction_changes_its_property_and_nothing_else(name: str, folder: Path) -> None:
    question, old, new = CHANGES[name]
    after = corrected(folder, question, property=name, old=old, new=new)
    prop = find_property(name)
    assert value_at(after, prop) == prop.parse(new)
    back = corrected(folder, after, property=name, old=new, new=old)
    changed = {field for field, value in after.content.items() if value != question.content[field]}
    assert changed == {str(prop.steps[0])}
    if not prop.resets and prop.name not in ("ministry_asked", "attributions.2.ministry"):
        assert back == question


LABELS = {
    "title": "titre",
    "rubric": "rubrique",
    "text": "texte",
    "author.name": "nom de l’auteur",
    "author.id": "identifiant de l’auteur",
    "author.seat": "circonscription de l’auteur",
    "published.on": "date de publication",
    "published.page": "page de publication",
    "ministry_asked": "ministère interrogé",
    "attributions.1.ministry": "ministère attributaire",
    "attributions.2.on": "date d’attribution",
    "answers.1.text": "texte de la réponse",
    "answers.1.published.on": "date de la réponse",
    "answers.2.published.page": "page de la réponse",
    "errata.1.text": "texte de l’erratum",
    "renewals.1": "date de renouvellement",
    "flaggings.3": "date de signalement",
    "closure": "fin de la procédure",
    "closure.ending": "nature de la fin",
    "closure.on": "date de la fin",
    "closure.label": "libellé de la fin",
}


def test_each_property_has_the_french_name_that_readers_see() -> None:
    assert {name: find_property(name).label for name in LABELS} == LABELS
    assert len(LABELS) == len(_PROPERTIES)


def test_every_property_that_can_be_corrected_is_tried() -> None:
    tried = {name.replace(".1", ".N").replace(".2", ".N") for name in CHANGES} | {"errata.N.text"}
    assert tried == set(_PROPERTIES)


def test_an_erratum_can_be_corrected(folder: Path) -> None:
    before = plain(CORRECTED.errata[0].text)
    after = corrected(folder, CORRECTED, property="errata.1.text", old=before, new="Lire « une licorne ».")
    assert after.errata[0].text == Text(plain="Lire « une licorne ».")


def test_a_closure_can_be_added_and_taken_away(folder: Path) -> None:
    end = {"ending": "lapsed", "on": date(2026, 6, 9), "label": "Fin de mandat"}
    closed = corrected(folder, ANSWERED, property="closure", new=end)
    assert closed.closure
    assert (closed.closure.ending, closed.closure.on) == (Ending.LAPSED, date(2026, 6, 9))
    assert corrected(folder, closed, property="closure", old=end) == ANSWERED


def test_another_author_is_not_left_with_the_mandate_of_the_first(folder: Path) -> None:
    moved = corrected(folder, ANSWERED, property="author.seat", old="01-41", new="23-31").author
    assert (moved.seat, moved.mandate_id) == (Seat(departement="23", number=31), None)


def test_a_passage_is_replaced_where_it_occurs_exactly_once(folder: Path) -> None:
    fields = {"property": "text", "passage": True, "old": "les arcs-en-ciel", "new": "les licornes"}
    once = corrected(folder, WITHDRAWN, **fields)
    assert plain(once.text) == "Mme Zéphyrine Exemple demande pourquoi nul ne voit les licornes de nuit."
    with pytest.raises(NotApplied, match=r"exactly once, found it [2-9] times"):
        corrected(folder, WITHDRAWN, **(fields | {"old": "de"}))


@pytest.mark.parametrize("passage", [True, False])
def test_a_corrected_text_has_no_html_that_says_otherwise(passage: bool, folder: Path) -> None:
    text = Text(plain="Voir 106 licornes.", html="<p>Voir <strong>106</strong> licornes.</p>")
    old, new = ("106", "107") if passage else (text.plain, "Voir 107 licornes.")
    change = {"property": "text", "passage": passage, "old": old, "new": new}
    assert corrected(folder, replace(WITHDRAWN, text=text), **change).text == Text(plain="Voir 107 licornes.")


def test_a_passage_that_is_the_whole_text_can_be_removed(folder: Path) -> None:
    passage = {"property": "text", "passage": True, "old": plain(WITHDRAWN.text)}
    assert corrected(folder, WITHDRAWN, **passage).text is None


def test_spaces_and_apostrophes_that_documents_print_differently_are_the_same(folder: Path) -> None:
    old = "Les marées imaginaires\nsont à l’heure."
    after = corrected(folder, ANSWERED, property="answers.1.text", old=old, new="Oui.")
    assert after.answers[0].text == Text(plain="Oui.")


def test_a_correction_is_in_the_data_in_the_report_and_in_the_problems(folder: Path) -> None:
    write(folder, "90001-titre", property="rubric", old="Environnement", new="Animaux")
    summary = build(folder)
    assert (summary.counts["corrections"], summary.exit_code) == (1, 0)
    triples = text_of(summary.path)
    assert "def/rubrique/animaux>" in triples
    assert "def/rubrique/environnement>" not in triples
    correction = "<https://w3id.org/anq/an/17/qe/90001#correction-90001-titre>"
    assert f'{correction} <http://purl.org/dc/terms/description> "Erreur de saisie." .' in triples
    report = (summary.path / "report.txt").read_text(encoding="utf-8")
    assert (
        "published « animaux » (correction 90001-titre: Erreur de saisie.) in place of « environnement »"
        in report
    )
    [problem] = map(json.loads, (summary.path / "problems.jsonl").read_text(encoding="utf-8").splitlines())
    assert (problem["severity"], problem["kind"]) == ("remark", "correction-applied")
    inputs = json.loads((summary.path / "manifest.json").read_text(encoding="utf-8"))["inputs"]
    assert "90001-titre.toml" in [each["name"] for each in inputs]


def test_a_strict_build_is_not_disturbed_by_the_corrections_that_were_asked_for(folder: Path) -> None:
    write(folder, "90001-titre", property="rubric", old="Environnement", new="Animaux")
    assert build(folder, strict=True).exit_code == 0


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"old": "Transports", "new": "Animaux"}, "expected « transports », found « environnement »"),
        ({"old": "Transports", "new": "Environnement"}, "the new one, « environnement »: it can be removed"),
        ({"question": "QANR5L17QE77777", "old": "Transports"}, "the question QANR5L17QE77777 among the doc"),
    ],
)
def test_a_correction_that_does_not_apply_is_told(fields: dict[str, str], told: str, folder: Path) -> None:
    write(folder, "essai", property="rubric", **fields)
    summary = build(folder)
    [problem] = summary.problems
    assert told in str(problem)
    assert str(problem.kind) == "correction-not-applied"
    assert "corrections" not in summary.counts
    assert "def/rubrique/environnement>" in text_of(summary.path)


def test_corrections_beside_the_sources_are_applied_unless_others_are_named(folder: Path) -> None:
    write(folder, "essai", property="rubric", old="Environnement", new="Animaux")
    sources = folder.parent / "in"
    sources.mkdir()
    (sources / PAGE.name).write_bytes(PAGE.read_bytes())
    beside = build_release([sources], folder.parent / "beside")
    assert beside.counts["corrections"] == 1
    empty = folder.parent / "none"
    empty.mkdir()
    named = build_release([sources], folder.parent / "named", Options(corrections=(empty,)))
    assert "corrections" not in named.counts


def test_a_release_does_not_forget_the_corrections_of_the_last_one(folder: Path) -> None:
    write(folder, "essai", property="rubric", old="Environnement", new="Animaux")
    build(folder)
    (folder / "essai.toml").unlink()
    with pytest.raises(Refused, match="the last release has 1 corrections, this one has none"):
        build(folder)
    assert build(folder, allow_shrink=True).counts["questions"] == 1


def test_an_account_with_the_old_value_is_corrected_beside_one_with_the_new(folder: Path) -> None:
    write(folder, "essai", property="rubric", old="Environnement", new="Animaux")
    sources = folder.parent / "in"
    sources.mkdir()
    text = PAGE.read_text(encoding="utf-8")
    (sources / "old.txt").write_text(text, encoding="utf-8")
    (sources / "new.txt").write_text(text.replace("Environnement", "Animaux"), encoding="utf-8")
    summary = build(folder, sources=sources)
    assert [str(problem.severity) for problem in summary.problems] == ["remark"]
    assert summary.counts["duplicates"] == 1


BAD = {
    "not TOML": ("question = ", "expected TOML, found: "),
    "an unknown key": ('why = "x"\n', "expected only the keys"),
    "an unknown property": ('property = "autor.name"\n', "property: expected one of title, rubric"),
    "no question": ("question = 5\n", "question: expected a text, found « 5 »"),
    "a bad identifier": ('question = "90001"\n', "question: expected an official identifier such as"),
    "no reason": ('reason = " "\n', "reason: expected a text"),
    "a day in quotation marks": ('date = "2026-11-02"\n', "date: expected a day such as 2026-01-06"),
    "a value of another kind": ("new = 5\n", "new: expected a rubric, found « 5 »"),
    "nothing to change": ('new = "Environnement"\n', "new: expected an old and a new value that differ"),
    "redacted and not": ("redact = true\n", "redact: expected old_sha256, salt and old_length"),
    "a passage of no text": ("passage = true\n", "passage: expected a text with an old passage"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", BAD)
def test_a_correction_that_cannot_be_understood_ends_the_build_with_one_sentence(
    case: str, folder: Path
) -> None:
    line, told = BAD[case]
    fields = {"question": UID, "property": "rubric", "old": "Environnement", "new": "Animaux", **COMMON}
    fields.pop(line.partition(" ")[0], None)
    (folder / "essai.toml").write_text(toml(fields) + line, encoding="utf-8")
    ended = lod("build", PAGE, "--corrections", folder, "--out", folder.parent / "out", "--quiet")
    assert ended.returncode == 2
    [sentence] = ended.stderr.splitlines()
    assert str(folder / "essai.toml") in sentence
    assert told in sentence
    assert not (folder.parent / "out" / "current").exists()


def test_a_required_value_cannot_be_taken_away(folder: Path) -> None:
    path = write(folder, "essai", property="published.on", old=date(2026, 9, 1))
    with pytest.raises(Misused, match=r"new: expected a new value: a question always has published\.on"):
        read(path)


def test_a_file_with_another_name_than_a_part_of_an_iri_is_refused(folder: Path) -> None:
    with pytest.raises(Misused, match="a file name of lower-case letters, digits and hyphens"):
        read(write(folder, "Un essai", property="rubric", old="Environnement", new="Animaux"))


SECRET = "12 entrepôts de la ville fictive de Port-aux-Songes"
"""A passage of the text of the sample."""
FRAGMENT = "Port-aux-Songes"


def everything(folder: Path) -> bytes:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    assert files
    return b"\n".join(path.name.encode() + b"\n" + path.read_bytes() for path in files)


def redacted(folder: Path, **fields: Any) -> Path:
    path = write(folder, "retrait", **fields)
    ended = lod("corrections", "redact", path)
    assert (ended.returncode, ended.stderr) == (0, "")
    return path


def test_a_redacted_file_has_a_salted_digest_in_place_of_the_old_value(folder: Path) -> None:
    path = redacted(folder, property="text", passage=True, old=SECRET, new="entrepôts")
    fields = tomllib.loads(path.read_text(encoding="utf-8"))
    assert FRAGMENT.encode() not in everything(folder)
    assert fields["redact"] is True
    assert fields["old_length"] == len(SECRET)
    assert (fields["new"], fields["reason"], fields["date"]) == (
        "entrepôts",
        COMMON["reason"],
        COMMON["date"],
    )
    assert len(fields["salt"]) == 32
    again = lod("corrections", "redact", path)
    assert (again.returncode, "redacted already" in again.stderr) == (2, True)


@pytest.mark.slow
def test_a_redacted_value_appears_nowhere(folder: Path) -> None:
    redacted(folder, property="text", passage=True, old=SECRET, new="entrepôts")
    sources = folder.parent / "in"
    sources.mkdir()
    page = PAGE.read_text(encoding="utf-8")
    (sources / "page.txt").write_text(page, encoding="utf-8")
    out, site = folder.parent / "out", folder.parent / "site"
    built = lod("build", sources / "page.txt", "--corrections", folder, "--documents", "--out", out)
    assert built.returncode == 0, built.stderr
    made = lod("site", out / "current", "--out", site, "--work", folder.parent / "work")
    assert made.returncode == 0, made.stderr
    explained = lod("explain", sources / "page.txt", "--corrections", folder)
    assert explained.returncode == 0, explained.stderr
    printed = "".join(each.stdout + each.stderr for each in (built, made, explained))
    whole = everything(out) + everything(site) + everything(folder.parent / "work") + printed.encode()
    assert FRAGMENT.encode() not in whole
    assert json.dumps(FRAGMENT).encode() not in whole
    assert "sont vides, et les habitants" in whole.decode(errors="replace")


def test_a_kept_question_has_the_corrections_that_the_last_release_has(folder: Path) -> None:
    write(folder, "essai", property="published.page", old="9001", new="9002")
    sources = folder.parent / "in"
    sources.mkdir()
    for name in (PAGE.name, "90002-valeurs-nues.txt"):
        (sources / name).write_bytes((PAGE.parent / name).read_bytes())
    before = build(folder, sources=sources)
    broken = PAGE.read_text(encoding="utf-8").replace("publiée au JO le", "publiée au JO vers")
    (sources / PAGE.name).write_text(broken, encoding="utf-8")
    after = build(folder, sources=sources)
    assert (after.counts["kept"], after.counts["corrections"]) == (1, 1)
    assert text_of(after.path) == text_of(before.path)
    assert not [problem for problem in after.problems if problem.document == "essai.toml"]


@pytest.mark.slow
def test_a_question_is_not_kept_if_what_the_last_release_says_of_it_is_redacted_since(folder: Path) -> None:
    sources, out = folder.parent / "in", folder.parent / "out"
    sources.mkdir()
    other, page = (PAGE.parent / name for name in ("90002-valeurs-nues.txt", PAGE.name))
    for path in (other, page):
        shutil.copy(path, sources)
    assert lod("build", sources, "--out", out).returncode == 0
    redacted(folder, property="text", passage=True, old=SECRET, new="entrepôts")
    (sources / page.name).write_text(page.read_text(encoding="utf-8")[:300], encoding="utf-8")
    built = lod("build", sources, "--corrections", folder, "--out", out, "--allow-shrink")
    assert built.returncode == 3, built.stderr
    assert "the correction retrait redacts what it says" in built.stderr
    assert FRAGMENT.encode() not in everything(out / "current")


@pytest.mark.slow
def test_no_problem_of_a_document_with_a_redacted_value_quotes_it(folder: Path) -> None:
    """The name is redacted; the reader has compared it with that in the text, and quoted both."""
    redacted(folder, property="author.name", old="Zéphyrine Exemple", new="Nom retiré")
    text = PAGE.read_text(encoding="utf-8").replace(
        "Mme Zéphyrine Exemple attire", "Mme Chimère Ondine attire"
    )
    source = folder.parent / "page.txt"
    source.write_text(text, encoding="utf-8")
    quoted = [found for found in read_file(source) if "Zéphyrine" in str(getattr(found, "expected", ""))]
    assert quoted
    ended = lod("build", source, "--corrections", folder, "--out", folder.parent / "out", "--documents")
    assert ended.returncode == 0
    assert "Zéphyrine" not in ended.stdout + ended.stderr
    assert "Zéphyrine".encode() not in everything(folder.parent / "out")
    assert b"zephyrine" not in everything(folder.parent / "out")


def test_a_redacted_value_that_the_document_no_longer_has_is_told_without_values(folder: Path) -> None:
    redacted(folder, property="author.name", old="Chimère Ondine", new="Nom retiré")
    [problem] = build(folder).problems
    assert problem.found == "a value that is not shown"
    assert "Zéphyrine" not in str(problem)


@pytest.mark.parametrize(
    "fields", [{"property": "published.on", "old": date(2026, 9, 1)}, {"property": "text"}]
)
def test_only_an_old_text_can_be_redacted(fields: dict[str, Any], folder: Path) -> None:
    new = date(2026, 9, 2) if "old" in fields else "Un texte."
    ended = lod("corrections", "redact", write(folder, "essai", **fields, new=new))
    assert ended.returncode == 2
    assert "expected an old value that is a text, found none" in ended.stderr
