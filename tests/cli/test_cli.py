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

pytestmark = pytest.mark.slow  # each test runs the command in a process of its own

PAGES = SAMPLES / "pages"
FIRST = PAGES / "90001-lien-vide.txt"


def lod(*words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lod", *map(str, words)]
    result = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=cwd, stdin=subprocess.DEVNULL
    )
    assert "Traceback" not in result.stderr
    return result


def test_a_build_sums_up_what_it_did(tmp_path: Path) -> None:
    result = lod("build", PAGES, "--register", SAMPLES / "register", "--out", tmp_path)
    assert result.returncode == 0
    assert result.stderr == ""
    figures = re.findall(r"^ *(\d+) +([a-z ]+?) *$", result.stdout, re.MULTILINE)
    assert figures[:5] == [
        ("5", "documents received"),
        ("5", "published"),
        ("0", "rejected"),
        ("0", "duplicates"),
        ("0", "warnings"),
    ]
    assert re.search(rf"release 2026-09-15-[0-9a-f]{{12}} is in {tmp_path}/current\n", result.stdout)


def test_quiet_prints_nothing(tmp_path: Path) -> None:
    result = lod("build", PAGES, "--out", tmp_path, "--quiet")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_json_prints_the_summary_alone(tmp_path: Path) -> None:
    result = lod("build", PAGES, "--out", tmp_path, "--json")
    summary = json.loads(result.stdout)
    assert summary["counts"] == {
        "documents": 5,
        "questions": 5,
        "kept": 0,
        "rejected": 0,
        "duplicates": 0,
        "problems": 0,
    }
    assert Path(summary["path"]).is_dir()
    assert summary["exit_code"] == result.returncode == 0


def test_a_rejected_document_is_one_sentence_and_exit_code_3(tmp_path: Path) -> None:
    text = FIRST.read_text(encoding="utf-8").replace("2026", "2O26")
    (tmp_path / "[red]bad.txt").write_text(text, encoding="utf-8")
    result = lod("build", FIRST, tmp_path / "[red]bad.txt", "--out", tmp_path / "out")
    assert result.returncode == 3
    assert result.stderr == (
        "rejected: [red]bad.txt, Question publiée au JO le: expected a day such as « 23 juin 2026 », "
        "found « 1er septembre 2O26 »\n"
    )


