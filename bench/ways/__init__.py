"""The ways that are compared, each a program of its own: `python -m bench.ways.NAME CORPUS REGISTER OUT …`.

Each reads the same zip of official JSON and writes into the folder OUT.
"""
