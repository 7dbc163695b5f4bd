"""One file a data set: its title, the columns it needs, and what its rows state."""
