"""« Fiches » as the Assemblée serves them: upper-case tags, bytes of Windows-1252, nothing declared."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lod import Document, Problem, Question, build_release, read_questions
from lod.cli.main import app
from lod.errors import Misused, Severity
from lod.finding import Finding
from lod.source.document import parse_encoding
from tests.conftest import SHARED
from tests.support.golden import approved
from tests.support.reading import plain
from tests.support.renderings import rendered

REAL = sorted((SHARED / "data" / "fiches").glob("*.html"))
FICHE = """<HTML><BODY align=center>
<TITLE>FICHE QUESTION</TITLE>
<CENTER><B>
<LEG>9ème législature</LEG>
</B></CENTER>
<TABLE CELLPADDING=1 CELLSPACING=1 BORDER=2  WIDTH=100% BORDERCOLOR=BLUE>
<TR><TD ALIGN=Center width=20%> Question N° : <B>
<NUM>917</NUM>
</B></TD>
</TD><TD ALIGN=CENTER>&nbsp;de&nbsp;<B>
<CIV>Mme</CIV>
&nbsp;
<AUT>Chimère Ondine</AUT>
</B>(
<GROUPE>Groupe des Essais</GROUPE>
 - <DEPT>Corse-du-Sud</DEPT>
)</TD><TD ALIGN=CENTER><B>
<NAT>QE</NAT>
</TD></TR>
<RET></RET>
<DRET></DRET>
<CRET></CRET>
<TR><TD align=left>
Ministère interrogé :&nbsp;</TD><TD colspan=2>
<MINI>beaux temps</MINI>
</TD></TR><TR><TD align=left>
Ministère attributaire :&nbsp;</TD><TD colspan=2>
<MINA>beaux temps</MINA>
</TD></TR>
<TR><TD BORDER=0 align=left></TD><TD BORDER=0 align=left colspan=2>
Question publiée au JO le :&nbsp;
<B><DPQ>06/02/1989</DPQ></B>
&nbsp;page :&nbsp;
<B><PGQ>9101</PGQ></B>
</TD></TR>
<TR><TD BORDER=0 align=left></TD><TD BORDER=0 align=left colspan=2>
Réponse publiée au JO le :&nbsp;
<B><DPR>08/05/1989</DPR></B>
&nbsp;page :&nbsp;
<B><PGREP>9201</PGREP></B>
</TD></TR>
<DERQ></DERQ>
<PGERQ></PGERQ>
<DERR></DERR>
<PGERREP></PGERREP>
<DSIGN></DSIGN>
<DRAPS></DRAPS>
<DCA></DCA>
<RUBRIQUAGE>
<TR><TD align=left>
Rubrique :&nbsp;
</TD><TD colspan=2 align=left>
<RUB>Electricite et gaz</RUB>
</TD></TR><TR><TD align=left>
Tête d'analyse :&nbsp;
</TD><TD colspan=2 align=left>
<TANA>Fontaines</TANA>
</TD></TR><TR><TD align=left>
Analyse :&nbsp;
</TD><TD colspan=2 align=left>
<ANA>Entretien; saison sèche</ANA>
<span style="visibility: hidden">
<DC></DC>
</RUBRIQUAGE></span>
</TD></TR>
<TR><TD align=center>
<TEXTES>
<B><U>Texte de la QUESTION : </U></B>
</TD><TD colspan=2 align=left>
<QUEST><HTML>Qui veille ?<BR>  Où « couler », à l’œil : 3 €.</HTML> </QUEST>
</TD></TR><TR><TD align=center>
<B><U>Texte de la REPONSE : </U></B>
</TD><TD colspan=2 align=left>
<REP>Les communes. </REP>
<COMPREP></COMPREP>
</TEXTES>
</TABLE>
<span style="visibility: hidden">
<GRP>ESS</GRP>
<NLEG>9</NLEG>
<CODRET>REP_PUB</CODRET>
<REG>Région imaginaire</REG>
<REPONSE>O</REPONSE>
</span>
</BODY></HTML>
"""
SERVED = FICHE.encode("cp1252")


def read(data: bytes, encoding: str | None = None) -> tuple[Question | None, list[Problem]]:
    items = list(read_questions(Document("fiche.html", data), encoding))
    questions = [item for item in items if isinstance(item, Question)]
    return (questions[0] if questions else None), [item for item in items if isinstance(item, Problem)]


def test_a_fiche_is_read_as_served_and_the_encoding_that_was_assumed_is_told_once() -> None:
    found, problems = read(SERVED)
    assert found
    assert found.id.uid == "QANR5L9QE917"
    assert plain(found.text) == "Qui veille ?\nOù « couler », à l’œil : 3 €."
    assert plain(found.answers[0].text) == "Les communes."
    assert found.keywords == ("Fontaines", "Entretien", "saison sèche")
    assert [(problem.place, problem.severity) for problem in problems] == [("encoding", Severity.WARNING)]
    assert problems[0].kind is Finding.ENCODING_ASSUMED
    assert "windows-1252" in problems[0].found


@pytest.mark.parametrize("form", [str.lower, str.title])
def test_tags_have_no_case(form: Callable[[str], str]) -> None:
    other = re.sub(r"</?[A-Z]+\b", lambda tag: form(tag[0]), FICHE)
    assert read(other.encode("cp1252"))[0] == read(SERVED)[0]


def test_a_tag_may_have_white_space_before_its_end() -> None:
    spaced = FICHE.replace("<NUM>", "<NUM >").replace("</NUM>", "</NUM\n>")
    assert read(spaced.encode("cp1252"))[0] == read(SERVED)[0]


@pytest.mark.parametrize(
    "head",
    [
        '<META CHARSET="ISO-8859-1">',
        "<meta charset = latin1 >",
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">',
    ],
)
def test_an_encoding_that_is_declared_is_not_told(head: str) -> None:
    found, problems = read(FICHE.replace("<BODY", f"{head}<BODY").encode("cp1252"))
    assert (found, problems) == (read(SERVED)[0], [])


def test_text_in_utf_8_needs_no_declaration_and_is_never_read_otherwise() -> None:
    assert read(FICHE.encode()) == (read(SERVED)[0], [])
    assert read(FICHE.encode(), "windows-1252") == (read(SERVED)[0], [])


def test_an_encoding_that_is_named_counts_for_documents_that_are_not_utf_8() -> None:
    latin_9 = FICHE.replace("’", "'").encode("iso-8859-15")
    found, problems = read(latin_9, "iso-8859-15")
    assert found
    assert (plain(found.text), problems) == ("Qui veille ?\nOù « couler », à l'œil : 3 €.", [])
    wrongly_declared = latin_9.replace(b"<BODY", b'<META charset="utf-8"><BODY')
    assert read(wrongly_declared, "iso-8859-15")[0] == found


@pytest.mark.parametrize(
    ("data", "byte"),
    [
        (SERVED.replace(b"<BODY", b'<META charset="utf-8"><BODY'), b"\xe8"),
        (SERVED.replace("’".encode("cp1252"), b"\x81"), b"\x81"),
        (b"Question \xe9crite", b"\xe9"),
        (b'{"question": "\xe9"}', b"\xe9"),
        (b"<?xml version='1.0'?><question>\xe9</question>", b"\xe9"),
    ],
)
def test_bytes_that_cannot_be_read_are_named_with_their_offset_and_the_option(
    data: bytes, byte: bytes
) -> None:
    found, [problem] = read(data)
    assert found is None
    assert f"the byte 0x{byte.hex().upper()} at offset {data.index(byte)};" in problem.found
    assert "--encoding" in problem.found


@pytest.mark.parametrize("name", ["utf-16", "rot13", "latin-zero", ""])
def test_an_encoding_in_which_ascii_is_not_ascii_is_refused(name: str) -> None:
    with pytest.raises(Misused, match="--encoding must be one such as windows-1252"):
        parse_encoding(name)


def test_build_and_explain_take_the_option(tmp_path: Path) -> None:
    path = tmp_path / "fiche.html"
    path.write_bytes(SERVED)
    for options in ([], ["--encoding", "cp1252"]):
        for command in (["explain", str(path)], ["build", str(path), "--out", str(tmp_path / "out")]):
            result = CliRunner().invoke(app, [*command, *options])
            assert result.exit_code == 0
            assert ("windows-1252" in result.output + result.stderr) == (not options)


@pytest.mark.parametrize("kind", ["QG", "QOSD", "QE"])
def test_a_question_without_a_digitised_text_is_published_and_told(kind: str) -> None:
    empty = re.sub(r"<QUEST>.*</QUEST>", "<QUEST> </QUEST>", FICHE).replace("<NAT>QE", f"<NAT>{kind}")
    empty = re.sub(r"<REP>.*</REP>", "<REP></REP>", empty).replace("08/05/1989", "06/02/1989")
    empty = empty.replace("9201", "9101")
    found, problems = read(empty.encode())
    assert found
    assert (found.text, [answer.text for answer in found.answers]) == (None, [None])
    told = [
        *(["the series of the Journal officiel"] if kind == "QOSD" else []),
        *(["the text of the question"] if kind != "QG" else []),
        "the text of the answer",
    ]
    assert [problem.expected for problem in problems] == told


def test_the_page_of_a_question_without_a_text_is_checked_and_published(tmp_path: Path) -> None:
    path = tmp_path / "fiche.html"
    path.write_bytes(re.sub(rb"<(QUEST|REP)>.*</", rb"<\1></", SERVED))
    summary = build_release([path], tmp_path / "out")
    assert (summary.counts["questions"], summary.counts["rejected"]) == (1, 0)
    assert "http://schema.org/text" not in (summary.path / "questions.nt").read_text(encoding="utf-8")


def test_a_withdrawal_that_is_announced_by_its_words_is_not_told_as_unknown() -> None:
    withdrawn = "<RET><B>Question retirée</RET>&nbsp;le : </B><DRET>03/04/1989</DRET>&nbsp;(<CRET>x</CRET>)"
    text = FICHE.replace("<RET></RET><DRET></DRET><CRET></CRET>", withdrawn)
    _, problems = read(text.encode())
    assert {problem.place for problem in problems}.isdisjoint({"ret", "outside the tags"})


@pytest.mark.real
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_a_real_fiche_gives_the_approved_record(path: Path, regen: bool) -> None:
    items = list(read_questions(Document(path.name, path.read_bytes())))
    approved(f"generations/real-{path.stem}.lines", rendered(items, whole=False), regen=regen)


@pytest.mark.real
def test_all_real_fiches_are_published(tmp_path: Path) -> None:
    summary = build_release([SHARED / "data" / "fiches"], tmp_path)
    assert len(REAL) == summary.counts["questions"] == summary.counts["documents"] == 7
