"""A server that misbehaves on demand, its scenarios by name, and what a call comes to on each.

``python -m tests.faulty --port 7999`` runs it for the pages; docs/faults.md tells how.
"""
