"""How uvicorn serves here: the socket, the times, and the service in a background thread of this process."""

import atexit
import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from facematch.errors import ServiceNotStarted
from facematch.service.protocol import EnvelopeProtocol

START_TIMEOUT_S = 15.0
STOP_TIMEOUT_S = 20.0  # a clip that is being looked at cannot be interrupted
STOP_HERE_S = 2  # the dashboard's service: whoever closes the dashboard does not wait for a clip
STOP_ALONE_S = 30  # as long as our client waits for a whole call
# Importing the engine takes seconds on a busy machine, and a worker that seems dead is killed.
HEALTH_CHECK_S = 20


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


def config(app: ASGIApp) -> uvicorn.Config:
    """How uvicorn runs in a thread: quiet, and it waits two seconds for calls under way when it stops."""
    return uvicorn.Config(app, timeout_graceful_shutdown=STOP_HERE_S, **_OPTIONS)


def config_alone(app: Callable[[], ASGIApp], workers: int) -> uvicorn.Config:
    """How uvicorn runs alone: *app* makes the app in each process, and the program has set logging up."""
    return uvicorn.Config(
        app,
        factory=True,
        workers=workers,
        log_config=None,
        timeout_graceful_shutdown=STOP_ALONE_S,
        timeout_worker_healthcheck=HEALTH_CHECK_S,
        **_OPTIONS,
    )


_OPTIONS: dict[str, Any] = {
    "http": EnvelopeProtocol,
    "ws": "none",
    "lifespan": "on",
    "log_level": "warning",
    "access_log": False,
    "server_header": False,
}


class Server:
    """A running service.

    Args:
        app: What to serve.
        host: Loopback unless told otherwise.
        port: 0 picks a free one.

    Raises:
        ServiceNotStarted: The port is taken, or the service did not come up.
    """

    def __init__(self, app: ASGIApp, *, host: str = "127.0.0.1", port: int = 0) -> None:
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
