"""Links to other data are files and graphs of their own: without them, all else is the same."""

import json
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from lod import Compression, Options, Summary, build_release, verify_release
from lod.definitions import DEFAULT_BASE
from lod.release import LinkKind, Release
from lod.store import load
from lod.web.index.builder import ensure_index
from lod.web.index.reader import Index
from lod.web.pages import Language, Pages
from tests.conftest import SAMPLES
from tests.verify.test_verify import edit, problems_of

pytestmark = pytest.mark.slow  # most tests build a release

QUESTION = f"{DEFAULT_BASE}an/17/qe/90101"
LAW = "https://www.legifrance.gouv.fr/eli/loi/2021/5/3/2021-9901/jo/texte"
TEXT = (
    "M. Exemple rappelle sa question écrite n° 90001. Selon la loi n° 2021-9901 du 3 mai 2021, la "
    "<b>loi</b> n° 2021-9901 du 3 mai 2019 & l'article L. 1 du code du travail<br/>« contredisent ». "
    "La loi n° 2021-9901 du 3 mai 2021 <i>demeure</i>."
)
REFERS_TO = ox.NamedNode("http://data.europa.eu/eli/ontology#refers_to")


OTHER = TEXT.replace("du 3 mai 2019", "du 3 mai 2021").replace("contredisent", "ignorent")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Samples that cite a law, a code, and a question; one law contradicts itself in the first."""
    folder = tmp_path_factory.mktemp("citing")
    for number, text in (("90101", TEXT), ("90102", OTHER)):
        [path] = (SAMPLES / "json").glob(f"*{number}.json")
        document = json.loads(path.read_text("utf-8"))
        document["question"]["textesQuestion"]["texteQuestion"]["texte"] = text
        (folder / path.name).write_text(json.dumps(document), "utf-8")
    return folder


@pytest.fixture(scope="module")
def citing(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Summary:
    return build_release([source, SAMPLES / "pages"], tmp_path_factory.mktemp("links"))


def files(release: Path) -> dict[str, bytes]:
    return {f"{p.relative_to(release)}": p.read_bytes() for p in release.rglob("*") if p.is_file()}


@pytest.mark.parametrize("kind", LinkKind)
def test_a_kind_that_is_left_out_changes_no_other_file(
    kind: LinkKind, citing: Summary, source: Path, tmp_path: Path
) -> None:
    options = Options(without=frozenset({kind}))
    without = files(build_release([source, SAMPLES / "pages"], tmp_path, options).path)
    whole = files(citing.path)
    own = {name for name in whole if name.startswith(str(kind))}
    catalogue = {"manifest.json", "catalog.ttl", "catalog-udata.ttl", "catalog.jsonld"}
    assert own
    assert without.keys() == whole.keys() - own
    assert {name for name in without if without[name] != whole[name]} == catalogue


def test_a_release_with_links_is_complete_and_consistent(
    citing: Summary, source: Path, tmp_path: Path
) -> None:
    assert verify_release(citing.path).problems == []
    options = Options(compress=Compression.ZSTD, split=True)
    packed = build_release([source, SAMPLES / "pages"], tmp_path, options)
    assert verify_release(packed.path).problems == []


def test_what_contradicts_itself_is_told_with_its_place(citing: Summary) -> None:
    [told] = next(each.unlinked for each in citing.links if each.facts.kind is LinkKind.CITATIONS)
    assert told == {
        "text": QUESTION,
        "start": 93,
        "end": 123,
        "quotation": "loi n° 2021-9901 du 3 mai 2019",
        "reason": "year contradicts",
    }
    lines = (citing.path / "citations-unlinked.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [told]
    assert citing.as_json()["links"]["citations"] == 6
    assert citing.as_json()["unlinked"] == {"citations": 1, "alignments": 0, "related": 0}


def test_a_store_has_the_links_in_a_graph_of_their_own(citing: Summary, tmp_path: Path) -> None:
    load(citing.path, str(tmp_path))
    store = ox.Store.read_only(str(tmp_path / "current"))
    graph = ox.NamedNode(f"{DEFAULT_BASE}graphe/citations")
    terms = (REFERS_TO, ox.NamedNode("http://purl.org/dc/terms/references"))
    cited = {str(q.object) for term in terms for q in store.quads_for_pattern(None, term, None, graph)}
    codes = "https://www.legifrance.gouv.fr/codes/texte_lc/"
    assert cited == {
        f"<{iri}>" for iri in (LAW, f"{DEFAULT_BASE}an/17/qe/90001", f"{codes}LEGITEXT000006072050")
    }


def test_changed_links_are_found(citing: Summary, tmp_path: Path) -> None:
    release = Path(shutil.copytree(citing.path, tmp_path / "release"))
    edit(release, "citations.nq", lambda data: data.replace(b"graphe/citations", b"graphe/citatiens", 1))
    assert any("citations.nq: expected statements in the graph" in each for each in problems_of(release))
    edit(release, "citations.ttl", lambda data: data.replace(b'"2021-9901"', b'"2021-9902"', 1))
    assert any("citations.ttl: expected the triple" in each for each in problems_of(release))


def test_the_page_of_a_question_links_the_passages(citing: Summary, tmp_path: Path) -> None:
    index = Index(ensure_index(Release(citing.path), tmp_path))
    document = index.document("an/17/qe/90101")
    assert document
    page = Pages(index).document(document, Language.FR)
    assert page
    law = f'<a class="cited" href="{LAW}" title="Loi n° 2021-9901 du 3 mai 2021">loi n°'
    assert page.count(law) == 2
    assert '<a class="cited" href="/an/17/qe/90001.html" title="Question écrite n° 90001">' in page
    assert "article L. 1 du code du travail</a>" in page.replace("\u00a0", " ")
    assert page.count("<dt>Textes cités</dt>") == 1
    assert '<li><a href="/an/17/qe/90102.html">' in page
    [related] = [each for each in index.documents() if each.path.startswith("an/questions-semblables/17/qe/")]
    listed = Pages(index).document(related, Language.EN) or ""
    assert all(f"#QANR5L17QE{number}" in listed or str(number) in listed for number in (90101, 90102))
    assert index.json(document)["passages"]
    index.close()


def test_related_questions_that_could_not_be_looked_for_are_told(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lod.build.is_installed", lambda _: False)
    summary = build_release([source], tmp_path)
    assert summary.not_looked_for == [LinkKind.RELATED]
    assert not (summary.path / "related.nt").exists()
    without = build_release([source], tmp_path, Options(without=frozenset({LinkKind.RELATED})))
    assert without.not_looked_for == []
    assert without.release == summary.release
