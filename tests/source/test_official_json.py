"""The official JSON is read completely: every text is published, ignored for a reason, or reported."""

import copy
import html
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lod import Document, Options, Problem, Question, Summary, build_release, check_files, read_questions
from lod.errors import BadValue, Cause, Severity
from lod.model import Ending, Journal, QuestionKind, Status
from lod.source.exports.flat_fields import truncated_tag
from lod.source.exports.json import parse
from lod.source.exports.question import IGNORED_FIELDS
from lod.source.html_text import to_plain_text
from tests.conftest import REAL_DIVIDED_REGISTER, REAL_QUESTION_TIME, REAL_REGISTER, SAMPLES
from tests.support.golden import approved
from tests.support.loops import some
from tests.support.reading import plain

FILES = sorted((SAMPLES / "json").glob("*.json"))
Value = Any


def load(name: str) -> dict[str, Value]:
    read: dict[str, Value] = json.loads((SAMPLES / "json" / f"{name}.json").read_text(encoding="utf-8"))
    return read


def read(value: Value) -> tuple[Question | None, list[Problem]]:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    items = list(read_questions(Document("file.json", data)))
    questions = [item for item in items if isinstance(item, Question)]
    return (questions[0] if questions else None), [item for item in items if isinstance(item, Problem)]


def question(value: Value) -> Question:
    record, problems = read(value)
    assert record, problems
    assert problems == []
    return record


