"""A client for any address, logging into the test's own log."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from facematch.client import Budget, FaceMatchClient
from facematch.log import CallLog

ClientOf = Callable[..., FaceMatchClient]


@pytest.fixture
def client_of(log: CallLog, token: str) -> Iterator[ClientOf]:
    with ExitStack() as opened:

        def connect(url: str, *, token: str | None = token, **options: Any) -> FaceMatchClient:
            options = {"timeout_s": 5.0, "budget": Budget(), **options}
            client = FaceMatchClient(url, token, log=log, environment="faulty", **options)
            return opened.enter_context(client)

        yield connect
