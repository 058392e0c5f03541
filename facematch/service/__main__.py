"""``python -m facematch.service``: the service alone, without the dashboard, and the commands that look after it."""

import argparse
import contextlib
import os
import secrets
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from socket import socket

import uvicorn

from facematch.errors import FaceMatchError, ServiceNotStarted
from facematch.private import create_private
from facematch.service import commands
from facematch.service.logs import log_to_stderr
from facematch.service.server import address, bind, config_alone
from facematch.service.shared_evidence import keeping
from facematch.service.state import State
from facematch.service.supervisor import Supervisor
from facematch.service.worker import EngineOf, Worker, face_engine
from facematch.settings import Settings

WORKERS_AT_MOST = 64
TOKEN_MIN = 16  # characters; ours have 43


def main(arguments: list[str] | None = None, *, engine: EngineOf = face_engine) -> int:
    """Serve *engine* until interrupted, or do what a command says; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        settings = Settings.from_env(os.environ)
        if options.run is not None:
            options.run(settings, options)
        else:
            serve(settings, options, engine)
    except FaceMatchError as error:
        what = "服务未能启动 | not started" if options.run is None else "未能执行 | not done"
        sys.stderr.write(f"facematch.service: {what}: {error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m facematch.service", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=7007, help="port; 0 picks a free one (default: %(default)s)")
    parser.add_argument("--workers", type=_workers, default=1, help="processes that answer (default: %(default)s)")
    parser.add_argument("--quiet", action="store_true", help="no log line for each request; warnings are still written")
    parser.set_defaults(run=None)
    commands.add_to(parser)
    return parser


def _workers(text: str) -> int:
    number = int(text)
    if not 1 <= number <= WORKERS_AT_MOST:
        raise argparse.ArgumentTypeError(f"1 to {WORKERS_AT_MOST}")
    return number


def serve(settings: Settings, options: argparse.Namespace, engine: EngineOf) -> None:
    """Serve until interrupted; calls under way are answered first.

    Raises:
        ServiceNotStarted: The port is taken, the token is too short, or its file cannot be written.
        StateUnavailable: The service's database cannot be used.
    """
    log_to_stderr(quiet=options.quiet)
    with bind(options.host, options.port) as sock, _token(settings, sock.getsockname()[1]) as (token, source):
        State.open(settings).close()  # told here in one sentence, and not by every worker
        worker = Worker(settings, token, None, options.quiet, engine)
        with _prepared(worker, options.workers, sock) as run:
            sys.stdout.write(f"facematch service on {address(sock)}, token: {source}\n")
            sys.stdout.flush()
            run()


@contextmanager
def _prepared(worker: Worker, workers: int, sock: socket) -> Iterator[Callable[[], None]]:
    """What serves until interrupted; from here on a signal stops it in good order, even before it runs."""
    if workers == 1:
        server = uvicorn.Server(config_alone(worker, 1))
        for number in (signal.SIGINT, signal.SIGTERM):  # uvicorn raises them again once it has stopped in good order
            signal.signal(number, server.handle_exit)
        yield partial(server.run, sockets=[sock])
        return
    with keeping(worker.settings.limits.evidence_ttl_s) as evidence:
        yield Supervisor(config_alone(replace(worker, evidence=evidence), workers), sockets=[sock]).run


@contextmanager
def _token(settings: Settings, port: int) -> Iterator[tuple[str, str]]:
    """This start's token and where the operator finds it; the token itself is never printed.

    Written by whoever has the port, under a name of that port: a running service's file is never taken from it.
    """
    if settings.token is not None:
        if len(settings.token) < TOKEN_MIN:
            raise ServiceNotStarted(f"FACEMATCH_TOKEN has fewer than {TOKEN_MIN} characters, which can be guessed")
        yield settings.token, "FACEMATCH_TOKEN"
        return
    path = settings.data_dir / "keys" / f"service-{port}.token"
    token = secrets.token_urlsafe(32)
    try:
        path.unlink(missing_ok=True)
        create_private(path, f"{token}\n".encode())
        ours = path.stat().st_ino
    except OSError as error:
        raise ServiceNotStarted(f"cannot write the token's file: {error.strerror}; set FACEMATCH_TOKEN") from error
    try:
        yield token, f"in {path}, new at every start"
    finally:
        _remove(path, ours)


def _remove(path: Path, ours: int) -> None:
    """Remove the token's file, unless the next service on this port has already written its own."""
    with contextlib.suppress(OSError):
        if path.stat().st_ino == ours:
            path.unlink()


if __name__ == "__main__":
    sys.exit(main())
