"""Corrections: what an operator publishes in place of what the documents say, a small TOML file for each.

A correction names a question, a property, its old and its new value, a reason, a source and a day. It applies
to each account of the question that has the old value, and is told where it does not. Of an old value that is
redacted the file has only the length and a salted SHA-256.
"""

from lod.corrections.correction import HIDDEN as HIDDEN
from lod.corrections.correction import Correction as Correction
from lod.corrections.correction import Corrections as Corrections
from lod.corrections.correction import NotApplied as NotApplied
from lod.corrections.files import default_folders as default_folders
from lod.corrections.files import list_files as list_files
from lod.corrections.files import load as load
from lod.corrections.files import redact as redact
