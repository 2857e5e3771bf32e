"""Links to other data in a site that updates itself: files of links, and kinds that are left out."""

from pathlib import Path

from lod.release import LinkKind, Release, current_release
from tests.update.conftest import Assembly, Command

HEAD = "identifier,target,relation,source,retrieved\n"
ITEM = "https://wikidata.example.org/entity/Q{}"
ROW = f"PO9990030,{ITEM},closeMatch,https://wikidata.example.org/,2026-06-23\n"


def configure(site: Path, line: str) -> None:
    with (site / "lod.toml").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def test_a_changed_file_of_links_leads_to_a_new_release(site: Path, command: Command) -> None:
    file = site / "people.csv"
    file.write_text(HEAD + ROW.format(1), encoding="utf-8")
    configure(site, 'links = ["people.csv"]')
    assert command("update") == (0, "25 new questions; release R\n", "")
    assert ITEM.format(1) in alignments(site)
    assert command("update")[1] == "nothing new; release R stays\n"
    file.write_text(HEAD + ROW.format(2), encoding="utf-8")
    assert command("update") == (0, "no question has changed; release R\n", "")
    assert ITEM.format(2) in alignments(site)


def test_kinds_of_links_that_are_left_out_have_no_files(site: Path, command: Command) -> None:
    assert command("update")[0] == 0
    assert LinkKind.RELATED in kinds(site)
    configure(site, 'without = ["related", "citations"]')
    assert command("update") == (0, "no question has changed; release R\n", "")
    assert not kinds(site) & {LinkKind.RELATED, LinkKind.CITATIONS}
    assert command("update")[1] == "nothing new; release R stays\n"


def test_a_wrong_file_of_links_ends_with_2_before_anything_is_downloaded(
    site: Path, assembly: Assembly, command: Command
) -> None:
    (site / "people.csv").write_text(HEAD + ROW.format(1).replace("closeMatch", "like"), encoding="utf-8")
    configure(site, 'links = ["people.csv"]')
    code, printed, told = command("update")
    assert (code, printed) == (2, "")
    assert "people.csv, line 2, relation: expected one of sameAs" in told
    assert assembly.server.answered == []
    assert current_release(site / "out") is None


def kinds(site: Path) -> set[LinkKind]:
    return {file.links.kind for file in Release(site / "out/current").manifest.files if file.links}


def alignments(site: Path) -> str:
    return (site / "out/current/alignments.nt").read_text(encoding="utf-8")
