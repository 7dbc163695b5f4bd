"""Stage 5: which tellings are one incident. Pure functions of frozen records; `resolve.py` is the flow on one page."""
