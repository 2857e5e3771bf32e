"""Pages of kinds of documents that are not like others."""

from collections.abc import Callable

from lod.web.index.index import Held
from lod.web.pages.capacity import nodes
from lod.web.pages.dataset import catalogue_page, dataset_page, graph_page
from lod.web.pages.definition import ontology_page, shapes_page
from lod.web.pages.renderer import PageRenderer


def elsewhere_page(made: PageRenderer, held: Held) -> str:
    """Write the page of an IRI that only says which one is used now."""
    node = nodes(made.index.json(held))[0]
    return made.page(
        "elsewhere.html",
        made.words("elsewhere_title"),
        here=made.here(held.path),
        path=held.path,
        iri=node["id"],
        places=[made.links.named(iri) for iri in node["sameAs"]],
    )


SPECIAL: dict[str, Callable[[PageRenderer, Held], str]] = {
    "elsewhere": elsewhere_page,
    "dataset": dataset_page,
    "graph": graph_page,
    "catalogue": catalogue_page,
    "ontology": ontology_page,
    "shapes": shapes_page,
}
"""How the page of such a document is written, by its kind."""
