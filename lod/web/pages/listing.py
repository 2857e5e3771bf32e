"""Lists of all deputies, groups and ministries, with how many questions each has."""

from itertools import groupby
from math import ceil

from lod.web.index.index import Held
from lod.web.index.question_row import Facet
from lod.web.index.search_parameters import linked
from lod.web.pages.capacity import nodes
from lod.web.pages.renderer import PageRenderer
from lod.web.pages.scheme import Counted, counted, sortable

LISTED = 500
"""How many a page lists."""
LISTS = {
    "deputes": ("person", Facet.AUTHOR, "deputies"),
    "groupes": ("organ", Facet.GROUP, "groups"),
    "ministeres": ("ministry", Facet.MINISTRY, "ministries"),
}


def listing(made: PageRenderer, name: str, number: int) -> str | None:
    """Write a page of a list; None if there is no such list, or no such page of it."""
    if name not in LISTS:
        return None
    kind, facet, key = LISTS[name]
    found = _sorted(made, kind, facet)
    pages = ceil(len(found) / LISTED) or 1
    if not 1 <= number <= pages:
        return None
    shown = found[(number - 1) * LISTED : number * LISTED]
    by_letter = groupby(shown, key=lambda one: one[0][:1].upper() if kind == "person" else "")
    return made.page(
        "listing.html",
        made.words(key),
        here=made.here(name, number),
        name=name,
        total=len(found),
        number=number,
        pages=pages,
        address=lambda other: made.links.page(name, other),
        groups=[(letter, [member for _, member in members]) for letter, members in by_letter],
    )


def _sorted(made: PageRenderer, kind: str, facet: Facet) -> list[tuple[str, Counted]]:
    """Give what is listed by what it is sorted by: family names, or else how many questions, and names."""
    counts = counted(made.index, facet)
    found = list[tuple[str, Counted]]()
    for held in made.index.documents(kind):
        count = counts.get(linked(held, made.index), 0)
        if count or kind != "organ":
            found.append((_key(made, held), Counted(named=made.links.held(held), count=count)))
    is_by_name = kind == "person"
    return sorted(found, key=lambda one: (0 if is_by_name else -one[1].count, one[0], one[1].named.text))


def _key(made: PageRenderer, held: Held) -> str:
    if held.kind == "person":
        node = nodes(made.index.json(held))[0]
        name = node.get("familyName") or (held.label or "").rpartition(" ")[2]
        return sortable(f"{name} {held.label}")
    return sortable(held.label or held.path)