def test_nothing_to_publish_is_exit_code_4_with_every_reason(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text("{}")
    result = lod("build", tmp_path / "a", tmp_path / "b", "--out", tmp_path / "out")
    assert result.returncode == 4
    assert result.stderr.splitlines() == [
        (
            "rejected: a: expected an object with a « question », or a list of these, "
            "found JSON that begins « {} »: this form is not read (and 1 more like this)"
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
    result = lod("build", tmp_path / "page.txt", "--out", tmp_path / "b", "--strict")
    assert result.returncode == 3
    assert (
        result.stderr
        == "warning: page.txt, text: expected characters that can be seen, found U+200B at line 16\n"
    )


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (
            "--scheduler there",
            "the scheduler must be an address such as tcp://127.0.0.1:8786, not « there »",
        ),
        (
            "--scheduler tcp://127.0.0.1:9 --jobs 2",
            "--jobs is for processes of this machine: it cannot be used with --scheduler",
        ),
        (
            "--shards s3://there",
            "--shards is for the temporary files of a cluster: it needs --scheduler ADDRESS",
        ),
    ],
)
def test_options_of_a_cluster_that_contradict_others_are_refused(
    tmp_path: Path, words: str, why: str
) -> None:
    result = lod("build", PAGES, "--out", tmp_path, *words.split())
    assert (result.returncode, result.stdout, result.stderr) == (2, "", f"error: {why}\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", ["--engine dask", "--no-cache"])
def test_options_of_earlier_versions_are_wrong_usage(tmp_path: Path, words: str) -> None:
    assert lod("build", PAGES, "--out", tmp_path, *words.split()).returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_checked_file_of_earlier_versions_is_ignored(tmp_path: Path) -> None:
    (tmp_path / ".checked").write_bytes(b"x" * 32)
    text = FIRST.read_text(encoding="utf-8").replace("septembre 2026", "septembre 1926")
    (tmp_path / "x.txt").write_text(text, encoding="utf-8")
    result = lod("build", tmp_path / "x.txt", "--out", tmp_path)
    assert "a question should date from the Fifth Republic" in result.stderr
    assert (tmp_path / ".checked").read_bytes() == b"x" * 32


@pytest.mark.parametrize("publisher", ["", "  ", "a\x07"])
def test_a_publisher_without_a_name_is_wrong_usage(tmp_path: Path, publisher: str) -> None:
    result = lod("build", PAGES, "--out", tmp_path / "out", "--publisher", publisher)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("error: the publisher must be a name that can be printed, not «")
    assert not (tmp_path / "out").exists()


def test_an_output_folder_created_in_vain_is_removed(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("no question")
    for out, is_there in ((tmp_path / "new", False), (tmp_path / "old", True)):
        if is_there:
            out.mkdir()
        assert lod("build", tmp_path / "page.txt", "--out", out).returncode == 4
        assert out.exists() == is_there


def test_an_output_folder_that_cannot_be_written_is_exit_code_6(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = lod("build", PAGES, "--out", tmp_path / "file")
    assert result.returncode == 6
    assert result.stderr == f"error: {tmp_path}/file: expected a folder, found a file\n"


def test_nothing_of_a_document_reaches_the_terminal_unescaped(tmp_path: Path) -> None:
    text = FIRST.read_text(encoding="utf-8").replace(
        "Type de question : Question écrite", "Type de question : \u202e\u2028x"
    )
    (tmp_path / "a\x1b[31m.txt").write_text(text, encoding="utf-8")
    result = lod("build", tmp_path / "a\x1b[31m.txt", FIRST, "--out", tmp_path / "out")
    assert result.returncode == 3
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]", result.stderr)
    assert r"\u202e\u2028x" in result.stderr


def test_explain_shows_the_record_the_triples_and_the_verdict() -> None:
    result = lod("explain", FIRST, "--register", SAMPLES / "register")
    assert result.returncode == 0
    assert result.stderr == ""
    assert result.stdout.startswith("QANR5L17QE90001")
    assert re.search(r"author.seat.number\s+41\n", result.stdout)
    assert "<an/17/qe/90001> a eli:Work , schema:Question ;" in result.stdout
    assert "<an/acteur/PA9990001#id> a foaf:Person , eli:Person ;" in result.stdout
    assert result.stdout.endswith("it would be published\n")


def test_explain_says_why_a_document_would_be_rejected(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("rien")
    result = lod("explain", tmp_path / "x.txt")
    assert result.returncode == 3
    assert result.stderr.startswith("rejected: x.txt: expected a document of the Assemblée nationale")


def test_explain_prints_the_same_problem_of_many_documents_once(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for number in range(30):
            archive.writestr(f"{number}.txt", "nothing")
    result = lod("explain", tmp_path / "x.zip")
    assert result.returncode == 3
    [sentence] = result.stderr.splitlines()
    assert sentence.startswith("rejected: x.zip!0.txt: expected a document of the Assemblée nationale")
    assert sentence.endswith("(and 29 more like this)")


def test_check_checks_files_together(tmp_path: Path) -> None:
    lod("build", PAGES, "--out", tmp_path, "--quiet")
    release = tmp_path / "current"
    for form in ("ttl", "nt", "nq", "jsonld"):
        result = lod("check", release / f"questions.{form}", release / "concepts.ttl")
        assert (result.returncode, result.stdout) == (0, "conforms\n"), form
    assert lod("check", release).stdout == "conforms\n"
    alone = lod("check", release / "questions.ttl")
    assert alone.returncode == 5
    assert "add the release, or concepts.ttl" in alone.stdout
    assert "Question-is-about https://w3id.org/anq/an/17/qe/90001" in alone.stdout


def test_check_uses_the_base_of_a_release(named_release: Summary, sample_release: Summary) -> None:
    assert lod("check", named_release.path).stdout == "conforms\n"
    assert lod("check", named_release.path, "--base", "https://data.example.org/q/").returncode == 0
    for more in (["--base", "https://w3id.org/anq/"], [sample_release.path]):
        result = lod("check", named_release.path, *more)
        assert result.returncode == 2
        assert re.match(r"error: \S+: expected a release under « https\S+ », found one under", result.stderr)


def test_check_says_what_is_wrong_and_where(tmp_path: Path) -> None:
    example = (ROOT / "ontology/examples/awaiting.ttl").read_text(encoding="utf-8")
    (tmp_path / "x.ttl").write_text(
        example.replace('eli:number "91001"', 'eli:number "abc"'), encoding="utf-8"
    )
    result = lod("check", tmp_path / "x.ttl")
    assert result.returncode == 5
    assert result.stdout == (
        "Question-number https://w3id.org/anq/an/17/qe/91001\n"
        "    property eli:number: a question must have exactly one number, written in digits "
        "(value « abc »)\n"
        "does not conform: 1 results\n"
    )
    found = json.loads(lod("check", tmp_path / "x.ttl", "--json").stdout)
    assert found["conforms"] is False
    assert found["results"][0]["resultMessage"] == "Une question a exactement un numéro, écrit en chiffres."


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("x.ttl", "", "expected a resource that some shape applies to, found none"),
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
        ("x.jsonld", '{"@id": "x:a", "x:b": "\\ud800"}', "expected valid JSON-LD"),
        ("x.ttl", "<a> <b>", "expected valid Turtle"),
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
    result = lod("check", tmp_path / name)
    assert result.returncode == 5
    assert result.stderr.startswith("error: ")
    assert found in result.stderr
    assert result.stderr.count("\n") == 1


def test_our_own_context_is_known_by_its_address(tmp_path: Path) -> None:
    document = {
        "@context": "https://w3id.org/anq/context.jsonld",
        "type": ["Question"],
        "id": "https://example.org/1",
    }
    (tmp_path / "x.jsonld").write_text(json.dumps(document))
    result = lod("check", tmp_path / "x.jsonld")
    assert "Question-title https://example.org/1" in result.stdout


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
    for stage in (b"registers and shapes read", b"documents read", b"described and checked"):
        assert stage in shown
    assert b"/100" not in shown  # what bars without a total would show
    process.stdout.close()


def test_the_manual_lists_every_exit_code() -> None:
    written = (ROOT / "docs/manual.md").read_text(encoding="utf-8")
    codes = {kind.exit_code for kind in errors.LodError.__subclasses__()} | {0, 3, 130, 143}
    assert {code for code in codes if f"| {code} |" not in written} == set()


def test_the_version_is_printed_and_in_the_changelog() -> None:
    assert lod("--version").stdout == f"lod {__version__}\n"
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_explain_says_that_a_rejected_document_would_be_rejected(tmp_path: Path) -> None:
    text = FIRST.read_text(encoding="utf-8").replace("Rubrique : Environnement", "Rubrique : 中文")
    (tmp_path / "x.txt").write_text(text, encoding="utf-8")
    result = lod("explain", tmp_path / "x.txt")
    assert result.returncode == 3
    assert result.stdout.endswith("it would be rejected\n")
    assert "a name in Latin letters and digits" in result.stderr


def test_a_document_with_a_warning_of_a_shape_is_published_and_reported(tmp_path: Path) -> None:
    text = FIRST.read_text(encoding="utf-8").replace("septembre 2026", "septembre 1926")
    (tmp_path / "x.txt").write_text(text, encoding="utf-8")
    result = lod("build", tmp_path / "x.txt", "--out", tmp_path / "out")
    assert result.returncode == 0
    assert (
        "warning: x.txt, https://w3id.org/anq/an/17/qe/90001: property dcterms:issued: a question should "
        "date from the Fifth Republic (value « 1926-09-01 »)"
    ) in result.stderr
    assert "Question-fifth-republic" in (tmp_path / "out/current/report.ttl").read_text(encoding="utf-8")


def test_foreign_bytes_of_rdf_reach_the_terminal_escaped(tmp_path: Path) -> None:
    example = (ROOT / "ontology/examples/awaiting.ttl").read_text(encoding="utf-8")
    (tmp_path / "x.ttl").write_text(
        example.replace(
            'eli:number "91001"', 'eli:number "\\u001B[31m\\u202E" ; <https://example.org/\\u202E> "x"'
        ),
        encoding="utf-8",
    )
    told = lod("check", tmp_path / "x.ttl")
    assert r"(value « \x1b[31m\u202e »)" in told.stdout
    assert r"property <https://example.org/\u202e> is not allowed on a question (value « x »)" in told.stdout


def test_brackets_in_a_place_are_brackets(tmp_path: Path) -> None:
    result = lod("build", PAGES, "--out", tmp_path / "a[/b][red]")
    assert result.returncode == 0
    assert f"{tmp_path}/a[/b][red]/current" in result.stdout


def test_on_a_terminal_without_accents_they_are_escaped() -> None:
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "lod", "explain", str(FIRST)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    assert result.returncode == 0
    assert r"Z\xe9phyrine Exemple" in result.stdout


PRINTING = [
    "--version",
    f"explain {FIRST}",
    "query --list",
    f"build {PAGES} --out out",
    "query questions-by-group --show",
]


@pytest.mark.parametrize("words", PRINTING)
def test_a_full_disk_behind_standard_output_is_one_sentence(words: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "lod", *words.split()]
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False, cwd=tmp_path)
    assert result.returncode == 6
    assert result.stderr == b"error: standard output: No space left on device\n"


@pytest.mark.parametrize("words", PRINTING)
def test_a_closed_pipe_behind_standard_output_ends_quietly(words: str, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "lod", *words.split()]
    with os.fdopen(writing, "w") as nobody:
        result = subprocess.run(command, stdout=nobody, stderr=subprocess.PIPE, check=False, cwd=tmp_path)
    assert (result.returncode, result.stderr) == (errors.Unread.exit_code, b"")


def test_a_closed_standard_output_is_no_error(tmp_path: Path) -> None:
    command = f"{sys.executable} -m lod query --show questions-by-group >&-"
    result = subprocess.run(command, shell=True, capture_output=True, check=False, cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, b"")
