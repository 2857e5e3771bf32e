"""Deltas, which make the next release of a release byte for byte, and the chain of releases."""

from lod.delta.apply import patch as patch
from lod.delta.chain import CHANGES as CHANGES
from lod.delta.chain import ChainEntry as ChainEntry
from lod.delta.chain import check_chain as check_chain
from lod.delta.chain import read_chain as read_chain
from lod.delta.chain import record_current as record_current
from lod.delta.write import write_delta as write_delta
