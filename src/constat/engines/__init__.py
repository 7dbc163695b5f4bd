"""The same reading on one core, on all cores of a machine, or on a cluster. Each engine calls `work.py`."""
