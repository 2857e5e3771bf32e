"""The command line: one clear sentence, the right exit code, nothing else."""

import json
import os
import pty
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from lod import Summary, __version__, errors
from tests.conftest import ROOT, SAMPLES

PAGES = SAMPLES / "pages"
FIRST = PAGES / "90001-lien-vide.txt"


def lod(*words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lod", *map(str, words)]
    told = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=cwd, stdin=subprocess.DEVNULL
    )
    assert "Traceback" not in told.stderr
    return told


def test_a_build_sums_up_what_it_did(tmp_path: Path) -> None:
    told = lod("build", PAGES, "--register", SAMPLES / "register", "--out", tmp_path)
    assert told.returncode == 0
    assert told.stderr == ""
    figures = re.findall(r"^ *(\d+) +([a-z ]+?) *$", told.stdout, re.MULTILINE)
    assert figures[:5] == [
        ("5", "documents received"),
        ("5", "published"),
        ("0", "rejected"),
        ("0", "duplicates"),
        ("0", "warnings"),
    ]
    assert re.search(rf"release 2026-09-15-[0-9a-f]{{12}} is in {tmp_path}/current\n", told.stdout)


def test_quiet_prints_nothing(tmp_path: Path) -> None:
    told = lod("build", PAGES, "--out", tmp_path, "--quiet")
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")


def test_json_prints_the_summary_alone(tmp_path: Path) -> None:
    told = lod("build", PAGES, "--out", tmp_path, "--json")
    summary = json.loads(told.stdout)
    assert summary["counts"] == {
        "documents": 5,
        "questions": 5,
        "rejected": 0,
        "duplicates": 0,
        "problems": 0,
    }
    assert Path(summary["path"]).is_dir()
    assert summary["exit_code"] == told.returncode == 0


def test_a_rejected_document_is_one_sentence_and_exit_code_3(tmp_path: Path) -> None:
    text = FIRST.read_text(encoding="utf-8").replace("2026", "2O26")
    (tmp_path / "[red]bad.txt").write_text(text, encoding="utf-8")
    told = lod("build", FIRST, tmp_path / "[red]bad.txt", "--out", tmp_path / "out")
    assert told.returncode == 3
    assert told.stderr == (
        "rejected: [red]bad.txt, Question publiée au JO le: expected a day such as « 23 juin 2026 », "
        "found « 1er septembre 2O26 »\n"
    )


def test_nothing_to_publish_is_exit_code_4_with_every_reason(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text("{}")
    told = lod("build", tmp_path / "a", tmp_path / "b", "--out", tmp_path / "out")
    assert told.returncode == 4
    assert told.stderr.splitlines() == [
        (
            "rejected: a: expected an object with a « question », or a list of these, "
            "found JSON that begins « {} » (and 1 more like this)"
        ),
        "error: nothing to publish: 2 documents received, 2 rejected",
    ]
    assert not (tmp_path / "out/current").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["build"],
        ["build", "/nowhere"],
        ["build", str(PAGES), "--register", "/nowhere"],
        ["build", str(PAGES), "--base", "w3id.org", "--out", "/tmp/unused-by-a-wrong-base"],
        ["build", str(PAGES), "--compress", "brotli"],
        ["nonsense"],
        ["check", "/nowhere"],
    ],
)
def test_wrong_usage_is_exit_code_2(words: list[str]) -> None:
    assert lod(*words).returncode == 2