def leaves(value: Value, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from leaves(item, (*path, n))
    elif isinstance(value, str):
        yield path, value


def changed(value: Value, path: tuple[str | int, ...], change: Callable[[Value, str | int], None]) -> Value:
    whole = copy.deepcopy(value)
    place = whole
    for step in path[:-1]:
        place = place[step]
    change(place, path[-1])
    return whole


def test_question_time_is_read_with_its_debate() -> None:
    asked = question(load("QANR5L17QG9901"))
    assert (asked.id.kind, asked.title, asked.rubric) == (
        QuestionKind.GOVERNMENT,
        "PRIX DES NUAGES",
        "énergie et carburants",
    )
    assert (asked.author.official_id, asked.author.mandate_id) == ("PA9990002", "PM99900022")
    assert asked.text is None
    assert asked.published.journal is Journal.DEBATES
    assert asked.published.page == "7001"
    assert asked.answers[0].published == asked.published
    assert plain(asked.answers[0].text) == (
        "PRIX DES NUAGES\n"
        "Mme\u00a0la présidente. La parole est à M.\u00a0Barnabé Factice.\n"
        "M.\u00a0Barnabé Factice. Pourquoi les nuages sont-ils si chers\u00a0? "
        "(Rires sur les bancs du groupe UIP.)\n"
        "Mme\u00a0Aurore Inventive, ministre des beaux temps. Parce qu'ils sont rares. (Applaudissements.)"
    )


def test_a_written_question_is_read_with_its_whole_life() -> None:
    asked = question(load("QANR5L17QE90101"))
    assert asked.status is Status.ANSWERED
    assert plain(asked.text) == (
        "Mme Zéphyrine Exemple demande combien de griffons vivent en liberté.\n"
        "Leur nombre serait inférieur à 10 & en baisse."
    )
    assert [
        (attribution.ministry.label, str(attribution.on), attribution.journal)
        for attribution in asked.attributions
    ] == [
        ("Beaux temps et éclaircies", "2026-03-03", Journal.QUESTIONS),
        ("Faune inventée", "2026-04-10", Journal.LAWS),
    ]
    assert [str(day) for day in asked.flaggings] == ["2026-06-09"]
    assert asked.answers[0].published.page == "8801"
    assert plain(asked.answers[0].text) == (
        "Le dernier recensement donne :\nAnnée | Griffons\n2024 | 12\n2025 | 9\n"
        "Leur nombre x<y, comme on le voit."
    )


def test_a_question_without_title_and_rubric_lapses_at_the_end_of_the_mandate() -> None:
    asked = question(load("QANR5L17QE90102"))
    assert (asked.title, asked.rubric, asked.status) == (None, None, Status.LAPSED)
    assert asked.closure
    assert (asked.closure.ending, str(asked.closure.on), asked.closure.label) == (
        Ending.LAPSED,
        "2026-06-11",
        "Fin de mandat",
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_text_of_a_file_is_published_ignored_for_a_reason_or_reported(path: Any) -> None:
    whole = load(path.stem)
    before = question(whole)
    for where, value in some(leaves(whole["question"])):
        key = ".".join(str(step) for step in where if isinstance(step, str))
        after, problems = read(
            changed(whole, ("question", *where), lambda place, step: place.update({step: "Autre"}))
        )
        ignored = any(key == name or where[-1] == name for name in IGNORED_FIELDS)
        assert ignored or problems or after != before, f"{key}: {value!r}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_without_any_one_text_is_refused_or_loses_only_that(path: Any) -> None:
    whole = load(path.stem)
    for where, _ in some(leaves(whole["question"])):
        after, problems = read(changed(whole, ("question", *where), lambda place, step: place.pop(step)))
        assert after or problems
        if after:
            assert after.id == question(whole).id


@pytest.mark.parametrize(
    "nothing", [None, "", " ", {"@xsi:nil": "true"}, {"@xmlns:xsi": "x", "@xsi:nil": "true"}, [], {}]
)
def test_every_way_to_write_no_value_is_the_same(nothing: Value) -> None:
    whole = load("QANR5L17QE90102")
    whole["question"]["signalement"] = nothing
    whole["question"]["textesReponse"] = nothing
    whole["question"]["indexationAN"]["rubrique"] = nothing
    assert question(whole) == question(load("QANR5L17QE90102"))


def test_one_value_or_a_list_of_one_or_a_text_with_attributes_is_the_same() -> None:
    whole = load("QANR5L17QG9901")
    inner = whole["question"]
    inner["minAttribs"]["minAttrib"] = [inner["minAttribs"]["minAttrib"]]
    inner["textesReponse"]["texteReponse"] = [inner["textesReponse"]["texteReponse"]]
    inner["auteur"]["identite"]["acteurRef"] = {"@xsi:type": "IdActeur_type", "#text": "PA9990002"}
    assert question(whole) == question(load("QANR5L17QG9901"))


@pytest.mark.parametrize(
    ("key", "value", "place"),
    [
        ("erratum", "Lire griffons.", "erratum"),
        (
            "renouvellements",
            {"renouvellement": [{"date": "2026-05-01"}]},
            "renouvellements.renouvellement.date",
        ),
        ("nouveau", {"champ": "neuf"}, "nouveau.champ"),
    ],
)
def test_an_unknown_value_is_reported_with_its_path_and_the_rest_is_published(
    key: str, value: Value, place: str
) -> None:
    whole = load("QANR5L17QE90101")
    whole["question"][key] = value
    record, problems = read(whole)
    assert record == question(load("QANR5L17QE90101"))
    assert [(p.severity, p.cause, p.place) for p in problems] == [(Severity.WARNING, Cause.UNKNOWN, place)]


@pytest.mark.parametrize(
    ("name", "key", "value", "expected"),
    [
        ("QANR5L17QE90101", "dateCloture", "2026-07-01", "« 2026-06-30 » as elsewhere"),
        ("QANR5L17QE90101", "infoJO.dateJO", "2026-07-01", "« 2026-06-30 » as elsewhere"),
        ("QANR5L17QE90101", "infoJO.typeJO", "JO_DEBAT", "« questions » as elsewhere"),
        ("QANR5L17QE90102", "infoJO", {"dateJO": "2026-06-12"}, "« 2026-06-11 » as elsewhere"),
        ("QANR5L17QG9901", "infoJO.dateJO", "2026-09-17", "« 2026-09-16 » as elsewhere"),
    ],
)
def test_a_closure_that_contradicts_the_answer_or_itself_is_reported(
    name: str, key: str, value: Value, expected: str
) -> None:
    path = ("question", "cloture", *key.split("."))
    record, problems = read(changed(load(name), path, lambda place, step: place.update({step: value})))
    assert record == question(load(name))
    assert [p.expected for p in problems] == [expected]
    assert [(p.place or "").startswith(f"cloture.{key}") for p in problems] == [True]


def test_at_question_time_closure_and_answer_must_have_the_same_page() -> None:
    answer = ("question", "textesReponse", "texteReponse", "infoJO", "pageJO")
    whole = changed(load("QANR5L17QG9901"), answer, lambda place, step: place.update({step: "7002"}))
    record, problems = read(whole)
    assert record
    assert record.published.page == "7002"
    assert [(p.place, p.expected, p.found) for p in problems] == [
        ("cloture.infoJO.pageJO", "« 7002 » as elsewhere", "« 7001 »")
    ]


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        ("textesQuestion.texteQuestion", "QANR5L17QE90101", "publication"),
        ("textesReponse.texteReponse", "QANR5L17QE90101", "answer"),
    ],
)
def test_a_publication_without_its_page_is_reported_once(text: str, name: str, place: str) -> None:
    path = ("question", *text.split("."), "infoJO", "pageJO")
    record, problems = read(changed(load(name), path, lambda where, step: where.update({step: None})))
    assert record
    assert [(p.place, p.expected) for p in problems] == [(place, "a page of the Journal officiel")]
    _, problems = read(changed(load(name), path, lambda where, step: where.update({step: "audi"})))
    assert [p.place for p in problems] == [".".join(path[1:])]


