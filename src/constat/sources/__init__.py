"""Stage 1: where bytes come from."""
