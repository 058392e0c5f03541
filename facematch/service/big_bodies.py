"""Big bodies are read a few at a time: what waits for its turn stays with its sender, not in memory."""

import anyio

from facematch import codes
from facematch.errors import RequestRefused
from facematch.service.cores import Cores

BIG_BYTES = 16 * 2**20  # of a body; up to here, which is the usual limit, it needs no turn
AT_ONCE = 2  # in one process; each costs up to three times its length
WAIT_S = 10.0  # of a caller's 30 s for the whole call


class Crowded(RequestRefused):
    """No turn was free in time; of the body nothing was worked on."""

    def __init__(self) -> None:
        super().__init__(codes.RATE, "too many big requests are under way")


class BigBodies:
    """Gives turns to the big bodies of one process.

    Args:
        cores: Who knows when the service stops: then nobody waits any more.
    """

    def __init__(self, cores: Cores) -> None:
        self._cores = cores
        self._turns = anyio.CapacityLimiter(AT_ONCE)

    def claim(self) -> "Claim":
        """For one call; whoever asks for it ends it."""
        return Claim(self._cores, self._turns)


class Claim:
    """One call's turn, not taken until its body proves big; within the event loop alone."""

    def __init__(self, cores: Cores, turns: anyio.CapacityLimiter) -> None:
        self._cores = cores
        self._turns = turns
        self.is_taken = False

    def lacks(self, size: int) -> bool:
        """Whether a body of *size* bytes needs a turn that was not taken yet."""
        return size > BIG_BYTES and not self.is_taken

    async def take(self) -> None:
        """Wait for a turn.

        Raises:
            Crowded: There was none for `WAIT_S`.
            Stopping: The service stops.
        """
        if not await self._cores.turn(self._turns, self, WAIT_S):
            raise Crowded
        self.is_taken = True

    def end(self) -> None:
        """Let the next one in, if a turn was taken; again does no harm."""
        if self.is_taken:
            self.is_taken = False
            self._turns.release_on_behalf_of(self)
