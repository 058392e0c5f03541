"""Servers of the suite's own, with the real engine: a sound one, and some that lack or break what a row needs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from facematch.engine.pipeline import FaceEngine
from facematch.engine.weights import SFACE, YUNET, read_weights
from facematch.limits import Limits
from facematch.service import Server, create_app
from facematch.settings import Settings

TOKEN = "the-conformance-suites-own-token-0123456789"  # noqa: S105 - of servers that it starts itself
LOOPBACK = ("127.0.0.1/32",)


class BreakingEngine:
    """The real engine, which fails where nobody expects it."""

    def __init__(self, engine: FaceEngine) -> None:
        self._engine = engine

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def compare(self, *_: object) -> object:
        raise RuntimeError("broken for the conformance suite")


@dataclass(frozen=True, slots=True)
class Own:
    """How one of them is set up; the engine is the sound one unless *engine* makes another of settings and folder."""

    limits: Limits = field(default_factory=Limits)
    engine: Callable[[Settings, Path], Any] | None = None


def _breaking(settings: Settings, folder: Path) -> BreakingEngine:
    return BreakingEngine(FaceEngine(settings))


def _speechless(settings: Settings, folder: Path) -> FaceEngine:
    (folder / "no speech").mkdir()
    return FaceEngine(Settings(data_dir=settings.data_dir, speech_dir=folder / "no speech"))


def _damaged(settings: Settings, folder: Path) -> FaceEngine:
    """The detector's file lacks its last byte."""
    models = folder / "models"
    models.mkdir()
    (models / YUNET.file).write_bytes(read_weights(YUNET, None)[:-1])
    (models / SFACE.file).write_bytes(read_weights(SFACE, None))
    return FaceEngine(Settings(data_dir=folder, model_dir=models))


OWN = {
    "no_switches": Own(),
    "instant_codes": Own(Limits(live_code_ttl_s=0.0)),
    "one_async": Own(Limits(async_max=1, uri_nets=LOOPBACK, uri_photo_s=20.0)),
    "one_file": Own(Limits(files_max=1)),
    "no_speech": Own(engine=_speechless),
    "damaged": Own(engine=_damaged),
    "breaking": Own(engine=_breaking),
}


@contextmanager
def sound(engine: FaceEngine, folder: Path) -> Iterator[str]:
    """The address of a server on which every row that needs no other one gets its answer."""
    settings = Settings(data_dir=folder, allow_chosen_codes=True, limits=Limits(uri_nets=LOOPBACK))
    with _serving(engine, settings) as url:
        yield url


@contextmanager
def own(name: str, engine: FaceEngine, folder: Path) -> Iterator[str]:
    """The address of one of `OWN`."""
    how = OWN[name]
    settings = Settings(data_dir=folder / name, limits=how.limits)
    settings.data_dir.mkdir(parents=True)
    with _serving(engine if how.engine is None else how.engine(settings, settings.data_dir), settings) as url:
        yield url


@contextmanager
def _serving(engine: Any, settings: Settings) -> Iterator[str]:
    server = Server(create_app(engine, token=TOKEN, settings=settings))
    try:
        yield server.url
    finally:
        server.stop()
