"""Triple stores: a release loaded into one, out of sight until it is whole and compared."""

from lod.store.dialects import StoreKind as StoreKind
from lod.store.load import TDB2 as TDB2
from lod.store.load import TIMEOUT as TIMEOUT
from lod.store.load import Loaded as Loaded
from lod.store.load import load as load
from lod.store.load import loaded as loaded
