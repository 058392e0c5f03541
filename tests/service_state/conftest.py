"""The service's state on both databases, worker processes that share it, and a look at what is really kept."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from postgres import own_postgres, postgres
from sqlalchemy import NullPool, create_engine, text

import facematch
from facematch.service.state import Portrait, State
from facematch.settings import Settings

__all__ = ["own_postgres", "postgres"]

ROOT = Path(facematch.__file__).parents[1]
PROGRAM = Path(__file__).with_name("state_worker.py")


class Process:
    """A worker process; `ask` waits for its answer, `tell` and `answer` apart let several work at once."""

    def __init__(self) -> None:
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._process = subprocess.Popen([sys.executable, str(PROGRAM)], cwd=ROOT, env=env, **pipes)

    def open(self, settings: Settings) -> None:
        self.tell("", "open", environment(settings))

    def tell(self, part: str, method: str, *args: object) -> None:
        self._process.stdin.write(json.dumps([part, method, *args]) + "\n")
        self._process.stdin.flush()

    def answer(self) -> Any:
        return json.loads(self._process.stdout.readline())

    def ask(self, part: str, method: str, *args: object) -> Any:
        self.tell(part, method, *args)
        return self.answer()

    def kill(self) -> None:
        """As ``kill -9``; the process is gone when this returns."""
        self._process.kill()
        self._process.wait()

    def end(self) -> None:
        self.kill()
        self._process.stdin.close()
        self._process.stdout.close()


def environment(settings: Settings) -> dict[str, str]:
    given = {"FACEMATCH_DATA_DIR": str(settings.data_dir), "FACEMATCH_STATE_URL": settings.state_url or ""}
    return given | {"FACEMATCH_STATE_KEY": settings.state_key or ""}


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Of an empty database of each kind."""
    url = request.getfixturevalue("postgres").new_database() if request.param == "postgresql" else None
    return Settings(data_dir=tmp_path / "data", state_url=url)


@pytest.fixture
def opened() -> Iterator[Callable[[Settings], State]]:
    """Open a state that is closed after the test."""
    states: list[State] = []

    def open_one(settings: Settings) -> State:
        states.append(State.open(settings))
        return states[-1]

    yield open_one
    for state in states:
        state.close()


@pytest.fixture
def state(settings: Settings, opened: Callable[[Settings], State]) -> State:
    return opened(settings)


@pytest.fixture(scope="session")
def processes() -> Iterator[list[Process]]:
    """Ten, for all tests: whichever opens a state closes it, too."""
    running = [Process() for _ in range(10)]
    assert [process.answer() for process in running] == ["ready"] * 10
    yield running
    for process in running:
        process.end()


@pytest.fixture
def process(settings: Settings) -> Iterator[Process]:
    """This test's own, with the state open."""
    process = Process()
    process.open(settings)
    assert [process.answer(), process.answer()] == ["ready", "open"]
    yield process
    process.end()


@pytest.fixture
def portrait() -> Portrait:
    return Portrait(b"the bytes of a photo " * 2000, np.linspace(-1, 1, 128, dtype=np.float32), "engine 1", 0)


@pytest.fixture
def sql(settings: Settings) -> Callable[..., list[tuple[Any, ...]]]:
    """Run one statement past the program, with values for its ``:names``; the rows of a query."""
    address = settings.state_url or f"sqlite:///{settings.state_path}"
    engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://"), poolclass=NullPool)

    def run(statement: str, **values: object) -> list[tuple[Any, ...]]:
        with engine.begin() as db:
            found = db.execute(text(statement), values)
            return [tuple(row) for row in found] if found.returns_rows else []

    return run
