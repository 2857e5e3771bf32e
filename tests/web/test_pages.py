"""The pages of a release: whole, in both languages, leading somewhere, and nothing hostile gets in."""

import ast
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from lod import Options, Summary, build_release
from lod.errors import BadValue
from lod.release import Release
from lod.web.index.builder import index_of
from lod.web.index.index import FORMATS, PAGE, Index
from lod.web.index.question_filter import QuestionFilter
from lod.web.index.question_row import Facet
from lod.web.index.search_parameters import query, wanted
from lod.web.pages import Language, Pages, resource
from lod.web.pages.language import set_in_french
from lod.web.pages.links import ASSETS
from lod.web.pages.renderer import TEMPLATES
from lod.web.pages.words import table
from tests.conftest import ROOT, SAMPLES
from tests.support.loops import some

FR, EN = Language
STATUSES = (400, 404, 406, 410, 418, 500, 503, 599)
LISTS = ("deputes", "groupes", "ministeres")
VOID = {"meta", "link", "input", "br", "path", "rect", "circle", "line"}
HOSTILE = (
    "</title></script><script>alert(1)</script> {{ 7 * 7 }} {% raw %} \"'><img src=x onerror=alert(2)> & <!--"
)


class Page(HTMLParser):
    """Reads a page strictly: elements are closed in the order in which they were opened."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.ids, self.links, self.scripts = list[str](), list[str](), list[str]()
        self.headings, self.attributes, self.words = list[int](), list[tuple[str, str, str]](), list[str]()
        self.open = list[str]()
        self.language: dict[str, str | None] = {}
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert len(given) == len(attrs), f"twice the same attribute: {attrs}"
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name in {"href", "src", "action"} and value]
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append(int(tag[1]))
            self.language[tag] = given.get("lang")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open, tag
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        (self.scripts if self.open and self.open[-1] == "script" else self.words).append(data)


@pytest.fixture(scope="module")
def release(varied_release: Summary) -> Release:
    return Release(varied_release.path)


@pytest.fixture(scope="module")
def index(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Index:
    return Index(index_of(release, tmp_path_factory.mktemp("pages")))


@pytest.fixture(scope="module")
def site(index: Index) -> dict[str, Page]:
    """Give every page of the samples' release by its address."""
    return {address: Page(text) for address, text in laid_out(Pages(index, root="/a/"), index)}


def laid_out(pages: Pages, index: Index, root: str = "/a/") -> Iterator[tuple[str, str]]:
    for language in Language:
        yield f"{root}index{language.suffix}", pages.home(language)
        for name in LISTS:
            listed = pages.listing(name, language)
            assert listed
            yield f"{root}{name}{language.suffix}", listed
        for held in index.documents():
            for number in range(1, pages.pages_of(held) + 1):
                text = pages.document(held, language, number)
                assert text, held.path
                further = f".{number}" if number > 1 else ""
                yield f"{root}{held.path}{further}{language.suffix}", text


def others(pages: Pages) -> Iterator[str]:
    """Give pages that have no address of their own."""
    for language in Language:
        yield from (pages.error(status, language, "an/17/qe/0") for status in STATUSES)
        yield pages.search(QuestionFilter(words="parapluies", since="2020-01-01"), language)
        yield pages.search(QuestionFilter(words="xyzzy"), language)
        yield pages.search(QuestionFilter(), language, 2)


def test_every_kind_of_document_is_among_the_samples(index: Index) -> None:
    kinds = {held.kind for held in index.documents()}
    assert kinds >= {"question", "person", "ministry", "organ", "constituency", "legislature", "issue"}
    assert kinds >= {"concept", "scheme", "dataset", "catalogue", "ontology", "elsewhere", "graph", "other"}


def test_no_page_has_an_id_twice_or_headings_out_of_order(site: dict[str, Page], index: Index) -> None:
    for page in some([*site.values(), *map(Page, others(Pages(index)))]):
        assert len(page.ids) == len(set(page.ids)), page.ids
        assert page.headings[0] == 1
        assert page.headings.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(page.headings))


def test_every_link_leads_to_something_that_is_there(
    site: dict[str, Page], index: Index, release: Release
) -> None:
    data = {f"/a/{held.path}.{form}" for held in index.documents() for form in FORMATS}
    served = {
        f"/a/{name}" for name in ("recherche", "search", "sparql", "api/openapi.json", "questions.atom")
    }
    assets = {f"/a/assets/{place.name}" for place in ASSETS.iterdir()}
    for address, page in some(site.items()):
        for link in page.links:
            parts = urlsplit(link)
            if parts.netloc:
                assert parts.scheme in {"http", "https"}, link
                continue
            path = unquote(parts.path) or address
            if path in site:
                assert not parts.fragment or parts.fragment in site[path].ids, f"{address}: {link}"
            elif path.startswith("/a/dumps/"):
                release.file(path.removeprefix("/a/dumps/"))
            else:
                assert path in data | served | assets, f"{address}: {link}"


