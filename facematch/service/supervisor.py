"""Watches over the worker processes: uvicorn's supervisor, which notices at once when one has died."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.resource_tracker import ensure_running

from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from facematch.errors import ServiceNotStarted


class Supervisor(Multiprocess):
    """uvicorn keeps both ends of the pipe on which it asks a worker whether it lives.

    So a worker that dies before it has answered is waited for until the time for an answer is up, and nothing else is
    done meanwhile, not even stopping. With the worker's end closed here, its death ends the waiting.
    """

    def run(self) -> None:
        """Until told to stop.

        Raises:
            ServiceNotStarted: A worker failed in a way that would repeat itself; its log line says how.
        """
        super().run()
        if any(process.exitcode == STARTUP_FAILURE for process in self.processes):
            raise ServiceNotStarted("a worker could not start")

    def init_processes(self) -> None:
        """Start the workers."""
        with _interrupts_held():
            super().init_processes()
        self._leave_their_ends()

    def keep_subprocess_alive(self) -> None:
        """Replace those that have died."""
        with _interrupts_held():
            super().keep_subprocess_alive()
        self._leave_their_ends()

    def _leave_their_ends(self) -> None:
        for process in self.processes:
            process.child_conn.close()  # again does no harm


def hold_interrupts(*, hold: bool) -> None:
    """Let SIGINT wait, or let it come; a new process inherits that it waits."""
    if hasattr(signal, "pthread_sigmask"):  # not on Windows
        if hold:
            ensure_running()  # else the first worker's start would start it, and that lets SIGINT come
        signal.pthread_sigmask(signal.SIG_BLOCK if hold else signal.SIG_UNBLOCK, (signal.SIGINT,))


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Ctrl-C reaches the workers too, also one that is still importing: it would end with a traceback."""
    hold_interrupts(hold=True)
    try:
        yield
    finally:
        hold_interrupts(hold=False)
