"""Run the command line as `python -m lod`."""

from lod.cli.main import main

main()
