"""A release as static files: every document and page, at every address that pages link to."""

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
from lod.formats import DOCUMENT_DATA
from lod.release import MANIFEST, Release
from lod.versioned_dir import locked
from lod.web.index.builder import ensure_index
from lod.web.index.reader import Index
from lod.web.pages import Language, Pages
from lod.web.static.file_writer import FileWriter
from lod.web.static.site_writer import SiteOptions, write_site
from tests.support.loops import some
from tests.support.processes import children, until_ended

pytestmark = pytest.mark.slow

QUESTION = "an/17/qe/90001"
ADDRESS = "https://data.example.org/some/where/"
ROOT = "/some/where/"


@pytest.fixture(scope="module")
def release(varied_release: Summary) -> Release:
    return Release(varied_release.path)


@pytest.fixture(scope="module")
def index_file(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ensure_index(release, tmp_path_factory.mktemp("index"))


@pytest.fixture(scope="module")
def index(index_file: Path) -> Index:
    return Index(index_file)


@pytest.fixture(scope="module")
def site(release: Release, index_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    return write_site(release, index_file, out, SiteOptions(address=ADDRESS, gzip=True, jobs=2)) / "www"


def command(release: Release, index_file: Path, out: Path) -> list[str]:
    words = ["site", f"{release.folder}", "--work", f"{index_file.parent}", "--out", f"{out}", "-j", "2"]
    return [sys.executable, "-m", "lod", *words]


def content(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.slow
def test_every_document_has_a_file_in_each_format(site: Path, index: Index) -> None:
    for document in some(index.documents()):
        for form in DOCUMENT_DATA:
            file = site / f"{document.path}.{form}"
            assert file.read_bytes() == gzip_decompress(index.data(document, form)), file


def test_every_document_has_a_page_in_both_languages(site: Path, index: Index) -> None:
    pages = Pages(index, address=ADDRESS, is_served=False)
    for document in some(index.documents()):
        for language in Language:
            page = pages.document(document, language)
            assert page is not None
            assert (site / f"{document.path}{language.suffix}").read_text(encoding="utf-8") == page


def test_an_alias_is_a_hard_link_to_the_document(site: Path, index: Index) -> None:
    for ending in (".html", ".en.html", ".jsonld", ".ttl", ".nt", ".html.gz", ".nt.gz"):
        assert (site / f"{QUESTION}{ending}").samefile(site / f"{QUESTION}/fr{ending}")
    aliases = [alias for document in index.documents() for alias in index.aliases(document)]
    assert len(aliases) > 10
    assert [alias for alias in aliases if not (site / f"{alias}.ttl").is_file()] == []


def test_every_link_leads_to_a_file_or_out_of_the_site(site: Path) -> None:
    broken, followed = set(), 0
    for page in site.rglob("*.html"):
        for node in LexborHTMLParser(page.read_text(encoding="utf-8")).css("[href], [src], [action]"):
            attributes = node.attributes
            link = attributes.get("href") or attributes.get("src") or attributes.get("action")
            target = urlsplit(link or "")
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
    addresses = []
    for address in maps:
        file = site / str(address).strip().removeprefix(ADDRESS)
        addresses += [str(node.text).strip() for node in ET.parse(file).iter() if (node.text or "").strip()]
    feed = ET.parse(site / "questions.atom")
    addresses += [node.attrib["href"] for node in feed.iter() if "href" in node.attrib]
    addresses.remove(ADDRESS)
    assert len(addresses) > 100
    assert [address for address in addresses if not (site / address.removeprefix(ADDRESS)).is_file()] == []
    assert f"Sitemap: {ADDRESS}sitemap.xml" in (site / "robots.txt").read_text(encoding="utf-8")


def test_a_site_without_a_known_address_has_no_site_map(
    release: Release, index_file: Path, tmp_path: Path
) -> None:
    www = write_site(release, index_file, tmp_path, SiteOptions()) / "www"
    assert not list(www.glob("sitemap*"))
    assert "Sitemap" not in (www / "robots.txt").read_text(encoding="utf-8")
    assert f'href="/{QUESTION}.html"' in (www / "index.html").read_text(encoding="utf-8")


def test_a_compressed_copy_has_the_same_text(site: Path) -> None:
    texts = {
        *(path for path in site.rglob("*") if path.suffix in (".html", ".jsonld", ".ttl", ".nt", ".css")),
        *(site / "dumps" / name for name in ("questions.nq", "questions.csv", "manifest.json")),
    }
    copies = {*site.rglob("*.gz")}
    assert {path.with_name(f"{path.name}.gz") for path in texts} <= copies
    assert not [copy for copy in copies if copy.with_suffix("").suffix in (".gz", ".parquet", ".png")]
    for copy in copies:
        assert gzip.decompress(copy.read_bytes()) == copy.with_suffix("").read_bytes(), copy


def test_the_files_of_the_release_are_hard_links(site: Path, release: Release) -> None:
    for path in [MANIFEST, *(file.path for file in release.manifest.files)]:
        assert (site / "dumps" / path).samefile(release.folder / path)


@pytest.mark.slow
def test_several_processes_write_the_same_site(
    release: Release, index_file: Path, tmp_path: Path, site: Path
) -> None:
    single = (
        write_site(release, index_file, tmp_path, SiteOptions(address=ADDRESS, gzip=True, jobs=1)) / "www"
    )
    assert content(single) == content(site)


@pytest.mark.slow
def test_a_failed_site_leaves_the_current_one(release: Release, index_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = write_site(release, index_file, out, SiteOptions())
    before = content(out)
    broken = tmp_path / "broken"
    shutil.copytree(release.folder, broken)
    (broken / "questions.nt").unlink()
    with pytest.raises(CheckFailed, match=r"questions\.nt"):
        write_site(Release(broken), index_file, out, SiteOptions())
    assert content(out) == before
    assert (out / "current").resolve() == first
    assert sorted(path.name for path in out.iterdir()) == ["current", "sites"]


@pytest.mark.slow
def test_the_newest_site_and_the_one_before_are_kept(
    release: Release, index_file: Path, tmp_path: Path
) -> None:
    versions = [write_site(release, index_file, tmp_path, SiteOptions()) for _ in range(3)]
    assert (tmp_path / "current").resolve() == versions[2]
    assert sorted((tmp_path / "sites").iterdir()) == sorted(versions[1:])


@pytest.mark.slow
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_terminated_command_leaves_the_current_site(
    release: Release, index_file: Path, tmp_path: Path, end: signal.Signals
) -> None:
    first = write_site(release, index_file, tmp_path, SiteOptions())
    before = content(tmp_path / "sites")
    with subprocess.Popen(command(release, index_file, tmp_path), stderr=subprocess.DEVNULL) as process:
        while not (tmp_path / versioned_dir.STAGING / "site" / "www" / "an").exists():
            assert process.poll() is None
        helpers = children(process.pid)
        process.send_signal(end)
        assert process.wait(30) != 0
    assert (tmp_path / "current").resolve() == first
    assert content(tmp_path / "sites") == before
    assert (tmp_path / versioned_dir.STAGING).exists() == (end is signal.SIGKILL)
    until_ended(helpers)  # the processes of a killed command end by themselves
    write_site(release, index_file, tmp_path, SiteOptions())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["current", "sites"]


def test_one_command_writes_at_a_time(release: Release, index_file: Path, tmp_path: Path) -> None:
    with locked(tmp_path, "busy"), pytest.raises(Busy, match="another process is writing a site"):
        write_site(release, index_file, tmp_path, SiteOptions())


@pytest.mark.parametrize(
    "address", ["data.example.org", "ftp://x/", "https://x", "https://x/y", "https:///y/"]
)
def test_an_invalid_address_is_rejected(
    release: Release, index_file: Path, tmp_path: Path, address: str
) -> None:
    with pytest.raises(Misused, match="expected --address such as"):
        write_site(release, index_file, tmp_path / "out", SiteOptions(address=address))


@pytest.mark.parametrize("path", ["", "/x", "a//b", "../x", "a/../../x", "a/./b", "a/", "a\0b"])
def test_a_path_outside_the_site_is_rejected(tmp_path: Path, path: str) -> None:
    with pytest.raises(CheckFailed, match="expected the relative path of a document"):
        FileWriter(tmp_path / "site").write(path, b"x")
    assert not (tmp_path / "site").exists()


def test_files_on_another_file_system_are_copied(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as other:
        file = Path(other) / "questions.nt"
        file.write_bytes(b"triples")
        assert file.stat().st_dev != tmp_path.stat().st_dev
        FileWriter(tmp_path).add("dumps/questions.nt", file)
    assert (tmp_path / "dumps/questions.nt").read_bytes() == b"triples"


@pytest.mark.slow
def test_the_command_writes_a_site_and_prints_where(
    release: Release, index_file: Path, tmp_path: Path
) -> None:
    written = subprocess.run(
        [*command(release, index_file, tmp_path / "out"), "--gzip", "--nginx"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"is in {tmp_path / 'out' / 'current' / 'www'}\n" in written.stdout
    assert (tmp_path / "out/current/nginx/site.conf").is_file()
    refused = subprocess.run(
        [*command(release, index_file, tmp_path / "x"), "--address", "nowhere"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "with a slash at its end, found « nowhere »" in refused.stderr
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("name", ["acteurs", "liens", "lieux", "metadonnees"])
def test_the_name_of_a_graph_is_a_document(site: Path, release: Release, name: str) -> None:
    graph = f"{release.manifest.base}graphe/{name}"
    assert f" <{graph}> .\n" in release.file("questions.nq").read_text(encoding="utf-8")
    for ending in (".jsonld", ".ttl", ".nt"):
        assert f"graphe/{name}" in (site / f"graphe/{name}{ending}").read_text(encoding="utf-8")
    for ending in (".html", ".en.html"):
        page = (site / f"graphe/{name}{ending}").read_text(encoding="utf-8")
        assert f'href="{ROOT}dumps/questions.nq"' in page
