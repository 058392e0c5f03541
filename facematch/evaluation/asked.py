"""One call of a measurement: the answer, and the evidence that the service keeps of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from facematch import codes
from facematch.client import FaceMatchClient, Match
from facematch.errors import CallError, Refusal
from facematch.local import Evidence

Stage = Literal["passed", "refused", "inconclusive", "not_acquired", "failed"]
_REFUSED = (codes.REPLAY, codes.NOT_A_PERSON)
_NOT_ACQUIRED = ("source", "acquisition")


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of one call."""

    outcome: str  # "ok", or the outcome word of an error class
    errcode: int | None  # 0: a comparison was made; None: no answer with a code
    http_status: int | None
    elapsed_ms: float | None  # None: nothing was sent
    evidence: Evidence | None  # None: the server keeps none

    @property
    def stage(self) -> Stage:
        """How far a SILENT probe came; passed: the passive check let it through, whomever it shows."""
        if self.outcome == "ok":
            return "passed"
        if self.errcode in _REFUSED:
            return "refused"
        if self.errcode == codes.LIVENESS_NOT_PASSED:
            return "inconclusive"
        return "not_acquired" if self.layer in _NOT_ACQUIRED else "failed"

    @property
    def layer(self) -> str | None:
        """Where statistics count the errcode; None for one that nobody knows."""
        code = None if self.errcode is None else codes.find(self.errcode)
        return None if code is None else code.layer


def ask(client: FaceMatchClient, call: Callable[[FaceMatchClient], Match]) -> Asked:
    """Make *call*, one row in the client's log, and fetch its evidence; a failed call is a result too."""
    try:
        match = call(client)
    except Refusal as error:
        told = _evidence(client, error.trace_no)
        return Asked(error.outcome, error.errcode, error.http_status, error.elapsed_ms, told)
    except CallError as error:
        return Asked(error.outcome, None, error.http_status, error.elapsed_ms, None)
    told = _evidence(client, match.trace_no)
    return Asked("ok", match.errcode, match.exchange.http_status, match.exchange.elapsed_ms, told)


def _evidence(client: FaceMatchClient, trace_no: str | None) -> Evidence | None:
    try:
        return None if trace_no is None else client.evidence(trace_no)
    except CallError:  # the verdict counts without it
        return None
