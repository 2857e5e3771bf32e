"""docs/queries.md says of each query what its file says."""

import pytest

from lod.query import SavedQuery, cookbook
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "queries.md"
MARK = "<!-- from here on: queries/*.rq; pytest --regen writes it anew -->\n"


def test_the_page_of_queries_says_what_the_cookbook_says(regen: bool) -> None:
    before, mark, listed = PAGE.read_text(encoding="utf-8").partition(MARK)
    wanted = "\n".join(_entry(saved) for saved in cookbook().values())
    if regen:
        PAGE.write_text(before + MARK + "\n" + wanted, encoding="utf-8")
        pytest.skip("wrote queries.md: look at it, then run again without --regen")
    assert (mark, listed) == (MARK, "\n" + wanted)


def _entry(saved: SavedQuery) -> str:
    lines = [f"### [`{saved.name}`](../queries/{saved.name}.rq)", ""]
    lines += [f"**{saved.title_en}** · *{saved.title}*", "", saved.description_en, ""]
    for parameter in saved.parameters:
        default = f", `{parameter.default}` by default" if parameter.default else ""
        lines.append(f"- `{parameter.name}`, {parameter.type}{default}: *{parameter.meaning}*")
    lines += [f"- relies on {terms}" for terms in saved.relies_on]
    if lines[-1]:
        lines.append("")
    return "\n".join(lines)
