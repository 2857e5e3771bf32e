"""The pages of a release: well-formed, in both languages, without dead links, safe against hostile texts."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from lod import Options, Summary, build_release
from lod.errors import BadValue
from lod.formats import DOCUMENT_DATA
from lod.release import Release
from lod.web.index.builder import ensure_index
from lod.web.index.question_filter import Facet, QuestionFilter
from lod.web.index.reader import PAGE_SIZE, Index, IndexedDocument, nodes
from lod.web.index.search_parameters import parse_filter, query_string
from lod.web.pages import Language, Pages, resource_page
from lod.web.pages.citation import cite
from lod.web.pages.language import Formatter, set_french_spaces, words_table
from lod.web.pages.links import ASSETS
from lod.web.pages.question_page import read_question
from lod.web.pages.renderer import TEMPLATES, PageRenderer, PageSettings
from tests.conftest import ROOT, SAMPLES
from tests.support.loops import some

FR, EN = Language
QUESTION = "an/17/qe/90001"
ADDRESS = "https://data.example.org/a/"
STATUSES = (400, 404, 406, 410, 418, 500, 503, 599)
LISTS = ("deputes", "groupes", "ministeres")
VOID = {"meta", "link", "input", "br", "path", "rect", "circle", "line"}
HOSTILE = (
    "</title></script><script>alert(1)</script> {{ 7 * 7 }} {% raw %} \"'><img src=x onerror=alert(2)> & <!--"
)


class Page(HTMLParser):
    """Parses a page strictly: elements must be closed in the reverse order of opening."""

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
        attributes = dict(attrs)
        assert len(attributes) == len(attrs), f"repeated attribute: {attrs}"
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name in {"href", "src", "action"} and value]
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append(int(tag[1]))
            self.language[tag] = attributes.get("lang")
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
    return Index(ensure_index(release, tmp_path_factory.mktemp("pages")))


@pytest.fixture(scope="module")
def site(index: Index) -> dict[str, Page]:
    """Every page of the samples' release by its URL path."""
    return {path: Page(text) for path, text in render_all(Pages(index, address=ADDRESS), index)}


def render_all(pages: Pages, index: Index, root: str = "/a/") -> Iterator[tuple[str, str]]:
    for language in Language:
        yield f"{root}index{language.suffix}", pages.home(language)
        for name in LISTS:
            text = pages.listing(name, language)
            assert text
            yield f"{root}{name}{language.suffix}", text
        for path in pages.figures_paths:
            text = pages.figures(path, language)
            assert text
            yield f"{root}{path}{language.suffix}", text
        for document in index.documents():
            for number in range(1, pages.count_pages(document) + 1):
                text = pages.document(document, language, number)
                assert text, document.path
                further = f".{number}" if number > 1 else ""
                yield f"{root}{document.path}{further}{language.suffix}", text


def render_unlisted(pages: Pages) -> Iterator[str]:
    """Yield error pages and searches, which are not among the pages of the index."""
    for language in Language:
        yield from (pages.error(status, language, "an/17/qe/0") for status in STATUSES)
        yield pages.search(QuestionFilter(words="parapluies", since="2020-01-01"), language)
        yield pages.search(QuestionFilter(words="xyzzy"), language)
        yield pages.search(QuestionFilter(), language, 2)


def test_the_samples_contain_every_kind_of_document(index: Index) -> None:
    kinds = {document.kind for document in index.documents()}
    assert kinds >= {"question", "person", "ministry", "organ", "constituency", "legislature", "issue"}
    assert kinds >= {"concept", "scheme", "dataset", "catalogue", "ontology", "replaced", "graph", "other"}


def test_ids_are_unique_and_headings_are_in_order(site: dict[str, Page], index: Index) -> None:
    for page in some([*site.values(), *map(Page, render_unlisted(Pages(index)))]):
        assert len(page.ids) == len(set(page.ids)), page.ids
        assert page.headings[0] == 1
        assert page.headings.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(page.headings))


def test_every_link_has_a_target(site: dict[str, Page], index: Index, release: Release) -> None:
    data = {f"/a/{document.path}.{form}" for document in index.documents() for form in DOCUMENT_DATA}
    served = {
        f"/a/{name}" for name in ("recherche", "search", "sparql", "api/openapi.json", "questions.atom")
    }
    data |= {
        f"/a/{path}{ending}"
        for path in Pages(index).figures_paths
        for ending in (".csv", ".json", ".svg", ".en.svg")
    }
    assets = {f"/a/assets/{file.name}" for file in ASSETS.iterdir()}
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


