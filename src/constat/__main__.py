"""`python -m constat` is the console script."""

from constat.start import main

main()
