"""FaceMatchClient: one method per endpoint, one row in the log per attempt."""

import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Self, TypeVar
from urllib.parse import quote

from facematch import contract
from facematch.client.answers import read_answer
from facematch.client.call import Call, calling, digest
from facematch.client.media import Photo
from facematch.client.results import IssuedCode, Match
from facematch.client.run import RunItem
from facematch.client.transport import Transport, checked_token
from facematch.contract import MatchRequest, Probe
from facematch.errors import InvalidResponse
from facematch.local import EVIDENCE, HEALTH, Evidence, Health
from facematch.log import CallLog

NOT_FOUND = 404
Told = TypeVar("Told")


class FaceMatchClient:
    """Calls one server.

    Args:
        base_url: Root of the service, for example ``http://127.0.0.1:7007``.
        token: The raw token; never shown again.
        log: Where each call is written; None writes nothing.
        environment: The server's name in the log.
        connect_timeout_s: For the connection.
        timeout_s: For a whole call.

    Raises:
        RequestInvalid: The token cannot stand in an HTTP header.
    """

    def __init__(
        self,
        base_url: str,
        token: str | None,
        *,
        log: CallLog | None = None,
        environment: str = "remote",
        connect_timeout_s: float = 3.0,
        timeout_s: float = 30.0,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.environment = environment
        self._log = log
        self._transport = Transport(checked_token(token), connect_timeout_s=connect_timeout_s, timeout_s=timeout_s)

    def __repr__(self) -> str:
        """The address and the environment, never the token."""
        return f"FaceMatchClient({self.base_url!r}, environment={self.environment!r})"

    def match(self, reference: Photo, probe: Photo, *, run: RunItem | None = None) -> Match:
        """Ask whether *probe* shows the person on *reference*; *run* goes into the row of the log.

        Raises:
            TransportError: No answer, or not in time; ``error.sent`` says whether the request may have been handled.
            BusinessError: The service refused, for example 2012: several faces in the photo.
            HttpStatusError: A bad token, too many calls, or a failing server.
            InvalidResponse: The answer breaks the contract.
        """
        request = MatchRequest(reference.media(), Probe(probe.media()))
        with self._calling(contract.MATCH, request.to_wire(), endpoint="match", mode="photo") as call:
            if run is not None:
                run.mark(call.draft)
            call.draft.ref_digest = digest(self._log, reference.data)
            call.draft.probe_digest = digest(self._log, probe.data)
            envelope = call.send()
            verdict, drift = envelope.verdict()
            facts = call.facts()
            drift = (*envelope.drift, *drift)
            call.draft.success, call.draft.score = verdict.passed, verdict.score
            call.draft.threshold = facts.threshold
            call.draft.extra = {**facts.known(), **({"drift": drift} if drift else {})}
            return Match(
                errcode=envelope.errcode,
                status=envelope.status,
                passed=verdict.passed,
                score=verdict.score,
                trace_no=envelope.trace_no,
                request_id=call.request_id,
                exchange=call.exchange(),
                threshold=facts.threshold,
                cosine=facts.cosine,
                drift=drift,
            )

    def live_code(self) -> IssuedCode:
        """Ask for the digits that a person is to read aloud.

        Raises:
            TransportError, BusinessError, HttpStatusError, InvalidResponse: As for ``match``.
        """
        with self._calling(contract.LIVE_CODE, {}, endpoint="validate_data", mode="none") as call:
            envelope = call.send()
            code = envelope.live_code()
            if envelope.drift:
                call.draft.extra = {"drift": envelope.drift}
            return IssuedCode(code, envelope.trace_no, call.request_id, call.exchange(), envelope.drift)

    def health(self) -> Health | None:
        """How the embedded service is; None when this server has no such answer. Not logged.

        Raises:
            CallError: No usable answer.
        """
        return self._local(HEALTH, Health.from_wire)

    def evidence(self, trace_no: str) -> Evidence | None:
        """What the verdict *trace_no* was based on; None when this server keeps none, or no longer. Not logged.

        Raises:
            CallError: No usable answer.
        """
        return self._local(f"{EVIDENCE}/{quote(trace_no, safe='')}", Evidence.from_wire)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        """Use as a context manager."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self.close()

    def _calling(self, path: str, wire: Mapping[str, Any], *, endpoint: str, mode: str) -> AbstractContextManager[Call]:
        return calling(
            self._transport, self._log, self.base_url + path, wire, env=self.environment, endpoint=endpoint, mode=mode
        )

    def _local(self, path: str, parse: Callable[[Mapping[str, Any]], Told]) -> Told | None:
        reply = self._transport.send("GET", self.base_url + path, request_id=uuid.uuid4().hex)
        if reply.status == NOT_FOUND:
            return None
        envelope = read_answer(reply)
        try:
            return parse(envelope.result or {})
        except (TypeError, ValueError) as error:
            raise InvalidResponse(f"{path.split('/')[2]} cannot be read ({type(error).__name__})") from error
