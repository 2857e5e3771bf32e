"""Official archives brought into a local mirror, whole or not at all, with an index of their origin."""

from lod.harvest.download import HarvestOutcome as HarvestOutcome
from lod.harvest.download import HarvestState as HarvestState
from lod.harvest.mirror import Mirror as Mirror
from lod.harvest.run import DEFAULT_TIMEOUT as DEFAULT_TIMEOUT
from lod.harvest.run import MAX_RATE as MAX_RATE
from lod.harvest.run import HarvestOptions as HarvestOptions
from lod.harvest.run import harvest as harvest
