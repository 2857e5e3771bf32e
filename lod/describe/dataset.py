"""The catalogue: a release as DCAT-AP 3 describes data sets and their files, with the figures of VoID."""

from collections.abc import Iterator

from lod.context import Context, Node
from lod.describe.authority import (
    CSVW,
    EU,
    IANA,
    LICENCE,
    PLURALS,
    Period,
    ReleaseFacts,
    authorities,
)
from lod.describe.concept import legislature_label
from lod.describe.graphs import describe_graphs
from lod.describe.links import LinkFacts, describe_link_graph, describe_linksets, titles
from lod.describe.quality import measured, measurements, total
from lod.describe.services import SPARQL, describe_checksums, describe_services
from lod.formats import COMPRESSED, RDF, TABLES
from lod.iri import FRENCH, Iris, slug
from lod.model import QuestionKind
from lod.release_files import Dump, DumpScope, Table
from lod.void_statistics import VoidStatistics

_CONCEPTS = "concepts.ttl"
_INSEE = "http://id.insee.fr/"


def catalogue(iris: Iris, facts: ReleaseFacts, context: Context) -> list[Node]:
    """Describe the catalogue, its data sets, their files, and the few authority resources they refer to."""
    measures = _measurements(iris, facts)
    parts = [_part(iris, facts, key, counts) for key, counts in sorted(facts.parts.items())]
    questions = _questions(iris, facts, context, [part["id"] for part in parts])
    for dataset in (questions, *parts):
        dataset.update(measured(measures[dataset["identifier"]]))
    if len(parts) == 1:  # the dumps hold this data set, and no other
        own = [iris.distribution(path) for path, _ in facts.dumps]
        parts[0].setdefault("distributions", own)
    concepts = _concepts(iris, facts)
    links = [_links(iris, facts, each) for each in facts.links]
    services = list(describe_services(iris, facts, [questions["id"], concepts["id"]]))
    catalog: Node = {
        "type": ["Catalog"],
        "id": iris.catalogue(),
        "title": "Questions à l’Assemblée nationale en données liées",
        "titleEn": "Questions in the French Assemblée nationale as linked data",
        "description": "Les questions des députés au Gouvernement, décrites avec des vocabulaires communs.",
        "descriptionEn": "The questions of deputies to the Government, described with shared vocabularies.",
        **_common(iris, facts),
        "homepage": iris.base,
        "themeTaxonomy": f"{EU}data-theme",
        "services": [each["id"] for each in services if each["type"] == ["DataService"]],
        "datasets": [each["id"] for each in (questions, concepts, _series(iris, facts), *parts, *links)],
    }
    linksets = [each for kind in facts.links for each in describe_linksets(iris, kind)]
    graphs = [*describe_graphs(iris, facts.graphs), *_link_graphs(iris, facts)]
    quality = [node for nodes in measures.values() for node in nodes]
    datasets = [questions, concepts, _series(iris, facts), *parts, *links, *linksets]
    link_files = [path for each in facts.links for path, _ in facts.link_dumps(each.kind)]
    files = [*(path for path, _ in (*facts.dumps, *facts.tables)), _CONCEPTS, *link_files]
    checksums = describe_checksums(iris, facts, files)
    return [catalog, *datasets, *services, *quality, *graphs, *checksums, *authorities(iris, facts)]


def _measurements(iris: Iris, facts: ReleaseFacts) -> dict[str, list[Node]]:
    """Describe the quality of the sources of each data set, by its name."""
    found = {_part_name(*key): facts.findings.get(key, {}) for key in sorted(facts.parts)}
    counts = {"questions": total(facts.findings), **found}
    return {name: measurements(iris, name, each) for name, each in counts.items()}


def _part_name(legislature: int, kind: QuestionKind) -> str:
    return f"{slug(PLURALS[kind][0])}-{legislature}"


def _questions(iris: Iris, facts: ReleaseFacts, context: Context, parts: list[str]) -> Node:
    me = iris.dataset("questions")
    return {
        "type": ["Dataset", "LinkedDataset"],
        "id": me,
        "identifier": "questions",
        "title": "Questions à l’Assemblée nationale",
        "titleEn": "Questions in the Assemblée nationale",
        "description": "Questions, réponses et procédures, députés, groupes, ministères, circonscriptions.",
        "descriptionEn": "Questions, answers and procedures, deputies, groups, ministries, constituencies.",
        **_dataset(iris, facts, "questions", facts.period),
        "distributions": [
            *(_dump(iris, facts, path, dump) for path, dump in facts.dumps),
            *(_table(iris, facts, path, table) for path, table in facts.tables),
        ],
        "dataDumps": [iris.dump(path) for path, _ in facts.dumps],
        "uriSpace": iris.uri_space(),
        "sparqlEndpoint": iris.at(SPARQL),
        "rootResources": [iris.catalogue()],
        "exampleResource": facts.example,
        "vocabularies": sorted({iri for name, iri in context.prefixes.items() if _used(iri, facts.whole)}),
        **_figures(facts.whole),
        **_partitions(iris, facts.whole),
        "subsets": [*parts, _linkset(iris, facts.whole)],
    }


