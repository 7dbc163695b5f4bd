"""Situation reports made of records alone: what is new, what changed, what is contested, with the sources of each."""
