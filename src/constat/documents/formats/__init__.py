"""One file per format, found by listing: `score` says how well it fits a capture, `drafts` reads the reports in it."""
