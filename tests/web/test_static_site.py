"""A release laid out as files: every document and page, under every address that pages link to."""

import gzip
import hashlib
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import pytest
from selectolax.lexbor import LexborHTMLParser

from lod import Busy, CheckFailed, Misused, Summary, versioned_dir
from lod.compression import gzip_decompress
from lod.release import MANIFEST, Release
from lod.versioned_dir import locked
from lod.web.index.builder import index_of
from lod.web.index.index import FORMATS, Index
from lod.web.pages import Language, Pages
from lod.web.static.file_writer import Files
from lod.web.static.layout import SiteOptions, lay_out
from tests.support.processes import children, until_ended

QUESTION = "an/17/qe/90001"
ADDRESS = "https://data.example.org/some/where/"
ROOT = "/some/where/"


@pytest.fixture(scope="module")
def release(varied_release: Summary) -> Release:
    return Release(varied_release.path)


@pytest.fixture(scope="module")
def place(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return index_of(release, tmp_path_factory.mktemp("index"))


@pytest.fixture(scope="module")
def index(place: Path) -> Index:
    return Index(place)


@pytest.fixture(scope="module")
def site(release: Release, place: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    return lay_out(release, place, out, SiteOptions(address=ADDRESS, gzip=True, jobs=2)) / "www"


def command(release: Release, place: Path, out: Path) -> list[str]:
    words = ["site", f"{release.folder}", "--work", f"{place.parent}", "--out", f"{out}", "-j", "2"]
    return [sys.executable, "-m", "lod", *words]


def content(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_every_document_is_there_in_each_format(site: Path, index: Index) -> None:
    for document in index.documents():
        for form in FORMATS:
            file = site / f"{document.path}.{form}"
            assert file.read_bytes() == gzip_decompress(index.data(document, form)), file


def test_every_document_has_its_page_in_both_languages(site: Path, index: Index) -> None:
    pages = Pages(index, root=ROOT, is_served=False)
    for document in index.documents():
        for language in Language:
            page = pages.document(document, language)
            assert page is not None
            assert (site / f"{document.path}{language.suffix}").read_text(encoding="utf-8") == page


def test_what_a_document_answers_for_is_the_same_file(site: Path, index: Index) -> None:
    for ending in (".html", ".en.html", ".jsonld", ".ttl", ".nt", ".html.gz", ".nt.gz"):
        assert (site / f"{QUESTION}{ending}").samefile(site / f"{QUESTION}/fr{ending}")
    others = [other for document in index.documents() for other in index.others(document)]
    assert len(others) > 10
    assert [other for other in others if not (site / f"{other}.ttl").is_file()] == []


def test_every_link_leads_to_a_file_or_out_of_the_site(site: Path) -> None:
    broken, followed = set(), 0
    for page in site.rglob("*.html"):
        for node in LexborHTMLParser(page.read_text(encoding="utf-8")).css("[href], [src], [action]"):
            said = node.attributes
            target = urlsplit(said.get("href") or said.get("src") or said.get("action") or "")
            if target.netloc or not target.path:
                continue
            followed += 1
            assert target.path.startswith(ROOT), (page, target.path)
            file = site / unquote(target.path.removeprefix(ROOT))
            if not (file / "index.html" if file == site else file).is_file():
                broken.add((str(page.relative_to(site)), target.path))
    assert followed > 1000
    assert not broken


def test_every_address_of_the_site_map_and_the_feed_is_a_file(site: Path) -> None:
    maps = [node.text for node in ET.parse(site / "sitemap.xml").iter() if node.text and node.text.strip()]
    told = []
    for address in maps:
        file = site / str(address).strip().removeprefix(ADDRESS)
        told += [str(node.text).strip() for node in ET.parse(file).iter() if (node.text or "").strip()]
    feed = ET.parse(site / "questions.atom")
    told += [node.attrib["href"] for node in feed.iter() if "href" in node.attrib]
    told.remove(ADDRESS)
    assert len(told) > 100
    assert [address for address in told if not (site / address.removeprefix(ADDRESS)).is_file()] == []
    assert f"Sitemap: {ADDRESS}sitemap.xml" in (site / "robots.txt").read_text(encoding="utf-8")


def test_a_site_whose_address_nobody_knows_has_no_site_map(
    release: Release, place: Path, tmp_path: Path
) -> None:
    www = lay_out(release, place, tmp_path, SiteOptions()) / "www"
    assert not list(www.glob("sitemap*"))
    assert "Sitemap" not in (www / "robots.txt").read_text(encoding="utf-8")
    assert f'href="/{QUESTION}.html"' in (www / "index.html").read_text(encoding="utf-8")


def test_a_twin_has_the_same_text(site: Path) -> None:
    twins = [path for path in site.rglob("*.gz") if "dumps" not in path.parts]
    texts = [
        path for path in site.rglob("*") if path.suffix in (".html", ".jsonld", ".ttl", ".nt", ".css", ".xml")
    ]
    assert (
        len(twins) >= len([path for path in texts if "dumps" not in path.parts]) - 1
    )  # context.jsonld has none
    for twin in twins:
        assert gzip.decompress(twin.read_bytes()) == twin.with_suffix("").read_bytes(), twin


def test_the_files_of_the_release_are_there_once_on_the_disk(site: Path, release: Release) -> None:
    for path in [MANIFEST, *(file.path for file in release.manifest.files)]:
        assert (site / "dumps" / path).samefile(release.folder / path)


def test_several_processes_lay_out_the_same(
    release: Release, place: Path, tmp_path: Path, site: Path
) -> None:
    alone = lay_out(release, place, tmp_path, SiteOptions(address=ADDRESS, gzip=True, jobs=1)) / "www"
    assert content(alone) == content(site)


def test_a_site_that_cannot_be_laid_out_leaves_the_last_one(
    release: Release, place: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = lay_out(release, place, out, SiteOptions())
    before = content(out)
    broken = tmp_path / "broken"
    shutil.copytree(release.folder, broken)
    (broken / "questions.nt").unlink()
    with pytest.raises(CheckFailed, match=r"questions\.nt"):
        lay_out(Release(broken), place, out, SiteOptions())
    assert content(out) == before
    assert (out / "current").resolve() == first
    assert sorted(path.name for path in out.iterdir()) == ["current", "sites"]


def test_the_newest_site_and_the_one_before_are_kept(release: Release, place: Path, tmp_path: Path) -> None:
    made = [lay_out(release, place, tmp_path, SiteOptions()) for _ in range(3)]
    assert (tmp_path / "current").resolve() == made[2]
    assert sorted((tmp_path / "sites").iterdir()) == sorted(made[1:])


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_command_that_is_ended_leaves_the_last_site(
    release: Release, place: Path, tmp_path: Path, end: signal.Signals
) -> None:
    first = lay_out(release, place, tmp_path, SiteOptions())
    before = content(tmp_path / "sites")
    with subprocess.Popen(command(release, place, tmp_path), stderr=subprocess.DEVNULL) as process:
        while not (tmp_path / versioned_dir.STAGING / "site" / "www" / "an").exists():
            assert process.poll() is None
        helpers = children(process.pid)
        process.send_signal(end)
        assert process.wait(30) != 0
    assert (tmp_path / "current").resolve() == first
    assert content(tmp_path / "sites") == before
    assert (tmp_path / versioned_dir.STAGING).exists() == (end is signal.SIGKILL)
    until_ended(helpers)  # those of one that is killed see so
    lay_out(release, place, tmp_path, SiteOptions())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["current", "sites"]


def test_one_process_lays_out_at_a_time(release: Release, place: Path, tmp_path: Path) -> None:
    with locked(tmp_path, "busy"), pytest.raises(Busy, match="another process lays out a site"):
        lay_out(release, place, tmp_path, SiteOptions())


@pytest.mark.parametrize(
    "address", ["data.example.org", "ftp://x/", "https://x", "https://x/y", "https:///y/"]
)
def test_an_address_that_is_none_is_refused(
    release: Release, place: Path, tmp_path: Path, address: str
) -> None:
    with pytest.raises(Misused, match="expected --address such as"):
        lay_out(release, place, tmp_path / "out", SiteOptions(address=address))


@pytest.mark.parametrize("path", ["", "/x", "a//b", "../x", "a/../../x", "a/./b", "a/", "a\0b"])
def test_a_path_that_is_none_of_a_file_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(CheckFailed, match="expected the path of a document"):
        Files(tmp_path / "site").write(path, b"x")
    assert not (tmp_path / "site").exists()


def test_files_of_another_file_system_are_copied(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as other:
        file = Path(other) / "questions.nt"
        file.write_bytes(b"said")
        assert file.stat().st_dev != tmp_path.stat().st_dev
        Files(tmp_path).adopt("dumps/questions.nt", file)
    assert (tmp_path / "dumps/questions.nt").read_bytes() == b"said"


def test_the_command_lays_out_a_site_and_says_where(release: Release, place: Path, tmp_path: Path) -> None:
    told = subprocess.run(
        [*command(release, place, tmp_path / "out"), "--gzip", "--nginx"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"{tmp_path / 'out' / 'current' / 'www'} is the site" in told.stdout
    assert (tmp_path / "out/current/nginx/site.conf").is_file()
    refused = subprocess.run(
        [*command(release, place, tmp_path / "x"), "--address", "nowhere"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "with a slash at its end, found « nowhere »" in refused.stderr
    assert not (tmp_path / "x").exists()
