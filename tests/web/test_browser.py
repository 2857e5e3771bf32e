"""The site in a real browser: two languages, light and dark, wide and narrow, printed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from lod import Summary
from tests.conftest import ROOT
from tests.support.server import Served, served
from tests.support.tools import require_file, require_tool

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome")
_TABS_IN_EDITOR = 4
"""From the text over its scrollable frame and its buttons to what follows the editor."""
PATHS = (
    "index.html",
    "index.en.html",
    "recherche?q=ministre",
    "search?q=ministre&from=2000-01-01",
    "recherche?q=introuvable",
    "deputes.html",
    "groupes.en.html",
    "ministeres.html",
    "an/17/qe/90001.html",
    "an/17/qe/90003.en.html",
    "an/legislature/17.html",
    "def/rubrique.html",
    "chiffres.html",
    "chiffres/17/ministeres.html",
    "chiffres/toutes/mois/delai-median.en.html",
    "questions-en-retard.en.html",
    "def/etat/repondue.en.html",
    "catalogue.html",
    "ontology.en.html",
    "shapes.html",
    "jeu/questions.html",
    "sparql",
    "requetes/overdue",
    "nothing.html",
)


@pytest.fixture(scope="module")
def site(varied_release: Summary, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(varied_release.path, tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = require_tool(*NAMES, install="apt-get install chromium")
    with sync_playwright() as engine:
        running = engine.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser, site: Served) -> Iterator[Page]:
    """A page opened by a French reader; it must load nothing from other sites and log no error."""
    context = browser.new_context(base_url=site.address, locale="fr-FR")
    opened = context.new_page()
    errors = list[str]()
    opened.on("request", lambda request: None if is_own(request.url, site) else errors.append(request.url))
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda message: errors.append(message.text) if is_error(message) else None)
    yield opened
    context.close()
    assert errors == []


def is_own(url: str, site: Served) -> bool:
    return url.startswith((site.address, "data:", "blob:"))


def is_error(message: Any) -> bool:
    return message.type == "error" and "404 (Not Found)" not in message.text


def violations(page: Page) -> list[str]:
    """Return the accessibility violations that axe finds on a page."""
    page.evaluate(require_file(AXE, "make web").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def test_a_reader_follows_links_from_the_home_page_to_a_question_its_author_and_ministry(page: Page) -> None:
    page.goto("/")
    assert page.locator("html").get_attribute("lang") == "fr"
    page.get_by_role("main").get_by_role("link").filter(has_text="").first.wait_for()
    page.locator("main a[href*='/qe/']").first.click()
    title = page.locator("h1").inner_text()
    assert title
    page.locator("main a[href*='/an/acteur/'], main a[href*='/an/depute/']").first.click()
    assert title in page.locator("main").inner_text()
    page.go_back()
    page.locator("main a[href*='/ministere/'], main a[href*='/organe/']").last.click()
    assert title in page.locator("main").inner_text()
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"


def test_a_reader_searches_and_narrows_the_search(page: Page) -> None:
    page.goto("/")
    page.locator("input[name=q]").first.fill("ministre")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recherche?*")
    before = page.locator("main h3, main h2").count()
    assert page.locator("mark").count() > 0
    page.locator("aside a[href*='status='], main a[href*='status=']").first.click()
    assert "status=" in page.url
    assert page.locator("main h3, main h2").count() <= before


def test_a_reader_runs_a_query_in_the_editor(page: Page) -> None:
    require_file(AXE, "make web")
    page.goto("/sparql")
    page.locator(".yasqe .CodeMirror").wait_for()
    page.locator("button.yasqe_queryButton").click()
    page.locator(".yasr .dataTable tbody tr, .yasr table tbody tr").first.wait_for()
    assert "QANR5L" in page.locator(".yasr").inner_text()
    assert violations(page) == []


def test_the_tab_key_leaves_the_editor(page: Page) -> None:
    require_file(AXE, "make web")
    page.goto("/sparql")
    page.locator(".yasqe .CodeMirror").click()
    text = page.evaluate("document.querySelector('.yasqe .CodeMirror').CodeMirror.getValue()")
    page.keyboard.press("End")
    for _ in range(_TABS_IN_EDITOR):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.CodeMirror') === null")
    assert page.evaluate("document.querySelector('.yasqe .CodeMirror').CodeMirror.getValue()") == text


def test_a_reader_runs_a_query_without_javascript(browser: Browser, site: Served) -> None:
    context = browser.new_context(base_url=site.address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sparql")
    page.locator("main form button, main form input[type=submit]").first.click()
    assert "QANR5L" in page.locator("main table").first.inner_text()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_pages_are_accessible(browser: Browser, site: Served, path: str, scheme: Any) -> None:
    context = browser.new_context(base_url=site.address, color_scheme=scheme)
    page = context.new_page()
    page.goto(path)
    if path == "sparql":
        require_file(AXE, "make web")
        page.locator(".yasqe .CodeMirror").wait_for()
    assert violations(page) == []
    context.close()


@pytest.mark.parametrize("path", PATHS)
def test_pages_fit_on_a_phone(browser: Browser, site: Served, path: str) -> None:
    context = browser.new_context(base_url=site.address, viewport={"width": 320, "height": 740})
    page = context.new_page()
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


def test_a_reader_compares_ministries_and_sorts_the_table_with_and_without_javascript(
    browser: Browser, site: Served
) -> None:
    orders = []
    for has_script in (True, False):
        context = browser.new_context(base_url=site.address, java_script_enabled=has_script, locale="fr-FR")
        page = context.new_page()
        page.goto("/")
        page.get_by_role("link", name="Chiffres").first.click()
        page.locator("main").get_by_role("link", name="Ministères").click()
        address = page.url
        page.locator("thead").get_by_role("link", name="Questions en retard").click()
        page.locator("th[aria-sort=descending]").filter(has_text="Questions en retard").wait_for()
        assert (page.url == address) is has_script
        orders.append(page.locator("tbody tr td:last-child").all_inner_texts())
        context.close()
    assert orders[0] == orders[1] == sorted(orders[0], key=int, reverse=True)


def test_a_question_is_printed_without_navigation(page: Page, tmp_path: Path) -> None:
    page.goto("an/17/qe/90003.html")
    page.emulate_media(media="print")
    assert not page.locator("nav").first.is_visible()
    assert page.locator("h1").is_visible()
    printed = tmp_path / "question.pdf"
    page.pdf(path=printed)
    assert printed.stat().st_size > 5000
