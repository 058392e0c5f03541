"""One process of the service: what it is told, how it makes its app, and that it does not outlive its parent."""

import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.types import ASGIApp

from facematch.engine.api import Engine
from facematch.errors import FaceMatchError
from facematch.service.app import create_app
from facematch.service.logs import log_to_stderr
from facematch.service.shared_evidence import SharedEvidence
from facematch.service.supervisor import hold_interrupts
from facematch.settings import Settings

PAUSE_S = 1.0  # before a worker that could not start is started again
_LOG = logging.getLogger(__name__)


EngineOf = Callable[[Settings], Engine]  # by name in a module: a new process looks it up there


def face_engine(settings: Settings) -> Engine:
    """The real one."""
    # Here and not above: a new worker answers the supervisor before it loads what takes seconds.
    from facematch.engine.pipeline import FaceEngine

    return FaceEngine(settings)


@dataclass(frozen=True, slots=True)
class Worker:
    """Makes the app. It reaches a new process through multiprocessing's own pipe: no other process sees the token."""

    settings: Settings = field(repr=False)
    token: str = field(repr=False)
    evidence: SharedEvidence | None  # None: this is the only process, which keeps its own
    quiet: bool
    engine: EngineOf = face_engine

    def __call__(self) -> ASGIApp:
        """The app of this process.

        Raises:
            StateUnavailable: Only where this is the one process; a worker ends instead, and is started again.
        """
        parent = multiprocessing.parent_process()
        if parent is None:
            return self._app()
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()
        log_to_stderr(quiet=self.quiet)
        hold_interrupts(hold=False)  # uvicorn is listening to signals now
        try:
            return self._app()
        except FaceMatchError as error:
            _LOG.error("worker not started: %s", error)
            time.sleep(PAUSE_S)
            sys.exit(1)

    def _app(self) -> ASGIApp:
        engine = self.engine(self.settings)
        return create_app(engine, token=self.token, settings=self.settings, evidence=self.evidence)


def _end_after(parent: multiprocessing.process.BaseProcess) -> None:
    """Stop in good order when the parent is gone: nobody would stop this process any more."""
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
