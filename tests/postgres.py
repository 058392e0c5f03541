"""A real PostgreSQL for the tests: a cluster of its own on a free loopback port, gone afterwards."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

ROLE = "facematch"
START_S = 60.0


class Cluster:
    """One server; root may not run it, so root's is run by the user ``postgres``, or else by ``nobody``."""

    def __init__(self) -> None:
        self.password = secrets.token_hex(12)
        self._folder = Path(tempfile.mkdtemp(prefix="facematch-pg-"))
        self._data = self._folder / "data"
        self._port = _free_port()
        self._as = _runner()
        self._server: subprocess.Popen[bytes] | None = None
        try:
            self._create()
            self.start()
        except BaseException:
            self.remove()
            raise

    def new_database(self) -> str:
        """The URL of an empty database."""
        name = f"t{secrets.token_hex(6)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def url(self, database: str) -> str:
        return f"postgresql://{ROLE}:{self.password}@127.0.0.1:{self._port}/{database}"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self._port),
            "unix_socket_directories": "",
            "fsync": "off",  # the machine is not switched off during a test
            "max_connections": "200",
        }
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with (self._folder / "server.log").open("ab") as log:
            command = [_program("postgres"), "-D", str(self._data), *settings]
            self._server = subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder, **self._as)
        self._wait()

    def stop(self) -> None:
        """Cut every connection and stop the server; `start` brings it back."""
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown
            self._server.wait(START_S)
            self._server = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._folder)

    def _create(self) -> None:
        password = self._folder / "password"
        password.write_text(self.password)
        for path in (self._folder, password):
            if self._as:
                os.chown(path, self._as["user"], self._as["group"])
        command = [_program("initdb"), "-D", str(self._data), "-U", ROLE, "--pwfile", str(password), "--no-sync"]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--no-locale"]
        made = subprocess.run(command, capture_output=True, text=True, cwd=self._folder, check=False, **self._as)
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr}")

    def _wait(self) -> None:
        deadline = time.monotonic() + START_S
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                if self._server is None or self._server.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"PostgreSQL: {(self._folder / 'server.log').read_text()[-2000:]}") from None
                time.sleep(0.05)
            else:
                return


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """One for all tests; a machine without PostgreSQL fails them, for what was skipped is not tested."""
    cluster = Cluster()
    yield cluster
    cluster.remove()


@pytest.fixture
def own_postgres() -> Iterator[Cluster]:
    """This test's own, to be stopped and started."""
    cluster = Cluster()
    yield cluster
    cluster.remove()


def _program(name: str) -> str:
    """The newest there is: Debian keeps them off the PATH, one folder for each version."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(versions[-1]) if versions else shutil.which(name)
    if found is None:
        raise RuntimeError(f"{name} is not installed; `python -m tests` installs it where apt-get is")
    return found


def _runner() -> dict[str, int]:
    """Arguments of a process that may run PostgreSQL."""
    if os.geteuid() != 0:
        return {}
    users = {user.pw_name: user for user in pwd.getpwall()}
    user = users.get("postgres") or users["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
