"""What the endpoint says of itself: SPARQL 1.1 Service Description."""

import pyoxigraph as ox

from lod.query.engine import GRAPH

_PREFIXES = {
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "formats": "http://www.w3.org/ns/formats/",
    "dcterms": "http://purl.org/dc/terms/",
}
_DESCRIPTION = """
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
PREFIX formats: <http://www.w3.org/ns/formats/>
PREFIX dcterms: <http://purl.org/dc/terms/>

<sparql> a sd:Service ;
  dcterms:title "Questions parlementaires : point d'accès SPARQL"@fr ,
    "Parliamentary questions: SPARQL endpoint"@en ;
  sd:endpoint <sparql> ;
  sd:supportedLanguage sd:SPARQL11Query ;
  sd:feature sd:UnionDefaultGraph ;
  sd:resultFormat
    formats:SPARQL_Results_JSON , formats:SPARQL_Results_XML , formats:SPARQL_Results_CSV ,
    formats:SPARQL_Results_TSV , formats:Turtle , formats:N-Triples , formats:RDF_XML , formats:JSON-LD ;
  sd:defaultDataset <sparql#dataset> .

<sparql#dataset> a sd:Dataset ;
  dcterms:title "L'union de tous les graphes"@fr , "The union of all graphs"@en ;
  sd:defaultGraph <sparql#graph> .

<sparql#graph> a sd:Graph .
"""


def description(base: str, form: str) -> bytes:
    """Describe the endpoint of the data under a base, as `ttl`, `nt`, `rdf` or `jsonld`."""
    triples = [quad.triple for quad in ox.parse(_DESCRIPTION, ox.RdfFormat.TURTLE, base_iri=base)]
    return ox.serialize(triples, format=GRAPH[form], prefixes=_PREFIXES) or b""
