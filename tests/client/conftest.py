"""A client for any address, logging into the test's own log."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from facematch.client import FaceMatchClient
from facematch.log import CallLog

ClientOf = Callable[..., FaceMatchClient]


@pytest.fixture
def client_of(log: CallLog, token: str) -> Iterator[ClientOf]:
    with ExitStack() as opened:

        def connect(url: str, *, token: str | None = token, **seconds: float) -> FaceMatchClient:
            client = FaceMatchClient(url, token, log=log, environment="faulty", **{"timeout_s": 5.0, **seconds})
            return opened.enter_context(client)

        yield connect
