"""How far a call has come: what its evidence is made of, also when a check fails."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from facematch import codes
from facematch.engine.api import Comparison, Engine
from facematch.errors import RequestRefused
from facematch.footage import Challenge, Clip, Liveness
from facematch.limits import Limits
from facematch.local import Evidence
from facematch.seen import Seen


@dataclass(slots=True)
class Progress:
    """What is known so far."""

    reference: Seen | None = None
    probe: Seen | None = None
    clip: Clip | None = None
    liveness: Liveness | None = None
    challenge: Challenge | None = None
    comparison: Comparison | None = None
    times_ms: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Note how long the block took, also when it fails."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.times_ms[stage] = (time.perf_counter() - started) * 1000

    def evidence(self, engine: Engine, limits: Limits, trace_no: str, refused: RequestRefused | None) -> Evidence:
        """All of it, and how it ended."""
        comparison = self.comparison
        return Evidence(
            trace_no=trace_no,
            errcode=codes.HANDLED if refused is None else refused.errcode,
            side=None if refused is None else refused.side,
            reference=self.reference,
            probe=self.probe,
            cosine=None if comparison is None else comparison.cosine,
            score=None if comparison is None else comparison.score,
            threshold=limits.pass_score,
            mapping=engine.mapping,
            engine=engine.name,
            times_ms=self.times_ms,
            clip=self.clip,
            liveness=self.liveness,
            challenge=self.challenge,
        )
