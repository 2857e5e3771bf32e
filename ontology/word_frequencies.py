"""Counts in how many questions each word occurs, for the similarity of questions.

python ontology/word_frequencies.py questions.tsv > ontology/word-frequencies.tsv

The input has a column `text` and is separated by tabs. The output has words and counts only, no text.
"""

import csv
import sys
from collections import Counter
from pathlib import Path

from lod.links.related.similarity import tokens

csv.field_size_limit(2**24)
with Path(sys.argv[1]).open(encoding="utf-8", newline="") as lines:
    texts = [row["text"] for row in csv.DictReader(lines, delimiter="\t")]
counts = Counter(word for text in texts for word in set(tokens(text)))
print("# In how many written questions of the first months of the 16th legislature a word is, if in several.")
print("# The row without a word has the number of questions. Version 1, by ontology/word_frequencies.py.")
print("word\ttexts")
print(f"\t{len(texts)}")
for word, count in sorted(counts.items()):
    if count > 1:
        print(f"{word}\t{count}")
