"""The incidents of a casebook: kept up to date with its readings and decisions, listed, shown and judged."""
