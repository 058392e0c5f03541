"""What became of a call that was accepted: read from the answer to the question about it."""

from dataclasses import dataclass

from facematch.client.call import Call
from facematch.client.results import Match, Pending
from facematch.client.verdict import match_of
from facematch.contract import PROCESSING
from facematch.errors import InvalidResponse


@dataclass(slots=True)
class Became:
    """Reads the answer about the call *trace_no*."""

    trace_no: str
    is_anothers: bool = False  # the answer was about another call

    def __call__(self, call: Call) -> Match | Pending:
        """The verdict, or that there is none yet.

        Raises:
            CallError: The server refuses.
            InvalidResponse: The answer breaks the contract, or is about another call.
        """
        envelope = call.send()
        self.is_anothers = envelope.trace_no not in (None, self.trace_no)
        if self.is_anothers:
            raise InvalidResponse("the answer has another traceNo than it was asked for")
        if envelope.status == PROCESSING:
            return Pending(self.trace_no, call.exchange())
        return match_of(call, envelope)
