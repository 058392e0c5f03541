from pathlib import Path

import pytest

from facematch.engine.api import Look
from facematch.engine.pipeline import FaceEngine
from facematch.settings import Settings

from .photos import OBAMA, OTHERS, portrait, saved, stored


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=tmp_path_factory.mktemp("engine"))


@pytest.fixture(scope="session")
def cache_dir(settings: Settings) -> Path:
    return settings.cache_dir


@pytest.fixture(scope="session")
def engine(settings: Settings) -> FaceEngine:
    return FaceEngine(settings)


@pytest.fixture(scope="session")
def looks(engine: FaceEngine) -> dict[str, Look]:
    """One look at each portrait that ships."""
    return {name: engine.look(engine.decode(stored(name))) for name in (*OBAMA, *OTHERS)}


@pytest.fixture(scope="session")
def portrait_look(engine: FaceEngine) -> Look:
    return engine.look(engine.decode(saved(portrait())))
