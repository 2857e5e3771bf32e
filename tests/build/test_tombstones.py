"""A question that was published and is no more keeps its IRI, and a tombstone says since when."""

import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from lod import BadValue, Compression, Options, Release, Summary, build_release, check_files, verify_release
from lod.build import tombstones
from lod.definitions import DEFAULT_BASE
from lod.errors import Refused
from lod.formats import DOCUMENT_DATA
from lod.iri import Iris
from lod.model import QuestionId, QuestionKind
from lod.query import ask
from lod.release import WITHDRAWN
from lod.store import load
from lod.web.index.builder import ensure_index
from lod.web.index.reader import Index
from tests.conftest import SAMPLES, VARIED
from tests.release.test_release import tree
from tests.verify.test_verify import assert_reported, edit, entry, replaced

pytestmark = pytest.mark.slow  # each test builds releases

PAGES = sorted((SAMPLES / "pages").glob("*.txt"))
STATUS = "http://www.w3.org/ns/adms#status"
MODIFIED = "http://purl.org/dc/terms/modified"
FIRST, SECOND = "an/17/qe/90001", "an/17/qe/90002"
GONE = f"""SELECT ?gone ?day {{
    GRAPH <{DEFAULT_BASE}graphe/retraits> {{ ?gone <{STATUS}> ?status ; <{MODIFIED}> ?day }} }}"""

Day = Callable[[str], None]


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Day:
    """Say on which day a release is made."""

    def of(iso: str) -> None:
        seconds = (date.fromisoformat(iso) - date(1970, 1, 1)).days * 86400
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(seconds))

    return of


def build(out: Path, pages: Iterable[Path], base: str = DEFAULT_BASE) -> Summary:
    return build_release(list(pages), out, Options(allow_shrink=True, base=base))


def gone(release: Path) -> dict[str, str]:
    """Return the tombstones of a release: the paths of questions, and the days."""
    if not (release / WITHDRAWN).exists():
        return {}
    triples = list(ox.parse(path=release / WITHDRAWN, format=ox.RdfFormat.TURTLE))
    named = {t.subject.value for t in triples if t.predicate.value == STATUS}
    days = {t.subject.value: t.object.value for t in triples if t.predicate.value == MODIFIED}
    assert named == days.keys()
    return {iri.removeprefix(DEFAULT_BASE): days[iri] for iri in sorted(days)}


