"""The commands for the web, `lod serve` and `lod site`: words in, one call, words out."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from lod.cli import console
from lod.cli.options import Quiet
from lod.extras import missing
from lod.release import Release

Work = Annotated[
    Path | None, typer.Option(help="Where the index goes; by default `site` beside the releases.")
]


def serve(
    release: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="A release, or out/current.")],
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen at.")] = 8000,
    address: Annotated[
        str | None, typer.Option(help="Where the world finds the site: https://data.example.org/")
    ] = None,
    work: Work = None,
    sparql: Annotated[bool, typer.Option(help="Load a store, and answer queries over it.")] = True,
    quiet: Quiet = False,
) -> None:
    """Serve a release on the web: documents, pages, search, files, SPARQL."""
    with _extra("a server"):
        from lod.web.server import run
        from lod.web.server.release_reloader import ServerConfig
    listening = run.listen(host, port)
    found = address or f"{run.local_address(listening)}/"
    offer = ServerConfig(release=release, address=found, work=work, has_sparql=sparql)
    with console.progress(quiet=quiet) as progress:
        server = run.WebServer(offer, listening, progress)
    if not quiet:
        console.served(server.release, server.local_address, address)
    server.run()


def site(
    release: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="A release, or out/current.")],
    out: Annotated[Path, typer.Option(help="Where sites go; `current/www` in it is the newest.")],
    address: Annotated[
        str | None, typer.Option(help="Where the world will find the site: https://data.example.org/")
    ] = None,
    gzip: Annotated[bool, typer.Option("--gzip", help="Write a compressed file beside each text.")] = False,
    nginx: Annotated[
        bool, typer.Option("--nginx", help="Write what nginx needs to negotiate, and its configuration.")
    ] = False,
    work: Work = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Processes to use; as many as there are cores.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Lay a release out as files for any web server: documents, pages, dumps, feed, site map."""
    with _extra("pages"):
        from lod.web.index.builder import default_index_folder, ensure_index
        from lod.web.pages.links import root_path
        from lod.web.static.site_writer import SiteOptions, refuse_foreign, write_site
    root_path(address)  # what is refused is refused before the work begins
    refuse_foreign(out)
    opened = Release(release)
    layout = SiteOptions(address=address, gzip=gzip, nginx=nginx, jobs=jobs or len(os.sched_getaffinity(0)))
    with console.progress(quiet=quiet) as progress:
        index = ensure_index(opened, work or default_index_folder(opened), progress)
        write_site(opened, index, out, layout, progress)
    if not quiet:
        console.laid_out(opened.manifest.release, out)


@contextmanager
def _extra(purpose: str) -> Iterator[None]:
    """Say what to install where what the web needs is not there: it is an extra of the package."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise missing(error.name, purpose, "web") from None
