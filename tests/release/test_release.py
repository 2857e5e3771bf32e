"""A release is whole or not at all, the same for the same input, and loses nothing."""

import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest

from lod import Options, Summary, build_release, check_files, versioned_dir, versions
from lod.build import assemble, outputs
from lod.build.accounting import Accounting
from lod.describe import question as questions
from lod.errors import Busy, CheckFailed, Misused, NotReadOrWritten, Refused
from lod.release import DraftFile
from tests.conftest import SAMPLES

PAGES = SAMPLES / "pages"
FIRST = PAGES / "90001-lien-vide.txt"
FILES = {
    "questions.ttl",
    "questions.jsonld",
    "questions.nt",
    "questions.nq",
    "questions.csv",
    "questions.csv-metadata.json",
    *(f"alignments.{form}" for form in ("ttl", "jsonld", "nt", "nq")),
    "concepts.ttl",
    "ontology.ttl",
    "shapes.ttl",
    *versions.contexts(),
    "catalog.ttl",
    "catalog-udata.ttl",
    "catalog.jsonld",
    "croissant.json",
    "report.ttl",
    "report.txt",
    "problems.jsonl",
    "manifest.json",
}


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def manifest(folder: Path) -> dict[str, object]:
    read: dict[str, object] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return read


def test_a_release_has_all_its_files_and_current_links_to_it(tmp_path: Path) -> None:
    summary = build_release([PAGES], tmp_path)
    assert set(tree(tmp_path / "current")) == FILES
    assert (tmp_path / "current").readlink() == Path("releases") / summary.release
    assert sorted(path.name for path in tmp_path.iterdir()) == ["current", "releases"]


def test_the_manifest_is_true(sample_release: Summary) -> None:
    files = tree(sample_release.path)
    listed = {entry["path"]: entry for entry in manifest(sample_release.path)["files"]}  # type: ignore[attr-defined]
    assert set(listed) == set(files) - {"manifest.json"}
    for path, entry in listed.items():
        assert entry["bytes"] == len(files[path])
        assert entry["sha256"] == hashlib.sha256(files[path]).hexdigest()
    inputs = {entry["name"]: entry["sha256"] for entry in manifest(sample_release.path)["inputs"]}  # type: ignore[attr-defined]
    assert inputs[FIRST.name] == hashlib.sha256(FIRST.read_bytes()).hexdigest()
    assert "json/acteur/PA9990001.json" in inputs


def test_the_triple_counts_of_the_manifest_are_those_of_the_files(sample_release: Summary) -> None:
    forms = {".ttl": pyoxigraph.RdfFormat.TURTLE, ".nt": pyoxigraph.RdfFormat.N_TRIPLES}
    forms |= {".nq": pyoxigraph.RdfFormat.N_QUADS, ".jsonld": pyoxigraph.RdfFormat.JSON_LD}
    counted = 0
    for entry in manifest(sample_release.path)["files"]:  # type: ignore[attr-defined]
        path = sample_release.path / entry["path"]
        if "triples" in entry:
            assert (
                len(set(pyoxigraph.parse(path=str(path), format=forms[path.suffix]))) == entry["triples"]
            ), path.name
            counted += 1
    assert counted == 15 + len(list((sample_release.path / "an").rglob("*.jsonld")))


def test_the_same_input_gives_the_same_bytes_in_any_order_and_place(tmp_path: Path) -> None:
    files = sorted(PAGES.glob("*.txt"))
    shutil.copytree(PAGES, tmp_path / "elsewhere")
    builds = [[PAGES], files, files[::-1], [tmp_path / "elsewhere"], [*files, FIRST][1:]]
    trees = []
    for n, sources in enumerate(builds):
        build_release(sources, tmp_path / f"out{n}")
        trees.append(tree(tmp_path / f"out{n}" / "current"))
    assert all(other == trees[0] for other in trees)


