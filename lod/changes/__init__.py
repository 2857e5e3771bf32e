"""What differs between two releases: of questions, and of what they share."""

from lod.changes.questions import ChangeKind as ChangeKind
from lod.changes.questions import Edit as Edit
from lod.changes.questions import QuestionChange as QuestionChange
from lod.changes.questions import compare_releases as compare_releases
from lod.changes.questions import count_changes as count_changes
from lod.changes.questions import question_graphs as question_graphs
from lod.changes.report import ReleaseDifference as ReleaseDifference
from lod.changes.report import as_json as as_json
from lod.changes.report import row as row
from lod.changes.shared import SharedChange as SharedChange
from lod.changes.shared import compare_shared as compare_shared
