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
        ServiceNotStarted, EngineError: The embedded service cannot start.
    """
    token = None if settings.url is not None else settings.token or _own_token(settings)
    with opened(settings, token=token) as target:
        yield target


def _own_token(settings: Settings) -> str | None:
    """The same at every start, for the owner alone: a live code belongs to the token that it was issued to.

    None where it cannot be kept: a code then holds for one command, and photos can be compared all the same.
    """
    path = settings.data_dir / "keys" / "command_line.token"
    try:
        return secret_in(path).hex()
    except OSError:
        return None
    except ValueError as error:
        raise ServiceNotStarted(f"the embedded service's token at {path} is {error}") from error
