"""Stage 2: the working copy of a report."""
