"""Logged calls: in a table, one in full, run again, reviewed."""
