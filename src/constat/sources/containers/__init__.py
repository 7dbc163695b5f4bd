"""One file per kind of container, found by listing: `score` tells one, `members` gives what it holds."""
