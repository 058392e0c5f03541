"""FaceMatchClient: one method per endpoint, one row in the log per attempt."""

from collections.abc import Collection
from functools import partial
from typing import Self
from urllib.parse import quote

from facematch import contract
from facematch.client.became import Became
from facematch.client.body import Body
from facematch.client.call import Sent
from facematch.client.errand import Entry, Errand, Line
from facematch.client.inspection import Inspection, inspect
from facematch.client.local_service import LocalService
from facematch.client.media import Photo, Video
from facematch.client.question import Question, Terms, about_identity, about_photo
from facematch.client.results import Accepted, IssuedCode, Match, Pending
from facematch.client.retry import ATTEMPTS, SHARED_BUDGET, Budget, Kind
from facematch.client.route import Route
from facematch.client.run import RunItem, mark
from facematch.client.tokens import Tokens, TokenSource
from facematch.client.transport import Transport, checked_address, checked_seconds
from facematch.client.verdict import answered, issued
from facematch.contract import ORIGINS, Origin, VideoType
from facematch.errors import CallError, NotOffered, Refusal, RequestInvalid, StillProcessing
from facematch.local import RESULTS, Evidence, Health
from facematch.log import CallLog, Draft

NO_WAY_TO_ASK = "accepted; this server gives no way to ask for the result"


