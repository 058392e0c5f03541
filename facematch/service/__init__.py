"""The contract over HTTP on the engine: the embedded service, also run alone by ``python -m facematch.service``."""

from facematch.service.app import create_app
from facematch.service.server import Server

__all__ = ["Server", "create_app"]