def test_links_stay_in_the_language_of_the_page(site: dict[str, Page]) -> None:
    for address, page in some(site.items()):
        suffix = ".en.html" if address.endswith(".en.html") else ".html"
        pages = [link for link in page.links if link.startswith("/a/") and ".html" in link]
        foreign = [link for link in pages if (".en.html" in link) != (suffix == ".en.html")]
        twin = address.removesuffix(suffix) + (".html" if suffix == ".en.html" else ".en.html")
        assert set(map(unquote, foreign)) == {twin}, address


def test_pages_need_no_inline_scripts_or_styles(site: dict[str, Page], index: Index) -> None:
    for page in some([*site.values(), *map(Page, render_unlisted(Pages(index)))]):
        for tag, name, value in page.attributes:
            assert name != "style"
            assert not name.startswith("on")
            assert not value.startswith("javascript:")
            assert tag not in {"style", "iframe", "object"}
        scripts = [value for tag, name, value in page.attributes if (tag, name) == ("script", "type")]
        assert scripts == ["application/ld+json"] * len(page.scripts)


def test_no_page_shows_an_unfilled_template(site: dict[str, Page], index: Index) -> None:
    for page in some([*site.values(), *map(Page, render_unlisted(Pages(index)))]):
        text = " ".join(page.words)
        for sign in ("{{", "{%", "None", "Undefined", "_:c14n", "{n}", "&lt;", "Label("):
            assert sign not in text, text[:300]


def test_the_page_of_a_question_shows_its_document(index: Index, site: dict[str, Page]) -> None:
    for document in some(index.documents("question")):
        node = index.json(document)
        page = site[f"/a/{document.path}.html"]
        text = " ".join(page.words)
        letters = "".join("".join(page.words).split())
        assert set_french_spaces(node["title"]) in text
        assert node["number"] in text
        assert node["id"] in page.links
        assert node["officialPage"] in page.links
        for work in (node, *node.get("answers", ())):
            for paragraph in work.get("text", "").replace("|", "\n").split("\n"):
                assert "".join(paragraph.split()) in letters
        assert page.attributes.count(("ol", "class", "timeline")) == 1


def test_the_page_of_a_deputy_lists_every_membership(index: Index, site: dict[str, Page]) -> None:
    anchors = {
        (f"/a/{document.path}.html", node["id"].rpartition("#")[2])
        for document in index.documents("person")
        for node in nodes(index.json(document))
        if "Membership" in node["type"]
    }
    assert anchors
    for path, anchor in anchors:
        assert anchor in site[path].ids, path


def test_a_deputy_is_named_with_the_feminine_form_if_she_is_a_woman(
    index: Index, site: dict[str, Page]
) -> None:
    forms = {"Mme": "Députée", "M.": "Député"}
    honorifics = set[str]()
    for document in some(index.documents("person")):
        honorific = nodes(index.json(document))[0].get("honorific")
        if honorific:
            honorifics.add(honorific)
            assert forms[honorific] in site[f"/a/{document.path}.html"].words
    assert honorifics == set(forms)


@pytest.mark.parametrize(
    ("language", "name"),
    [(FR, "Député PA1 (nom absent du référentiel)"), (EN, "Deputy PA1 (name not in the register)")],
)
def test_a_deputy_without_a_name_is_called_by_the_official_id(
    index: Index, language: Language, name: str
) -> None:
    deputy = IndexedDocument(1, "an/acteur/PA1", "person", None, None)
    label = PageRenderer(index, language, PageSettings()).links.document_label(deputy)
    assert (label.text, label.language) == (name, language)


def test_a_question_has_a_citation_with_its_permanent_address(site: dict[str, Page], index: Index) -> None:
    for language in Language:
        words = " ".join(site[f"/a/{QUESTION}{language.suffix}"].words)
        assert "@misc{17-qe-90001,\n  author = {" in words
        assert words.count(f"{index.base}{QUESTION}") >= 3


def test_a_citation_escapes_what_bibtex_interprets(index: Index) -> None:
    renderer = PageRenderer(index, FR, PageSettings())
    document = index.document(QUESTION)
    assert document
    question = replace(read_question(renderer, document), title="50 % & {rien} \\ _")
    bibtex = cite(question, FR).bibtex
    assert r"title = {50 \% \& \{rien\} \textbackslash{} \_}" in bibtex


