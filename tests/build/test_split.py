"""Split dumps hold together exactly what the dumps of everything hold, each of them whole in itself."""

import json
from collections import Counter
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from rdflib import DCAT, DCTERMS, RDF, VOID

from lod import Compression, Options, Release, Summary, build_release, check_files
from lod.build import assemble
from lod.release import Dump, DumpFile, DumpScope
from tests.conftest import SAMPLES, VARIED
from tests.describe.test_catalogue import DCAT_3, SHAPES, graph, validated
from tests.release.test_release import page
from tests.support.loops import some

pytestmark = pytest.mark.slow  # each test builds releases

OX = pyoxigraph.RdfFormat
FORMS = {"ttl": OX.TURTLE, "jsonld": OX.JSON_LD, "nt": OX.N_TRIPLES, "nq": OX.N_QUADS}
PARTS = [(11, "qe"), (11, "qg"), (14, "qe"), (15, "qe"), (16, "qe"), (16, "qg"), (17, "qe"), (17, "qg")]
NAMES = [*(f"questions-{legislature}-{kind}" for legislature, kind in PARTS), "shared"]
BASE = "https://w3id.org/anq/"
ZSTD = rdflib.URIRef("https://www.iana.org/assignments/media-types/application/zstd")


def build(out: Path, *, split: bool, jobs: int = 1) -> Path:
    options = Options(registers=(SAMPLES / "register",), split=split, jobs=jobs)
    return build_release([SAMPLES / name for name in VARIED], out, options).path


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("whole"), split=False)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("split"), split=True)


def triples(dumped: DumpFile) -> list[str]:
    """Read a dump by itself with an independent parser."""
    with dumped.stream() as stream:
        read = pyoxigraph.parse(stream, format=FORMS[dumped.dump.format])
        return [f"{t.subject} {t.predicate} {t.object} {t.graph_name}" for t in read]


@pytest.mark.parametrize("form", FORMS)
def test_the_parts_together_hold_every_triple_of_the_whole_once(
    whole: Path, plain: Path, split_release: Summary, form: str
) -> None:
    (one,) = Release(whole).dumps(form)
    expected = triples(one)
    assert len(expected) == len(set(expected)) == one.triples > 1000
    for release in (plain, split_release.path):
        parts = Release(release).dumps(form)
        read = [triples(part) for part in parts]
        assert [len(part) for part in read] == [part.triples for part in parts]
        assert Counter(triple for part in read for triple in part) == Counter(expected)


def test_lines_of_the_parts_in_their_order_are_the_whole(
    whole: Path, plain: Path, split_release: Summary
) -> None:
    for form in ("nt", "nq"):
        expected = (whole / f"questions.{form}").read_bytes()
        assert b"".join((plain / f"{name}.{form}").read_bytes() for name in NAMES) == expected
        read = (line for part in Release(split_release.path).dumps(form) for line in part.lines())
        assert b"".join(read) == expected


def test_a_part_has_the_questions_of_its_legislature_and_kind_and_no_others(split_release: Summary) -> None:
    for dumped in some(Release(split_release.path).dumps("nt")):
        subjects = {line.split(b"> ")[0].decode() for line in dumped.lines()}
        described = {s.removeprefix(f"<{BASE}an/").split("#")[0] for s in subjects if f"<{BASE}an/1" in s}
        kinds = {tuple(name.split("/")[:2]) for name in described if "/q" in name}
        dump = dumped.dump
        mine = (
            {(str(dump.legislature), str(dump.type).lower())} if dump.holds is DumpScope.QUESTIONS else set()
        )
        assert kinds == mine


def test_the_manifest_lists_what_each_part_holds(plain: Path, split_release: Summary) -> None:
    for release, ending, how in ((plain, "", "none"), (split_release.path, ".zst", "zstd")):
        listed = json.loads((release / "manifest.json").read_text("utf-8"))["files"]
        said = {entry["path"]: entry["dump"] for entry in listed if "dump" in entry}
        for form in FORMS:
            common = {"format": form, "compression": how}
            for legislature, kind in PARTS:
                path = f"questions-{legislature}-{kind}.{form}{ending}"
                about = {"legislature": legislature, "type": kind.upper()}
                assert said.pop(path) == {**common, "holds": "questions", **about}
            assert said.pop(f"shared.{form}{ending}") == {**common, "holds": "shared"}
        assert said == {}
        assert not [path.name for path in release.glob("questions.*") if ".csv" not in path.name]


