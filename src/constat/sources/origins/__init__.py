"""One file per kind of origin, found by listing: `score` says whether a name is one, `receive` gives its bytes."""
