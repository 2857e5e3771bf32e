"""Any change to a release after it was made is found, and reported in a sentence."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lod import CheckFailed, Compression, Options, Summary, build_release, verify_release
from lod.cli.main import app
from lod.release import seal
from lod.verify import findings as limits
from lod.verify import references
from lod.verify.comparison import BucketedDigest
from tests.conftest import SAMPLES, VARIED

pytestmark = pytest.mark.slow

BASE = "https://w3id.org/anq/"
QUESTION = f"{BASE}an/17/qe/90001"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    options = Options(registers=(SAMPLES / "register",), parquet=True)
    return build_release([SAMPLES / name for name in VARIED], tmp_path_factory.mktemp("verify"), options).path


@pytest.fixture
def release(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "release"))


def edit(release: Path, name: str, change: Callable[[bytes], bytes], *, listed: bool = True) -> None:
    """Change a file, and by default its entry in the manifest, so that checksums do not reveal it."""
    data = (release / name).read_bytes()
    changed = change(data)
    assert changed != data
    (release / name).write_bytes(changed)
    if listed:
        entry(release, name, bytes=len(changed), sha256=hashlib.sha256(changed).hexdigest())


def entry(release: Path, name: str, **values: Any) -> None:
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    (found,) = [file for file in manifest["files"] if file["path"] == name]
    found.update(values)
    seal_again(release, manifest)


def seal_again(release: Path, manifest: dict[str, Any]) -> None:
    """Write a manifest that was changed as consistently as somebody who makes releases could."""
    catalogues = {path: (release / path).read_bytes() for path in seal.CATALOGUES}
    old, new = manifest["release"], seal.name(manifest, catalogues)
    for file in manifest["files"]:
        if (data := catalogues.get(file["path"])) is not None:
            named = data.replace(old.encode(), new.encode())
            (release / file["path"]).write_bytes(named)
            file["sha256"] = hashlib.sha256(named).hexdigest()
    (release / "manifest.json").write_text(seal.serialize({**manifest, "release": new}), "utf-8")


def replaced(old: str, new: str) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(old.encode(), new.encode(), 1)


def without_line(containing: str) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        lines = data.splitlines(keepends=True)
        lines.remove(next(line for line in lines if containing.encode() in line))
        return b"".join(lines)

    return change


def problems_of(release: Path) -> list[str]:
    return verify_release(release).problems


def assert_reported(release: Path, *patterns: str) -> None:
    """Assert that there is a problem for each pattern, and a pattern for each problem."""
    sizes = "dcat:byteSize" in "".join(patterns)
    problems = [sentence for sentence in problems_of(release) if sizes or "dcat:byteSize" not in sentence]
    for pattern in patterns:
        assert any(re.search(pattern, sentence) for sentence in problems), (pattern, problems)
    left = [s for s in problems if not any(re.search(pattern, s) for pattern in patterns)]
    assert left == []


def test_an_untouched_release_has_no_problems(published: Path) -> None:
    found = verify_release(published)
    assert found.problems == []
    assert found.compared["questions"] == found.compared["rows"] == 16
    assert found.compared["triples"] == (published / "questions.nt").read_bytes().count(b"\n")
    assert found.compared["cells that are triples"] > 8 * 16


@pytest.mark.slow
@pytest.mark.parametrize("split", [False, True])
@pytest.mark.parametrize("how", list(Compression))
def test_a_compressed_or_split_release_has_no_problems(tmp_path: Path, how: Compression, split: bool) -> None:
    options = Options(registers=(SAMPLES / "register",), compress=how, split=split, base="http://x.test/y/")
    assert problems_of(build_release([SAMPLES / "pages"], tmp_path, options).path) == []


def test_a_release_with_a_file_for_each_question_has_no_problems(
    sample_release: Summary, split_release: Summary
) -> None:
    assert problems_of(sample_release.path) == problems_of(split_release.path) == []


@pytest.mark.real
def test_the_release_of_the_real_pages_has_no_problems(real_release: Summary) -> None:
    assert problems_of(real_release.path) == []


def test_a_folder_without_a_manifest_is_no_release(release: Path) -> None:
    (release / "manifest.json").unlink()
    with pytest.raises(CheckFailed, match=r"expected a release with its manifest\.json, found none"):
        verify_release(release)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"release": 1}', b"\xff", b"[" * 10_000])
def test_a_damaged_manifest_is_reported_in_one_sentence(release: Path, data: bytes) -> None:
    (release / "manifest.json").write_bytes(data)
    with pytest.raises(CheckFailed, match="expected the manifest of a release, found"):
        verify_release(release)


@pytest.mark.parametrize("name", ["", ".", "..", "../2026-09-16-0123456789ab", "/srv/x", "a/b", "a\n"])
def test_a_release_name_with_a_path_is_refused(release: Path, name: str) -> None:
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    (release / "manifest.json").write_text(json.dumps(manifest | {"release": name}), "utf-8")
    with pytest.raises(CheckFailed, match=r"manifest\.json, release: expected a name without a path"):
        verify_release(release)


@pytest.mark.parametrize("name", ["questions.ttl", "questions.csv", "questions.parquet", "report.txt"])
def test_a_flipped_bit_is_reported(release: Path, name: str) -> None:
    data = bytearray((release / name).read_bytes())
    data[len(data) // 2] ^= 1
    (release / name).write_bytes(data)
    problems = problems_of(release)
    assert re.fullmatch(rf"{name}: expected the SHA-256 « \w{{64}} », found « \w{{64}} »", problems[0])


@pytest.mark.parametrize("name", ["questions.nt", "questions.nq", "questions.ttl", "questions.jsonld"])
def test_a_truncated_dump_is_reported(release: Path, name: str) -> None:
    size = (release / name).stat().st_size
    edit(release, name, lambda data: data[: size // 2], listed=False)
    problems = problems_of(release)
    assert f"{name}: expected {size} bytes, found {size // 2}" in problems
    assert any("can be parsed" in s or "can be read alone" in s for s in problems), problems


@pytest.mark.slow
@pytest.mark.parametrize("how", [Compression.GZIP, Compression.ZSTD])
@pytest.mark.parametrize("name", ["questions.nt", "questions.ttl", "questions.jsonld", "questions.csv"])
def test_a_damaged_compressed_file_is_reported(tmp_path: Path, how: Compression, name: str) -> None:
    release = build_release([SAMPLES / "pages"], tmp_path, Options(compress=how)).path
    for change in (lambda data: data[:-9], lambda data: data[:300] + bytes(40) + data[340:]):
        copy = Path(shutil.copytree(release, tmp_path / "copy", dirs_exist_ok=True))
        edit(copy, f"{name}{how.suffix}", change)
        assert any(f"{name}{how.suffix}" in sentence.split(": expected")[0] for sentence in problems_of(copy))


def test_missing_and_extra_files_are_reported(release: Path) -> None:
    (release / "questions.nq").unlink()
    (release / "more").mkdir()
    (release / "more" / "x.txt").write_text("x", "utf-8")
    (release / "link").symlink_to(release)
    assert_reported(
        release,
        r"^« questions.nq »: expected a file of \d+ bytes, found none$",
        "^manifest.json: expected dumps as nq, found none that is there$",
        "^« more/x.txt »: expected no file that the manifest does not list, found one$",
        "^« link »: expected no file that the manifest does not list, found one$",
        "names: expected a description of « <.*dumps/questions.nq> »",
    )


@pytest.mark.parametrize("path", ["../x", "/etc/hostname", "a/../../x"])
def test_a_path_out_of_the_release_is_reported_and_not_read(release: Path, path: str) -> None:
    entry(release, "report.txt", path=path)
    assert_reported(
        release, "^manifest.json: expected files of the release, found « ", "« report.txt »: expected no file"
    )


@pytest.mark.parametrize("form", ["nq", "ttl", "jsonld"])
def test_a_triple_altered_in_one_format_is_reported(release: Path, form: str) -> None:
    old, new = "Les communes l'assurent", "Les communes le nient"
    edit(release, f"questions.{form}", replaced(old, new))
    assert_reported(
        release,
        rf"^the dumps as {form}: expected the triple « .*{old}.*as in the dumps as nt, found none$",
        rf"^the dumps as {form}: expected no triple that is not in the dumps as nt, found « .*{new}",
    )


def test_a_triple_altered_in_the_reference_is_reported_for_all_other_formats(release: Path) -> None:
    edit(release, "questions.nt", replaced("Les communes l'assurent", "Les communes le nient"))
    problems = problems_of(release)
    for where in ("the dumps as nq", "the dumps as ttl", "the dumps as jsonld", "questions.csv"):
        assert any(sentence.startswith(f"{where}: expected the triple «") for sentence in problems), where


@pytest.mark.parametrize("form", ["nq", "jsonld", "nt"])
def test_a_line_missing_from_one_dump_is_reported(release: Path, form: str) -> None:
    edit(
        release,
        f"questions.{form}",
        without_line(f"{QUESTION}#publication" if form != "jsonld" else QUESTION),
    )
    problems = problems_of(release)
    assert any(re.search(rf"^questions.{form}: expected \d+ triples, found \d+$", s) for s in problems)
    other = "nq" if form == "nt" else form
    assert any(re.search(rf"^the dumps as {other}: expected \d+ triples as in", s) for s in problems)
    assert any(s.startswith(f"the dumps as {other}: expected") and QUESTION in s for s in problems)


def test_a_repeated_triple_is_reported(release: Path) -> None:
    line = next(
        s for s in (release / "questions.nq").read_bytes().splitlines(keepends=True) if b"#auteur" in s
    )
    edit(release, "questions.nq", lambda data: data + line)
    assert_reported(
        release,
        "questions.nq: expected .* triples",
        "dumps as nq: expected .* triples",
        "dumps as nq: expected no",
    )


def test_a_statement_in_the_graph_of_another_question_is_reported(release: Path) -> None:
    graph = f"<{QUESTION}> ."
    edit(release, "questions.nq", replaced(graph, f"<{BASE}an/17/qe/90002> ."))
    assert_reported(
        release, f"^the dumps as nq: expected statements about a question in its graph <{QUESTION}>, found « "
    )


def test_a_shared_resource_in_the_graph_of_a_question_is_reported(release: Path) -> None:
    edit(release, "questions.nq", replaced(f"<{BASE}graphe/acteurs> .", f"<{QUESTION}> ."))
    assert_reported(
        release, "^the dumps as nq: expected only statements about a question in its graph, found « "
    )
    edit(release, "questions.nq", replaced(f" <{BASE}graphe/lieux> .", " ."))
    assert_reported(
        release,
        "^the dumps as nq: expected only statements about a question",
        "^the dumps as nq: expected a graph for each statement, found « ",
    )


@pytest.mark.parametrize(
    ("graph", "subject", "other"),
    [
        ("graphe/lieux", "an/circonscription/", "graphe/acteurs"),
        ("graphe/acteurs", "an/acteur/", "graphe/lieux"),
        ("graphe/metadonnees", "logiciel/", "graphe/acteurs"),
        ("graphe/liens", "an/", "graphe/acteurs"),
        ("jo/an-questions/2026-09-01", "jo/", "graphe/metadonnees"),
    ],
)
def test_a_triple_in_a_second_or_a_wrong_graph_is_reported(
    release: Path, graph: str, subject: str, other: str
) -> None:
    quads = (release / "questions.nq").read_text("utf-8").splitlines()
    found = (line for line in quads if line.endswith(f"<{BASE}{graph}> .") and f"<{BASE}{subject}" in line)
    line = next(found).removesuffix(f"<{BASE}{graph}> .")
    expected = f"^the dumps as nq: expected this statement in the graph <{BASE}{graph}>"
    wrong = f"{expected}, found « .* » in « <{BASE}{other}> »"
    edit(release, "questions.nq", lambda data: data + f"{line}<{BASE}{other}> .\n".encode())
    assert_reported(release, "expected .* triples", "as nq: expected .* triples", wrong, "expected no triple")


def test_a_concept_repeated_in_the_dumps_is_reported(release: Path) -> None:
    people = next(
        s for s in (release / "questions.nt").read_text("utf-8").splitlines() if "PA9990001#id> <" in s
    )
    edit(release, "concepts.ttl", lambda data: data + f"{people}\n".encode())
    assert_reported(
        release,
        "^concepts.ttl: expected .* triples",
        "^the dumps as nq: expected no statement of concepts.ttl except about places, "
        f"found « {re.escape(people[:40])}",
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (replaced("},\n", "}\n"), "line 3: expected a comma before this document, found none"),
        (replaced("[\n", ""), "line 1: expected « \\[ » there and nowhere else"),
        (replaced("\n]\n", "\n"), "expected the end of an array"),
        (replaced('{"@context":{', '{"@context":["http://x.test/c"],"c":{'), "line 2: expected JSON-LD"),
    ],
)
def test_json_ld_that_is_no_array_of_independent_documents_is_reported(
    release: Path, change: Callable[[bytes], bytes], sentence: str
) -> None:
    edit(release, "questions.jsonld", change)
    assert_reported(release, f"^questions.jsonld.*{sentence}")


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("QANR5L14QE99104", "QANR5L14QE99105", "identifier"),
        (",2014-06-10,126,", ",2014-06-11,126,", "issued"),
        (",2014-06-10,126,", ",2014-06-10,125,", "responseDays"),
        (f"{BASE}an/14/qe/99104,", f"{BASE}an/14/qe/99114,", "99114"),
        (",2014-06-10,126,", ",,,", "responseDays"),
    ],
)
def test_a_cell_that_contradicts_the_rdf_is_reported(release: Path, old: str, new: str, where: str) -> None:
    edit(release, "questions.csv", replaced(old, new))
    problems = problems_of(release)
    assert any(s.startswith("questions.csv: expected") and where in s for s in problems), problems
    assert all("questions.csv" in s or (s.startswith("names: ") and where in s) for s in problems)


def test_a_missing_or_damaged_row_is_reported(release: Path) -> None:
    edit(release, "questions.csv", lambda data: data[: data.rindex(b"\r\nhttps") + 2])
    problems = problems_of(release)
    assert "questions.csv: expected 16 rows, as the manifest lists, found 15" in problems
    assert "questions.csv: expected 16 rows, one for each question, found 15" in problems
    edit(release, "questions.csv", lambda data: data + b'http://x,"\r\n')
    assert_reported(release, "^questions.csv, row 16: expected a row, found « ")
    edit(release, "questions.csv", lambda data: data[: data.rindex(b"http")] + b"a,b\r\n")
    assert_reported(
        release, "^questions.csv, row 16: expected a row, found « 2 cells where the header has 31 »"
    )


def test_damaged_table_metadata_are_reported(release: Path) -> None:
    edit(release, "questions.csv-metadata.json", lambda data: data[:-3])
    assert_reported(
        release, "^questions.csv-metadata.json: expected the metadata of the table, found something else$"
    )


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        (r"void:triples (\d+) ;\s+void:entities", r"expected void:triples \d+, found \d+"),
        (r"void:documents (\d+)", r"expected void:documents 16, found \d+"),
        (r"void:distinctSubjects (\d+)", r"expected void:distinctSubjects \d+, found \d+"),
        (r"void:class eli:Work ;\s+void:entities (\d+)", r"expected \d+ of <[^>]*Work>, found \d+"),
        (r"graphe/lieux> a[^<]*void:triples (\d+)", r"expected void:triples \d+ of <.*lieux>, found 7"),
        (r"dcat:byteSize \"(\d+)", r"expected dcat:byteSize \d+ of <.*questions.*>, found \d+"),
    ],
)
def test_a_wrong_figure_in_the_catalogue_is_reported(release: Path, pattern: str, sentence: str) -> None:
    text = (release / "catalog.ttl").read_text("utf-8")
    found = re.search(pattern, text)
    assert found, pattern
    start, end = found.span(1)
    edit(release, "catalog.ttl", lambda _: (text[:start] + "7" + text[end:]).encode())
    others = ("^catalog-udata.ttl: expected the text of catalog.ttl", "^catalog.jsonld: expected")
    assert_reported(release, f"^catalog.ttl: {sentence}", *others)


def test_manifest_counts_that_do_not_add_up_are_reported(release: Path) -> None:
    edit(release, "manifest.json", replaced('"questions": 16', '"questions": 17'), listed=False)
    assert_reported(
        release,
        "manifest.json: expected 16 questions, as in",
        "manifest.json: expected 17 documents, as many",
        "manifest.json: expected the release « .* », by the digest",
    )


def test_an_iri_that_is_used_and_not_described_is_reported(release: Path) -> None:
    edit(release, "concepts.ttl", lambda data: data.replace(b"<def/etat/repondue>", b"<def/etat/autre>"))
    assert_reported(
        release, "^names: expected a description of « <.*def/etat/repondue> », which is used, found only « "
    )


def test_an_undescribed_iri_of_the_table_is_reported(release: Path) -> None:
    edit(release, "questions.csv", replaced("gouvernement/ministere/", "gouvernement/mystere/"))
    assert_reported(
        release, "^names: expected a description of « <.*/mystere/.*found only « .* ministry_asked_iri <"
    )


def test_the_number_of_reported_faults_is_bounded_and_the_rest_is_counted(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST", 3)
    edit(release, "questions.nt", lambda data: data.replace(b"Exemple", b"Autre"))
    found = verify_release(release)
    assert len(found.problems) == 3
    assert found.more > 3


def test_iris_are_sets_whatever_the_size_of_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(references, "_RECENT", 2)
    usage = references.IriUsage(tmp_path / "iris")
    for number in (1, 2, 3, 1, 2, 4, 4, 1):
        usage.add(str(number))
    assert set().union(*usage.parts()) == {references.iri_digest(str(n)) for n in (1, 2, 3, 4)}
    usage.close()


def test_digests_depend_on_multiplicity_and_not_on_order() -> None:
    def of(*lines: str) -> BucketedDigest:
        digest = BucketedDigest()
        for line in lines:
            digest.add(line)
        return digest

    assert of("a", "b").differing(of("b", "a")) == []
    assert len(of("a", "b").differing(of("a", "a"))) == 2
    assert len(of("a", "a").differing(of("a"))) == 1


def test_the_command_prints_what_it_compared_and_exits_with_0_or_5(release: Path) -> None:
    done = CliRunner().invoke(app, ["verify", str(release)])
    assert done.exit_code == 0
    assert ": complete and consistent" in done.stdout
    assert "rows" in done.stdout
    (release / "extra").write_text("", "utf-8")
    done = CliRunner().invoke(app, ["verify", str(release)])
    assert done.exit_code == 5
    assert "« extra »: expected no file" in done.stderr
    assert "faults found: 1" in done.stdout
    done = CliRunner().invoke(app, ["verify", str(release), "--json"])
    assert json.loads(done.stdout)["problems"] == [
        "« extra »: expected no file that the manifest does not list, found one"
    ]
    assert CliRunner().invoke(app, ["verify", str(release), "--quiet"]).stdout == ""