def test_the_parts_are_the_same_whatever_the_number_of_processes(
    plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for jobs, batch in ((1, 100), (2, 100), (3, 2)):
        monkeypatch.setattr(assemble, "BATCH", batch)
        again = build(tmp_path / str(jobs), split=True, jobs=jobs)
        assert again.name == plain.name
        for path in some(filter(Path.is_file, plain.rglob("*"))):
            assert (again / path.relative_to(plain)).read_bytes() == path.read_bytes(), path.name


def test_a_split_release_can_be_checked_and_its_parts_together(split_release: Summary) -> None:
    release = split_release.path
    assert check_files([release]) == []
    parts = [release / f"{name}.ttl.zst" for name in NAMES]
    assert check_files([*parts, release / "concepts.ttl"]) == []
    assert check_files([*parts[:-1], release / "concepts.ttl"]) != []


def test_a_part_whose_questions_are_all_left_out_is_not_published(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    author = "[Mme Zéphyrine Exemple](/PA9990001)"
    for number in (90010, 90011, 90012):
        (folder / f"{number}.txt").write_text(page(number, author=author), encoding="utf-8")
    odd = page(90020, author=author, seat="Ain (40^e").replace("écrite", "orale sans débat")
    assert odd.count("orale sans débat") == 2
    (folder / "odd.txt").write_text(odd, encoding="utf-8")
    summary = build_release([folder], tmp_path / "out", Options(split=True))
    assert {p.document for p in summary.problems if p.severity == "rejected"} == {"odd.txt"}
    held = {(d.dump.legislature, d.dump.type) for d in Release(summary.path).dumps("ttl")}
    assert held == {(17, "QE"), (None, None)}
    assert not list(summary.path.glob("*qosd*"))


def test_the_catalogue_lists_each_part_with_its_data_set_and_with_the_whole(
    plain: Path, split_release: Summary
) -> None:
    for release, ending in ((plain, ""), (split_release.path, ".zst")):
        catalogue = graph(release / "catalog.ttl")
        series = catalogue.value(None, RDF.type, DCAT_3["DatasetSeries"])
        parts = set(catalogue.subjects(DCAT_3["inSeries"], series))
        assert len(parts) == len(PARTS)
        dumps = {rdflib.URIRef(f"{BASE}dumps/{name}.{form}{ending}") for name in NAMES for form in FORMS}
        everything = rdflib.URIRef(f"{BASE}jeu/questions#id")
        assert set(catalogue.objects(everything, VOID.dataDump)) == dumps
        table = rdflib.URIRef(f"{BASE}dumps/questions.csv{ending}")
        assert set(files(catalogue, everything)) == {*dumps, table}
        own = [file for part in parts for file in files(catalogue, part)]
        assert len(own) == len(set(own))
        assert set(own) == {dump for dump in dumps if "shared" not in dump}
        for part in parts:
            assert set(files(catalogue, part)) == set(catalogue.objects(part, VOID.dataDump))
            (name,) = {str(file).rsplit("/", 1)[1].split(".")[0] for file in files(catalogue, part)}
            listed = {d.triples for d in Release(release).dumps("nt") if d.path.name.startswith(f"{name}.")}
            assert {int(str(n)) for n in catalogue.objects(part, VOID.triples)} == listed


def files(catalogue: rdflib.Graph, of: rdflib.term.Node) -> list[rdflib.term.Node]:
    return [
        address
        for distribution in catalogue.objects(of, DCAT.distribution)
        for address in catalogue.objects(distribution, DCAT.downloadURL)
    ]


def test_a_compressed_file_keeps_its_media_type_and_says_how_it_is_compressed(
    plain: Path, split_release: Summary
) -> None:
    catalogue = graph(split_release.path / "catalog.ttl")
    for distribution in catalogue.subjects(RDF.type, DCAT.Distribution):
        path = split_release.path / str(catalogue.value(distribution, DCAT.downloadURL)).rsplit("/", 1)[1]
        size = catalogue.value(distribution, DCAT.byteSize)
        assert int(str(size)) == path.stat().st_size
        packed = path.suffix == ".zst"
        assert set(catalogue.objects(distribution, DCAT_3["compressFormat"])) == ({ZSTD} if packed else set())
        if ".ttl" in path.suffixes:
            assert str(catalogue.value(distribution, DCAT.mediaType)).endswith("/text/turtle")
    assert (ZSTD, RDF.type, DCTERMS.MediaType) in catalogue
    assert "compressFormat" not in (plain / "catalog.ttl").read_text("utf-8")
    assert set(catalogue) == set(graph(split_release.path / "catalog.jsonld"))


@pytest.mark.real
@pytest.mark.parametrize("name", ["html_shacl_shapes.ttl", "html_shacl_range.ttl", "shacl_dcat-ap-SHACL.ttl"])
def test_the_catalogue_of_split_and_compressed_dumps_conforms_to_dcat_ap(
    split_release: Summary, name: str
) -> None:
    conforms, text = validated(graph(split_release.path / "catalog.ttl"), SHAPES / "dcat-ap-3" / name)
    assert conforms, text


def test_dumps_are_described_as_what_they_are(whole: Path) -> None:
    (dumped,) = Release(whole).dumps("ttl")
    assert dumped.path == whole.resolve() / "questions.ttl"
    assert dumped.dump == Dump(format="ttl", compression=Compression.NONE, holds=DumpScope.ALL)
