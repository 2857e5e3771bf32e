"""A release has the promised files, says which version made it, and dates its data sets by what they hold."""

import json
import re
from pathlib import Path

import pytest
import rdflib
from rdflib import DCTERMS, PROV, RDF

import lod
from lod import Compression, Options, Summary, build_release
from tests.conftest import SAMPLES

BASE = "https://w3id.org/anq/"
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
ALWAYS = {
    *("questions.ttl", "questions.nt", "questions.nq", "questions.jsonld"),
    *("questions.csv", "questions.csv-metadata.json", "concepts.ttl"),
    *(
        "ontology.ttl",
        "shapes.ttl",
        "context.jsonld",
        "croissant.json",
        "catalog.ttl",
        "catalog-udata.ttl",
        "catalog.jsonld",
    ),
    *("report.ttl", "report.txt", "problems.jsonl", "manifest.json"),
}
"""What the manual lists, of a release in which nothing was rejected and nothing is gone."""

PARTS = ("questions-17-qe", "shared")
FORMATS = ("ttl", "nt", "nq", "jsonld")
ALIGNMENTS, RELATED = ({f"{kind}.{form}" for form in FORMATS} for kind in ("alignments", "related"))
"""The links that the samples have: rubrics have counterparts in EuroVoc, and two questions the same words."""
MEDIA = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "nq": "application/n-quads",
    "jsonld": "application/ld+json",
    "csv": "text/csv",
}
LAST_DAY = "2026-09-16"
"""The last day on which anything in the varied samples was published."""

PERIODS = {
    "questions": ("1998-02-02", "2026-09-16"),
    "questions-ecrites-11": ("1998-02-02", "1998-05-11"),
    "questions-au-gouvernement-11": ("1998-03-05", "1998-03-05"),
    "questions-ecrites-14": ("2014-02-04", "2015-09-01"),
    "questions-ecrites-15": ("2021-01-12", "2021-01-12"),
    "questions-ecrites-16": ("2022-07-26", "2022-09-27"),
    "questions-au-gouvernement-16": ("2022-10-26", "2022-10-26"),
    "questions-ecrites-17": ("2026-01-06", "2026-09-15"),
    "questions-au-gouvernement-17": ("2026-09-16", "2026-09-16"),
}
"""The first and the last publication in the documents of each legislature and type of the varied samples."""


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()}


@pytest.fixture(scope="module")
def catalogue(varied_release: Summary) -> rdflib.Graph:
    return rdflib.Graph().parse(varied_release.path / "catalog.ttl")


def test_a_release_has_the_promised_files_and_no_others(varied_release: Summary) -> None:
    expected = ALWAYS | ALIGNMENTS | RELATED
    assert names(varied_release.path) == expected
    listed = json.loads((varied_release.path / "manifest.json").read_text(encoding="utf-8"))["files"]
    top = {entry["path"] for entry in listed if "/" not in entry["path"]}
    assert top == expected - {"manifest.json"}


@pytest.mark.parametrize(("how", "ending"), [(Compression.ZSTD, ".zst"), (Compression.GZIP, ".gz")])
def test_a_compressed_split_release_has_the_promised_files(
    how: Compression, ending: str, tmp_path: Path
) -> None:
    options = Options(compress=how, split=True)
    release = build_release([SAMPLES / "pages"], tmp_path, options).path
    dumps = {f"{part}.{form}{ending}" for part in (*PARTS, "alignments") for form in FORMATS}
    plain = {name for name in ALWAYS if not name.startswith("questions.")}
    assert names(release) == {*plain, *dumps, f"questions.csv{ending}", "questions.csv-metadata.json"}


def test_what_was_rejected_has_files_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for path in (SAMPLES / "pages").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    first = next(folder.iterdir())
    first.write_text(
        first.read_text(encoding="utf-8").replace("Rubrique : ", "Rubrique : 中文"), encoding="utf-8"
    )
    release = build_release([folder], tmp_path / "out", Options()).path
    assert "manifest.json" in names(release)
    assert names(release) - ALWAYS - ALIGNMENTS <= {"rejects.ttl", "rejects.txt"}


def test_the_manifest_says_which_version_made_the_release(varied_release: Summary) -> None:
    manifest = json.loads((varied_release.path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["software"] == {"name": "lod", "version": lod.__version__}
    assert re.fullmatch(r"\d+\.\d+\.\d+", lod.__version__)
    assert list(manifest)[:3] == ["release", "base", "software"]
    assert manifest["counts"] == {
        "documents": 16,
        "questions": 16,
        "kept": 0,
        "rejected": 0,
        "duplicates": 0,
        "problems": 8,
    }


def test_the_provenance_says_which_version_read_a_document(varied_release: Summary) -> None:
    data = rdflib.Graph().parse(varied_release.path / "questions.nt")
    agent = rdflib.URIRef(f"{BASE}logiciel/lod/{lod.__version__}#id")
    assert (agent, RDF.type, PROV.SoftwareAgent) in data
    assert set(data.objects(None, PROV.wasAssociatedWith)) == {agent}
    assert len(set(data.subjects(PROV.wasAssociatedWith, agent))) == 16


def test_a_release_is_named_after_its_last_day(varied_release: Summary) -> None:
    assert varied_release.path.resolve().name.startswith(f"{LAST_DAY}-")


@pytest.mark.parametrize("name", PERIODS)
def test_a_data_set_has_the_first_and_the_last_day_of_its_documents(
    name: str, catalogue: rdflib.Graph
) -> None:
    period = catalogue.value(rdflib.URIRef(f"{BASE}jeu/{name}#id"), DCTERMS.temporal)
    told = tuple(str(catalogue.value(period, term)) for term in (DCAT.startDate, DCAT.endDate))
    assert told == PERIODS[name]


@pytest.mark.parametrize("name", [*PERIODS, "concepts"])
def test_a_data_set_is_issued_on_the_last_day_of_the_release(name: str, catalogue: rdflib.Graph) -> None:
    issued = list(catalogue.objects(rdflib.URIRef(f"{BASE}jeu/{name}#id"), DCTERMS.issued))
    assert [str(each) for each in issued] == [LAST_DAY]


def test_only_promised_data_sets_are_in_the_catalogue(catalogue: rdflib.Graph) -> None:
    found = {str(each) for each in catalogue.subjects(RDF.type, DCAT.Dataset)}
    assert found == {f"{BASE}jeu/{name}#id" for name in (*PERIODS, "concepts", "alignments", "related")} | {
        f"{BASE}jeu/questions-parlementaires#serie"
    }


@pytest.mark.parametrize("ending", MEDIA)
def test_a_download_has_the_media_type_of_its_format(ending: str, catalogue: rdflib.Graph) -> None:
    address = rdflib.URIRef(f"{BASE}dumps/questions.{ending}")
    (distribution,) = set(catalogue.subjects(DCAT.downloadURL, address))
    media = catalogue.value(distribution, DCAT.mediaType)
    assert str(media) == f"https://www.iana.org/assignments/media-types/{MEDIA[ending]}"
