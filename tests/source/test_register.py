"""A deputy is identified by id, or by name, legislature and seat together; nobody is guessed."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from lod import Options, Question, build_release, describe_question, load_register, read_file, to_ntriples
from lod.errors import Refused
from lod.model import Author, Group, Quality, Seat
from lod.source.register import Register
from tests.conftest import REAL_PAGES, REAL_REGISTER, SAMPLES
from tests.support.lives import AWAITING
from tests.support.loops import some


def resolved(register: Register, question: Question) -> tuple[Question, list[str]]:
    resolved_question, unknown = register.resolve(question)
    return resolved_question, [f"{bad.place}: expected {bad.expected}, found {bad.found}" for bad in unknown]


def test_name_legislature_and_seat_together_identify_a_deputy(sample_register: Register) -> None:
    question, unknown = resolved(sample_register, AWAITING)
    assert unknown == []
    author = question.author
    assert author.official_id == "PA9990001"
    assert author.identity
    assert (author.identity.given_name, author.identity.family_name) == ("Zéphyrine", "Exemple")
    assert author.identity.mandate
    assert author.identity.mandate.id == "PM99900012"
    assert [(term.id, term.quality) for term in author.identity.affiliations] == [
        ("PM99900011", Quality.MEMBER)
    ]
    assert author.group == Group(label="Groupe des Essais", official_id="PO9990010", abbreviation="ESSAIS")
    assert author.constituency_id == "PO9990041"


def test_accents_apostrophes_and_ligatures_do_not_hide_a_deputy(
    sample_register: Register, sample_questions: list[Question]
) -> None:
    printed = next(question for question in sample_questions if question.id.number == 90005)
    question, unknown = resolved(sample_register, printed)
    assert (question.author.official_id, unknown) == ("PA9990005", [])


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        (replace(AWAITING.author, name="Zéphyrine Autre"), "author: expected one deputy"),
        (
            replace(AWAITING.author, seat=Seat(departement="01", number=42)),
            "register: expected the author in the register",
        ),
    ],
)
def test_a_name_or_a_seat_alone_identifies_nobody(
    sample_register: Register, changed: Author, problem: str
) -> None:
    question, unknown = resolved(sample_register, replace(AWAITING, author=changed))
    assert question.author.official_id is None
    assert question.author.identity is None
    assert unknown[0].startswith(problem)
    assert question.author.seat
    named = f"an/depute/17/{question.author.seat.notation}/"
    assert named in to_ntriples(describe_question(question))


def test_another_legislature_gives_another_mandate(sample_register: Register) -> None:
    earlier = replace(AWAITING, id=replace(AWAITING.id, legislature=16))
    question, unknown = resolved(sample_register, earlier)
    assert question.author.official_id is None
    assert unknown == [
        (
            "register: expected deputies of the legislature 16 in the register "
            "(AMO30 has everybody since the 11th legislature: give it with --register), found none"
        )
    ]


@pytest.mark.parametrize(
    ("name", "seat"),
    [
        ("Zéphyrine-Aimée Exemple", Seat(departement="01", number=41)),
        ("Exemple Zéphyrine-Aimée", None),
        ("Zéphyrine Mariée", Seat(departement="01", number=41)),
        ("Zéphyrine Mariée", None),
    ],
    ids=["family-name-and-seat", "family-name", "seat", "legislature"],
)
def test_a_stated_id_identifies_whatever_name_is_printed(
    sample_register: Register, name: str, seat: Seat | None
) -> None:
    stated = replace(AWAITING.author, official_id="PA9990001", name=name, seat=seat)
    question, unknown = resolved(sample_register, replace(AWAITING, author=stated))
    assert unknown == [
        f"author: expected PA9990001 « Mme Zéphyrine Exemple » as in the register, found « Mme {name} »"
    ]
    assert question.author.identity
    assert question.author.official_id == "PA9990001"
    triples = to_ntriples(describe_question(question))
    person = "<https://w3id.org/anq/an/acteur/PA9990001#id>"
    assert f'{person} <http://xmlns.com/foaf/0.1/name> "Zéphyrine Exemple" .' in triples
    assert f'{person} <http://www.w3.org/2004/02/skos/core#altLabel> "{name}" .' in triples


def test_a_stated_id_that_nothing_confirms_is_dropped(sample_register: Register) -> None:
    elsewhere = Seat(departement="75", number=1)
    stated = replace(AWAITING.author, official_id="PA9990001", name="Anne Autre", seat=elsewhere)
    question, unknown = resolved(sample_register, replace(AWAITING, author=stated))
    assert question.author.official_id is None
    assert unknown[0].startswith("author: expected PA9990001 « Anne Autre » in the register, found PA9990001")


def test_a_seat_on_the_day_and_the_family_name_identify(sample_register: Register) -> None:
    printed = replace(AWAITING, author=replace(AWAITING.author, name="Zéphyrine-Aimée Exemple"))
    assert resolved(sample_register, printed)[0].author.official_id == "PA9990001"
    before = replace(printed, published=replace(AWAITING.published, on=date(2024, 7, 1)))
    assert resolved(sample_register, before)[0].author.official_id is None


def test_another_civility_is_told_and_kept_as_a_label(sample_register: Register) -> None:
    printed = replace(AWAITING, author=replace(AWAITING.author, civility="M."))
    question, unknown = resolved(sample_register, printed)
    assert unknown[0].endswith("found « M. Zéphyrine Exemple »")
    triples = to_ntriples(describe_question(question))
    assert 'altLabel> "M. Zéphyrine Exemple"' in triples
    assert '<http://xmlns.com/foaf/0.1/title> "Mme"@fr' in triples
    assert '<http://xmlns.com/foaf/0.1/title> "M."@fr' not in triples


def test_a_former_name_of_a_group_is_a_label_of_it(sample_register: Register) -> None:
    former = Group(label="Groupe des Tentatives", official_id="PO9990010", abbreviation="TENTER")
    question, _ = resolved(sample_register, replace(AWAITING, author=replace(AWAITING.author, group=former)))
    triples = to_ntriples(describe_question(question))
    group = "<https://w3id.org/anq/an/organe/PO9990010#id> <http://www.w3.org/2004/02/skos/core#"
    assert f'{group}prefLabel> "Groupe des Essais"@fr' in triples
    assert f'{group}altLabel> "Groupe des Tentatives"@fr' in triples
    assert f'{group}altLabel> "TENTER"@fr' in triples


def test_a_stated_mandate_that_is_a_membership_is_replaced_and_told(sample_register: Register) -> None:
    stated = replace(AWAITING.author, official_id="PA9990001", mandate_id="PM99900011")
    question, unknown = resolved(sample_register, replace(AWAITING, author=stated))
    assert unknown == ["mandate: expected a mandate of the author, found PM99900011, a membership"]
    assert question.author.mandate_id == "PM99900012"


def test_a_stated_mandate_that_is_not_of_that_day_is_kept_and_told(sample_register: Register) -> None:
    stated = replace(AWAITING.author, official_id="PA9990001", mandate_id="PM99900012")
    before = replace(AWAITING.published, on=date(2024, 7, 1))
    question, unknown = resolved(sample_register, replace(AWAITING, author=stated, published=before))
    assert question.author.identity
    assert question.author.identity.mandate
    assert unknown[0] == (
        "mandate: expected one mandate for 01-41 on 2024-07-01 in the register, "
        "found PM99900012 from 2024-07-07 to now"
    )


def test_an_official_id_is_confirmed_by_the_name(sample_register: Register) -> None:
    stated = replace(AWAITING, author=replace(AWAITING.author, official_id="PA9990001"))
    assert resolved(sample_register, stated)[1] == []


def test_an_official_id_of_another_deputy_is_dropped_and_reported(sample_register: Register) -> None:
    stated = replace(AWAITING, author=replace(AWAITING.author, official_id="PA9990002"))
    question, unknown = resolved(sample_register, stated)
    assert question.author.official_id is None
    assert "« Barnabé Factice »" in unknown[0]


def test_an_official_id_missing_from_the_register_is_kept_and_reported(sample_register: Register) -> None:
    stated = replace(AWAITING, author=replace(AWAITING.author, official_id="PA5"))
    question, unknown = resolved(sample_register, stated)
    assert question.author.official_id == "PA5"
    assert unknown[0].startswith("register: expected the author in the register (AMO30 has ")
    assert unknown[0].endswith("found nobody such as PA5 « Zéphyrine Exemple »")


def test_the_register_entry_with_an_end_wins_in_any_order(tmp_path: Path) -> None:
    later = tmp_path / "register" / "json"
    shutil.copytree(SAMPLES / "register" / "json", later)
    file = later / "acteur" / "PA9990001.json"
    text = file.read_text(encoding="utf-8")
    assert '"dateFin": null' in text
    file.write_text(text.replace('"dateFin": null', '"dateFin": "2026-01-05"'), encoding="utf-8")
    for sources in ((SAMPLES / "register", tmp_path), (tmp_path, SAMPLES / "register")):
        register, problems = load_register(*sources)
        assert problems == []
        actor = register.actors["PA9990001"]
        terms = [entry.term for entry in actor.mandates] + [entry.term for entry in actor.memberships]
        assert [str(term.end) for term in terms] == ["2026-01-05"] * 2


def test_an_unknown_group_keeps_its_printed_name(sample_register: Register) -> None:
    stated = replace(AWAITING, author=replace(AWAITING.author, group=Group(label="Groupe inconnu")))
    question, unknown = resolved(sample_register, stated)
    assert question.author.group == Group(label="Groupe inconnu")
    assert [message.split(":")[0] for message in unknown] == ["group"]


def test_a_membership_counts_only_on_its_days(sample_register: Register) -> None:
    before = replace(AWAITING, published=replace(AWAITING.published, on=date(2024, 7, 10)))
    question, unknown = resolved(sample_register, before)
    assert unknown == [
        (
            "group: expected one membership of « Groupe des Essais » on 2024-07-10 in the register, "
            "found PM99900011 from 2024-07-19 to now"
        )
    ]
    assert question.author.group
    assert question.author.group.official_id == "PO9990010"
    assert question.author.identity
    assert question.author.identity.affiliations == ()


@pytest.mark.parametrize(
    ("group", "found"),
    [
        (Group(label="Ancien", official_id="PO5"), "none such as PO5 « Ancien »"),
        (
            Group(label="Union - Inventions & Progrès"),
            "no membership of « Union - Inventions & Progrès » on 2026-01-06",
        ),
    ],
    ids=["group", "membership"],
)
def test_a_group_that_the_register_does_not_cover_is_a_gap(
    sample_register: Register, group: Group, found: str
) -> None:
    question, unknown = resolved(
        sample_register, replace(AWAITING, author=replace(AWAITING.author, group=group))
    )
    assert question.author.group
    assert [message.partition(":")[0] for message in unknown] == ["register"]
    assert unknown[0].endswith(f", found {found}")


def test_a_mandate_counts_only_on_its_days(sample_register: Register) -> None:
    before = replace(AWAITING, published=replace(AWAITING.published, on=date(2024, 7, 1)))
    question, unknown = resolved(sample_register, before)
    assert [message.split(":")[0] for message in unknown] == ["mandate", "group"]
    assert question.author.identity
    assert question.author.identity.mandate is None
    assert "PA9990001#mandat-17" in to_ntriples(describe_question(question))


def test_two_deputies_of_one_name_and_seat_are_ambiguous(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / "register", tmp_path / "register")
    twin = json.loads((SAMPLES / "register/json/acteur/PA9990001.json").read_text(encoding="utf-8"))
    twin["acteur"]["uid"]["#text"] = "PA9990009"
    for mandate in twin["acteur"]["mandats"]["mandat"]:
        mandate["acteurRef"] = "PA9990009"
    (tmp_path / "register/json/acteur/PA9990009.json").write_text(json.dumps(twin))
    question, unknown = resolved(load_register(tmp_path / "register")[0], AWAITING)
    assert question.author.official_id is None
    assert "PA9990001 « Zéphyrine Exemple » and PA9990009 « Zéphyrine Exemple »" in unknown[0]


def test_a_broken_file_of_a_register_is_reported_and_the_others_are_read(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / "register", tmp_path / "register")
    folder = tmp_path / "register/json/acteur"
    (folder / "PA1.json").write_text("{")
    (folder / "PA2.json").write_text('{"acteur": {"uid": "PA2", "uid": "PA3"}}')
    (folder / "PA3.json").write_text("[" * 100_000)
    (folder / "PA4.json").write_text('{"acteur": {"uid": NaN}}')
    (folder / "PA5.json").write_text('{"chaise": {}}')
    (folder / "PA6.json").write_text('{"acteur": {"uid": "PA6", "etatCivil": null}}')
    (folder / "PA7.json").write_text('{"mandat": "x"}')
    (folder / "PA8.json").write_text('{"acteur": {"uid": "PA8", "etatCivil": [1]}}')
    (folder / "PA9.json").write_text('{"organe": {"codeType": "GP", "uid": "PO1", "libelle": "\\ud800"}}')
    register, problems = load_register(tmp_path / "register")
    assert len(register.actors) == 5
    assert [problem.document.rsplit("/", 1)[1] for problem in problems] == [
        f"PA{n}.json" for n in range(1, 10)
    ]


def _edited(tmp_path: Path, name: str, edit: Callable[[dict[str, Any]], None]) -> Path:
    folder = shutil.copytree(SAMPLES / "register", tmp_path / "register")
    actor = json.loads((folder / "json/acteur/PA9990001.json").read_text(encoding="utf-8"))
    edit(actor["acteur"])
    (folder / f"json/acteur/{name}.json").write_text(json.dumps(actor), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "odd",
    [
        {"legislature": None},
        {"dateFin": "demain"},
        {"uid": None},
        {"organes": {"organeRef": ["PO9990010", "PA1"]}},
        {"infosQualite": "Membre"},
        "rien",
    ],
    ids=["legislature", "day", "id", "organ", "quality", "no-object"],
)
def test_an_odd_mandate_costs_itself_alone(tmp_path: Path, odd: Any) -> None:
    def insert(actor: dict[str, Any]) -> None:
        mandates = actor["mandats"]["mandat"]
        mandates.insert(0, {**mandates[0], "uid": "PM99900019", **odd} if isinstance(odd, dict) else odd)

    register, [problem] = load_register(_edited(tmp_path, "PA9990001", insert))
    assert problem.place.startswith("mandat 1")
    question, unknown = resolved(register, AWAITING)
    assert (question.author.official_id, unknown) == ("PA9990001", [])


def test_a_chair_is_a_member_too_and_asks_as_the_chair(tmp_path: Path) -> None:
    def chair(actor: dict[str, Any]) -> None:
        other = json.loads(json.dumps(actor["mandats"]["mandat"][0]))
        other["uid"], other["infosQualite"]["codeQualite"] = "PM99900019", "Président"
        actor["mandats"]["mandat"].append(other)

    question, unknown = resolved(load_register(_edited(tmp_path, "PA9990001", chair))[0], AWAITING)
    assert unknown == []
    triples = to_ntriples(describe_question(question))
    for member, is_capacity in (("PM99900011", False), ("PM99900019", True), ("PM99900012", True)):
        iri = f"<https://w3id.org/anq/an/acteur/PA9990001#{member}>"
        assert (f"inCapacityOf> {iri}" in triples) == is_capacity
        assert f"{iri} <http://www.w3.org/ns/org#role>" in triples


def test_the_same_file_twice_changes_nothing(tmp_path: Path, sample_register: Register) -> None:
    register, problems = load_register(_edited(tmp_path, "again", lambda _actor: None))
    assert problems == []
    assert resolved(register, AWAITING) == resolved(sample_register, AWAITING)


def test_two_different_entries_of_one_actor_are_reported(tmp_path: Path) -> None:
    def rename(actor: dict[str, Any]) -> None:
        actor["etatCivil"]["ident"]["prenom"] = "Zoé"

    _, problems = load_register(_edited(tmp_path, "again", rename))
    assert [problem.expected for problem in problems] == ["PA9990001 as in another file of the register"]


def test_an_unknown_quality_is_reported_and_the_membership_kept(tmp_path: Path) -> None:
    def promote(actor: dict[str, Any]) -> None:
        actor["mandats"]["mandat"][0]["infosQualite"]["codeQualite"] = "Vice-président"

    register, problems = load_register(_edited(tmp_path, "PA9990001", promote))
    assert [problem.found for problem in problems] == ["« Vice-président »"]
    question, _ = resolved(register, AWAITING)
    assert question.author.identity
    assert [(term.id, term.quality) for term in question.author.identity.affiliations] == [
        ("PM99900011", None)
    ]


def test_letters_of_another_script_do_not_match(sample_register: Register) -> None:
    stated = replace(AWAITING, author=replace(AWAITING.author, name="Zéphyrine Exemple Иван"))
    assert resolved(sample_register, stated)[0].author.official_id is None


def test_a_register_without_actors_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="found no actor"):
        load_register(tmp_path)


def test_nothing_private_is_published(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / "register", tmp_path / "register")
    path = tmp_path / "register/json/acteur/PA9990001.json"
    actor = json.loads(path.read_text(encoding="utf-8"))
    actor["acteur"]["etatCivil"]["infoNaissance"] = {"dateNais": "1901-02-03", "villeNais": "Secretville"}
    actor["acteur"]["adresses"] = {"adresse": [{"valElec": "secret@example.org"}]}
    path.write_text(json.dumps(actor))
    summary = build_release(
        [SAMPLES / "pages"], tmp_path / "out", Options(registers=(tmp_path / "register",))
    )
    for file in some(summary.path.rglob("*.*")):
        text = file.read_text(encoding="utf-8")
        assert "1901-02-03" not in text
        assert "ecret" not in text


@pytest.mark.real
def test_the_five_real_authors_are_identified() -> None:
    register, problems = load_register(REAL_REGISTER)
    assert problems == []
    assert len(register.actors) == 575
    records = [resolutions for resolutions in read_file(REAL_PAGES) if isinstance(resolutions, Question)]
    resolutions = [register.resolve(question) for question in records]
    questions = [question for question, _ in resolutions]
    assert {question.id.number: question.author.official_id for question in questions} == {
        16300: "PA841339",
        14939: "PA720092",
        13820: "PA841351",
        14340: "PA795108",
        12332: "PA642725",
    }
    assert [unknown for _, unknown in resolutions] == [[]] * 5
    groups = {q.id.number: q.author.group.official_id for q in questions if q.author.group}
    assert groups == {
        16300: "PO845470",
        14939: "PO845454",
        13820: "PO845439",
        14340: "PO845413",
        12332: "PO845425",
    }
    seats = {question.id.number: question.author.constituency_id for question in questions}
    assert seats == {
        16300: "PO839375",
        14939: "PO839077",
        13820: "PO839355",
        14340: "PO839799",
        12332: "PO839243",
    }


def test_an_abstention_in_a_register_identifies_nobody_and_is_not_told(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / "register", tmp_path / "register")
    (tmp_path / "register" / "json" / "DPTR5L17PA9990001.json").write_text(
        json.dumps({"deport": {"uid": "DPTR5L17PA9990001D0001", "refActeur": "PA9990001"}}), encoding="utf-8"
    )
    assert load_register(tmp_path / "register")[1] == load_register(SAMPLES / "register")[1]
