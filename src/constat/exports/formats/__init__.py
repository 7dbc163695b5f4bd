"""One file a format: `FORMAT`, which says what it is and what it loses, and `write`."""
