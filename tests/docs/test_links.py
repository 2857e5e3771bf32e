"""Links between documents lead to something, and the index leads to every document."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.docs.blocks import relative
from tests.support.loops import some

DOCUMENTS = [*ROOT.glob("*.md"), *sorted(ROOT.glob("docs/**/*.md")), *sorted(ROOT.glob("bench/*.md"))]


def links(page: Path) -> list[str]:
    """Return the targets of the links of a page that are not absolute addresses."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub makes of the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", some(DOCUMENTS), ids=relative)
def test_every_link_leads_to_something(page: Path) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_index_leads_to_every_page_and_the_readme_to_the_index() -> None:
    docs = ROOT / "docs"
    linked = {(docs / link).resolve() for link in links(docs / "index.md")}
    assert set(docs.glob("*.md")) - {docs / "index.md"} <= linked
    assert "docs/index.md" in links(ROOT / "README.md")


def test_the_list_of_decisions_is_complete() -> None:
    folder = ROOT / "docs" / "decisions"
    assert sorted(links(folder / "README.md")) == sorted(path.name for path in folder.glob("0*.md"))


@pytest.mark.parametrize(
    "page", some((ROOT / "docs" / "decisions").glob("0*.md")), ids=lambda page: page.stem
)
def test_a_decision_has_at_most_twenty_lines_and_the_number_of_its_file(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 20
    assert lines[0].startswith(f"# {int(page.stem[:4])}. ")