def test_question_time_without_a_page_yet_is_not_reported() -> None:
    path = ("question", "cloture", "infoJO", "pageJO")
    asked = question(changed(load("QANR5L17QG9901"), path, lambda where, step: where.update({step: None})))
    assert asked.published.page is None


def test_an_unknown_cause_of_the_end_is_reported_and_published_as_unknown() -> None:
    whole = load("QANR5L17QE90102")
    whole["question"]["cloture"] |= {"codeCloture": "ZZ", "libelleCloture": "Motif nouveau"}
    record, problems = read(whole)
    assert record
    assert record.status is Status.ENDED
    assert record.closure
    assert (record.closure.on, record.closure.label) == (date(2026, 6, 11), "Motif nouveau")
    assert [(problem.place, problem.found) for problem in problems] == [
        ("cloture.codeCloture", "« ZZ Motif nouveau »")
    ]


@pytest.mark.parametrize(
    ("path", "value", "place", "expected"),
    [
        (("uid",), "QANR5L17QE90103", "uid", "« QANR5L17QE90101 »"),
        (("type",), "QX", "type", "one of QE, QG, QOSD"),
        (("identifiant", "numero"), "１", "identifiant.numero", "a number"),
        (("identifiant", "numero"), True, "identifiant.numero", "a text"),
    ],
)
def test_a_bad_value_of_the_identity_is_refused_with_its_path(
    path: tuple[str, ...], value: Value, place: str, expected: str
) -> None:
    record, problems = read(_with_value(path, value))
    assert record is None
    assert problems[0].place == place
    assert expected in problems[0].expected


def _with_value(path: tuple[str, ...], value: Value) -> Value:
    return changed(
        load("QANR5L17QE90101"), ("question", *path), lambda inner, step: inner.update({step: value})
    )


@pytest.mark.parametrize(
    ("path", "value", "place", "expected"),
    [
        (
            ("textesQuestion", "texteQuestion", "infoJO", "dateJO"),
            "2026-02-31",
            "textesQuestion.texteQuestion.infoJO.dateJO",
            "a day",
        ),
        (
            ("textesQuestion", "texteQuestion", "infoJO", "typeJO"),
            "JO_X",
            "textesQuestion.texteQuestion.infoJO.typeJO",
            "one of JO_",
        ),
        (("indexationAN", "rubrique"), "a\x00b", "indexationAN.rubrique", "text without control"),
        (("indexationAN", "rubrique"), "a\ud800b", "indexationAN.rubrique", "text without control"),
    ],
)
def test_another_bad_value_is_reported_with_its_path_and_the_rest_is_published(
    path: tuple[str, ...], value: Value, place: str, expected: str
) -> None:
    record, problems = read(_with_value(path, value))
    assert record
    assert record.answers == question(load("QANR5L17QE90101")).answers
    assert any(problem.place == place and expected in problem.expected for problem in problems)
    assert {problem.severity for problem in problems} == {Severity.WARNING}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"{", "JSON"),
        (b'{"question": {"uid": "a", "uid": "b"}}', "each key once"),
        (b'{"question": {"uid": NaN}}', "a JSON value"),
        (b"[" * 100_000, "JSON nested less deeply"),
        (b'{"question": []}', "an object with a"),
        (b'{"reponse": {}}', "an object with a"),
        (b'{"@context": "https://example.org/", "question": {"__proto__": {}}}', "a value"),
    ],
)
def test_json_without_a_question_is_refused(data: bytes, expected: str) -> None:
    record, problems = read(data)
    assert record is None
    assert expected in problems[0].expected


