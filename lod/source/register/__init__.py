"""The register of the chamber: its files, and who a name, a seat or an id stands for."""

from lod.source.register.resolver import REGISTER, Register, load_register

__all__ = ["REGISTER", "Register", "load_register"]