def test_warnings_count_when_strict(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(
        FIRST.read_text(encoding="utf-8").replace("la pluie", "la \u200bpluie"), encoding="utf-8"
    )
    assert lod("build", tmp_path / "page.txt", "--out", tmp_path / "a").returncode == 0
    told = lod("build", tmp_path / "page.txt", "--out", tmp_path / "b", "--strict")
    assert told.returncode == 3
    assert (
        told.stderr
        == "warning: page.txt, text: expected characters that can be seen, found U+200B at line 16\n"
    )


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("--engine dask", "--engine dask and --scheduler ADDRESS need each other"),
        ("--scheduler tcp://127.0.0.1:9", "--engine dask and --scheduler ADDRESS need each other"),
        (
            "--engine dask --scheduler there",
            "the scheduler must be an address such as tcp://127.0.0.1:8786, not « there »",
        ),
        (
            "--engine dask --scheduler tcp://127.0.0.1:9 --jobs 2",
            "--jobs is for the processes of this machine: a cluster has as many as its workers",
        ),
        (
            "--shards s3://there",
            "--shards is where a cluster works: it needs --engine dask and --scheduler ADDRESS",
        ),
        (
            "--engine shacl --engine pyshacl",
            "one engine checks: --engine shacl or --engine pyshacl, not both",
        ),
    ],
)
def test_a_cluster_is_asked_for_by_all_its_words_and_no_others(tmp_path: Path, words: str, why: str) -> None:
    told = lod("build", PAGES, "--out", tmp_path, *words.split())
    assert (told.returncode, told.stdout, told.stderr) == (2, "", f"error: {why}\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("publisher", ["", "  ", "a\x07"])
def test_a_publisher_without_a_name_is_wrong_usage(tmp_path: Path, publisher: str) -> None:
    told = lod("build", PAGES, "--out", tmp_path / "out", "--publisher", publisher)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.startswith("error: the publisher must be a name that can be printed, not «")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_was_made_for_nothing_is_removed(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("no question")
    for out, is_there in ((tmp_path / "new", False), (tmp_path / "old", True)):
        if is_there:
            out.mkdir()
        assert lod("build", tmp_path / "page.txt", "--out", out).returncode == 4
        assert out.exists() == is_there


def test_a_place_that_cannot_be_written_is_exit_code_6(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told = lod("build", PAGES, "--out", tmp_path / "file")
    assert told.returncode == 6
    assert told.stderr == f"error: {tmp_path}/file: expected a folder, found a file\n"


def test_nothing_of_a_document_reaches_the_terminal_unescaped(tmp_path: Path) -> None:
    text = FIRST.read_text(encoding="utf-8").replace(
        "Type de question : Question écrite", "Type de question : \u202e\u2028x"
    )
    (tmp_path / "a\x1b[31m.txt").write_text(text, encoding="utf-8")
    told = lod("build", tmp_path / "a\x1b[31m.txt", FIRST, "--out", tmp_path / "out")
    assert told.returncode == 3
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]", told.stderr)
    assert r"\u202e\u2028x" in told.stderr


def test_explain_shows_the_record_the_triples_and_the_verdict() -> None:
    told = lod("explain", FIRST, "--register", SAMPLES / "register")
    assert told.returncode == 0
    assert told.stderr == ""
    assert told.stdout.startswith("QANR5L17QE90001")
    assert re.search(r"author.seat.number\s+41\n", told.stdout)
    assert "<an/17/qe/90001> a eli:Work , schema:Question ;" in told.stdout
    assert "<an/acteur/PA9990001#id> a foaf:Person , eli:Person ;" in told.stdout
    assert told.stdout.endswith("it would be published\n")


def test_explain_says_why_a_document_would_be_rejected(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("rien")
    told = lod("explain", tmp_path / "x.txt")
    assert told.returncode == 3
    assert told.stderr.startswith("rejected: x.txt: expected a document of the Assemblée nationale")


def test_explain_says_once_what_it_says_of_many_documents(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for number in range(30):
            archive.writestr(f"{number}.txt", "nothing")
    told = lod("explain", tmp_path / "x.zip")
    assert told.returncode == 3
    [sentence] = told.stderr.splitlines()
    assert sentence.startswith("rejected: x.zip!0.txt: expected a document of the Assemblée nationale")
    assert sentence.endswith("(and 29 more like this)")


def test_check_takes_files_together(tmp_path: Path) -> None:
    lod("build", PAGES, "--out", tmp_path, "--quiet")
    release = tmp_path / "current"
    for form in ("ttl", "nt", "nq", "jsonld"):
        told = lod("check", release / f"questions.{form}", release / "concepts.ttl")
        assert (told.returncode, told.stdout) == (0, "conforms\n"), form
    assert lod("check", release).stdout == "conforms\n"
    alone = lod("check", release / "questions.ttl")
    assert alone.returncode == 5
    assert "give the release, or concepts.ttl too" in alone.stdout
    assert "Question-is-about https://w3id.org/anq/an/17/qe/90001" in alone.stdout


def test_check_takes_the_base_of_a_release(named_release: Summary, sample_release: Summary) -> None:
    assert lod("check", named_release.path).stdout == "conforms\n"
    assert lod("check", named_release.path, "--base", "https://data.example.org/q/").returncode == 0
    for more in (["--base", "https://w3id.org/anq/"], [sample_release.path]):
        told = lod("check", named_release.path, *more)
        assert told.returncode == 2
        assert re.match(r"error: \S+: expected a release under « https\S+ », found one under", told.stderr)


def test_check_says_what_is_wrong_and_where(tmp_path: Path) -> None:
    example = (ROOT / "ontology/examples/awaiting.ttl").read_text(encoding="utf-8")
    (tmp_path / "x.ttl").write_text(
        example.replace('eli:number "91001"', 'eli:number "abc"'), encoding="utf-8"
    )
    told = lod("check", tmp_path / "x.ttl")
    assert told.returncode == 5
    assert told.stdout == (
        "Question-number https://w3id.org/anq/an/17/qe/91001\n"
        "    A question has exactly one number, written in digits. Found: abc\n"
        "does not conform: 1 results\n"
    )
    found = json.loads(lod("check", tmp_path / "x.ttl", "--json").stdout)
    assert found["conforms"] is False
    assert found["results"][0]["resultMessage"] == "Une question a exactement un numéro, écrit en chiffres."


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("x.ttl", "", "expected something that the shapes look at"),
        ("x.jsonld", '{"@context": "https://example.org/context.jsonld"}', "a reference to"),
        ("x.jsonld", '{"@context": {"@import": "https://example.org/c"}}', "a reference to"),
        (
            "x.jsonld",
            '{"@context": {"a": {"@id": "x:a", "@context": "https://example.org/c"}}}',
            "a reference to",
        ),
        (
            "x.jsonld",
            '{"@context": [{"a": {"@id": "x:a", "@context": ["https://example.org/c"]}}]}',
            "a reference",
        ),
        ("x.jsonld", '{"@id": "x:a", "x:b": "\\ud800"}', "expected valid json-ld"),
        ("x.ttl", "<a> <b>", "expected valid turtle"),
        ("x.docx", "", "expected an RDF file"),
        (
            "x.jsonld",
            '{"@context": "https://example.org/c.jsonld"}',
            "a reference to « https://example.org/c.jsonld »",
        ),
        ("x.rdf", '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x/>', "<!DOCTYPE"),
    ],
)
def test_a_file_that_is_no_rdf_or_asks_for_others_is_refused(
    tmp_path: Path, name: str, text: str, found: str
) -> None:
    (tmp_path / name).write_text(text)
    told = lod("check", tmp_path / name)
    assert told.returncode == 5
    assert told.stderr.startswith("error: ")
    assert found in told.stderr
    assert told.stderr.count("\n") == 1


def test_our_own_context_is_known_by_its_address(tmp_path: Path) -> None:
    document = {
        "@context": "https://w3id.org/anq/context.jsonld",
        "type": ["Question"],
        "id": "https://example.org/1",
    }
    (tmp_path / "x.jsonld").write_text(json.dumps(document))
    told = lod("check", tmp_path / "x.jsonld")
    assert "Question-title https://example.org/1" in told.stdout


def test_progress_shows_on_a_terminal_only_and_leaves_nothing(tmp_path: Path) -> None:
    owner, follower = pty.openpty()
    command = [sys.executable, "-m", "lod", "build", str(PAGES), "--out", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=follower)
    os.close(follower)
    shown = b""
    try:
        while chunk := os.read(owner, 4096):
            shown += chunk
    except OSError:
        pass  # the other end is closed
    os.close(owner)
    assert process.wait() == 0
    assert process.stdout
    assert b"described and checked" in shown
    process.stdout.close()


def test_the_manual_lists_every_exit_code() -> None:
    written = (ROOT / "docs/manual.md").read_text(encoding="utf-8")
    codes = {kind.exit_code for kind in errors.LodError.__subclasses__()} | {0, 3, 130, 143}
    assert {code for code in codes if f"| {code} |" not in written} == set()


def test_the_version_is_told() -> None:
    assert lod("--version").stdout == f"lod {__version__}\n"
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_what_is_rejected_is_never_said_to_be_published(tmp_path: Path) -> None:
    text = FIRST.read_text(encoding="utf-8").replace("Rubrique : Environnement", "Rubrique : 中文")
    (tmp_path / "x.txt").write_text(text, encoding="utf-8")
    told = lod("explain", tmp_path / "x.txt")
    assert told.returncode == 3
    assert told.stdout.endswith("it would be rejected\n")
    assert "a name in Latin letters and digits" in told.stderr


def test_a_warning_of_a_shape_is_told_and_published(tmp_path: Path) -> None:
    text = FIRST.read_text(encoding="utf-8").replace("septembre 2026", "septembre 1926")
    (tmp_path / "x.txt").write_text(text, encoding="utf-8")
    told = lod("build", tmp_path / "x.txt", "--out", tmp_path / "out")
    assert told.returncode == 0
    assert "warning: x.txt, shape Question-fifth-republic: expected A question dates" in told.stderr
    assert "Question-fifth-republic" in (tmp_path / "out/current/report.ttl").read_text(encoding="utf-8")


def test_foreign_bytes_of_rdf_reach_the_terminal_escaped(tmp_path: Path) -> None:
    example = (ROOT / "ontology/examples/awaiting.ttl").read_text(encoding="utf-8")
    (tmp_path / "x.ttl").write_text(
        example.replace('eli:number "91001"', 'eli:number "\\u001B[31m\\u202E"'), encoding="utf-8"
    )
    told = lod("check", tmp_path / "x.ttl")
    assert r"Found: \x1b[31m\u202e" in told.stdout


def test_brackets_in_a_place_are_brackets(tmp_path: Path) -> None:
    told = lod("build", PAGES, "--out", tmp_path / "a[/b][red]")
    assert told.returncode == 0
    assert f"{tmp_path}/a[/b][red]/current" in told.stdout


def test_a_terminal_without_accents_still_gets_words() -> None:
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "lod", "explain", str(FIRST)]
    told = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    assert told.returncode == 0
    assert r"Z\xe9phyrine Exemple" in told.stdout


PRINTING = [
    "--version",
    f"explain {FIRST}",
    "query --list",
    f"build {PAGES} --out out",
    "query questions-by-group --show",
]


@pytest.mark.parametrize("words", PRINTING)
def test_output_that_finds_no_room_is_one_sentence(words: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "lod", *words.split()]
    with Path("/dev/full").open("w") as full:
        told = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False, cwd=tmp_path)
    assert told.returncode == 6
    assert told.stderr == b"error: standard output: No space left on device\n"


@pytest.mark.parametrize("words", PRINTING)
def test_output_that_nobody_reads_any_more_is_a_quiet_end(words: str, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "lod", *words.split()]
    with os.fdopen(writing, "w") as nobody:
        told = subprocess.run(command, stdout=nobody, stderr=subprocess.PIPE, check=False, cwd=tmp_path)
    assert (told.returncode, told.stderr) == (errors.Unread.exit_code, b"")


def test_output_that_is_closed_goes_nowhere(tmp_path: Path) -> None:
    command = f"{sys.executable} -m lod query --show questions-by-group >&-"
    told = subprocess.run(command, shell=True, capture_output=True, check=False, cwd=tmp_path)
    assert (told.returncode, told.stderr) == (0, b"")
