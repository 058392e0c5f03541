"""The real engine behind the real service, once; and the shipped samples as a list of labelled pairs."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from facematch import samples
from facematch.engine.pipeline import FaceEngine
from facematch.service import Server, create_app
from facematch.settings import Settings

TOKEN = "evaluation-token"  # noqa: S105 - of a service that lives as long as the tests
Rows = tuple[tuple[str, str, object], ...]
WriteList = Callable[[Rows], Path]

NON_MATED = {"different_persons", "different_women"}
SAMPLES: Rows = tuple((pair.reference, pair.probe, int(pair.key not in NON_MATED)) for pair in samples.PAIRS)


@dataclass(frozen=True, slots=True)
class Service:
    """A running service; *cache_dir* spares whoever starts another the folding of the networks."""

    url: str
    cache_dir: Path


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    here = Settings(data_dir=tmp_path_factory.mktemp("data"))
    server = Server(create_app(FaceEngine(here), token=TOKEN, settings=here))
    yield Service(server.url, here.cache_dir)
    server.stop()


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment with the service's token and a data directory of its own, and no other setting."""
    monkeypatch.setenv("FACEMATCH_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FACEMATCH_TOKEN", TOKEN)
    monkeypatch.delenv("FACEMATCH_URL", raising=False)
    return tmp_path / "data"


@pytest.fixture
def write_list(tmp_path: Path) -> WriteList:
    """Writes a list of pairs whose photos are samples, beside the photos."""

    def write(rows: Rows) -> Path:
        for name in {name for row in rows for name in row[:2]}:
            (tmp_path / name).write_bytes(samples.photo(name))
        path = tmp_path / "pairs.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("file_x", "file_y", "same"), *rows])
        return path

    return write
