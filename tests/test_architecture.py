"""Who may import whom: the one direction in which everything flows."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import lod
from lod import api
from tests import structure
from tests.conftest import ROOT

ROOMS = {
    # a room -> the rooms of this house it may use
    "finding": set(),
    "errors": {"finding"},
    "extras": {"errors"},
    "version": set(),
    "definitions": set(),
    "versions": {"definitions"},
    "dates": set(),
    "formats": set(),
    "model": set(),
    "numbers": set(),
    "slugs": set(),
    "texts": set(),
    "triple_digest": set(),
    "keyed_cache": set(),
    "departements": {"definitions"},
    "iri": {"definitions", "errors", "slugs", "model"},
    "context": {"definitions", "errors", "iri", "keyed_cache"},
    "void_statistics": {"context"},
    "compression": {"formats", "errors"},
    "versioned_dir": {"errors"},
    "release_files": {"compression", "iri", "model"},
    "links": {"definitions", "errors", "model", "slugs"},
    "file_digests": set(),
    "checksums": {"file_digests", "versioned_dir"},
    "executors": {"errors", "extras", "version"},
    "progress": set(),
    "rdf": {"formats", "compression", "definitions", "errors", "versions"},
    "harvest": {"errors", "model", "progress", "version", "versioned_dir"},
    "source": {"compression", "dates", "definitions", "departements", "errors", "finding", "slugs", "model"},
    "corrections": {"errors", "model", "source"},
    "merge": {"dates", "errors", "finding", "slugs", "model", "texts"},
    "cross_references": {"errors", "finding", "slugs", "model"},
    "describe": {
        "formats",
        "context",
        "void_statistics",
        "dates",
        "departements",
        "finding",
        "iri",
        "links",
        "model",
        "release_files",
    },
    "write": {"context", "formats", "keyed_cache", "rdf"},
    "shacl": {"definitions", "errors", "iri", "keyed_cache", "rdf"},
    "release": {
        "compression",
        "errors",
        "file_digests",
        "formats",
        "iri",
        "progress",
        "release_files",
        "versioned_dir",
    },
    "table": {"describe", "extras", "formats", "iri", "model", "release_files"},
    "build": {
        "formats",
        "compression",
        "context",
        "cross_references",
        "definitions",
        "describe",
        "errors",
        "executors",
    }
    | {"extras", "iri", "merge", "model", "progress", "rdf", "release", "shacl", "source", "table", "version"}
    | {"dates", "keyed_cache", "links", "release_files"}
    | {"corrections", "finding", "versioned_dir", "versions", "void_statistics", "write"},
    "changes": {"context", "errors", "iri", "rdf", "release"},
    "delta": {"changes", "compression", "errors", "release", "versioned_dir"},
    "configuration": {"compression", "definitions", "errors", "model", "release_files"},
    "update": {"build", "changes", "configuration", "corrections", "delta", "errors", "harvest", "numbers"}
    | {"links", "progress", "release", "source", "version", "versioned_dir"},
    "verify": {"formats", "compression", "errors", "iri", "progress", "release", "release_files"}
    | {"triple_digest"},
    "store": {"checksums", "formats", "errors", "iri", "versioned_dir", "progress", "release"}
    | {"triple_digest"},
    "query": {"checksums", "context", "numbers", "definitions", "errors", "extras", "formats", "iri"}
    | {"file_digests", "progress", "release", "store"},
    "web": {
        "model",
        "checksums",
        "numbers",
        "compression",
        "context",
        "dates",
        "definitions",
        "errors",
        "executors",
    }
    | {"departements"}
    | {"progress"}
    | {"formats", "iri", "query", "release", "slugs", "store", "version", "versioned_dir", "write"},
    "cli": {
        "formats",
        "numbers",
        "build",
        "compression",
        "configuration",
        "corrections",
        "definitions",
        "errors",
        "extras",
        "harvest",
        "model",
        "progress",
        "query",
        "release",
        "release_files",
    }
    | {"changes", "delta", "shacl", "store", "update", "verify", "version", "versioned_dir", "web"},
    "__main__": {"cli"},
    "api": {
        "build",
        "changes",
        "compression",
        "context",
        "definitions",
        "describe",
        "errors",
        "iri",
        "model",
        "release",
    }
    | {"shacl", "source", "verify", "version", "write"},
}
SOURCE = {
    # a room of the readers -> the rooms of theirs that it may use
    "document": set(),
    "french": {"encodings"},
    "zip_file": set(),
    "other_forms": set(),
    "diagnostics": {"document", "encodings"},
    "encodings": {"marked_text"},
    "marked_text": {"document"},
    "text_blocks": {"marked_text"},
    "html_tree": {"marked_text", "text_blocks"},
    "naming": {"document"},
    "legislatures": {"diagnostics"},
    "endings": {"diagnostics", "french", "legislatures"},
    "html_text": {"document", "encodings", "html_tree", "marked_text", "text_blocks"},
    "exports": {
        "document",
        "diagnostics",
        "endings",
        "french",
        "legislatures",
        "html_text",
        "other_forms",
    },
    "pages": {
        "document",
        "exports",
        "diagnostics",
        "endings",
        "french",
        "legislatures",
        "html_text",
        "html_tree",
        "text_blocks",
    },
    "detect": {"document", "exports", "diagnostics", "other_forms", "pages"},
    "archive": {"detect", "document", "zip_file"},
    "__init__": {"detect", "document", "diagnostics", "endings", "naming", "other_forms"},
    "register": {"archive", "document", "exports", "diagnostics", "french"},
}
WEB = {
    # a package of the web -> the packages of the web that it may use
    "index": set(),
    "http": {"index"},
    "pages": {"index"},
    "feed": {"index", "pages"},
    "static": {"feed", "http", "index", "pages"},
    "sparql": {"http"},
    "server": {"feed", "http", "index", "pages", "sparql"},
    "__init__": set(),
}
PLANS = {"lod": ROOMS, "lod/source": SOURCE, "lod/web": WEB}
OUTSIDE = {
    # a library -> the only rooms that may use it
    "rdflib": {"rdf", "shacl", "write"},
    "pyshacl": {"shacl"},
    "shacl": {"shacl"},
    "typer": {"cli"},
    "rich": {"cli"},
    "dateutil": {"dates"},
    "selectolax": {"source"},
    "pyarrow": {"table"},
    "pyoxigraph": {"query", "rdf", "store", "verify", "web"},
    "sqlite3": {"build"},
    "apsw": {"web"},
    "starlette": {"web"},
    "uvicorn": {"web"},
    "prometheus_client": {"web"},
    "jinja2": {"web"},
    "markupsafe": {"web"},
    "Stemmer": {"web"},
    "matplotlib": {"query"},
    "scipy": {"links"},
    "zlib_ng": {"compression"},
    "backports": {"compression"},
    "distributed": {"executors"},
    "fsspec": {"build"},
    "requests": {"harvest", "query", "store"},  # of the queries, one module: tests/query/test_query.py
    "tenacity": {"harvest"},
    "urllib3": {"harvest", "store"},
}
FILES = sorted((ROOT / "lod").rglob("*.py"))


def room(path: Path, house: str = "lod") -> str:
    return path.relative_to(ROOT / house).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(f"{node.module}")
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def used_rooms(path: Path, house: str = "lod") -> set[str]:
    rooms, start = PLANS[house], house.replace("/", ".") + "."
    names = {name.removeprefix(start).split(".")[0] for name in imports(path) if name.startswith(start)}
    # what is no room is a name of the house itself
    return {name if name in rooms else "__init__" for name in names} & rooms.keys() - {room(path, house)}


def drawn(house: str) -> dict[str, set[str]]:
    """Give the arrows that are there, from every room of a house that its plan names or that has a file."""
    arrows: dict[str, set[str]] = {name: set() for name in PLANS[house]}
    for path in FILES:
        if path.is_relative_to(ROOT / house):
            arrows.setdefault(room(path, house), set()).update(used_rooms(path, house))
    return arrows


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_room_uses_only_the_rooms_below_it(path: Path) -> None:
    for house, rooms in PLANS.items():
        if path.is_relative_to(ROOT / house) and path != ROOT / "lod/__init__.py":
            assert used_rooms(path, house) <= rooms[room(path, house)]


@pytest.mark.parametrize("house", PLANS)
def test_the_plan_names_every_room_and_no_arrow_that_is_not_there(house: str) -> None:
    arrows = drawn(house)
    if house == "lod":
        del arrows["__init__"]  # the front door, which names what any room offers
    assert arrows == PLANS[house]


@pytest.mark.parametrize("house", PLANS)
def test_everything_flows_in_one_direction(house: str) -> None:
    TopologicalSorter(PLANS[house]).prepare()  # raises CycleError, which names the rooms


@pytest.mark.slow
@pytest.mark.parametrize("library", OUTSIDE)
def test_a_library_stays_in_its_room(library: str) -> None:
    users = {room(path) for path in FILES if any(name.split(".")[0] == library for name in imports(path))}
    users.discard("api")  # for types only: checked below
    assert users == OUTSIDE[library]


@pytest.mark.slow
def test_a_cluster_and_what_its_processes_share_are_each_known_to_one_module() -> None:
    for library, module in (("distributed", "dask_cluster"), ("dask", None), ("fsspec", "object_spool")):
        users = [path.stem for path in FILES if any(n.split(".")[0] == library for n in imports(path))]
        assert users == ([module] if module else [])


def test_importing_the_package_loads_no_engine() -> None:
    engines = {"rdflib", "pyshacl", "shacl", "rich", "typer", "distributed", "dask", "fsspec", "pyarrow"}
    engines |= {"pyoxigraph", "requests"}
    code = f"import lod, sys; print(sorted({engines} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"


@pytest.mark.parametrize(
    ("words", "engines"),
    [
        (["--help"], {"requests", "matplotlib", "rdflib", "pyoxigraph"}),
        (["build", "--quiet", "--jobs", "1", "--out"], {"requests", "matplotlib", "rdflib"}),
    ],
)
def test_a_command_loads_no_engine_that_it_does_not_use(
    words: list[str], engines: set[str], tmp_path: Path
) -> None:
    given = [tmp_path / "out", ROOT / "samples/pages"] if "--out" in words else []
    command = ["lod", *words, *map(str, given)]
    code = f"""
