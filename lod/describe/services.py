"""Services that answer about the data, and checksums of its files, as DCAT and SPDX describe them.

Their addresses are persistent ones: a release does not know where it will be served.
"""

from collections.abc import Iterator, Sequence

from lod.context import Node
from lod.describe.authority import LICENCE, ReleaseFacts
from lod.iri import Iris

SPARQL = "sparql"
"""The path of the SPARQL endpoint."""
_SPARQL_PROTOCOL = "http://www.w3.org/TR/sparql11-protocol/"
_OPENAPI = "http://spec.openapis.org/oas/v3.1.0"
_ATOM = "http://www.rfc-editor.org/rfc/rfc4287"
STANDARDS = {_SPARQL_PROTOCOL: "SPARQL 1.1 Protocol", _OPENAPI: "OpenAPI 3.1", _ATOM: "Atom (RFC 4287)"}
"""What the services conform to."""
_SPDX = "http://spdx.org/rdf/terms#"
SHA256 = f"{_SPDX}checksumAlgorithm_sha256"

_SERVICES = (
    (
        "sparql",
        SPARQL,
        SPARQL,
        _SPARQL_PROTOCOL,
        ("Point d’accès SPARQL", "SPARQL endpoint"),
        ("Les données, interrogées en SPARQL 1.1.", "The data, queried in SPARQL 1.1."),
    ),
    (
        "api",
        "api/questions",
        "api/openapi.json",
        _OPENAPI,
        ("Interface des questions", "Interface of questions"),
        (
            "Les questions, filtrées et page par page, en JSON-LD.",
            "The questions, filtered and page by page, as JSON-LD.",
        ),
    ),
    (
        "atom",
        "questions.atom",
        None,
        _ATOM,
        ("Fil Atom des nouvelles questions", "Atom feed of new questions"),
        ("Les questions les plus récentes.", "The newest questions."),
    ),
)
"""The services: name, path, path of the description, standard, titles and descriptions in two languages."""


def describe_services(iris: Iris, facts: ReleaseFacts, datasets: Sequence[str]) -> Iterator[Node]:
    """Yield the description of each service about some data sets."""
    for name, path, description_path, standard, titles, descriptions in _SERVICES:
        described_at = {"endpointDescription": iris.at(description_path)} if description_path else {}
        yield {
            "type": ["DataService"],
            "id": iris.service(name),
            "identifier": name,
            "title": titles[0],
            "titleEn": titles[1],
            "description": descriptions[0],
            "descriptionEn": descriptions[1],
            "endpointUrl": iris.at(path),
            **described_at,
            "servesDatasets": list(datasets),
            "conformsTo": [standard],
            "publisher": iris.publisher(),
            "contactPoint": iris.contact(),
            "license": LICENCE,
            "modified": facts.modified.isoformat(),
        }
    yield from ({"type": ["Standard"], "id": iri, "title": title} for iri, title in STANDARDS.items())


def describe_checksums(iris: Iris, facts: ReleaseFacts, paths: Sequence[str]) -> Iterator[Node]:
    """Yield the checksum of each of these files of a data set."""
    for path in paths:
        yield {
            "type": ["Checksum"],
            "id": iris.checksum(path),
            "checksumAlgorithm": SHA256,
            "checksumValue": facts.files[path].sha256,
        }
    yield {"type": ["ChecksumAlgorithm"], "id": SHA256}
