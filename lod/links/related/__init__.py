"""Questions on the same matter: the same subject in other words (campaigns), and copied texts.

Texts are compared by the cosine of their words' weights (TF-IDF). How rare a word is comes from a fixed
table, so that the score of two questions depends on these two alone. Questions asked more than a year apart
are not compared: campaigns last months.
"""

from lod.links.related.clusters import Cluster as Cluster
from lod.links.related.clusters import Pair as Pair
from lod.links.related.clusters import find_clusters as find_clusters
from lod.links.related.similarity import QuestionText as QuestionText
from lod.links.related.similarity import similar_pairs as similar_pairs
from lod.links.related.similarity import word_counts as word_counts
