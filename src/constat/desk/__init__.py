"""The desk: the casebook in a browser. `routes.py` lists all that it answers, `desk.py` is what the answers share."""