KEYS = st.sampled_from(["a", "b", 'c"', "d:", 'e":', "é"])
LEAVES = st.one_of(KEYS, st.none(), st.booleans(), st.integers(), st.floats(-99, 99))
SPACES = st.sampled_from(["", " ", "\n", "\t "])


@st.composite
def written(draw: st.DrawFn) -> tuple[str, bool]:
    """Give JSON, and whether a key stands twice in one of its objects."""
    if draw(st.booleans()):
        return json.dumps(draw(LEAVES), ensure_ascii=draw(st.booleans())), False
    space, inner = draw(SPACES), draw(st.lists(written(), max_size=4))
    texts, twice = [text for text, _ in inner], any(bad for _, bad in inner)
    if draw(st.booleans()):
        return f"[{f',{space}'.join(texts)}]", twice
    keys = [draw(KEYS) for _ in texts]
    pairs = [f"{json.dumps(key)}{space}:{text}" for key, text in zip(keys, texts, strict=True)]
    return f"{{{space.join(['', ','.join(pairs), ''])}}}", twice or len(set(keys)) != len(keys)


@pytest.mark.slow
@settings(max_examples=500)
@given(written())
@example(('{"a": 1.5, "a": null}', True))
@example(('{"a": "b", "a": 12345678901234567890123}', True))
@example(('{"a": 1.5}', False))
@example(('{"a": "\\"a\\": b"}', False))
def test_duplicate_keys_and_nothing_else_are_refused(drawn: tuple[str, bool]) -> None:
    text, twice = drawn
    if twice:
        with pytest.raises(BadValue, match="each key once"):
            parse(text)
    else:
        parse(text)


@pytest.mark.parametrize("depth", [300, 600, 900, 990, 5_000])
def test_values_nested_too_deeply_are_refused_in_one_sentence(depth: int) -> None:
    data = b'{"question": {"a": ' + b'{"a": ' * depth + b'"x"' + b"}" * depth + b"}}"
    record, problems = read(data)
    assert record is None
    assert len(problems) == 1


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    out = tmp_path_factory.mktemp("json")
    return build_release([SAMPLES / "json"], out, Options(registers=(SAMPLES / "register",)))


def test_the_samples_conform_and_match_the_approved_records(released: Summary, regen: bool) -> None:
    assert released.problems == []
    assert check_files([released.path]) == []
    approved("json.nq", (released.path / "questions.nq").read_text(encoding="utf-8"), regen=regen)


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("a<br>b<br/>c</br>d", "a\nb\nc\nd"),
        ("<p>a</p><p align=CENTER>b", "a\nb"),
        ("&#339;uf &amp; &lt;b&gt; &#150; x", "œuf & <b> – x"),
        ("x<y et z>w", "x<y et z>w"),
        ("a <!-- DEBTAB -->b<!-- open", "a b<!-- open"),
        ("1<sup>er</sup> mai, CO<sub>2</sub>", "1er mai, CO2"),
        ("<ul><li>a<li>b</ul>c", "a\nb\nc"),
        ("<a href='javascript:x'>lien</a><script>alert(1)</script>", "lien<script>alert(1)</script>"),
        ("", ""),
    ],
)
def test_markup_becomes_text_and_what_only_looks_like_it_stays(fragment: str, text: str) -> None:
    assert to_plain_text(fragment) == text


@pytest.mark.parametrize(
    ("end", "tag"),
    [
        ("<b", "<b"),
        ("</i><b", "<b"),
        ("</STRONG", "</STRONG"),
        ("<br /", "<br /"),
        ('<a name="PG13', '<a name="PG13'),
        ("<p align=CENTER class='x'\n", "<p align=CENTER class='x'\n"),
        ("<b>", ""),
        ("<y", ""),
        ("<", ""),
        ("</", ""),
        ("<b ou c", ""),
        ("<b, on le sait.", ""),
        ("", ""),
    ],
)
def test_a_truncated_tag_is_removed_and_reported(end: str, tag: str) -> None:
    path = ("question", "textesReponse", "texteReponse", "texte")
    whole = load("QANR5L17QG9901")
    record, problems = read(
        changed(whole, path, lambda place, step: place.update({step: f"<i>Il faut agir.{end}"}))
    )
    assert record
    assert plain(record.answers[0].text) == to_plain_text(f"<i>Il faut agir.{end}".removesuffix(tag))
    assert [(p.severity, p.place) for p in problems] == [
        (Severity.WARNING, "textesReponse.texteReponse.texte")
    ] * bool(tag)


