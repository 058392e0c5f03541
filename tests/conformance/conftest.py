"""``python -m pytest tests/conformance --base-url http://host:port`` asks that server; else one is started here."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from facematch.engine.pipeline import FaceEngine
from facematch.settings import Settings

from .links import Links
from .servers import TOKEN, own, sound
from .target import Target

TOKEN_VARIABLE = "FACEMATCH_CONFORMANCE_TOKEN"  # noqa: S105 - its name


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--base-url", metavar="URL", help=f"ask this server, with the token of {TOKEN_VARIABLE}")


@pytest.fixture(scope="session")
def base_url(pytestconfig: pytest.Config) -> str | None:
    """None: nothing is tested but what is started here. The option is unknown when pytest was given other folders."""
    url: str | None = pytestconfig.getoption("--base-url", None)
    if url and TOKEN_VARIABLE not in os.environ:
        pytest.exit(f"{TOKEN_VARIABLE} is not set", returncode=pytest.ExitCode.USAGE_ERROR)
    return url


@pytest.fixture(scope="session")
def links() -> Iterator[Links]:
    links = Links()
    with links.server:
        yield links
        links.release()


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> FaceEngine:
    return FaceEngine(Settings(data_dir=tmp_path_factory.mktemp("engine")))


@pytest.fixture(scope="session")
def tested(base_url: str | None, links: Links, request: pytest.FixtureRequest) -> Iterator[Target]:
    """The server under test."""
    with ExitStack() as stack:
        if base_url is not None:
            target = Target(base_url, os.environ[TOKEN_VARIABLE], links)
        else:
            folder = request.getfixturevalue("tmp_path_factory").mktemp("sound")
            url = stack.enter_context(sound(request.getfixturevalue("engine"), folder))
            target = Target(url, TOKEN, links)
        stack.callback(target.close)
        yield target


@pytest.fixture(scope="session")
def own_target(
    engine: FaceEngine, links: Links, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Target]]:
    """One of `servers.OWN`, started when it is first asked for."""
    started: dict[str, Target] = {}
    folder: Path = tmp_path_factory.mktemp("own")
    with ExitStack() as stack:

        def get(name: str) -> Target:
            if name not in started:
                target = started[name] = Target(stack.enter_context(own(name, engine, folder)), TOKEN, links)
                stack.callback(target.close)
            return started[name]

        yield get