@pytest.fixture(scope="module")
def withdrawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release in which one of the sample questions, which has an answer, is no more."""
    out, varied = tmp_path_factory.mktemp("withdrawn"), [SAMPLES / name for name in VARIED]
    known = Options(registers=(SAMPLES / "register",), allow_shrink=True)
    build_release(varied, out, known)
    files = [file for folder in varied for file in sorted(folder.iterdir()) if "90101" not in file.name]
    return build_release(files, out, known).path


def test_a_question_that_goes_away_gets_a_tombstone_and_nothing_more(tmp_path: Path, day: Day) -> None:
    day("2026-10-01")
    build(tmp_path, PAGES)
    day("2026-10-02")
    release = build(tmp_path, PAGES[1:]).path
    assert (release / WITHDRAWN).read_text("utf-8") == (
        "@base <https://w3id.org/anq/> .\n"
        "@prefix adms: <http://www.w3.org/ns/adms#> .\n"
        "@prefix dcterms: <http://purl.org/dc/terms/> .\n"
        "@prefix foaf: <http://xmlns.com/foaf/0.1/> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n\n"
        "<an/17/qe/90001> a foaf:Document ;\n"
        '    dcterms:identifier "QANR5L17QE90001" ;\n'
        "    adms:status <http://purl.org/adms/status/Withdrawn> ;\n"
        '    dcterms:modified "2026-10-02"^^xsd:date .\n\n'
    )
    listed = {file["path"]: file for file in json.loads((release / "manifest.json").read_text())["files"]}
    assert listed[WITHDRAWN]["triples"] == 4
    assert check_files([release]) == []


def test_two_that_go_in_two_steps_keep_each_its_own_day(tmp_path: Path, day: Day) -> None:
    for number, when in enumerate(("2026-10-01", "2026-10-02", "2026-10-03", "2026-10-04")):
        day(when)
        release = build(tmp_path, PAGES[min(number, 2) :]).path
    assert gone(release) == {FIRST: "2026-10-02", SECOND: "2026-10-03"}
    # the one that went last comes first by its IRI
    day("2026-10-05")
    build(tmp_path / "back", PAGES)
    build(tmp_path / "back", [PAGES[0], *PAGES[2:]])
    day("2026-10-06")
    assert gone(build(tmp_path / "back", PAGES[2:]).path) == {FIRST: "2026-10-06", SECOND: "2026-10-05"}


def test_none_has_gone_before_the_last_day_of_the_release_that_had_it(tmp_path: Path) -> None:
    last = build(tmp_path, PAGES).release[:10]
    older = build(tmp_path, [SAMPLES / "older-pages"])
    assert older.release[:10] < last
    assert set(gone(older.path).values()) == {last}


def test_a_question_that_comes_back_has_no_tombstone(tmp_path: Path, day: Day) -> None:
    day("2026-10-01")
    first = build(tmp_path, PAGES)
    build(tmp_path, PAGES[2:])
    assert gone(build(tmp_path, PAGES[1:]).path) == {FIRST: "2026-10-01"}
    last = build(tmp_path, PAGES)
    assert not (last.path / WITHDRAWN).exists()
    assert last.release == first.release


def test_a_release_without_an_earlier_one_is_the_same_as_one_from_which_nothing_has_gone(
    tmp_path: Path,
) -> None:
    build(tmp_path / "a", PAGES)
    build(tmp_path / "b", PAGES[1:])
    build(tmp_path / "b", PAGES)
    assert tree(tmp_path / "a/current") == tree(tmp_path / "b/current")
    assert WITHDRAWN not in tree(tmp_path / "a/current")


def test_the_same_built_again_is_the_same_release(tmp_path: Path) -> None:
    build(tmp_path, PAGES)
    once = build(tmp_path, PAGES[1:])
    before = tree(once.path)
    again = build(tmp_path, PAGES[1:])
    assert gone(once.path)
    assert (again.release, tree(again.path)) == (once.release, before)


def test_a_release_under_another_base_is_none_of_ours(tmp_path: Path) -> None:
    build(tmp_path, PAGES)
    release = build(tmp_path, PAGES[1:], "https://example.org/questions/").path
    assert not (release / WITHDRAWN).exists()


@pytest.mark.parametrize("split", [False, True])
@pytest.mark.parametrize("how", Compression)
def test_layouts_of_both_releases_do_not_matter(how: Compression, split: bool, tmp_path: Path) -> None:
    varied = [file for name in VARIED for file in sorted((SAMPLES / name).iterdir())]
    known = Options(registers=(SAMPLES / "register",), allow_shrink=True)
    build_release(varied, tmp_path, replace(known, compress=how, split=split))
    # by the order of IRIs: the first, one between, the last; of three legislatures
    left = [f for f in varied if not f.name.startswith(("11-99101", "16-99109", "QANR5L17QG9901"))]
    other = Compression.GZIP if how is Compression.NONE else Compression.NONE
    for options in (
        replace(known, compress=how, split=split),
        replace(known, compress=other, split=not split),
    ):
        release = build_release(left, tmp_path, options).path
        assert [*gone(release)] == ["an/11/qe/99101", "an/16/qg/99109", "an/17/qg/9901"]
        assert verify_release(release).problems == []


def test_many_tombstones_are_read_and_written_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path, PAGES)
    whole = build(tmp_path, PAGES[-1:]).path
    expected = (whole / WITHDRAWN).read_bytes()
    monkeypatch.setattr(tombstones, "_BATCH", 2)
    monkeypatch.setattr(tombstones, "_BLOCK", 7)
    again = build(tmp_path, PAGES[-1:]).path
    assert len(gone(again)) == 4
    assert (again / WITHDRAWN).read_bytes() == expected
    build(tmp_path / "small", PAGES)
    assert (build(tmp_path / "small", PAGES[-1:]).path / WITHDRAWN).read_bytes() == expected


def test_what_has_gone_is_known_however_long_lines_are(tmp_path: Path) -> None:
    mark = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://schema.org/Question> ."
    lines = [b'<x:a> <x:p> "' + b"a" * 3_000_000 + b'" .', b"<x:a> " + mark, b'<x:b> <x:p> "' + mark + b'" .']
    place = tmp_path / "lines"
    place.write_bytes(b"\n".join([*lines, b"<x:c> " + mark, b""]))
    with place.open("rb") as stream:
        assert list(tombstones.questions_in(stream)) == ["x:a", "x:c"]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def without_a_day(path: Path) -> None:
    """Take a day away and keep the size: what the manifest alone does not tell."""
    text = path.read_bytes()
    path.write_bytes(text.replace(b"dcterms:modified", b"dcterms:modifies", 1))


def no_turtle(path: Path) -> None:
    text = path.read_bytes()
    path.write_bytes(text.replace(b"a foaf:Document", b"a foaf;Document", 1))


def misnamed(path: Path) -> None:
    text = path.read_bytes()
    path.write_bytes(text.replace(b"<an/17/qe/90001> a", b"<an/17/xx/90001> a", 1))


def out_of_order(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[::-1]))


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("questions.nt", cut),
        ("questions.nt", out_of_order),
        (WITHDRAWN, cut),
        (WITHDRAWN, Path.unlink),
        (WITHDRAWN, without_a_day),
        (WITHDRAWN, no_turtle),
        (WITHDRAWN, misnamed),
    ],
)
def test_a_last_release_that_cannot_be_read_is_reported(
    name: str, damage: Callable[[Path], None], tmp_path: Path
) -> None:
    build_release(PAGES, tmp_path)
    last = build(tmp_path, PAGES[1:]).path
    damage(last / name)
    before = tree(tmp_path)
    with pytest.raises(Refused, match=r"current: expected the last release, .* use --allow-shrink"):
        build_release(PAGES[1:], tmp_path)
    assert tree(tmp_path) == before
    summary = build(tmp_path, PAGES[1:])
    assert [str(problem) for problem in summary.problems][-1:] == [
        "current: expected the last release, to find what was withdrawn since, found none that can be read"
    ]
    assert not (summary.path / WITHDRAWN).exists()


def test_a_name_of_a_question_is_taken_apart_and_no_other() -> None:
    iris = Iris(DEFAULT_BASE)
    for kind in QuestionKind:
        question = QuestionId(legislature=9, kind=kind, number=16300)
        assert iris.question_of(iris.question(question)) == question
    for other in (
        "an/17/qe/0",
        "an/17/qe/1/fr",
        "an/17/qe/1#auteur",
        "an/17/QE/1",
        "an/17/qx/1",
        "an/١/qe/1",
    ):
        with pytest.raises(BadValue, match="expected the name of a question"):
            iris.question_of(f"{DEFAULT_BASE}{other}")
    with pytest.raises(BadValue, match="expected the name of a question"):
        iris.question_of("https://example.org/an/17/qe/1")


def test_a_store_has_tombstones_in_a_graph_of_their_own(withdrawn: Path, tmp_path: Path) -> None:
    load(withdrawn, str(tmp_path / "store"))
    ((subject, when),) = gone(withdrawn).items()
    described = "    void:triples 4 ;\n    void:dataDump <dumps/withdrawn.ttl> .\n"
    assert described in (withdrawn / "catalog.ttl").read_text(encoding="utf-8")
    for place in (tmp_path / "store/current", withdrawn):
        _, rows = ask(GONE, str(place)).rows()
        found = [[cell.value for cell in row if isinstance(cell, ox.NamedNode | ox.Literal)] for row in rows]
        assert found == [[DEFAULT_BASE + subject, when]]


def test_a_later_release_without_tombstones_takes_them_out_of_the_store(
    withdrawn: Path, sample_release: Summary, tmp_path: Path
) -> None:
    load(withdrawn, str(tmp_path / "store"))
    load(sample_release.path, str(tmp_path / "store"))
    assert not ask(GONE, str(tmp_path / "store/current")).rows()[1]


def test_a_release_with_tombstones_is_whole(withdrawn: Path) -> None:
    found = verify_release(withdrawn)
    assert found.problems == []


def test_a_tombstone_of_what_is_published_is_told(withdrawn: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(withdrawn, tmp_path / "release"))
    edit(copy, WITHDRAWN, replaced("an/17/qe/90101>", "an/17/qe/90002>"))
    assert_reported(
        copy, "^withdrawn.ttl: expected tombstones of what is not published, found one of « <.*/90002> »"
    )
    assert [result.shape_name for result in check_files([copy]) if result.focus.endswith("/90002")]
    entry(copy, WITHDRAWN, triples=5)
    assert_reported(
        copy, "tombstones of what is not published", "^withdrawn.ttl: expected 5 triples, found 4"
    )


def test_the_site_has_the_tombstone_for_every_path_that_is_gone(withdrawn: Path, tmp_path: Path) -> None:
    index = Index(ensure_index(Release(withdrawn), tmp_path))
    (tombstone,) = index.documents("tombstone")
    assert tombstone.path == "an/17/qe/90101"
    for beneath in ("", "/fr", "/reponse", "/reponse/fr", "/reponse-commune/2026-05-05"):
        assert index.document(f"{tombstone.path}{beneath}") == tombstone
    assert index.json(tombstone)["documentStatus"] == "http://purl.org/adms/status/Withdrawn"
    for other in ("an/17/qe/901010", "an/17/qe/9010", "an/17/qe", "an/17/qe/90002/nulle-part"):
        assert index.document(other) is None
    assert (index.document("an/17/qe/90002/fr") or tombstone).kind == "question"
    assert all(index.data(tombstone, form) for form in DOCUMENT_DATA)
