"""`python -m constat` is the console script."""

from constat.cli import main

main()
