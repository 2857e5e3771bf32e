"""The commands for the web: `lod serve` and `lod site`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from lod.cli import console
from lod.cli.options import ConfigurationFile, Jobs, Quiet, ReleaseFolder, Trust
from lod.configuration import load_configuration
from lod.extras import missing
from lod.release import Release

IndexFolder = Annotated[
    Path | None,
    typer.Option("--work", help="The folder for index and store; by default `site` next to releases."),
]


def serve(
    release: ReleaseFolder,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on.")] = 8000,
    address: Annotated[
        str | None, typer.Option(help="The public address of the site: https://data.example.org/")
    ] = None,
    work: IndexFolder = None,
    sparql: Annotated[bool, typer.Option(help="Answer SPARQL queries at /sparql.")] = True,
    config: ConfigurationFile = None,
    query_processes: Annotated[
        int | None,
        typer.Option(min=1, help="How many queries run at once; by default one for each core, at least 4."),
    ] = None,
    query_memory: Annotated[
        int, typer.Option(metavar="MB", min=64, help="The memory that a query may take.")
    ] = 2048,
    trust: Trust = False,
    quiet: Quiet = False,
) -> None:
    """Serve a release on the web: documents, pages, search, files, SPARQL."""
    with _web_extra("a server"):
        from lod.web.server import run
        from lod.web.server.release_reloader import ServerConfig
    listening = run.listen(host, port)
    public = address or load_configuration(config).address
    offer = ServerConfig(
        release=release,
        address=public or f"{run.local_address(listening)}/",
        work=work,
        has_sparql=sparql,
        query_processes=query_processes,
        query_megabytes=query_memory,
        trust=trust,
    )
    with console.progress(quiet=quiet) as progress:
        server = run.WebServer(offer, listening, progress)
    if not quiet:
        run.log_to_stderr()
        console.print_served(server.release, server.local_address, public)
    server.run()


def site(
    release: ReleaseFolder,
    out: Annotated[Path, typer.Option(help="The folder for sites; `current/www` in it is the newest one.")],
    address: Annotated[
        str | None, typer.Option(help="The public address of the site: https://data.example.org/")
    ] = None,
    gzip: Annotated[
        bool, typer.Option("--gzip", help="Write a compressed copy of each file that becomes smaller.")
    ] = False,
    nginx: Annotated[
        bool, typer.Option("--nginx", help="Write a configuration for nginx with content negotiation.")
    ] = False,
    work: IndexFolder = None,
    jobs: Jobs = None,
    trust: Trust = False,
    quiet: Quiet = False,
) -> None:
    """Write a release as files for any web server: documents, pages, dumps, feed, site map."""
    with _web_extra("pages"):
        from lod.web.index.builder import default_index_folder, ensure_index
        from lod.web.pages.links import root_path
        from lod.web.static.site_writer import SiteOptions, refuse_foreign, write_site
    root_path(address)  # before the index is built
    refuse_foreign(out)
    opened = Release(release, trust=trust)
    layout = SiteOptions(address=address, gzip=gzip, nginx=nginx, jobs=jobs or len(os.sched_getaffinity(0)))
    with console.progress(quiet=quiet) as progress:
        opened.check_files(progress=progress)
        index = ensure_index(opened, work or default_index_folder(opened), progress)
        write_site(opened, index, out, layout, progress)
    if not quiet:
        console.print_site(opened.manifest.release, out)


@contextmanager
def _web_extra(purpose: str) -> Iterator[None]:
    """Raise Misused, naming what to install, if the libraries of the extra `web` are missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise missing(error.name, purpose, "web") from None
