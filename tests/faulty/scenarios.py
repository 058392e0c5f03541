"""All faults by name, and the server that has them all."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from .acts import good
from .documents import DOCUMENTS
from .lines import LINES
from .server import FaultyServer, Scenario
from .statuses import STATUSES

SCENARIOS: Mapping[str, Scenario] = {**LINES, **STATUSES, **DOCUMENTS}


@contextmanager
def served(*, port: int = 0, keeps: bool = True) -> Iterator[FaultyServer]:
    """A server of all scenarios: ``url/name`` is the base address of one. Its ``elsewhere`` answers well, if asked."""
    with (
        FaultyServer(good) as elsewhere,
        FaultyServer(SCENARIOS, port=port, elsewhere=elsewhere, keeps=keeps) as server,
    ):
        yield server
