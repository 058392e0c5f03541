"""Environments: choose, add, test, remove."""
