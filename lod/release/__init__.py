"""A release directory: written whole or not at all, described by its manifest, opened by that."""

from lod.release.draft import Draft as Draft
from lod.release.draft import DraftFile as DraftFile
from lod.release.draft import open_draft as open_draft
from lod.release.manifest import MANIFEST as MANIFEST
from lod.release.manifest import WITHDRAWN as WITHDRAWN
from lod.release.manifest import Manifest as Manifest
from lod.release.manifest import digest as digest
from lod.release.manifest import is_whole as is_whole
from lod.release.manifest import last_counts as last_counts
from lod.release.manifest import refuse_to_shrink as refuse_to_shrink
from lod.release.reader import OTHER_GRAPHS as OTHER_GRAPHS
from lod.release.reader import DumpFile as DumpFile
from lod.release.reader import Release as Release
from lod.release_files import Dump as Dump
from lod.release_files import DumpScope as DumpScope
from lod.release_files import File as File
from lod.release_files import Table as Table
