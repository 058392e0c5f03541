"""The server that a command calls: the one that FACEMATCH_URL names, else the embedded service, in this process."""

from collections.abc import Iterator
from contextlib import contextmanager

from facematch.errors import ServiceNotStarted
from facematch.evaluation.target import Target, opened
from facematch.private import secret_in
from facematch.settings import Settings


@contextmanager
def server(settings: Settings) -> Iterator[Target]:
    """Until the block ends.

    Raises:
        ServiceNotStarted, EngineError, StateUnavailable: The embedded service cannot start.
    """
    token = None if settings.url is not None else settings.token or _own_token(settings)
    with opened(settings, token=token) as target:
        yield target


def _own_token(settings: Settings) -> str:
    """The same at every start, for the owner alone: a live code belongs to the token that it was issued to."""
    path = settings.data_dir / "keys" / "command_line.token"
    try:
        return secret_in(path).hex()
    except OSError as error:
        raise ServiceNotStarted(f"no token for the embedded service at {path}: {error.strerror}") from error
    except ValueError as error:
        raise ServiceNotStarted(f"the embedded service's token at {path} is {error}") from error