@pytest.mark.slow
def test_the_same_input_gives_the_same_bytes_on_any_machine(tmp_path: Path) -> None:
    trees = []
    for n, (seed, zone, locale) in enumerate((("1", "UTC", "C"), ("2", "Pacific/Apia", "C.UTF-8"))):
        out = tmp_path / f"out{n}"
        command = [
            sys.executable,
            "-m",
            "lod",
            "build",
            str(PAGES),
            "--out",
            str(out),
            "--documents",
            "--quiet",
        ]
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        subprocess.run([*command, "--register", str(SAMPLES / "register")], check=True, env=env, cwd=tmp_path)
        trees.append(tree(out / "current"))
    assert trees[0] == trees[1]


def test_the_same_release_has_the_same_name_and_is_kept(tmp_path: Path) -> None:
    first = build_release([PAGES], tmp_path)
    before = (first.path / "questions.nt").stat().st_ino
    second = build_release([PAGES], tmp_path)
    assert second.release == first.release
    assert (second.path / "questions.nt").stat().st_ino == before


def test_a_damaged_release_of_the_same_name_is_replaced(tmp_path: Path) -> None:
    first = build_release([PAGES], tmp_path)
    (first.path / "questions.nt").write_text("damaged")
    second = build_release([PAGES], tmp_path, Options(allow_shrink=True))
    assert second.release == first.release
    assert "damaged" not in (tmp_path / "current/questions.nt").read_text(encoding="utf-8")


