"""The commands for the web, `lod serve` and `lod site`: words in, one call, words out."""

from pathlib import Path
from typing import Annotated

import typer

from lod import console
from lod.cli_options import Quiet
from lod.errors import Misused


def serve(
    release: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="A release, or out/current.")],
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen at.")] = 8000,
    address: Annotated[
        str | None, typer.Option(help="Where the world finds the site: https://data.example.org/")
    ] = None,
    work: Annotated[
        Path | None, typer.Option(help="Where the index goes; by default `site` beside the releases.")
    ] = None,
    sparql: Annotated[bool, typer.Option(help="Load a store, and answer queries over it.")] = True,
    quiet: Quiet = False,
) -> None:
    """Serve a release on the web: documents, pages, search, files, SPARQL."""
    try:
        from lod.serve import running
        from lod.serve.current import Place
    except ModuleNotFoundError as error:
        raise Misused(f"expected {error.name} for a server, found none: pip install 'lod[web]'") from None
    listening = running.taken(host, port)
    found = address or f"http://{host}:{listening.getsockname()[1]}/"
    place = Place(release=release, address=found, work=work, has_queries=sparql)
    with console.progress(quiet=quiet) as progress:
        server = running.Server(place, listening, progress)
    if not quiet:
        console.served(server.release, place.address)
    server.run()
