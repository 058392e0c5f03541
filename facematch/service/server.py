"""Runs the service in a background thread of this process."""

import atexit
import contextlib
import os
import socket
import threading
import time

import uvicorn
from starlette.applications import Starlette

from facematch.errors import ServiceNotStarted

START_TIMEOUT_S = 15.0
STOP_TIMEOUT_S = 5.0
CONNECTIONS_AT_MOST = 256  # idle ones included; beyond it uvicorn answers 503


def bind(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 picks a free one.

    Raises:
        ServiceNotStarted: The address cannot be used, for example because the port is taken.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        # With the protocol named, asyncio switches Nagle off: else each answer waits 40 ms for a delayed ACK.
        sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    except OSError as error:
        raise ServiceNotStarted(f"cannot listen on {host}: {error.strerror}") from error
    try:
        if os.name == "posix":  # elsewhere it would let two servers share the port
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(128)
    except (OSError, OverflowError) as error:
        sock.close()
        raise ServiceNotStarted(
            f"cannot listen on {host}:{port}: {getattr(error, 'strerror', None) or error}"
        ) from error
    return sock


def address(sock: socket.socket) -> str:
    """Where *sock* listens, as a URL."""
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}" if sock.family == socket.AF_INET6 else f"http://{host}:{port}"


def config(app: Starlette) -> uvicorn.Config:
    """How uvicorn runs here: quiet, and it waits two seconds for calls under way when it stops."""
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=2,
        limit_concurrency=CONNECTIONS_AT_MOST,
        server_header=False,
        ws="none",
    )


class Server:
    """A running service.

    Args:
        app: What to serve.
        host: Loopback unless told otherwise.
        port: 0 picks a free one.

    Raises:
        ServiceNotStarted: The port is taken, or the service did not come up.
    """

    def __init__(self, app: Starlette, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._socket = bind(host, port)
        self.url = address(self._socket)
        self._uvicorn = uvicorn.Server(config(app))
        self._thread = threading.Thread(
            target=self._uvicorn.run, kwargs={"sockets": [self._socket]}, name="facematch-service", daemon=True
        )
        atexit.register(self.stop)  # a thread inside ONNX Runtime while the interpreter goes away aborts the process
        self._thread.start()
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._uvicorn.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                self.stop()
                raise ServiceNotStarted("the embedded service did not come up")
            time.sleep(0.005)

    @property
    def is_running(self) -> bool:
        """Whether it still answers."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Stop, waiting for calls under way and for the warm-up; may be called twice."""
        atexit.unregister(self.stop)
        self._uvicorn.should_exit = True
        self._thread.join(STOP_TIMEOUT_S)
        with contextlib.suppress(OSError):
            self._socket.close()