def _head(page: Page) -> dict[str, str]:
    """The canonical address, the addresses by language and the properties of a page."""
    found, tags = dict[str, str](), list[dict[str, str]]()
    for tag, name, value in page.attributes:
        if tag in {"link", "meta"}:
            if name in {"rel", "name", "property"}:
                tags.append({})
            if tags:
                tags[-1][name] = value
    for each in tags:
        if each.get("rel") == "canonical" or "hreflang" in each:
            found[each.get("hreflang", "canonical")] = each["href"]
        elif "content" in each:
            found[each.get("name") or each["property"]] = each["content"]
    return found


def test_each_language_is_its_own_canonical_page_and_names_both(site: dict[str, Page]) -> None:
    for path, page in some(site.items()):
        suffix = ".en.html" if path.endswith(".en.html") else ".html"
        stem = "https://data.example.org" + path.removesuffix(suffix)
        head = {name: unquote(value) for name, value in _head(page).items()}
        assert head["canonical"] == head["og:url"] == stem + suffix
        assert (head["fr"], head["en"]) == (f"{stem}.html", f"{stem}.en.html")


def test_each_page_has_a_description_and_a_picture_for_previews(site: dict[str, Page], index: Index) -> None:
    (asset,) = (file for file in ASSETS.iterdir() if file.suffix == ".png")
    assert asset.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    for page in some(site.values()):
        head = _head(page)
        assert head["description"] == head["og:description"]
        assert 5 < len(head["description"]) <= 201
        assert urlsplit(head["og:image"]).path == f"/a/assets/{asset.name}"
    question = next(index.documents("question"))
    assert _head(site[f"/a/{question.path}.html"])["og:type"] == "article"


def test_without_an_address_canonical_pages_lie_under_the_base(index: Index) -> None:
    head = _head(Page(Pages(index).home(EN)))
    assert head["canonical"] == f"{index.base}index.en.html"


def test_only_a_page_with_an_answer_is_one_of_questions_and_answers(
    index: Index, site: dict[str, Page]
) -> None:
    types = set[str]()
    for document in some(index.documents("question")):
        answers = [answer for answer in index.json(document).get("answers", ()) if answer.get("text")]
        (script,) = site[f"/a/{document.path}.html"].scripts
        read = json.loads(script)
        assert read["@type"] == ("QAPage" if answers else "WebPage")
        assert read["mainEntity"]["answerCount"] == len(answers)
        assert read["url"] == f"{ADDRESS}{document.path}.html"
        types.add(read["@type"])
    assert types == {"QAPage", "WebPage"}