def test_links_stay_in_the_language_that_was_chosen(site: dict[str, Page]) -> None:
    for address, page in some(site.items()):
        suffix = ".en.html" if address.endswith(".en.html") else ".html"
        pages = [link for link in page.links if link.startswith("/a/") and ".html" in link]
        strange = [link for link in pages if (".en.html" in link) != (suffix == ".en.html")]
        twin = address.removesuffix(suffix) + (".html" if suffix == ".en.html" else ".en.html")
        assert set(map(unquote, strange)) == {twin}, address


def test_a_policy_without_inline_code_and_style_holds(site: dict[str, Page], index: Index) -> None:
    for page in some([*site.values(), *map(Page, others(Pages(index)))]):
        for tag, name, value in page.attributes:
            assert name != "style"
            assert not name.startswith("on")
            assert not value.startswith("javascript:")
            assert tag not in {"style", "iframe", "object"}
        scripts = [value for tag, name, value in page.attributes if (tag, name) == ("script", "type")]
        assert scripts == ["application/ld+json"] * len(page.scripts)


def test_no_page_shows_what_a_template_left_undone(site: dict[str, Page], index: Index) -> None:
    for page in some([*site.values(), *map(Page, others(Pages(index)))]):
        told = " ".join(page.words)
        for sign in ("{{", "{%", "None", "Undefined", "_:c14n", "{n}", "&lt;", "Named("):
            assert sign not in told, told[:300]


def test_the_page_of_a_question_says_what_its_document_says(index: Index, site: dict[str, Page]) -> None:
    for held in some(index.documents("question")):
        node = index.json(held)
        page = site[f"/a/{held.path}.html"]
        told = " ".join(page.words)
        assert set_in_french(node["title"]) in told
        assert node["number"] in told
        assert node["id"] in page.links
        assert node["officialPage"] in page.links
        for work in (node, *node.get("answers", ())):
            if "text" in work and " | " not in work["text"]:
                for paragraph in work["text"].split("\n"):
                    assert set_in_french(paragraph.strip()) in told
        assert page.attributes.count(("ol", "class", "life")) == 1


def test_search_engines_get_question_and_answers(index: Index, site: dict[str, Page]) -> None:
    for held in some(index.documents("question")):
        node = index.json(held)
        (script,) = site[f"/a/{held.path}.en.html"].scripts
        said = json.loads(script)["mainEntity"]
        assert (said["@id"], said["name"]) == (node["id"], node["title"])
        given = [answer["text"] for answer in said.get("acceptedAnswer", ())]
        assert given == [answer["text"] for answer in node.get("answers", ())]


def test_french_is_marked_on_an_english_page(index: Index, site: dict[str, Page]) -> None:
    for held in some(index.documents("question")):
        assert site[f"/a/{held.path}.en.html"].language["h1"] == "fr"
        assert site[f"/a/{held.path}.html"].language["h1"] is None


def test_an_answer_says_whether_it_came_in_time(index: Index) -> None:
    pages = Pages(index)
    late, early = (index.document(path) for path in ("an/14/qe/99104", "an/16/qe/99108"))
    assert late
    assert early
    assert "126 jours après la question – au-delà du délai" in (pages.document(late, FR) or "")
    assert "63 days after the question – beyond the term" in (pages.document(early, EN) or "")