@pytest.mark.parametrize(
    "flood", ["<a" + " b=c" * 100_000 + " d", "<a" + " " * 500_000 + "?", "<" * 500_000, "<a b='" * 100_000]
)
def test_truncated_tags_are_found_in_linear_time(flood: str) -> None:
    assert truncated_tag(flood) in (None, "<a b='")


@pytest.mark.parametrize(
    "flood",
    ["<a " * 100_000, "<" * 200_000, "<!--" * 100_000, "<!--" * 100_000 + "-->", "<p>" + "x" * 5_000_000],
)
def test_a_flood_of_markup_is_read_in_linear_time(flood: str) -> None:
    assert len(to_plain_text(flood)) <= len(flood)


def test_markup_nested_too_deeply_is_refused() -> None:
    with pytest.raises(ValueError, match="nested at most 256 deep"):
        to_plain_text("<div>" * 100_000)


@pytest.mark.real
def test_all_of_question_time_is_published_and_every_text_accounted_for(tmp_path: Any) -> None:
    options = Options(registers=(REAL_REGISTER, REAL_DIVIDED_REGISTER))
    summary = build_release([REAL_QUESTION_TIME], tmp_path, options)
    assert summary.counts["questions"] == summary.counts["documents"] == 400
    assert summary.counts["rejected"] == 0
    families = Counter((problem.cause, problem.severity) for problem in summary.problems)
    assert set(families) == {(Cause.IDENTITY, Severity.WARNING), (Cause.FIELD, Severity.WARNING)}
    assert sorted(problem.found for problem in summary.problems if problem.cause is Cause.FIELD) == [
        "U+00AD at line 8",
        "« <b » at its end",
        "« <b » at its end",
        "« <b » at its end",
        "« <b » at its end",
        "« audi »",
    ]


@pytest.mark.real
def test_every_text_of_every_real_file_is_published_ignored_or_reported() -> None:
    with zipfile.ZipFile(REAL_QUESTION_TIME) as archive:
        for name in some(archive.namelist()[::20]):
            whole = json.loads(archive.read(name))
            before, _ = read(whole)
            assert before
            for where, value in some(leaves(whole["question"])):
                key = ".".join(str(step) for step in where)
                after, problems = read(
                    changed(whole, ("question", *where), lambda place, step: place.update({step: "Autre"}))
                )
                ignored = any(key == path or where[-1] == path for path in IGNORED_FIELDS)
                assert ignored or problems or after != before, f"{name} {key}: {value!r}"


@pytest.mark.real
def test_no_letter_of_any_real_text_is_lost_with_its_markup() -> None:
    with zipfile.ZipFile(REAL_QUESTION_TIME) as archive:
        for name in some(archive.namelist()):
            text = json.loads(archive.read(name))["question"]["textesReponse"]["texteReponse"]["texte"]
            letters = re.sub(r"\s", "", html.unescape(re.sub(r"<[^>]*>|<b$", "", text)))
            assert (
                re.sub(r"\s", "", to_plain_text(text.removesuffix(truncated_tag(text) or ""))) == letters
            ), name


def test_two_numbers_of_one_issue_are_told_and_reject_nobody(tmp_path: Path) -> None:
    sample = json.loads((SAMPLES / "json" / "QANR5L17QE90101.json").read_text(encoding="utf-8"))
    day = sample["question"]["textesQuestion"]["texteQuestion"]["infoJO"]["dateJO"]
    for rank, number in enumerate(["0012", "0012", "0013"], 1):
        sample["question"]["uid"] = f"QANR5L17QE9020{rank}"
        sample["question"]["identifiant"]["numero"] = f"9020{rank}"
        sample["question"]["textesQuestion"]["texteQuestion"]["infoJO"]["numJO"] = f"{day[:4]}{number}"
        (tmp_path / f"{rank}.json").write_text(json.dumps(sample), encoding="utf-8")
    summary = build_release([tmp_path], tmp_path.parent / f"{tmp_path.name}-out", Options())
    assert (summary.counts["questions"], summary.counts["rejected"]) == (3, 0)
    text = (summary.path / "questions.nt").read_text(encoding="utf-8")
    assert text.count('<http://purl.org/ontology/bibo/issue> "12"') == 1
    assert '<http://purl.org/ontology/bibo/issue> "13"' not in text
    assert [problem.document for problem in summary.problems if "13" in problem.found] == ["3.json"]
