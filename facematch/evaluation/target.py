"""Which service a run measures: a server at an address, or the embedded one, started for the run."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from facematch.client import FaceMatchClient
from facematch.client.environment import environment_name
from facematch.client.tokens import TokenFile
from facematch.errors import CallError, EngineError, TransportError
from facematch.log import CallLog
from facematch.settings import Settings


@dataclass(frozen=True, slots=True)
class Target:
    """A server and how to call it."""

    url: str
    token: str | None = field(repr=False)
    environment: str  # its name in the log
    settings: Settings

    def client(self, log: CallLog | None = None) -> FaceMatchClient:
        """A new client, for one thread."""
        token_file = self.settings.token_file if self.url == self.settings.url else None
        return FaceMatchClient(
            self.url,
            self.token,
            token_source=None if token_file is None else TokenFile(token_file),
            log=log,
            environment=self.environment,
            connect_timeout_s=self.settings.connect_timeout_s,
            timeout_s=self.settings.timeout_s,
        )

    def engine(self) -> str | None:
        """The engine's name; None for a server that does not tell.

        Raises:
            TransportError: The server cannot be reached.
            EngineError: It says that its engine is broken.
        """
        try:
            with self.client() as client:
                health = client.health()
        except TransportError:
            raise
        except CallError:  # an answer, so it is there; only ours has this page
            return None
        if health is not None and health.status == "broken":
            raise EngineError(f"the service's engine is broken: {health.problem or 'it does not say why'}")
        return None if health is None else health.engine


@contextmanager
def opened(settings: Settings, environment: str | None = None, *, token: str | None = None) -> Iterator[Target]:
    """The server at ``settings.url``, or without one the embedded service, on a free port until the block ends.

    Args:
        settings: Of the server's address and token, or of the embedded service.
        environment: What the log calls it; None: as the pages do.
        token: The embedded service's; None: a new one. What belongs to a token outlives the service, the token not.

    Raises:
        ServiceNotStarted, EngineError: The embedded service cannot start.
    """
    environment = environment or environment_name(settings.url)
    if settings.url is not None:
        yield Target(settings.url, settings.token, environment, settings)
        return
    from facematch.service.embedded import start_embedded  # a remote server's caller does not wait for it

    own = start_embedded(settings, token=token, is_warm=True)  # the first call's time would hold the loading
    try:
        yield Target(own.server.url, own.token, environment, settings)
    finally:
        own.server.stop()