def test_a_list_has_pages_and_no_more(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "PAGE", 3)
    pages, held = Pages(index), index.document("an/legislature/17")
    assert held
    count = index.count(QuestionFilter(resource=f"{index.base}an/legislature/17"))
    assert pages.pages_of(held) == -(-count // 3) > 1
    told = [Page(pages.document(held, FR, n) or "") for n in range(1, pages.pages_of(held) + 1)]
    listed = [link for page in told for link in page.links if re.fullmatch(r"/an/17/q\w+/\d+\.html", link)]
    assert len(listed) == len(set(listed)) == count
    assert "/an/legislature/17.2.html" in told[0].links
    assert pages.document(held, FR, pages.pages_of(held) + 1) is None
    assert pages.document(held, FR, 0) is None
    assert pages.listing("deputes", FR, 2) is None
    assert pages.listing("nobody", FR) is None


def test_files_have_neither_search_nor_sparql(index: Index) -> None:
    for address, text in some(laid_out(Pages(index, is_served=False), index, "/")):
        page = Page(text)
        assert "form" not in {tag for tag, _, _ in page.attributes}, address
        assert not [link for link in page.links if link.startswith(("/recherche", "/search", "/sparql"))]


def test_what_is_sought_is_marked_and_can_be_narrowed(index: Index) -> None:
    text = Pages(index).search(QuestionFilter(words="parapluies"), FR)
    assert "<mark>parapluies</mark>" in text
    narrowing = [link for link in Page(text).links if "status=" in link]
    assert narrowing
    for link in narrowing:
        parameters = dict(pair.split("=") for pair in urlsplit(link).query.split("&"))
        assert index.count(wanted({k: unquote(v) for k, v in parameters.items()}, index)) >= 1


def test_a_filter_can_be_taken_away(index: Index) -> None:
    iri = index.choices(Facet.GROUP, QuestionFilter())[0].iri
    page = Page(Pages(index).search(QuestionFilter(words="ministre", facets={Facet.GROUP: iri}), EN))
    assert "/search?q=ministre" in page.links


def test_finding_nothing_shows_what_would_be_found_without_filters(index: Index) -> None:
    sought = QuestionFilter(words="parapluies", until="1990-01-01")
    assert "sans les filtres" in Pages(index).search(sought, FR)
    assert "/recherche?q=parapluies" in Page(Pages(index).search(sought, FR)).links


def test_what_is_wanted_is_read_as_it_was_written(index: Index) -> None:
    for facet in (Facet.GROUP, Facet.MINISTRY, Facet.STATUS, Facet.TYPE, Facet.LEGISLATURE, Facet.RUBRIC):
        for choice in some(index.choices(facet, QuestionFilter())):
            sought = QuestionFilter(facets={facet: choice.iri}, since="2014-01-01", words='"eau & sel" -thé')
            pairs = dict(pair.split("=", 1) for pair in query(sought, index).split("&"))
            given = {name: unquote(value.replace("+", " ")) for name, value in pairs.items()}
            assert wanted(given, index) == sought


@pytest.mark.parametrize(
    "parameters",
    [
        {"group": "an/organe/PO0"},
        {"group": "def/etat/repondue"},
        {"status": "https://example.org/"},
        {"ministry": "../../etc/passwd"},
        {"from": "yesterday"},
        {"to": "2026-02-31"},
    ],
)
def test_a_value_that_is_none_of_this_release_is_refused(parameters: dict[str, str], index: Index) -> None:
    with pytest.raises(BadValue):
        wanted(parameters, index)


def test_nothing_asked_for_is_everything(index: Index) -> None:
    assert wanted({"q": " ", "group": "", "utm_source": "x"}, index) == QuestionFilter()
    assert query(QuestionFilter(), index) == ""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Give the index of a release in which every text of a question is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    told = json.loads((SAMPLES / "json" / "QANR5L17QE90101.json").read_text(encoding="utf-8"))
    plain = json.dumps(told, ensure_ascii=False)
    for spoilt in ("Recensement des griffons", "Groupe des Essais", "Beaux temps et éclaircies", "animaux"):
        assert spoilt in plain
        plain = plain.replace(spoilt, json.dumps(f"{spoilt} {HOSTILE}")[1:-1])
    (folder / "QANR5L17QE90101.json").write_text(plain, encoding="utf-8")
    summary = build_release([folder / "QANR5L17QE90101.json"], folder / "out", Options())
    return Index(index_of(Release(summary.path), folder / "site"))


def test_nothing_hostile_gets_into_a_page(hostile: Index) -> None:
    pages = Pages(hostile)
    texts = dict(laid_out(pages, hostile, "/"))
    texts["search"] = pages.search(QuestionFilter(words=HOSTILE), FR)
    texts["found"] = pages.search(QuestionFilter(words="griffons"), EN)
    texts["404"] = pages.error(404, EN, HOSTILE)
    assert "&lt;script&gt;alert(1)" in texts["/an/17/qe/90101.html"]
    assert "{{ 7 * 7 }}" in texts["/an/17/qe/90101.html"]
    for address, text in texts.items():
        page = Page(text)
        assert "alert" not in "".join(name for _, name, _ in page.attributes), address
        assert "<script>" not in text, address
        assert "<img" not in text, address
        assert "<!--" not in text, address
        assert "49" not in re.findall(r"\b\d+\b", text.split("</head>")[0]), address
        for script in page.scripts:
            assert json.loads(script)["mainEntity"]["name"].endswith("<!--")


def test_a_deputy_of_whom_only_a_name_is_known_is_on_the_page_of_the_question(tmp_path: Path) -> None:
    summary = build_release([SAMPLES / "forms" / "page-c-name.txt"], tmp_path / "out", Options())
    named = Index(index_of(Release(summary.path), tmp_path / "site"))
    texts = dict(laid_out(Pages(named), named, "/"))
    page = Page(texts["/an/14/qe/99201.html"])
    assert "/an/14/qe/99201.html#depute" in page.links
    assert "depute" in page.ids
    data = json.dumps(named.json(next(named.documents("question"))), ensure_ascii=False)
    assert '"name": "Ondine Chimère"' in data


def test_a_common_answer_is_read_once_with_all_its_questions(tmp_path: Path) -> None:
    told = (SAMPLES / "json" / "QANR5L17QE90101.json").read_text(encoding="utf-8")
    places = [tmp_path / f"QANR5L17QE{number}.json" for number in (90101, 90109)]
    for place in places:
        place.write_text(told.replace("90101", place.stem[-5:]), encoding="utf-8")
    summary = build_release(places, tmp_path / "out", Options())
    index = Index(index_of(Release(summary.path), tmp_path / "site"))
    pages, (held,) = Pages(index, root="/a/"), index.documents("common-answer")
    (question, *_) = index.documents("question")
    page = Page(pages.document(held, FR) or "")
    assert {"/a/an/17/qe/90101.html", "/a/an/17/qe/90109.html"} <= set(page.links)
    answer = index.json(question)["answers"][0]["text"]
    assert set_in_french(answer.split("\n")[0]) in page.words
    assert f"/a/{held.path}.html" in Page(pages.document(question, FR) or "").links
    assert "La même réponse a été donnée à 2 questions" in (pages.document(question, FR) or "")
    assert "2 questions" in page.words


def test_words_are_in_both_languages_and_take_the_same_values() -> None:
    for key, words in some(table().items()):
        assert set(words) == {"fr", "en"}, key
        assert type(words["fr"]) is type(words["en"]), key
        many = [told if isinstance(told, list) else [told] for told in words.values()]
        assert {len(told) for told in many} in ({1}, {2}), key
        holes = {frozenset(re.findall(r"{(\w+)}", told)) for each in many for told in each}
        assert len(holes) == 1, key


def test_french_words_are_set_as_french() -> None:
    for key, words in some(table().items()):
        for told in words["fr"] if isinstance(words["fr"], list) else [words["fr"]]:
            assert not re.search(r"[^\u202f\w(»][;!?]|\w[;!?]", told), f"{key}: {told}"
            assert not re.search(r"[^\u00a0]:|« | »|'", told), f"{key}: {told}"


def test_no_words_are_left_that_nobody_says() -> None:
    places = [*TEMPLATES.glob("*.html"), *(ROOT / "lod" / "site" / "pages").glob("*.py")]
    said = " ".join(place.read_text(encoding="utf-8") for place in places)
    found = re.findall(r"""["'](\w+?_)["'] ?~|f"(\w+?_)\{""", said)
    made = {name for names in found for name in names if name}
    for key in some(table()):
        assert re.search(rf"""["']{key}["']""", said) or any(key.startswith(name) for name in made), key


def test_pages_are_made_of_the_index_alone() -> None:
    allowed = {"lod.web", "lod.context", "lod.dates", "lod.slugs", "lod.errors"}
    for place in some((ROOT / "lod" / "site" / "pages").glob("*.py")):
        for node in ast.walk(ast.parse(place.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not {name.split(".")[0] for name in names} & {"pyoxigraph", "rdflib", "apsw"}
            for name in names:
                if name.startswith("lod."):
                    assert ".".join(name.split(".")[:2]) in allowed, f"{place.name}: {name}"


def test_assets_are_small_and_change_their_address_when_they_change() -> None:
    assert sum(place.stat().st_size for place in ASSETS.iterdir()) < 30_000
    assert not (ASSETS / "site.css").read_text(encoding="utf-8").count("@import")


def test_a_template_of_others_is_laid_out_as_all_are(index: Index, tmp_path: Path) -> None:
    (tmp_path / "own.html").write_text(
        '{% extends "page.html" %}{% block content %}<h1>{{ title }}</h1><p>{{ told }}</p>{% endblock %}'
    )
    page = Page(Pages(index, folders=[tmp_path]).wrap("A & B", "own.html", EN, told="<x>"))
    assert "<x>" in page.words
    assert "A & B" in page.words


def test_a_page_lists_as_many_as_the_index_says(index: Index) -> None:
    assert len(Pages(index)._made[FR].rows(QuestionFilter())) == min(PAGE, index.count(QuestionFilter()))  # noqa: SLF001
