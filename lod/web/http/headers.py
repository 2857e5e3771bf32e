"""What answers say in their headers, whoever sends them: `lod serve`, or a web server that has the files."""

from lod.web.index.reader import IndexedDocument

MEDIA = {
    "html": "text/html; charset=utf-8",
    "jsonld": "application/ld+json",
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
}
"""The formats of a document and their media types; a page is what is sent to those who take anything."""

ENDINGS = MEDIA | {
    "nq": "application/n-quads",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "atom": "application/atom+xml",
    "xml": "application/xml",
    "gz": "application/gzip",
    "zst": "application/zstd",
    "parquet": "application/vnd.apache.parquet",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
}
"""The endings of all files of a site, and their media types."""


def policy(*, styles: str = "'self'", fonts: str = "'self'") -> str:
    """Allow what the site itself sends, no script within a page, and what is said of styles and fonts."""
    return (
        f"default-src 'none'; script-src 'self'; style-src {styles}; img-src 'self' data:; font-src {fonts}; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


ALWAYS = {
    "Content-Security-Policy": policy(),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Location, ETag, Link, Retry-After",
}
"""What protects readers, and lets programs of others read."""

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


def links(held: IndexedDocument, form: str, root: str) -> str:
    """Link to the other formats of a document, to what describes the data, to the licence and the type.

    With JSON-LD only the page is linked as an alternate: PyLD refuses an answer that has several.
    """
    others = ["html"] if form == "jsonld" else [other for other in MEDIA if other != form]
    told = [
        f'<{root}{held.path}.{other}>; rel="alternate"; type="{MEDIA[other].partition(";")[0]}"'
        for other in others
    ]
    told.append(f'<{root}catalogue>; rel="describedby"')
    told.append(f'<{_LICENCE}>; rel="license"')
    if held.kind in _TYPES:
        told.append(f'<{_TYPES[held.kind]}>; rel="type"')
    return ", ".join(told)
