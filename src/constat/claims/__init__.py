"""Stage 4: who says what happened. Readers propose; `verify.py` admits; nothing else makes a claim."""
