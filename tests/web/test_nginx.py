"""nginx answers for a static site as `lod serve` does for the release: status, headers and body."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests
import urllib3
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from lod import Misused, Options, Summary, build_release, versions
from lod.release import Release
from lod.web.http.headers import ALWAYS
from lod.web.index.builder import ensure_index
from lod.web.index.reader import Index
from lod.web.pages import LISTS, Pages
from lod.web.server.app import application
from lod.web.server.release_reloader import ReleaseReloader, ServerConfig
from lod.web.server.site import Site
from lod.web.static.site_writer import SiteOptions, write_site
from tests.conftest import SAMPLES
from tests.support import nginx
from tests.web.test_negotiation import FIREFOX

QUESTION = "an/17/qe/90001"
ADDRESS = "http://data.example.org/"
BELOW = "http://data.example.org/some/where/"

ACCEPTS = [
    "",
    "*/*",
    FIREFOX,
    "text/html",
    "TEXT/HTML",
    "text/*",
    "application/*",
    "application/ld+json",
    "application/json",
    "text/turtle",
    "application/n-triples",
    "application/ld+json, */*",
    "application/ld+json, */*;q=0.1",
    "text/turtle;q=0.5, application/n-triples;q=0.7",
    "text/turtle;q=0.5, application/n-triples;q=0.5",
    "text/turtle;q=1.0, text/html;q=0.999",
    "text/html;q=0.5, */*;q=0.5",
    "text/html;q=0, */*;q=0.5",
    "text/*;q=0.3, text/html;q=0, */*;q=0.1",
    "text/*;q=0.3, application/*;q=0.4, text/html;q=0.2",
    "*/*;q=0",
    "text/html;q=0",
    "text/turtle;q=0, text/*",
    "application/json;q=0.2, application/ld+json;q=0.1",
    'application/ld+json;profile="http://www.w3.org/ns/json-ld#flattened, x"',
    'application/ld+json;profile="a;q=0";q=0.3, text/turtle;q=0.2',
    'application/ld+json;profile="a\\"b";q=0.3, text/turtle;q=0.2',
    "application/rdf+xml",
    "application/rdf+xml, */*;q=0.09",
    "text/n3",
    "text/n3, */*;q=0.1",
    "text/plain",
    "application/n-quads",
    "application/trig, */*;q=0.1",
    "application/json, text/plain, */*",
    "image/png",
    "application/rdf+xml, text/turtle;q=0.1",
    "image/png, application/pdf",
    ";;;,,, text/turtle ,;q=",
    "garbage",
    "text/turtle;q=2",
    "text/turtle;q=-1, application/json;q=0.1",
    "text/turtle;q=0.12345, application/json;q=0.1",
    "text/turtle;Q=0.1, application/json;q=0.2",
    "text/turtle ; q = 0.9 , text/html ; q = 0.8",
    'text/turtle;a="',
    "text/plain",
    "text/plain, text/html",
    "text/plain, text/html;q=0.9",
    "a/b," * 100,
    "x" * 4097,
    "text/turtle, text/turtle;q=0",
    "text/turtle;level=1;q=0.4;ext, text/html;level=2;q=0.3",
]
LANGUAGES = [
    "",
    "fr",
    "en",
    "EN",
    "*",
    "de",
    "en-GB,en;q=0.9,fr;q=0.5",
    "fr-CH, en;q=0.3",
    "de, en;q=0.2",
    "fr;q=0.1, *;q=0.5",
    "en;q=0.5, fr;q=0.5",
    "en;q=0",
    "fr;q=0, en;q=0",
    "fra, en;q=0.1",
    "en;q=1.5, fr;q=0.1",
    "x" * 4097,
]
ALLOWED = ["Allow", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers"]
COMPARED_HEADERS = [
    "Content-Type",
    "Content-Location",
    "Content-Language",
    "Vary",
    "Link",
    "Cache-Control",
    *ALWAYS,
    *ALLOWED,
]


class ServerResponse(NamedTuple):
    """What both servers must send."""

    status: int
    headers: dict[str, str | None]
    body: bytes


class SiteWithoutSearch(Site):
    """A release served with the pages of a static site, which have no search."""

    def __init__(self, release: Release, index: Path, address: str) -> None:
        super().__init__(release, index, address)
        self._static_pages = Pages(Index(index), address=self.address, is_served=False)

    @property
    def pages(self) -> Pages:
        return self._static_pages


class TwoServers:
    """A release on the web twice: served by `lod serve`, and as files by nginx."""

    def __init__(self, client: TestClient, address: str, root: str, work: Path) -> None:
        self.work = work
        self.site = work / "out" / "current"
        self.root = root
        self._client = client
        self.address = address
        self._session = requests.Session()
        self._session.trust_env = False

    def by_lod(self, path: str, method: str = "GET", **headers: str) -> ServerResponse:
        sent = {"accept": "", "accept-encoding": "identity", **_names(headers)}
        response = self._client.request(method, self.root + path, headers=sent)
        return _answer(response.status_code, dict(response.headers), response.content)

    def by_nginx(self, path: str, method: str = "GET", **headers: str) -> ServerResponse:
        response = self.response(path, method, **headers)
        return _answer(response.status_code, dict(response.headers), response.content)

    def response(self, path: str, method: str = "GET", **headers: str) -> requests.Response:
        sent = {"accept": "", "accept-encoding": "identity", **_names(headers)}
        return self._session.request(method, self.address + self.root + path, headers=sent, timeout=30)

    def redirects(self, path: str, **headers: str) -> list[Any]:
        """Return the responses of both without following them; only their bodies may differ."""
        by_lod = self._client.get(self.root + path, headers=_names(headers), follow_redirects=False)
        by_nginx = self._session.get(
            self.address + self.root + path, headers=_names(headers), timeout=30, allow_redirects=False
        )
        return [by_lod, by_nginx]

    def agree(self, path: str, method: str = "GET", **headers: str) -> ServerResponse:
        """Return the response that both send; only the error pages of `lod serve` show the path."""
        by_lod, by_nginx = self.by_lod(path, method, **headers), self.by_nginx(path, method, **headers)
        is_page = by_lod.status in (404, 410) and by_lod.headers["Content-Type"] == "text/html; charset=utf-8"
        expected = by_lod._replace(body=by_nginx.body) if is_page else by_lod
        assert by_nginx.headers == expected.headers, (path, headers)
        assert by_nginx == expected, (path, headers)
        return by_nginx


def _names(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _answer(status: int, headers: dict[str, str], body: bytes) -> ServerResponse:
    by_name = {name.lower(): value for name, value in headers.items()}
    return ServerResponse(status, {name: by_name.get(name.lower()) for name in COMPARED_HEADERS}, body)


def start_servers(release: Path, work: Path, address: str) -> Iterator[TwoServers]:
    index_file = ensure_index(Release(release), work / "index")
    current = ReleaseReloader(
        ServerConfig(release=release, address=address, work=work / "index", has_sparql=False)
    )
    current.site = SiteWithoutSearch(Release(release), index_file, address)
    options = SiteOptions(address=address, nginx=True, gzip=True)
    write_site(Release(release), index_file, work / "out", options)
    site = work / "out" / "current"
    serving = TestClient(application(current), base_url="http://data.example.org")
    with nginx.running(site / "nginx" / "site.conf", work) as nginx_address, serving as client:
        yield TwoServers(client, nginx_address, current.site.root, work)


@pytest.fixture(scope="module")
def web(varied_release: Summary, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoServers]:
    yield from start_servers(varied_release.path, tmp_path_factory.mktemp("nginx"), ADDRESS)


@pytest.fixture(scope="module")
def below(varied_release: Summary, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoServers]:
    yield from start_servers(varied_release.path, tmp_path_factory.mktemp("below"), BELOW)


@pytest.fixture(scope="module")
def paths(web: TwoServers) -> list[str]:
    """Paths of a document of each kind, of aliases, and of nothing."""
    index = Index(next((web.work / "index").glob("*.sqlite")))
    kinds = {document.kind: document.path for document in index.documents()}
    aliases = [f"{QUESTION}/fr", "ontology", "shapes", "jeu/questions.ttl"]
    return [
        "",
        "index",
        *LISTS,
        *kinds.values(),
        *aliases,
        "no/such",
        "an//17/qe/90001",
        f"{QUESTION}/",
        "an/17/qe",
    ]


def test_both_agree_on_every_kind_of_document_for_any_accept_header(
    web: TwoServers, paths: list[str]
) -> None:
    statuses = {web.agree(path, accept=accept).status for path in paths for accept in ACCEPTS}
    assert statuses == {200, 400, 404, 406}


def test_both_agree_on_withdrawn_documents(tmp_path: Path) -> None:
    out = tmp_path / "releases"
    build_release([SAMPLES / "pages", SAMPLES / "json"], out, Options())
    build_release([SAMPLES / "pages"], out, Options(allow_shrink=True))
    for web in start_servers(out / "current", tmp_path, ADDRESS):
        gone = re.findall(r"<(an/\d+/\w+/\d+)>", (out / "current" / "withdrawn.ttl").read_text("utf-8"))
        paths = [
            f"{path}{part}"
            for path in gone
            for part in ("", "/fr", "/reponse/fr", ".ttl", ".html", "/x.en.html")
        ]
        assert paths
        for path in paths:
            for accept in ("text/html", "text/turtle", "application/ld+json"):
                assert web.agree(path, accept=accept, accept_language="en").status == 410
            assert web.agree(path, "HEAD", accept="text/turtle").status == 410
            web.agree(path, accept="image/png")
        assert [
            path for path in gone if path in (web.site / "www" / "sitemap-1.xml").read_text("utf-8")
        ] == []


def test_both_agree_on_languages(web: TwoServers, paths: list[str]) -> None:
    for path in paths:
        for language in LANGUAGES:
            web.agree(path, accept="text/html", accept_language=language)


@pytest.mark.parametrize(
    "ending",
    [
        ".html",
        ".en.html",
        ".jsonld",
        ".ttl",
        ".nt",
        ".2.html",
        ".1.html",
        ".0.html",
        ".99.en.html",
        ".html.html",
        ".en",
        ".json",
        ".about",
        ".html.gz",
        "/",
        "/x",
        ".ttl.nt",
        "/../x.html",
    ],
)
def test_both_agree_on_endings(web: TwoServers, paths: list[str], ending: str) -> None:
    for path in paths:
        if path not in ("", "index"):
            web.agree(path + ending, accept="text/turtle, text/html;q=0.5")


@pytest.mark.parametrize("ending", [".html", ".en.html", ".ttl"])
def test_both_agree_on_the_home_page(web: TwoServers, ending: str) -> None:
    web.agree(f"index{ending}", accept="text/html")


@given(
    st.text(st.characters(codec="ascii", exclude_characters="\r\n\0", categories=["L", "N", "P", "S", "Zs"]))
)
@settings(max_examples=60)
def test_both_agree_on_arbitrary_accept_headers(web: TwoServers, accept: str) -> None:
    web.agree(QUESTION, accept=accept.strip())


_Q = st.sampled_from(
    ["", ";q=0", ";q=0.1", ";q=0.5", ";q=0.500", ";q=1", ";q=1.1", ';a="x,y"', ";q=.5", ";q=0."]
)
_MEDIA = st.sampled_from(
    [
        "*/*",
        "text/*",
        "application/*",
        "text/html",
        "text/turtle",
        "application/json",
        "application/ld+json",
        "x",
    ]
)


@given(st.lists(st.builds("".join, st.tuples(_MEDIA, _Q, _Q)), max_size=6).map(",".join))
@settings(max_examples=150)
def test_both_agree_on_arbitrary_preferences(web: TwoServers, accept: str) -> None:
    web.agree(QUESTION, accept=accept)


def test_repeated_header_fields_are_one_list(web: TwoServers) -> None:
    lines = urllib3.HTTPHeaderDict({"accept": "image/png", "accept-language": "de"})
    lines.add("accept", "text/html")
    lines.add("accept-language", "en")
    found = urllib3.request("GET", f"{web.address}{web.root}{QUESTION}", headers=lines)
    expected = web.by_lod(QUESTION, accept=lines["accept"], accept_language=lines["accept-language"])
    assert found.headers["Content-Language"] == "en"
    assert (found.status, found.data) == (expected.status, expected.body)


def test_both_agree_on_head(web: TwoServers, paths: list[str]) -> None:
    for path in paths:
        assert web.agree(path, "HEAD", accept="text/turtle").body == b""


def test_both_agree_below_a_root_path(below: TwoServers, paths: list[str]) -> None:
    for path in paths:
        for accept in ("text/html", "text/turtle", "image/png"):
            below.agree(path, accept=accept)
    for path in (
        f"{QUESTION}.html",
        "deputes.html",
        "context.jsonld",
        "dumps/questions.nt",
        "questions.atom",
    ):
        assert below.agree(path).status == 200


def test_both_agree_on_files(web: TwoServers) -> None:
    names = [*versions.contexts(), "questions.atom", "sitemap.xml", "sitemap-1.xml"]
    assets = [
        f"assets/{file.name}?v=1" for file in (web.site / "www" / "assets").iterdir() if file.suffix != ".gz"
    ]
    dumps = [
        f"dumps/{file.relative_to(web.site / 'www' / 'dumps')}"
        for file in (web.site / "www" / "dumps").iterdir()
        if file.suffix != ".gz"
        if file.is_file()
    ]
    for path in (*names, *assets, *dumps):
        assert web.agree(path).status == 200, path
    for path in ("dumps/x", "dumps/", "dumps", "assets/x", "dumps/../context.jsonld/x"):
        assert web.agree(path).status == 404, path


@pytest.mark.parametrize(
    ("path", "location"),
    [
        (f"{QUESTION}/", QUESTION),
        (f"{QUESTION}.json", f"{QUESTION}.jsonld"),
        ("catalogue/", "catalogue"),
        ("an/17/qe/90001.ttl/", "an/17/qe/90001.ttl"),
        (".well-known/void", "catalogue"),
    ],
)
@pytest.mark.parametrize("accept", ["*/*", "text/html", "text/turtle"])
def test_both_lead_from_addresses_that_clients_make_up(
    web: TwoServers, path: str, location: str, accept: str
) -> None:
    for found in web.redirects(path, accept=accept):
        assert found.status_code == (302 if "well-known" in path else 308)
        assert found.headers["Location"] == web.root + location


@pytest.mark.parametrize("path", ["nothing/", "nothing.json", f"{QUESTION}//", f"{QUESTION}.json.json"])
def test_both_lead_from_no_other_address(web: TwoServers, path: str) -> None:
    assert web.agree(path).status == 404


def test_robots_txt_names_the_site_map(web: TwoServers) -> None:
    found = web.by_nginx("robots.txt")
    assert f"Sitemap: {ADDRESS}sitemap.xml" in found.body.decode()
    assert found.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert found.headers["Cache-Control"] == "no-store"


def test_both_agree_on_ranges_of_dumps(web: TwoServers) -> None:
    for byte_range in ("bytes=0-99", "bytes=-10", "bytes=100-"):
        assert web.agree("dumps/questions.nt", range=byte_range).status == 206


def test_a_conditional_request_is_answered_304_with_the_same_headers(web: TwoServers) -> None:
    first = web.response(QUESTION, accept="text/turtle")
    for known in (
        {"if_none_match": first.headers["ETag"]},
        {"if_modified_since": first.headers["Last-Modified"]},
    ):
        again = web.response(QUESTION, accept="text/turtle", **known)
        assert again.status_code == 304
        for name in ("ETag", "Vary", "Content-Location", "Link", "Cache-Control"):
            assert again.headers[name] == first.headers[name]


def test_each_format_has_its_own_etag(web: TwoServers) -> None:
    accepts = ["text/html", "text/turtle", "application/ld+json", "application/n-triples"]
    answers = [web.response(QUESTION, accept=accept) for accept in accepts]
    answers += [web.response(QUESTION, accept=accept, accept_encoding="gzip") for accept in accepts]
    assert len({answer.headers["ETag"] for answer in answers}) == 8


def test_compressed_copies_are_sent_to_clients_that_accept_gzip(web: TwoServers, paths: list[str]) -> None:
    for path in (*paths[:-4], "dumps/questions.nt", "assets/site.css", "context.jsonld"):
        zipped = web.response(path, accept_encoding="gzip")
        assert zipped.headers["Content-Encoding"] == "gzip"
        assert zipped.content == web.by_nginx(path).body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_both_agree_on_other_methods(web: TwoServers, method: str) -> None:
    assert web.agree(QUESTION, method).status == 405
    assert web.response(QUESTION, method).headers["Allow"] == "GET, HEAD, OPTIONS"


def test_cross_origin_requests_are_allowed(web: TwoServers) -> None:
    for more in ({}, {"access_control_request_headers": "X-One, x_two"}):
        found = web.response(QUESTION, "OPTIONS", origin="https://example.org", **more)
        by_lod = web.agree(QUESTION, "OPTIONS", origin="https://example.org", **more)
        assert found.status_code == by_lod.status == 204
        for name in ALLOWED:
            assert found.headers[name] == by_lod.headers[name]


@pytest.mark.parametrize(
    "path",
    [
        ".chosen/index.html",
        "assets/../../about/ontology.json",
        "about/ontology.json",
        "../nginx/site.conf",
        "%2e%2e/nginx/site.conf",
        "assets/%2e%2e/%2e%2e/nginx/site.conf",
        "..%2fnginx%2fsite.conf",
        "//etc/passwd",
        "../about/ontology",
        "an/...html",
        "an/17/qe/..%2f..%2f..%2f..%2fnginx%2fsite.conf",
        ".chosen/../about/ontology.json",
    ],
)
def test_only_files_of_the_site_are_sent(web: TwoServers, path: str) -> None:
    request = requests.Request("GET", "http://x/").prepare()
    request.url = f"{web.address}/{path}"
    assert requests.Session().send(request, timeout=30).status_code in (400, 404)


@pytest.mark.parametrize("name", ['a"b', "a'b", "a$b", "a\\b", "a\nb"])
def test_a_folder_whose_name_cannot_be_quoted_is_rejected(
    varied_release: Summary, tmp_path: Path, name: str
) -> None:
    release = Release(varied_release.path)
    with pytest.raises(Misused, match="expected a folder whose path can be quoted"):
        write_site(release, ensure_index(release, tmp_path), tmp_path / name, SiteOptions(nginx=True))


def test_a_folder_with_other_special_characters_is_served(varied_release: Summary, tmp_path: Path) -> None:
    release, work = Release(varied_release.path), tmp_path / "w"
    work.mkdir()
    out = tmp_path / "a b;{c}#é"
    write_site(release, ensure_index(release, tmp_path), out, SiteOptions(nginx=True))
    with nginx.running(out / "current" / "nginx" / "site.conf", work) as address:
        assert requests.get(f"{address}/{QUESTION}.ttl", timeout=30).status_code == 200


def test_the_site_is_replaced_under_a_running_nginx(varied_release: Summary, tmp_path: Path) -> None:
    release, out = Release(varied_release.path), tmp_path / "out"
    index_file = ensure_index(release, tmp_path / "index")
    write_site(release, index_file, out, SiteOptions(nginx=True))
    with nginx.running(out / "current" / "nginx" / "site.conf", tmp_path) as address:
        before = requests.get(f"{address}/{QUESTION}", timeout=30)
        (out / "current" / "www" / "index.html").write_text("old", encoding="utf-8")
        write_site(release, index_file, out, SiteOptions(nginx=True))
        assert requests.get(f"{address}/index.html", timeout=30).text != "old"
        assert requests.get(f"{address}/{QUESTION}", timeout=30).content == before.content


def test_nginx_accepts_the_configuration_without_warnings(web: TwoServers) -> None:
    work = web.work
    command = ["nginx", "-t", "-e", f"{work}/error.log", "-c", f"{work}/nginx.conf"]
    check = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "test is successful" in check.stderr
    assert "[warn]" not in check.stderr
