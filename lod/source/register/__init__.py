"""The register of the chamber: its files come in, who a name, a seat or an id is goes out."""

from lod.source.register.resolver import Register, load_register

__all__ = ["Register", "load_register"]