def _used(namespace: str, counts: VoidStatistics) -> bool:
    return any(term.startswith(namespace) for terms in (counts.classes, counts.properties) for term in terms)


def _linkset(iris: Iris, counts: VoidStatistics) -> Node:
    part_of = "http://purl.org/dc/terms/isPartOf"
    return {
        "type": ["Linkset"],
        "id": iris.dataset("questions", "liens-insee"),
        "title": "Des circonscriptions aux départements de l’INSEE",
        "target": [iris.dataset("questions"), _INSEE],
        "linkPredicate": part_of,
        "triples": counts.properties[part_of],
    }


def _part(iris: Iris, facts: ReleaseFacts, key: tuple[int, QuestionKind], counts: VoidStatistics) -> Node:
    legislature, kind = key
    french, english = PLURALS[kind]
    name = _part_name(legislature, kind)
    return {
        "type": ["Dataset", "LinkedDataset"],
        "id": iris.dataset(name),
        "identifier": name,
        "title": f"{french}, {legislature_label(legislature)}",
        "titleEn": f"{english}, legislature {legislature}",
        "description": f"{french} : tous les documents publiés de la législature.",
        "descriptionEn": f"{english}: all documents published in legislature {legislature}.",
        **_dataset(iris, facts, name, facts.periods[key]),
        **_own_dumps(iris, [path for path, dump in facts.dumps if dump.part == key]),
        "inSeries": _series_iri(iris),
        **_figures(counts),
    }


def _own_dumps(iris: Iris, paths: list[str]) -> Node:
    """Refer to the dumps of a part, if it has dumps of its own: the whole data set describes them."""
    if not paths:
        return {}
    return {"distributions": list(map(iris.distribution, paths)), "dataDumps": list(map(iris.dump, paths))}


def _series_iri(iris: Iris) -> str:
    return iris.dataset("questions-parlementaires", "serie")


def _series(iris: Iris, facts: ReleaseFacts) -> Node:
    return {
        "type": ["DatasetSeries", "Dataset"],
        "id": _series_iri(iris),
        "identifier": "questions-parlementaires",
        "title": "Questions parlementaires par législature et par type",
        "titleEn": "Parliamentary questions by legislature and type",
        "description": "Une série de jeux de données, un par législature et par type de questions.",
        "descriptionEn": "A series of data sets, one a legislature and type of questions.",
        "publisher": iris.publisher(),
        "contactPoint": iris.contact(),
        "modified": facts.modified.isoformat(),
    }


def _concepts(iris: Iris, facts: ReleaseFacts) -> Node:
    content = ("Le jeu de données entier", "The whole data set")
    return {
        "type": ["Dataset"],
        "id": iris.dataset("concepts"),
        "identifier": "concepts",
        "title": "Concepts des questions à l’Assemblée nationale",
        "titleEn": "Concepts of questions in the Assemblée nationale",
        "description": "Types, rôles, états, événements, rubriques, législatures, circonscriptions, en SKOS.",
        "descriptionEn": "Types, roles, states, events, rubrics, legislatures and constituencies, as SKOS.",
        **_dataset(iris, facts, "concepts", facts.period),
        "distributions": [_distribution(iris, facts, _CONCEPTS, "ttl", content)],
    }


def _links(iris: Iris, facts: ReleaseFacts, links: LinkFacts) -> Node:
    """Describe the links of a kind as a data set with files of its own."""
    name, dumps = str(links.kind), facts.link_dumps(links.kind)
    described = titles(links.kind)
    content = (described["title"], described["titleEn"])
    files = [(_distribution(iris, facts, path, dump.format, content), dump) for path, dump in dumps]
    subsets = [each["id"] for each in describe_linksets(iris, links)]
    return {
        "type": ["Dataset", "LinkedDataset"],
        "id": iris.dataset(name),
        "identifier": name,
        **described,
        **_dataset(iris, facts, name, facts.period),
        "distributions": [_compressed(node, dump.compression) for node, dump in files],
        "dataDumps": [iris.dump(path) for path, _ in dumps],
        "triples": links.triples,
        **({"subsets": subsets} if subsets else {}),
    }


