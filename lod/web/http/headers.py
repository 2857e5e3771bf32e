"""Response headers, the same from `lod serve` and from a web server with the files of `lod site`."""

from lod.formats import DOCUMENTS, HTML, RDF
from lod.web.index.reader import IndexedDocument


def content_security_policy(*, styles: str = "'self'", fonts: str = "'self'") -> str:
    """Return a policy that allows resources of the site itself and no inline script."""
    return (
        f"default-src 'none'; script-src 'self'; style-src {styles}; img-src 'self' data:; font-src {fonts}; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


ALWAYS = {
    "Content-Security-Policy": content_security_policy(),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Location, ETag, Link, Retry-After",
}
"""The headers of every response: they protect readers, and let scripts of other sites read."""

_LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
_TYPES = {
    "question": "http://schema.org/Question",
    "common-answer": "http://data.europa.eu/eli/ontology#ComplexWork",
    "issue": "http://purl.org/ontology/bibo/Issue",
    "person": "http://xmlns.com/foaf/0.1/Person",
    "ministry": "http://schema.org/GovernmentOrganization",
    "organ": "http://www.w3.org/ns/org#Organization",
    "constituency": "http://purl.org/dc/terms/Location",
    "legislature": "http://data.europa.eu/eli/eli-draft-legislation-ontology#ParliamentaryTerm",
    "concept": "http://www.w3.org/2004/02/skos/core#Concept",
    "scheme": "http://www.w3.org/2004/02/skos/core#ConceptScheme",
    "dataset": "http://www.w3.org/ns/dcat#Dataset",
    "catalogue": "http://www.w3.org/ns/dcat#Catalog",
    "ontology": "http://www.w3.org/2002/07/owl#Ontology",
}


def links(document: IndexedDocument, form: str, root: str) -> str:
    """Return the Link header of a document: its other formats, the catalogue, the licence and its type.

    In JSON-LD only the page is an alternate: PyLD refuses a response with several.
    """
    only_page = form == RDF["jsonld"].name
    others = [HTML] if only_page else [other for name, other in DOCUMENTS.items() if name != form]
    values = [
        f'<{root}{document.path}.{other.name}>; rel="alternate"; type="{other.media_type}"'
        for other in others
    ]
    values.append(f'<{root}catalogue>; rel="describedby"')
    values.append(f'<{_LICENCE}>; rel="license"')
    if document.kind in _TYPES:
        values.append(f'<{_TYPES[document.kind]}>; rel="type"')
    return ", ".join(values)