def test_the_date_of_a_release_is_its_content_s_or_the_one_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    build_release([PAGES], tmp_path / "a")
    assert 'dcterms:modified "2026-09-15"' in (tmp_path / "a/current/catalog.ttl").read_text(encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    build_release([PAGES], tmp_path / "a")
    assert 'dcterms:modified "2026-09-21"' in (tmp_path / "a/current/catalog.ttl").read_text(encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(Misused, match="SOURCE_DATE_EPOCH"):
        build_release([PAGES], tmp_path / "c")


def test_every_document_is_published_rejected_or_a_duplicate(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    shutil.copytree(PAGES, folder)
    shutil.copy(FIRST, folder / "again.txt")
    (folder / "with-mark.txt").write_bytes(b"\xef\xbb\xbf" + FIRST.read_bytes())
    (folder / "broken.txt").write_text("nothing of the kind")
    summary = build_release([folder], tmp_path / "out")
    assert summary.counts == {
        "documents": 8,
        "questions": 5,
        "kept": 0,
        "rejected": 1,
        "duplicates": 2,
        "problems": 1,
    }
    assert summary.exit_code == 3
    told = [
        json.loads(line)
        for line in (summary.path / "problems.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert [(line["document"], line["severity"]) for line in told] == [("broken.txt", "rejected")]
    derived = [
        line
        for line in (summary.path / "questions.nt").read_text(encoding="utf-8").splitlines()
        if "90001#description> <http://www.w3.org/ns/prov#wasDerivedFrom>" in line
    ]
    assert len(derived) == 2


def test_contradictory_accounts_are_all_rejected_and_name_each_other(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    shutil.copytree(PAGES, folder)
    other = FIRST.read_text(encoding="utf-8").replace("Environnement", "Transports")
    (folder / "other.txt").write_text(other, encoding="utf-8")
    summary = build_release([folder], tmp_path / "out")
    assert summary.counts["questions"] == 4
    assert summary.counts["rejected"] == 2
    told = {problem.document: problem for problem in summary.problems}
    assert told["other.txt"].place == "rubric"
    assert "90001-lien-vide.txt (sha256 " in told["other.txt"].expected
    assert "other.txt" in told["90001-lien-vide.txt"].expected


def test_an_accounting_that_does_not_add_up_is_an_error() -> None:
    with pytest.raises(
        CheckFailed, match="3 documents received are not 1 published, 1 rejected and 0 duplicates"
    ):
        Accounting(received=3, rejected=1).counts(1, 0)


def test_a_violation_keeps_its_document_out_and_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = questions.question

    def untitled(*args: object) -> object:
        node = whole(*args)  # type: ignore[arg-type]
        return (
            {key: value for key, value in node.items() if key != "title"} if "90002" in node["id"] else node
        )

    monkeypatch.setattr(questions, "question", untitled)
    summary = build_release([PAGES], tmp_path)
    assert (summary.counts["questions"], summary.counts["rejected"], summary.exit_code) == (4, 1, 3)
    assert [problem.document for problem in summary.problems] == ["90002-valeurs-nues.txt"]
    assert str(summary.problems[0]).endswith(
        "/an/17/qe/90002: property dcterms:title: a question must have exactly one title, in French "
        "(too few values)"
    )
    published = (summary.path / "questions.nt").read_text(encoding="utf-8")
    assert "/qe/90002" not in published
    assert "barnabe-factice" not in published
    assert "sh:conforms true" in (summary.path / "report.ttl").read_text(encoding="utf-8")
    rejects = (summary.path / "rejects.ttl").read_text(encoding="utf-8")
    assert "<an/17/qe/90002>" in rejects
    assert "Une question a exactement un titre, en français." in rejects
    report = (summary.path / "rejects.txt").read_text(encoding="utf-8")
    assert (
        "  Question-title: propriété dcterms:title : une question a exactement un titre, en français "
        "(trop peu de valeurs)\n"
        "  property dcterms:title: a question must have exactly one title, in French (too few values)\n"
    ) in report


def test_nothing_to_publish_leaves_the_last_release(tmp_path: Path) -> None:
    build_release([PAGES], tmp_path)
    before = tree(tmp_path)
    (tmp_path.parent / "empty").mkdir(exist_ok=True)
    with pytest.raises(Refused, match="nothing to publish: 0 documents received"):
        build_release([tmp_path.parent / "empty"], tmp_path)
    assert tree(tmp_path) == before


def test_a_release_that_shrinks_is_refused_unless_allowed(tmp_path: Path) -> None:
    build_release([PAGES], tmp_path)
    with pytest.raises(Refused, match="expected at least about 5 questions as in the last release, found 1"):
        build_release([FIRST], tmp_path)
    summary = build_release([FIRST], tmp_path, Options(allow_shrink=True))
    assert summary.counts["questions"] == 1


def test_strict_builds_refuse_unknown_fields(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    shutil.copytree(PAGES, folder)
    (folder / "new.txt").write_text(
        FIRST.read_text(encoding="utf-8").replace("90001", "90009") + "\n\nNouveau champ : neuf",
        encoding="utf-8",
    )
    counts = build_release([folder], tmp_path / "out").counts
    assert (counts["questions"], counts["rejected"], counts["problems"]) == (6, 0, 1)
    with pytest.raises(Refused, match="strict: the documents") as refused:
        build_release([folder], tmp_path / "strict", Options(strict=True))
    assert "« Nouveau champ : neuf »" in str(refused.value.problems[0])
    assert not (tmp_path / "strict/current").exists()


def test_two_builds_cannot_use_one_directory_at_the_same_time(tmp_path: Path) -> None:
    handle = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        with pytest.raises(Busy):
            build_release([PAGES], tmp_path)
    finally:
        os.close(handle)
    build_release([PAGES], tmp_path)


@pytest.mark.parametrize("step", ["write", "finish", "fsync", "rename", "symlink"])
def test_a_disk_that_fails_at_any_step_leaves_the_last_release_and_no_partial_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    first = build_release([FIRST], tmp_path)
    before = tree(tmp_path)

    def fail(*_args: object, **_kwargs: object) -> None:
        raise OSError(28, "No space left on device", "questions.nt")

    places: dict[str, tuple[object, str]] = {
        "write": (DraftFile, "write_bytes"),
        "finish": (DraftFile, "finish"),
        "fsync": (os, "fsync"),
        "rename": (Path, "rename"),
        "symlink": (Path, "symlink_to"),
    }
    with monkeypatch.context() as broken:
        broken.setattr(*places[step], fail)
        with pytest.raises(NotReadOrWritten, match="No space left on device"):
            build_release([PAGES], tmp_path)
    after = tree(tmp_path)
    assert {path: data for path, data in after.items() if path in before} == before
    assert not (tmp_path / versioned_dir.STAGING).exists()
    assert (tmp_path / "current").readlink() == Path("releases") / first.release
    build_release([PAGES], tmp_path)


def test_a_directory_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotReadOrWritten):
        build_release([PAGES], tmp_path / "file")


KILLED_AT = {
    "while reading": (outputs.WrittenQuestions, "__init__"),
    "while writing": (outputs.WrittenData, "_write_definitions"),
    "before the catalogue": (outputs.WrittenReports, "publish"),
    "before the swap": (Path, "symlink_to"),
}


@pytest.mark.slow
@pytest.mark.parametrize("moment", KILLED_AT)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_build_that_is_killed_leaves_the_last_release_whole(
    tmp_path: Path, moment: str, number: signal.Signals
) -> None:
    out = tmp_path / "out"
    first = build_release([FIRST], out)
    before = tree(first.path)
    owner, name = KILLED_AT[moment]
    code = f"""
import pathlib, sys, time
from lod.cli import main as cli
from {owner.__module__} import {owner.__name__}
def wait(*_args, **_kwargs):
    pathlib.Path({str(tmp_path / "reached")!r}).touch()
    time.sleep(60)
{owner.__name__}.{name} = wait
sys.argv = ["lod", "build", {str(PAGES)!r}, "--out", {str(out)!r}]
cli.main()
"""
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE)
    _until((tmp_path / "reached").exists)
    process.send_signal(number)
    started = time.monotonic()
    _, told = process.communicate(timeout=20)
    assert time.monotonic() - started < 5
    codes = {signal.SIGKILL: -9, signal.SIGTERM: 143, signal.SIGINT: 130}
    assert process.returncode == codes[number], told
    assert b"Traceback" not in told
    assert tree(out / "current") == before
    assert (out / "current").readlink() == Path("releases") / first.release
    if number is not signal.SIGKILL:
        assert not (out / versioned_dir.STAGING).exists()
    again = build_release([PAGES], out)
    assert again.counts["questions"] == 5
    assert sorted(path.name for path in out.iterdir()) == ["current", "releases"]


def _until(holds: Callable[[], bool]) -> None:
    for _ in range(400):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it never came to that")


@pytest.mark.slow
def test_a_reader_sees_one_whole_release_while_others_are_published(tmp_path: Path) -> None:
    out = tmp_path / "out"
    build_release([FIRST], out)
    code = f"""
import pathlib
from lod import Options, build_release
for n in range(3):
    for sources in ([{str(PAGES)!r}], [{str(FIRST)!r}]):
        paths = [pathlib.Path(source) for source in sources]
        build_release(paths, pathlib.Path({str(out)!r}), Options(allow_shrink=True))
"""
    process = subprocess.Popen([sys.executable, "-c", code])
    looks = 0
    while process.poll() is None:
        release = (out / "current").resolve()
        listed = json.loads((release / "manifest.json").read_text(encoding="utf-8"))["files"]
        for entry in listed:
            assert hashlib.sha256((release / entry["path"]).read_bytes()).hexdigest() == entry["sha256"]
        looks += 1
    assert process.returncode == 0
    assert looks > 3


def test_a_base_of_one_s_own_names_everything_but_the_ontology(tmp_path: Path) -> None:
    base = "http://localhost:8000/data/"
    summary = build_release([PAGES], tmp_path, Options(base=base))
    for file in ("questions.nt", "concepts.ttl", "catalog.ttl", "report.ttl"):
        text = (summary.path / file).read_text(encoding="utf-8")
        assert base in text
        assert "https://w3id.org/anq/" not in text.replace("https://w3id.org/anq/ontology#", ""), file


@pytest.mark.parametrize(
    "base",
    ["w3id.org/anq/", "https://w3id.org/anq", "ftp://x/", "https://x/ y/", "https://x/#", "http://:::/"],
)
def test_an_invalid_base_is_refused(tmp_path: Path, base: str) -> None:
    with pytest.raises(Misused, match="the base must be"):
        build_release([PAGES], tmp_path, Options(base=base))
    with pytest.raises(Misused, match="the base must be"):
        check_files([PAGES], base)


def test_labels_with_the_same_iri_are_all_kept_and_the_rare_one_is_reported(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    shutil.copytree(PAGES, folder)
    first = folder / FIRST.name
    first.write_text(
        FIRST.read_text(encoding="utf-8").replace(": Environnement", ": Parapluies"), encoding="utf-8"
    )
    other = (
        first.read_text(encoding="utf-8")
        .replace("90001", "90011")
        .replace("[Beaux temps et", "[Beaux temps, et")
    )
    (folder / "other.txt").write_text(other.replace(": Parapluies", ": PARAPLUIES"), encoding="utf-8")
    summary = build_release([folder], tmp_path / "out")
    concepts = (summary.path / "concepts.ttl").read_text(encoding="utf-8")
    assert 'skos:prefLabel "Parapluies"@fr ;' in concepts
    assert 'skos:altLabel "PARAPLUIES"@fr' in concepts
    assert '"Environnement"' not in concepts
    turtle = (summary.path / "questions.ttl").read_text(encoding="utf-8")
    assert 'skos:prefLabel "Beaux temps et éclaircies"@fr ;' in turtle
    assert 'skos:altLabel "Beaux temps, et éclaircies"@fr' in turtle
    assert [(problem.document, problem.found) for problem in summary.problems] == [
        ("other.txt", "« Beaux temps, et éclaircies »")
    ]


def page(number: int, author: str = "[Mme Zéphyrine Exemple](#)", seat: str = "Ain (41^e") -> str:
    text = FIRST.read_text(encoding="utf-8").replace("90001", str(number))
    return text.replace("[Mme Zéphyrine Exemple](#)", author).replace("Ain (41^e", seat)


@pytest.mark.parametrize("others", [0, 3])
def test_documents_that_contradict_each_other_on_facts_are_rejected_whatever_the_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, others: int
) -> None:
    monkeypatch.setattr(assemble, "BATCH", 1)
    folder = tmp_path / "in"
    folder.mkdir()
    author = "[Mme Zéphyrine Exemple](/PA9990001)"
    for number in range(90010, 90011 + others):
        (folder / f"{number}.txt").write_text(page(number, author=author), encoding="utf-8")
    odd = page(90020, author=author, seat="Ain (40^e")
    (folder / "odd.txt").write_text(odd, encoding="utf-8")
    (folder / "other.txt").write_text(page(90021), encoding="utf-8")
    summary = build_release([folder], tmp_path / "out", Options(documents=True))
    rejected = {p.document for p in summary.problems if p.severity == "rejected"}
    assert rejected == ({"odd.txt"} if others else {"odd.txt", "90010.txt"})
    written = {path.stem for path in summary.path.rglob("an/17/qe/*.jsonld")}
    assert written == {"90021", *(str(90010 + n) for n in range(others + 1) if others)}
    assert set(tree(summary.path)) - {"manifest.json"} == {
        entry["path"]
        for entry in manifest(summary.path)["files"]  # type: ignore[attr-defined]
    }
    assert check_files([summary.path]) == []


def test_a_last_release_that_cannot_be_read_is_no_reason_to_shrink(tmp_path: Path) -> None:
    for damage in ('{"counts": {"questions": Infinity}}', "[" * 100_000, None):
        out = tmp_path / str(damage)[:3].strip('{"')
        build_release([PAGES], out)
        current = out / "current" / "manifest.json"
        current.unlink()
        if damage:
            current.write_text(damage)
        with pytest.raises(Refused, match="--allow-shrink"):
            build_release([FIRST], out)
        build_release([PAGES], out, Options(allow_shrink=True))


def test_a_release_that_lists_no_files_is_not_whole(tmp_path: Path) -> None:
    first = build_release([PAGES], tmp_path)
    (first.path / "manifest.json").write_text('{"files": [], "counts": {"questions": 5}}')
    (first.path / "questions.ttl").write_text("gone")
    build_release([PAGES], tmp_path, Options(allow_shrink=True))
    assert "gone" not in (tmp_path / "current/questions.ttl").read_text(encoding="utf-8")


def test_a_staging_folder_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / versioned_dir.STAGING).symlink_to(tmp_path / "elsewhere")
    summary = build_release([PAGES], tmp_path / "out")
    assert not summary.path.is_symlink()
    assert list((tmp_path / "elsewhere").iterdir()) == []
