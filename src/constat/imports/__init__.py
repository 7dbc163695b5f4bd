"""Other people's coded events as claims of theirs: one data set a file in `datasets/`, found by listing.

A row becomes a document whose text is the row, `column: value` a line, so that every claim quotes its cell.
"""

from constat.imports.coded import Dataset, RowReader, Said, dataset, known, outcome, reading, rows_of

__all__ = ["Dataset", "RowReader", "Said", "dataset", "known", "outcome", "reading", "rows_of"]