def test_search_engines_read_the_catalogue_and_its_data_sets(
    index: Index, site: dict[str, Page], release: Release
) -> None:
    (script,) = site["/a/catalogue.en.html"].scripts
    catalogue = json.loads(script)
    assert catalogue["@type"] == "DataCatalog"
    documents = list(index.documents("dataset"))
    assert len(catalogue["dataset"]) == len(documents) > 3
    (script,) = site["/a/jeu/questions.en.html"].scripts
    dataset = json.loads(script)
    assert dataset["@type"] == "Dataset"
    assert dataset["name"] == "Questions in the Assemblée nationale"
    assert 50 <= len(dataset["description"]) <= 5000  # what search engines of data require
    files = {each["contentUrl"].rpartition("/")[2]: each for each in dataset["distribution"]}
    assert {"questions.ttl", "questions.csv"} <= files.keys()
    for name, each in some(files.items()):
        assert each["sha256"] == release.sha256(name)
        assert each["encodingFormat"]
    assert {key: dataset[key] for key in ("identifier", "license")} == {
        "identifier": "questions",
        "license": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d", dataset["temporalCoverage"])


FIGURES = ("Documents", "Triplets", "Entités", "Sujets distincts", "Propriétés", "Classes")


def test_the_page_of_the_data_set_has_its_figures(site: dict[str, Page]) -> None:
    text = " ".join(site["/a/jeu/questions.html"].words)
    for figure in FIGURES:
        assert re.search(rf"\b{figure}\s+\d", text), figure


def test_search_engines_read_question_and_answers(index: Index, site: dict[str, Page]) -> None:
    for document in some(index.documents("question")):
        node = index.json(document)
        (script,) = site[f"/a/{document.path}.en.html"].scripts
        entity = json.loads(script)["mainEntity"]
        assert (entity["@id"], entity["name"]) == (node["id"], node["title"])
        texts = [answer["text"] for answer in entity.get("acceptedAnswer", ())]
        assert texts == [answer["text"] for answer in node.get("answers", ()) if "text" in answer]


def test_french_texts_on_english_pages_have_a_lang_attribute(index: Index, site: dict[str, Page]) -> None:
    for document in some(index.documents("question")):
        assert site[f"/a/{document.path}.en.html"].language["h1"] == "fr"
        assert site[f"/a/{document.path}.html"].language["h1"] is None


def test_a_page_says_whether_the_answer_was_on_time(index: Index) -> None:
    pages = Pages(index)
    late, early = (index.document(path) for path in ("an/14/qe/99104", "an/16/qe/99108"))
    assert late
    assert early
    assert "126 jours après la question – au-delà du délai" in (pages.document(late, FR) or "")
    assert "63 days after the question – beyond the time limit" in (pages.document(early, EN) or "")


def test_a_list_has_as_many_pages_as_it_needs(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource_page, "PAGE_SIZE", 3)
    pages, document = Pages(index), index.document("an/legislature/17")
    assert document
    count = index.count(QuestionFilter(resource=f"{index.base}an/legislature/17"))
    assert pages.count_pages(document) == -(-count // 3) > 1
    parsed = [Page(pages.document(document, FR, n) or "") for n in range(1, pages.count_pages(document) + 1)]
    listed = [link for page in parsed for link in page.links if re.fullmatch(r"/an/17/q\w+/\d+\.html", link)]
    assert len(listed) == len(set(listed)) == count
    assert "/an/legislature/17.2.html" in parsed[0].links
    assert pages.document(document, FR, pages.count_pages(document) + 1) is None
    assert pages.document(document, FR, 0) is None
    assert pages.listing("deputes", FR, 2) is None
    assert pages.listing("nobody", FR) is None


@pytest.mark.slow
def test_static_pages_have_neither_search_nor_sparql(index: Index) -> None:
    for address, text in render_all(Pages(index, is_served=False), index, "/"):
        page = Page(text)
        assert "form" not in {tag for tag, _, _ in page.attributes}, address
        assert not [link for link in page.links if link.startswith(("/recherche", "/search", "/sparql"))]


def test_search_results_are_highlighted_and_can_be_narrowed(index: Index) -> None:
    text = Pages(index).search(QuestionFilter(words="parapluies"), FR)
    assert "<mark>parapluies</mark>" in text
    narrowing = [link for link in Page(text).links if "status=" in link]
    assert narrowing
    for link in narrowing:
        parameters = dict(pair.split("=") for pair in urlsplit(link).query.split("&"))
        assert index.count(parse_filter({k: unquote(v) for k, v in parameters.items()}, index)) >= 1


def test_a_filter_can_be_removed(index: Index) -> None:
    iri = index.facet_counts(Facet.GROUP, QuestionFilter())[0].iri
    page = Page(Pages(index).search(QuestionFilter(words="ministre", facets={Facet.GROUP: iri}), EN))
    assert "/search?q=ministre" in page.links


def test_an_empty_search_offers_the_search_without_filters(index: Index) -> None:
    question_filter = QuestionFilter(words="parapluies", until="1990-01-01")
    assert "sans les filtres" in Pages(index).search(question_filter, FR)
    assert "/recherche?q=parapluies" in Page(Pages(index).search(question_filter, FR)).links


def test_a_filter_survives_the_round_trip_through_url_parameters(index: Index) -> None:
    for facet in (Facet.GROUP, Facet.MINISTRY, Facet.STATUS, Facet.TYPE, Facet.LEGISLATURE, Facet.RUBRIC):
        for choice in index.facet_counts(facet, QuestionFilter()):
            question_filter = QuestionFilter(
                facets={facet: choice.iri}, since="2014-01-01", words='"eau & sel" -thé'
            )
            pairs = dict(pair.split("=", 1) for pair in query_string(question_filter, index).split("&"))
            parameters = {name: unquote(value.replace("+", " ")) for name, value in pairs.items()}
            assert parse_filter(parameters, index) == question_filter


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
def test_an_unknown_or_malformed_parameter_value_is_rejected(
    parameters: dict[str, str], index: Index
) -> None:
    with pytest.raises(BadValue):
        parse_filter(parameters, index)


def test_a_filter_without_parameters_matches_everything(index: Index) -> None:
    assert parse_filter({"q": " ", "group": "", "utm_source": "x"}, index) == QuestionFilter()
    assert query_string(QuestionFilter(), index) == ""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """The index of a release in which every text of a question is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    question = json.loads((SAMPLES / "json" / "QANR5L17QE90101.json").read_text(encoding="utf-8"))
    plain = json.dumps(question, ensure_ascii=False)
    for text in ("Recensement des griffons", "Groupe des Essais", "Beaux temps et éclaircies", "animaux"):
        assert text in plain
        plain = plain.replace(text, json.dumps(f"{text} {HOSTILE}")[1:-1])
    (folder / "QANR5L17QE90101.json").write_text(plain, encoding="utf-8")
    summary = build_release([folder / "QANR5L17QE90101.json"], folder / "out", Options())
    return Index(ensure_index(Release(summary.path), folder / "site"))


@pytest.mark.slow
def test_hostile_texts_are_escaped(hostile: Index) -> None:
    pages = Pages(hostile)
    texts = dict(render_all(pages, hostile, "/"))
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
            read = json.loads(script)
            is_question = read["@type"] in {"QAPage", "WebPage"}
            assert not is_question or read["mainEntity"]["name"].endswith("<!--")


TEXT = (
    "<table><tr><th colspan=2>Griffons</th></tr><tr><th>Ain</th><td>12 | 13</td></tr></table>"
    "<i>x<y et z>w</i> &lt;script&gt; "
    '<a href="https://example.org/?a=1&amp;b=2">ici</a> ? <a href="/x">là</a>'
)


def test_a_page_shows_the_structure_of_a_text_and_guesses_none(tmp_path: Path) -> None:
    sample = json.loads((SAMPLES / "json" / "QANR5L17QE90101.json").read_text(encoding="utf-8"))
    sample["question"]["textesQuestion"]["texteQuestion"]["texte"] = TEXT
    sample["question"]["textesReponse"] = sample["question"]["cloture"] = None
    (tmp_path / "a.json").write_text(json.dumps(sample), encoding="utf-8")
    summary = build_release([tmp_path / "a.json"], tmp_path / "out", Options())
    index = Index(ensure_index(Release(summary.path), tmp_path / "site"))
    page = Pages(index).document(next(index.documents("question")), FR) or ""
    assert (
        '<table><thead><tr><th scope="col" colspan="2">Griffons</th></tr></thead>'
        '<tbody><tr><th scope="row">Ain</th><td>12 | 13</td></tr></tbody></table></div>'
    ) in page
    assert "<em>x&lt;y et z&gt;w</em> &lt;script&gt;" in page
    assert '<a href="https://example.org/?a=1&amp;b=2">ici</a>\u202f? là (/x)' in page


HOSTILE_MARKUP = {
    "<script>x</script>": "&lt;script&gt;x&lt;/script&gt;",
    '<a href="javascript:x">y</a>': "&lt;a href=&quot;javascript:x&quot;&gt;y",
    '<p onclick="x">y</p>': "&lt;p onclick=&quot;x&quot;&gt;y",
    "<p><em>x</p></em>y": "<p><em>x</em></p>y",
    "<strong>x": "<strong>x</strong>",
    '<span class="speaker">x</span>': '<span class="speaker">x</span>',
    '<span class="evil">x</span>': "&lt;span class=&quot;evil&quot;&gt;x",
    "&lt;b&gt; &amp; oui ?": "&lt;b&gt; &amp; oui\u202f?",
}


@pytest.mark.parametrize(("markup", "shown"), HOSTILE_MARKUP.items())
def test_markup_that_no_text_has_is_escaped(markup: str, shown: str) -> None:
    assert Formatter(FR).structured(markup) == shown


def test_a_deputy_known_only_by_name_is_on_the_page_of_the_question(tmp_path: Path) -> None:
    summary = build_release([SAMPLES / "forms" / "page-c-name.txt"], tmp_path / "out", Options())
    named = Index(ensure_index(Release(summary.path), tmp_path / "site"))
    texts = dict(render_all(Pages(named), named, "/"))
    page = Page(texts["/an/14/qe/99201.html"])
    assert "/an/14/qe/99201.html#depute" in page.links
    assert "depute" in page.ids
    data = json.dumps(named.json(next(named.documents("question"))), ensure_ascii=False)
    assert '"name": "Ondine Chimère"' in data


def test_a_common_answer_has_a_page_with_all_its_questions(tmp_path: Path) -> None:
    text = (SAMPLES / "json" / "QANR5L17QE90101.json").read_text(encoding="utf-8")
    files = [tmp_path / f"QANR5L17QE{number}.json" for number in (90101, 90109)]
    for file in files:
        file.write_text(text.replace("90101", file.stem[-5:]), encoding="utf-8")
    summary = build_release(files, tmp_path / "out", Options())
    index = Index(ensure_index(Release(summary.path), tmp_path / "site"))
    pages, (document,) = Pages(index, address=ADDRESS), index.documents("common-answer")
    (question, *_) = index.documents("question")
    page = Page(pages.document(document, FR) or "")
    assert {"/a/an/17/qe/90101.html", "/a/an/17/qe/90109.html"} <= set(page.links)
    answer = index.json(question)["answers"][0]["text"]
    assert set_french_spaces(answer.split("\n")[0]) in page.words
    assert f"/a/{document.path}.html" in Page(pages.document(question, FR) or "").links
    assert "La même réponse a été donnée à 2 questions" in (pages.document(question, FR) or "")
    assert "2 questions" in page.words


def test_words_exist_in_both_languages_with_the_same_placeholders() -> None:
    for key, words in words_table().items():
        assert set(words) == {"fr", "en"}, key
        assert type(words["fr"]) is type(words["en"]), key
        forms = [texts if isinstance(texts, list) else [texts] for texts in words.values()]
        assert {len(texts) for texts in forms} in ({1}, {2}), key
        placeholders = {frozenset(re.findall(r"{(\w+)}", text)) for texts in forms for text in texts}
        assert len(placeholders) == 1, key


def test_french_words_follow_french_typography() -> None:
    for key, words in words_table().items():
        for text in words["fr"] if isinstance(words["fr"], list) else [words["fr"]]:
            assert not re.search(r"[^\u202f\w(»][;!?]|\w[;!?]", text), f"{key}: {text}"
            assert not re.search(r"[^\u00a0]:|« | »|'", text), f"{key}: {text}"


def test_every_text_of_the_words_is_used() -> None:
    files = [*TEMPLATES.glob("*.html"), *(ROOT / "lod" / "web" / "pages").glob("*.py")]
    source = " ".join(file.read_text(encoding="utf-8") for file in files)
    found = re.findall(r"""["'](\w+?_)["'] ?~|f"(\w+?_)\{""", source)
    prefixes = {name for names in found for name in names if name}
    for key in words_table():
        assert re.search(rf"""["']{key}["']""", source) or any(
            key.startswith(prefix) for prefix in prefixes
        ), key


def test_pages_depend_on_the_index_alone() -> None:
    allowed = {"lod.web", "lod.context", "lod.dates", "lod.slugs", "lod.errors", "lod.formats"}
    allowed |= {"lod.departements", "lod.iri", "lod.numbers"}
    files = list((ROOT / "lod" / "web" / "pages").glob("*.py"))
    assert files
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not {name.split(".")[0] for name in names} & {"pyoxigraph", "rdflib", "apsw"}
            for name in names:
                if name.startswith("lod."):
                    assert ".".join(name.split(".")[:2]) in allowed, f"{file.name}: {name}"


def test_assets_are_small_and_import_nothing() -> None:
    assert sum(file.stat().st_size for file in ASSETS.iterdir()) < 32_000
    assert not (ASSETS / "site.css").read_text(encoding="utf-8").count("@import")


def test_a_template_of_another_package_extends_the_common_page(index: Index, tmp_path: Path) -> None:
    (tmp_path / "own.html").write_text(
        '{% extends "page.html" %}{% block content %}<h1>{{ title }}</h1><p>{{ value }}</p>{% endblock %}'
    )
    page = Page(Pages(index, folders=[tmp_path]).wrap("A & B", "own.html", EN, value="<x>"))
    assert "<x>" in page.words
    assert "A & B" in page.words


def test_a_page_lists_as_many_questions_as_the_index_has(index: Index) -> None:
    renderer = PageRenderer(index, FR, PageSettings())
    assert len(renderer.questions(QuestionFilter())) == min(PAGE_SIZE, index.count(QuestionFilter()))
