"""What is on the web was promised: media types, endings, headers, links to dumps, words in two languages."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from lod import Summary
from tests.support.command import lod
from tests.support.server import Served, served

QUESTION = "an/17/qe/90001"
DOCUMENT = {
    "html": "text/html; charset=utf-8",
    "en.html": "text/html; charset=utf-8",
    "jsonld": "application/ld+json",
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
}
"""The endings of a document, and the media types by which it is also had at its own path."""

FILES = {
    "dumps/questions.ttl": "text/turtle; charset=utf-8",
    "dumps/questions.nt": "application/n-triples",
    "dumps/questions.nq": "application/n-quads",
    "dumps/questions.jsonld": "application/ld+json",
    "dumps/questions.csv": "text/csv; charset=utf-8",
    "dumps/questions.csv-metadata.json": "application/json",
    "dumps/manifest.json": "application/json",
    "dumps/problems.jsonl": "application/jsonl",
    "dumps/report.txt": "text/plain; charset=utf-8",
    "context.jsonld": "application/ld+json",
    "questions.atom": "application/atom+xml",
    "sitemap.xml": "application/xml",
    "robots.txt": "text/plain; charset=utf-8",
    "api/questions": "application/ld+json",
}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Location, ETag, Link, Retry-After",
}
PREFLIGHT = {
    "Allow": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match, Range",
}
ROWS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
}
DUMPS = ("questions.jsonld", "questions.nq", "questions.nt", "questions.ttl", "questions.csv", "concepts.ttl")
WORDS = {
    f"{QUESTION}.html": (
        *(
            "Question écrite n° 90001",
            "XVIIe législature",
            "Historique de la question",
            "Publication de la question",
        ),
        *("Données clés", "Auteur", "Circonscription", "Ministère interrogé", "Ministère attributaire"),
        *(
            "Rubrique",
            "Publication",
            "Page officielle",
            "Citer et réutiliser",
            "Adresse pérenne",
            "Licence Ouverte",
        ),
        *("En attente de réponse", "Aucune réponse n’a encore été publiée"),
    ),
    f"{QUESTION}.en.html": (
        *(
            "History of the question",
            "Key facts",
            "Author",
            "Constituency",
            "Ministry addressed",
            "Awaiting an answer",
        ),
        *("No answer has been published yet", "Published", "Official page"),
    ),
    "index.html": ("Ministères", "Rubriques", "Télécharger les données", "Fil Atom des nouvelles questions"),
    "catalogue.html": ("Fichier", "Taille", "Une ligne par question, en CSV"),
}


@pytest.fixture(scope="module")
def server(varied_release: Summary, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(varied_release.path, tmp_path_factory.mktemp("web")) as running:
        yield running


@pytest.fixture(scope="module")
def site(varied_release: Summary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = tmp_path_factory.mktemp("site")
    told = lod("site", varied_release.path, "--out", work / "site", "--work", work / "work", "--quiet")
    assert told.returncode == 0, told.stderr
    return work / "site" / "current" / "www"


@pytest.mark.parametrize("ending", DOCUMENT)
def test_an_ending_has_its_media_type(ending: str, server: Served) -> None:
    found = server.get(f"{QUESTION}.{ending}")
    assert (found.status_code, found.headers["Content-Type"]) == (200, DOCUMENT[ending])


@pytest.mark.parametrize("ending", [each for each in DOCUMENT if each != "en.html"])
def test_a_media_type_is_had_at_the_path_of_the_document(ending: str, server: Served) -> None:
    media = DOCUMENT[ending]
    found = server.get(QUESTION, Accept=media.partition(";")[0])
    assert (found.status_code, found.headers["Content-Type"]) == (200, media)


@pytest.mark.parametrize("path", FILES)
def test_a_file_has_its_media_type(path: str, server: Served) -> None:
    found = server.get(path)
    assert (found.status_code, found.headers["Content-Type"]) == (200, FILES[path])


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("path", [f"{QUESTION}.html", f"{QUESTION}.ttl", "dumps/questions.nt", "nothing"])
def test_every_answer_has_the_promised_headers(path: str, name: str, server: Served) -> None:
    assert server.get(path).headers[name] == HEADERS[name]


@pytest.mark.parametrize("name", PREFLIGHT)
def test_a_browser_that_asks_first_is_told_what_is_allowed(name: str, server: Served) -> None:
    found = requests.options(server.address + QUESTION, timeout=30)
    assert (found.status_code, found.headers[name]) == (204, PREFLIGHT[name])


@pytest.mark.parametrize("form", ROWS)
def test_an_answer_to_a_query_has_the_media_type_of_its_format(form: str, server: Served) -> None:
    query = "SELECT * { ?s a <http://schema.org/Question> } LIMIT 1"
    named = server.get(f"sparql?query={query}&format={form}")
    asked = server.get(f"sparql?query={query}", Accept=ROWS[form].partition(";")[0])
    assert {each.headers["Content-Type"] for each in (named, asked)} == {ROWS[form]}


@pytest.mark.parametrize("name", DUMPS)
@pytest.mark.parametrize("page", ["catalogue.html", "catalogue.en.html"])
def test_the_catalogue_links_to_each_dump(page: str, name: str, site: Path) -> None:
    text = (site / page).read_text(encoding="utf-8")
    assert f'href="/dumps/{name}"' in text
    assert (site / "dumps" / name).is_file()


@pytest.mark.parametrize("name", [name for name in DUMPS if name != "concepts.ttl"])
@pytest.mark.parametrize("page", ["jeu/questions.html", "jeu/questions.en.html"])
def test_the_page_of_the_data_set_links_to_each_of_its_dumps(page: str, name: str, site: Path) -> None:
    assert f'href="/dumps/{name}"' in (site / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", WORDS)
def test_a_page_has_its_words(page: str, site: Path) -> None:
    text = re.sub(r"<[^>]*>", "", (site / page).read_text(encoding="utf-8"))
    text = " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())
    assert [word for word in WORDS[page] if word not in text] == []


def test_the_manifest_on_the_web_is_that_of_the_release(server: Served, varied_release: Summary) -> None:
    path = varied_release.path / "manifest.json"
    assert server.get("dumps/manifest.json").json() == json.loads(path.read_text(encoding="utf-8"))
