"""The service started within another program, on a free loopback port; it goes on without a place for its state."""

import atexit
import functools
import secrets
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from facematch.errors import StateUnavailable
from facematch.service.app import create_app
from facematch.service.server import Server
from facematch.settings import Settings


@dataclass(frozen=True, slots=True)
class Embedded:
    """A running service and its token, which is never shown."""

    server: Server
    token: str = field(repr=False)
    trouble: StateUnavailable | None  # why codes, persons and results are kept only until the program ends


def start_embedded(settings: Settings, *, token: str | None = None, is_warm: bool = False) -> Embedded:
    """Start it.

    Args:
        settings: Its limits, and where its state is kept.
        token: None: a new one.
        is_warm: Wait until the networks are loaded; else the first call does.

    Raises:
        ServiceNotStarted, EngineError: It cannot work.
    """
    token = token or secrets.token_urlsafe(32)
    try:
        return Embedded(_server(settings, token, is_warm), token, None)
    except StateUnavailable as trouble:  # comparing needs no state: go on with one that lasts as long as the process
        for_now = replace(settings, data_dir=_passing_folder(), state_url=None, state_key=None)
        return Embedded(_server(for_now, token, is_warm), token, trouble)


def _server(settings: Settings, token: str, is_warm: bool) -> Server:
    from facematch.engine.pipeline import FaceEngine  # takes a second

    engine = FaceEngine(settings)
    app = create_app(engine, token=token, settings=settings)
    if is_warm:
        engine.warm_up()
    return Server(app)


@functools.cache
def _passing_folder() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="facematch-")
    atexit.register(folder.cleanup)
    return Path(folder.name)
