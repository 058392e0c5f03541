"""What the routes share, made once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import ParamSpec, TypeVar

import anyio
from anyio.abc import TaskGroup
from starlette.requests import Request

from facematch.engine.api import Engine
from facematch.service.access import Gate, read_json
from facematch.service.big_bodies import BigBodies, Claim
from facematch.service.cores import Cores
from facematch.service.evidence import EvidenceKeeper, EvidenceStore
from facematch.service.files import Files
from facematch.service.flow import Flow
from facematch.service.health import WarmUp
from facematch.service.jobs import Jobs
from facematch.service.library import Library
from facematch.service.live_codes import LiveCodes
from facematch.service.reading import Reader
from facematch.service.sources import Sources
from facematch.service.state import State
from facematch.settings import Settings

UPLOADS_AT_ONCE = 4
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """One authorized request."""

    request: Request = field(repr=False)
    trace_no: str
    owner: str  # the digest of the token


class Parts:
    """The engine, the state, and what is built on them.

    Args:
        engine: Any engine; calls to it run in threads, as many at once as the machine has cores.
        token: This start's own; None: only issued ones count.
        settings: What is accepted and kept.
        evidence: Where evidence waits; None: in this process.

    Raises:
        StateUnavailable: The database cannot be opened.
    """

    def __init__(self, engine: Engine, token: str | None, settings: Settings, evidence: EvidenceKeeper | None) -> None:
        limits = settings.limits
        self.engine, self.settings, self.limits = engine, settings, limits
        self.state = State.open(settings)
        self.gate = Gate(token, self.state.tokens)
        self.evidence = EvidenceStore(limits.evidence_ttl_s) if evidence is None else evidence
        self.warm_up = WarmUp(engine)
        self.cores = Cores()
        self.big_bodies = BigBodies(self.cores)
        self.files = Files(settings.files_dir, limits)
        self.reader = Reader(engine, Sources(limits, self.files), self.cores)
        self.library = Library(engine, self.state.persons, limits)
        self.live_codes = LiveCodes(self.state.live_codes, limits.live_code_ttl_s)
        self.flow = Flow(
            engine,
            limits=limits,
            reader=self.reader,
            library=self.library,
            live_codes=self.live_codes,
            cores=self.cores,
        )
        self.jobs = Jobs(self.state.results, limits.async_max, self.cores.threads)
        self.group: TaskGroup  # the jobs run in it; made when the server starts
        self._uploads = anyio.CapacityLimiter(UPLOADS_AT_ONCE)

    @contextmanager
    def claim(self) -> Iterator[Claim]:
        """To a turn for a big body, until the block ends."""
        claim = self.big_bodies.claim()
        try:
            yield claim
        finally:
            claim.end()

    async def wire(self, call: Call, claim: Claim) -> dict[str, object]:
        """The call's body, as `read_json`."""
        return await read_json(call.request, self.limits.body_max_bytes, claim)

    async def small_wire(self, call: Call) -> dict[str, object]:
        """The same where no media are expected: nothing of it that is big is kept."""
        with self.claim() as claim:
            return await self.wire(call, claim)

    async def calling(self, function: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
        """Run what takes a core in a thread."""
        return await self.cores.run(function, *args, **options)

    async def uploading(self, function: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
        """Run what waits for a caller's bytes in a thread of its own kind."""
        return await anyio.to_thread.run_sync(partial(function, *args, **options), limiter=self._uploads)


async def asking(function: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
    """Run what waits for the database or the disk in a thread."""
    return await anyio.to_thread.run_sync(partial(function, *args, **options))
