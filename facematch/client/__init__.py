"""Typed access to a face-verification service; every call leaves one row in the log."""

from facematch.client.client import FaceMatchClient
from facematch.client.media import Photo
from facematch.client.results import Exchange, IssuedCode, Match
from facematch.client.run import RunItem
from facematch.client.snippets import as_curl, as_python

__all__ = ["Exchange", "FaceMatchClient", "IssuedCode", "Match", "Photo", "RunItem", "as_curl", "as_python"]
