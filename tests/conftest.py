"""The product's own parts, running: a service on a scripted engine and one on the real one, a log, a client."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from scripted_engine import ScriptedEngine

from facematch.client import FaceMatchClient, Photo
from facematch.log import CallLog, Key
from facematch.service import Server, create_app
from facematch.settings import Settings

Rows = Callable[[], list[dict[str, Any]]]

TOKEN = "a-token-nobody-may-read-0123456789"  # noqa: S105 - of these tests' own service
ANY = Photo(b"any")

settings.register_profile("patient", deadline=None)  # a loaded machine is no failure
settings.load_profile("patient")


@pytest.fixture(scope="session")
def token() -> str:
    return TOKEN


@pytest.fixture
def engine_script() -> ScriptedEngine:
    return ScriptedEngine()


@pytest.fixture(scope="session")
def scripted_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for all tests that neither look into its engine nor break it."""
    here = Settings(data_dir=tmp_path_factory.mktemp("scripted"))
    server = Server(create_app(ScriptedEngine(), token=TOKEN, settings=here))
    yield server
    server.stop()


@pytest.fixture
def own_settings(tmp_path: Path) -> Settings:
    """Of `own_service`; a test that wants others replaces this fixture."""
    return Settings(data_dir=tmp_path / "own")


@pytest.fixture
def own_service(engine_script: ScriptedEngine, own_settings: Settings) -> Iterator[Server]:
    """This test's own, on `engine_script`."""
    server = Server(create_app(engine_script, token=TOKEN, settings=own_settings))
    yield server
    engine_script.released.set()
    server.stop()


@pytest.fixture(scope="session")
def real_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    from facematch.engine.pipeline import FaceEngine

    here = Settings(data_dir=tmp_path_factory.mktemp("real"))
    server = Server(create_app(FaceEngine(here), token=TOKEN, settings=here))
    yield server
    server.stop()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[CallLog]:
    log = CallLog(tmp_path / "log" / "calls.db", key=Key("k1", b"s" * 32))
    yield log
    log.close()


@pytest.fixture
def rows(log: CallLog) -> Rows:
    def read() -> list[dict[str, Any]]:
        with log.reading() as db:
            return [dict(row) for row in db.exec_driver_sql("SELECT * FROM calls ORDER BY id").mappings()]

    return read


@pytest.fixture
def client(scripted_service: Server, log: CallLog) -> Iterator[FaceMatchClient]:
    with FaceMatchClient(scripted_service.url, TOKEN, log=log, environment="scripted") as client:
        yield client


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright keeps an event loop running in this thread until the session ends."""
    items.sort(key=lambda item: "/browser/" in item.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A browser test that was skipped has proved nothing: the run fails."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = [report.nodeid for report in reporter.stats.get("skipped", ()) if "/browser/" in report.nodeid]
    if skipped:
        reporter.write_line(f"browser tests must not be skipped: {', '.join(skipped)}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