class FaceMatchClient:
    """Calls one server.

    Args:
        base_url: Root of the service, for example ``http://127.0.0.1:7007``.
        token: The raw one; ``token_source`` is asked when there is none, or the server refuses it; see ``TokenFile``.
        log: Where each attempt is written; None writes nothing.
        environment: The server's name in the log.
        connect_timeout_s: For a connection.
        timeout_s: For a whole call: looking up the name, all attempts and the waits between them included.
        attempts: How often a call is made at most, where making it again does no harm; 1: never again.
        budget: What all clients of the process may spend on further attempts; None: the one that they share.
        route: Whose certificates count, and through which proxy; None: the usual ones, and none.
        origins: How media may be handed over; others raise OriginNotAllowed, and nothing is sent.

    Raises:
        RequestInvalid: The token cannot stand in an HTTP header, the address has a user name in it, a timeout is not
            more than 0 seconds and at most a week, or ``attempts`` is less than 1.
    """

    def __init__(  # noqa: PLR0913 - each is named by the caller, and none belongs to another
        self,
        base_url: str,
        token: str | None = None,
        *,
        token_source: TokenSource | None = None,
        log: CallLog | None = None,
        environment: str = "remote",
        connect_timeout_s: float = 3.0,
        timeout_s: float = 30.0,
        attempts: int = ATTEMPTS,
        budget: Budget | None = None,
        route: Route | None = None,
        origins: Collection[Origin] = ORIGINS,
    ) -> None:
        self.base_url = checked_address(base_url)
        self.environment = environment
        self._log = log
        self._origins = origins
        if attempts < 1:
            raise RequestInvalid("a call has at least one attempt")
        checked_seconds("timeout_s", timeout_s)
        tokens = Tokens(token, token_source)
        transport = Transport(connect_timeout_s=connect_timeout_s, route=route)
        self._line = Line(transport, tokens, environment, timeout_s, attempts, budget or SHARED_BUDGET)
        self.local = LocalService(self.base_url, transport, tokens=tokens, timeout_s=timeout_s)

    def __repr__(self) -> str:
        """The address and the environment, never the token."""
        return f"FaceMatchClient({self.base_url!r}, environment={self.environment!r})"

    def match(
        self,
        reference: Photo,
        probe: Photo | Video,
        *,
        video_type: VideoType | None = None,
        live_code: str | None = None,
        run: RunItem | None = None,
    ) -> Match:
        """Ask whether *probe* shows the person on *reference*.

        Args:
            reference: The photo compared against.
            probe: The photo or video under test.
            video_type: Of a video: SILENT, or LIP, which needs the live code. Without it LIP when there is a code.
            live_code: The digits that the person reads in the video; see ``live_code``.
            run: Goes into the row of the log.

        Raises:
            RequestInvalid: The arguments contradict each other; nothing was sent.
            TransportError: No answer, or not in time; ``error.sent`` says whether the request may have been handled.
            BusinessError: The service refused, for example 2012: several faces in the photo.
            HttpStatusError: A bad token, too many calls, or a failing server.
            InvalidResponse: The answer breaks the contract.
            StillProcessing: The server answers later, unasked.
        """
        return self._now(about_photo(reference, probe, Terms(video_type, live_code)), run)

    def verify_identity(
        self,
        id_number: str,
        name: str,
        probe: Photo | Video,
        *,
        video_type: VideoType | None = None,
        live_code: str | None = None,
        run: RunItem | None = None,
    ) -> Match:
        """Ask whether *probe* shows the person of that number and name in the server's library.

        Both are sent as typed, the log keeps a mask and a keyed digest of the number, and nothing of the name. The
        other arguments are those of ``match``.

        Raises:
            CallError: As for ``match``; BusinessError also for 2005, the number is not in the library, and others.
        """
        return self._now(about_identity(id_number, name, probe, Terms(video_type, live_code)), run)

    def start_match(
        self,
        reference: Photo,
        probe: Photo | Video,
        *,
        video_type: VideoType | None = None,
        live_code: str | None = None,
        run: RunItem | None = None,
    ) -> Accepted | Match:
        """As ``match``, but the server may answer later: ``result`` asks for it. A Match when it answers at once.

        Raises:
            CallError: As for ``match``.
        """
        return self._ask(about_photo(reference, probe, Terms(video_type, live_code, is_async=True)), run)

    def start_identity(
        self,
        id_number: str,
        name: str,
        probe: Photo | Video,
        *,
        video_type: VideoType | None = None,
        live_code: str | None = None,
        run: RunItem | None = None,
    ) -> Accepted | Match:
        """As ``verify_identity``, but the server may answer later: ``result`` asks for it.

        Raises:
            CallError: As for ``match``.
        """
        return self._ask(about_identity(id_number, name, probe, Terms(video_type, live_code, is_async=True)), run)

    def result(self, trace_no: str) -> Match | Pending:
        """What became of an accepted call. Not logged: the call has its row.

        Raises:
            NotOffered: This server gives no way to ask.
            InvalidResponse: Also for an answer with another traceNo.
            CallError: What the call at once would have raised; HTTP 404 when *trace_no* is not known, or no longer.
        """
        sent = Sent(f"{self.base_url}{RESULTS}/{quote(trace_no, safe='')}", method="GET")
        errand, became = self._call(sent, Entry(None, "result"), Kind.NEVER), Became(trace_no)
        try:
            return errand.run(became)
        except CallError as error:
            is_answer = became.is_anothers or (isinstance(error, Refusal) and error.trace_no == trace_no)
            if not is_answer and self.local.lacks("results", error, errand.deadline):
                raise NotOffered("results", NO_WAY_TO_ASK, error=error) from error
            raise

    def live_code(self) -> IssuedCode:
        """Ask for the digits that a person is to read aloud.

        Raises:
            TransportError, BusinessError, HttpStatusError, InvalidResponse: As for ``match``.
        """
        sent = Sent(self.base_url + contract.LIVE_CODE, Body({}))
        return self._call(sent, Entry(self._log, "validate_data"), Kind.LIVE_CODE).run(issued)

    def health(self) -> Health | None:
        """How the embedded service is; None when this server has no such answer. Not logged.

        Raises:
            CallError: No usable answer.
        """
        return self.local.health()

    def evidence(self, trace_no: str) -> Evidence | None:
        """What the verdict *trace_no* was based on; None when this server keeps none, or no longer. Not logged.

        Raises:
            CallError: No usable answer.
        """
        return self.local.evidence(trace_no)

    def inspect(self) -> Inspection:
        """Whether the server can be used, step by step, over a connection of its own. Not logged, raises nothing.

        A token goes only to a server that says it is our own service; of any other, ``live_code`` tells.
        """
        return inspect(self.base_url, self._line.transport.anew(), self._line.tokens, timeout_s=self._line.timeout_s)

    def close(self) -> None:
        """Close the connections, and end every wait for another attempt: its call fails with what it had."""
        self._line.closed.set()
        self._line.transport.close()

    def __enter__(self) -> Self:
        """Use as a context manager."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self.close()

    def _now(self, question: Question, run: RunItem | None) -> Match:
        answer = self._ask(question, run)
        if isinstance(answer, Match):
            return answer
        error = StillProcessing(answer.trace_no)
        error.endpoint, error.request_id, error.exchange = question.endpoint, answer.request_id, answer.exchange
        error.http_status, error.elapsed_ms = answer.exchange.http_status, answer.elapsed_ms
        error.attempt = answer.attempts
        raise error

    def _ask(self, question: Question, run: RunItem | None) -> Accepted | Match:
        def fill_in(draft: Draft) -> None:
            mark(draft, run)
            question.mark(draft, None if self._log is None else self._log.key)
            question.refuse_origins_but(self._origins)

        sent = Sent(self.base_url + question.path, question.body)
        once = question.mode == "LIP" or question.endpoint == "match_idno"
        entry = Entry(self._log, question.endpoint, question.mode, fill_in)
        errand = self._call(sent, entry, Kind.SINGLE if once else Kind.REPEATABLE)
        return errand.run(partial(answered, question.request.is_async))

    def _call(self, sent: Sent, entry: Entry, kind: Kind) -> Errand:
        return Errand(self._line, sent, entry, kind)
