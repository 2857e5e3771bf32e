"""Load a release into a triple store; it becomes visible once it is complete and has been compared."""

from lod.store.dialects import StoreKind as StoreKind
from lod.store.load import TDB2 as TDB2
from lod.store.load import TIMEOUT as TIMEOUT
from lod.store.load import Loaded as Loaded
from lod.store.load import load as load
from lod.store.load import loaded as loaded