def _link_graphs(iris: Iris, facts: ReleaseFacts) -> Iterator[Node]:
    for links in facts.links:
        paths = [path for path, dump in facts.link_dumps(links.kind) if dump.format == "nq"]
        yield describe_link_graph(iris, links, paths)


def _dataset(iris: Iris, facts: ReleaseFacts, name: str, days: Period) -> Node:
    period = {"startDate": days[0].isoformat(), "endDate": days[1].isoformat()}
    return {
        **_common(iris, facts),
        "keywords": ["questions parlementaires", "Assemblée nationale", "contrôle du Gouvernement"],
        "keywordsEn": ["parliamentary questions", "parliament", "oversight of government"],
        "theme": f"{EU}data-theme/GOVE",
        "accrualPeriodicity": f"{EU}frequency/WEEKLY",
        "contactPoint": iris.contact(),
        "temporal": {"type": ["PeriodOfTime"], "id": iris.dataset(name, "periode"), **period},
        "version": facts.version,
        "landingPage": iris.dataset_page(name),
        "conformsTo": [iris.profile()],
    }


def _common(iris: Iris, facts: ReleaseFacts) -> Node:
    return {
        "publisher": iris.publisher(),
        "creator": iris.chamber(),
        "documentLanguage": FRENCH,
        "license": LICENCE,
        "spatial": f"{EU}country/FRA",
        "issued": facts.period[1].isoformat(),
        "modified": facts.modified.isoformat(),
    }


def _dump(iris: Iris, facts: ReleaseFacts, path: str, dump: Dump) -> Node:
    """Describe a dump as a file of the data set, and how it is compressed, if it is."""
    return _compressed(_distribution(iris, facts, path, dump.format, _content(dump)), dump.compression)


def _table(iris: Iris, facts: ReleaseFacts, path: str, table: Table) -> Node:
    """Describe a table as a file of the data set, and its metadata as what it conforms to."""
    content = ("Une ligne par question,", "A row for each question,")
    node = _compressed(_distribution(iris, facts, path, table.format, content), table.compression)
    return {**node, "conformsTo": [CSVW]} if table.format == "csv" else node


def _compressed(node: Node, how: str) -> Node:
    """Add how a file is compressed, if it is."""
    if how not in COMPRESSED:
        return node
    compressed = {"compressFormat": f"{IANA}{COMPRESSED[how].media_type}"}
    return {**node, "title": f"{node['title']} ({how})", **compressed}


def _content(dump: Dump) -> tuple[str, str]:
    """Return what a dump contains, in French and English."""
    if dump.part:
        legislature, kind = dump.part
        french, english = PLURALS[kind]
        return f"{french}, {legislature_label(legislature)},", f"{english}, legislature {legislature},"
    if dump.holds is DumpScope.SHARED:
        return "Ce que les questions ont en commun,", "What questions have in common,"
    return "Le jeu de données entier", "The whole data set"


def _distribution(iris: Iris, facts: ReleaseFacts, path: str, form: str, content: tuple[str, str]) -> Node:
    kind = (RDF | TABLES)[form]
    return {
        "type": ["Distribution"],
        "id": iris.distribution(path),
        "title": kind.label,
        "description": f"{content[0]} en {kind.label}.",
        "descriptionEn": f"{content[1]} as {kind.label}.",
        "accessUrl": iris.dump(path),
        "downloadUrl": iris.dump(path),
        "license": LICENCE,
        "format": f"{EU}file-type/{kind.file_type}",
        "mediaType": f"{IANA}{kind.media_type}",
        "byteSize": facts.files[path].bytes,
        "checksum": iris.checksum(path),
        "modified": facts.modified.isoformat(),
    }


def _figures(counts: VoidStatistics) -> Node:
    return {
        "triples": counts.triples,
        "entities": counts.classes["http://schema.org/Question"],
        "documents": counts.documents,
        "distinctSubjects": counts.subjects,
        "classes": len(counts.classes),
        "properties": len(counts.properties),
    }


def _partitions(iris: Iris, counts: VoidStatistics) -> Node:
    def partition(kind: str, term: str, figure: str, count: int) -> Node:
        prefix = "classe" if kind == "class" else "propriete"
        return {"id": iris.dataset("questions", f"{prefix}-{slug(term)}"), kind: term, figure: count}

    return {
        "classPartitions": [partition("class", t, "entities", n) for t, n in sorted(counts.classes.items())],
        "propertyPartitions": [
            partition("property", t, "triples", n) for t, n in sorted(counts.properties.items())
        ],
    }
