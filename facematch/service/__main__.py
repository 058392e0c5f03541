"""``python -m facematch.service``: the service alone, without the dashboard."""

import argparse
import os
import secrets
import signal
import sys

import uvicorn

from facematch.engine.pipeline import FaceEngine
from facematch.errors import FaceMatchError, ServiceNotStarted
from facematch.private import create_private
from facematch.service.app import create_app
from facematch.service.server import address, bind, config
from facematch.settings import Settings


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m facematch.service", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=7007, help="port; 0 picks a free one (default: %(default)s)")
    options = parser.parse_args(arguments)
    try:
        serve(Settings.from_env(os.environ), options.host, options.port)
    except FaceMatchError as error:
        sys.stderr.write(f"facematch.service: 服务未能启动 | not started: {error}\n")
        return 1
    return 0


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until interrupted.

    Raises:
        ServiceNotStarted: The port is taken, or the token's file cannot be written.
    """
    engine = FaceEngine(settings.limits, model_dir=settings.model_dir, cache_dir=settings.cache_dir)
    with bind(host, port) as sock:
        token, source = _token(settings, sock.getsockname()[1])
        server = uvicorn.Server(config(create_app(engine, token=token, limits=settings.limits)))
        for number in (signal.SIGINT, signal.SIGTERM):  # uvicorn raises them again once it has stopped in good order
            signal.signal(number, server.handle_exit)
        sys.stdout.write(f"facematch service on {address(sock)}, token: {source}\n")
        sys.stdout.flush()
        server.run(sockets=[sock])


def _token(settings: Settings, port: int) -> tuple[str, str]:
    """The token and where the operator finds it; the token itself is never printed.

    Written by whoever has the port, under a name of that port: a running service's file is never taken from it.
    """
    if settings.token is not None:
        return settings.token, "FACEMATCH_TOKEN"
    path = settings.data_dir / "keys" / f"service-{port}.token"
    token = secrets.token_urlsafe(32)
    try:
        path.unlink(missing_ok=True)
        create_private(path, f"{token}\n".encode())
    except OSError as error:
        raise ServiceNotStarted(f"cannot write the token's file: {error.strerror}; set FACEMATCH_TOKEN") from error
    return token, f"in {path}, new at every start"


if __name__ == "__main__":
    sys.exit(main())
