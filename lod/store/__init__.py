"""Triple stores: a release loaded into one, out of sight until it is whole and compared."""

from lod.store.kinds import Kind as Kind
from lod.store.loading import TDB2 as TDB2
from lod.store.loading import TIMEOUT as TIMEOUT
from lod.store.loading import Loaded as Loaded
from lod.store.loading import load as load
from lod.store.loading import loaded as loaded
