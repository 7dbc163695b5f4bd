"""Other people's coded events as claims of theirs: one data set a file in `datasets/`, found by listing.

A row becomes a document whose text is the row, `column: value` a line, so that every claim quotes its cell.
"""

from constat.imports.coded import Dataset, Said, dataset, known, reading
from constat.imports.files import read

__all__ = ["Dataset", "Said", "dataset", "known", "read", "reading"]
