"""How the service is: whether the engine is loaded, and what is offered here."""

import logging
import threading
import time
from dataclasses import asdict

import anyio

from facematch import __version__
from facematch.engine.api import Engine
from facematch.errors import EngineError
from facematch.local import Health
from facematch.settings import Settings

END_POLL_S = 0.02
_LOG = logging.getLogger(__name__)
OFFERS = ("evidence", "results", "tokens", "persons", "files", "openapi")


class WarmUp:
    """Loads the engine in the background and remembers how that went."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # Not a daemon: the interpreter, too, waits for it. A thread that it abandons inside ONNX Runtime aborts.
        self._thread = threading.Thread(target=self._run, name="facematch-warm-up", daemon=False)
        self._speech = threading.Thread(target=engine.warm_up_speech, name="facematch-speech", daemon=False)
        self._starting = threading.Lock()
        self.status = "warming"
        self.fault: str | None = None
        self.problem: str | None = None
        self.took_ms: float | None = None

    def start(self) -> None:
        """Begin; calls that come meanwhile wait inside the engine."""
        self._thread.start()

    def expect_speech(self) -> None:
        """Somebody is about to speak: load what hears it meanwhile. It takes seconds and memory that others spare."""
        with self._starting:
            if self._speech.ident is None:
                self._speech.start()

    async def end(self) -> None:
        """Wait until all has ended, as it cannot be interrupted; a join would take one more thread to wait in."""
        while self._thread.is_alive() or self._speech.is_alive():
            await anyio.sleep(END_POLL_S)

    def _run(self) -> None:
        started = time.perf_counter()
        try:
            self._engine.warm_up()
        except EngineError as error:
            _LOG.error("the engine cannot work: %s", error)
            self.status, self.fault, self.problem = "broken", type(error).__name__, str(error)
        except BaseException as error:
            self.status, self.fault, self.problem = "broken", type(error).__name__, None
            raise
        else:
            self.status, self.took_ms = "ready", (time.perf_counter() - started) * 1000


def health_of(engine: Engine, settings: Settings, warm_up: WarmUp) -> Health:
    """All of it, for whoever has a token."""
    limits = settings.limits
    return Health(
        status=warm_up.status,
        version=__version__,
        fault=warm_up.fault,
        problem=warm_up.problem,
        engine=engine.name,
        mapping=engine.mapping,
        threshold=limits.pass_score,
        models=engine.models,
        limits=asdict(limits),
        offers=(*OFFERS, *(("live-codes",) if settings.allow_chosen_codes else ())),
        lip_languages=engine.lip_languages,
        lip_problem=engine.lip_problem,
        switches={
            "chosen_codes": settings.allow_chosen_codes,
            "uri": limits.uri_public or bool(limits.uri_nets),
            "fds": True,
            "liveness_model": settings.liveness_model is not None,
        },
        warm_up_ms=warm_up.took_ms,
    )


def health_for_anyone(warm_up: WarmUp) -> Health:
    """What is told without a token."""
    return Health(warm_up.status, __version__)
