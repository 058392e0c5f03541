"""Test, understand and show a face-verification service."""

__version__ = "0.1.0"