import sys
from lod.cli import main as cli
sys.argv = {command}
try:
    cli.main()
except SystemExit as end:
    print(end.code, sorted({engines} & set(sys.modules)), file=sys.stderr)"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stderr == "0 []\n"


def test_who_asks_a_store_does_not_wait_for_what_builds_releases() -> None:
    builders = {"lod.build", "lod.source", "lod.describe", "rdflib"}
    for module, more in (
        ("lod.cli.main", set[str]()),
        ("lod.query.worker", {"requests", "typer", "rich"}),
    ):
        code = f"import {module}, sys; print(sorted({builders | more} & set(sys.modules)))"
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert told.stdout == "[]\n", module


def test_every_public_name_is_one_of_the_api_and_no_other_is() -> None:
    tree = ast.parse((ROOT / "lod" / "api.py").read_text(encoding="utf-8"))
    froms = [alias for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names]
    public = {alias.asname for alias in froms if alias.asname == alias.name}
    public |= {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    public |= {f"{ast.unparse(node.targets[0])}" for node in tree.body if isinstance(node, ast.Assign)}
    public = {name for name in public if name and not name.startswith("_")}
    assert set(dir(lod)) == public
    for name in public:
        assert getattr(lod, name) is getattr(api, name)
    for name in ("readfile", "Path", "Iris", "_shapes", "TypeVar"):
        with pytest.raises(AttributeError, match=f"no attribute '{name}'"):
            getattr(lod, name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_stays_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_a_class_name_is_unique() -> None:
    assert structure.duplicate_classes(ROOT) == {}


def test_the_structure_is_counted() -> None:
    counts = structure.measure(ROOT)
    assert counts["modules"] == len(FILES)
    assert counts["arrows between packages"] > len(ROOMS)
