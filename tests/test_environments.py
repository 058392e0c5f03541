"""The list of environments and their secrets: kept apart, private, never half written, never silently lost."""

import json
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest

from facematch.environments import EnvironmentList, Listed, Remote, put, without
from facematch.errors import EnvironmentsUnavailable, SecretUnavailable
from facematch.tokens_kept import TokensKept

SECRET = "secret-of-an-environment"  # noqa: S105 - of these tests
STAGING = Remote("1", "staging", "https://staging.example", retention_days=7.0)


class Memory:
    """A keyring as the library's backends are; `failing` is what it does instead."""

    def __init__(self, failing=None):
        self.held, self._failing = {}, failing

    def get_password(self, service, username):
        self._fail()
        return self.held.get((service, username))

    def set_password(self, service, username, password):
        self._fail()
        self.held[service, username] = password

    def delete_password(self, service, username):
        del self.held[service, username]

    def _fail(self):
        if self._failing is not None:
            self._failing()


def refuses():
    raise PermissionError(SECRET)


def hangs():
    time.sleep(30)


@pytest.fixture
def listed(tmp_path):
    return EnvironmentList(tmp_path / "data" / "environments.json")


def kept(tmp_path, ring=None, wait_s=5.0):
    return TokensKept(tmp_path / "keys" / "tokens", lambda: ring, wait_s=wait_s)


def test_what_is_written_is_read_by_another_process_as_it_was_and_is_its_owners_alone(listed):
    listed.change(lambda now: put(now, STAGING))
    other = EnvironmentList(listed.path)

    assert other.read().remotes == (STAGING,)
    assert listed.path.stat().st_mode & 0o777 == 0o600
    assert other.change(lambda now: without(now, "1")).remotes == ()
    assert listed.read().remotes == ()


ADDING = """
import sys
from pathlib import Path
from facematch.environments import EnvironmentList, Remote, put
for n in range(20):
    name = f"{sys.argv[2]}-{n}"
    EnvironmentList(Path(sys.argv[1])).change(lambda now: put(now, Remote(name, name, "http://127.0.0.1:1")))
"""


def test_processes_that_write_at_once_lose_nothing(listed):
    processes = [subprocess.Popen([sys.executable, "-c", ADDING, str(listed.path), name]) for name in "abc"]

    assert [process.wait(120) for process in processes] == [0, 0, 0]
    assert len(listed.read().remotes) == 60


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b'{"version": 2, "environments": []}',
        b'{"version": 1, "environments": [{"id": "1", "name": "x", "url": "ftp://x"}]}',
        b'{"version": 1, "environments": [{"id": "1"}]}',
        b'{"version": 1, "environments": "none"}',
        b"\xff\xfe",
    ],
)
def test_a_damaged_list_is_told_left_as_it_is_and_put_aside_by_the_next_change(content, listed):
    listed.path.parent.mkdir()
    listed.path.write_bytes(content)
    with pytest.raises(EnvironmentsUnavailable, match="damaged"):
        listed.read()
    assert listed.path.read_bytes() == content

    listed.change(lambda now: put(now, STAGING))

    aside = list(listed.path.parent.glob("environments.damaged-*.json"))
    assert [path.read_bytes() for path in aside] == [content]
    assert listed.read().remotes == (STAGING,)


def test_a_list_that_another_process_holds_is_waited_for_and_then_told(listed):
    listed.change(lambda now: now)
    slow = EnvironmentList(listed.path, lock_s=0.2)
    held, done = threading.Event(), threading.Event()

    def hold(now):
        held.set()
        done.wait(30)
        return now

    holder = threading.Thread(target=listed.change, args=(hold,))
    holder.start()
    held.wait(30)
    try:
        with pytest.raises(EnvironmentsUnavailable, match="another process"):
            slow.change(lambda now: now)
    finally:
        done.set()
        holder.join()


def test_the_file_holds_no_secret_and_two_of_one_name_are_damage(listed):
    listed.change(lambda now: put(now, STAGING))
    told = json.loads(listed.path.read_text())
    assert {"token", "proxy_login"} <= told["environments"][0].keys()
    assert told["environments"][0]["token"] is None

    told["environments"].append({**told["environments"][0], "id": "2", "name": "STAGING"})
    listed.path.write_text(json.dumps(told))

    with pytest.raises(EnvironmentsUnavailable):
        listed.read()


def test_an_environments_retention_goes_before_that_of_the_settings():
    rest = (("*", 90.0), ("staging", 30.0))
    assert dict(Listed(1, environments=(STAGING,)).retention(rest)) == {"*": 90.0, "staging": 7.0}
    removed, again = replace(STAGING, removed_at_ms=1), replace(STAGING, id="2", retention_days=None)

    assert dict(Listed(1, environments=(removed,)).retention(rest)) == {"*": 90.0, "staging": 7.0}  # it may come back
    assert Listed(1, environments=(removed, again)).retention(rest) == rest


def test_a_secret_goes_into_the_keyring_where_there_is_one_and_else_into_a_private_file(tmp_path):
    ring = Memory()
    here, without_one = kept(tmp_path / "a", ring), kept(tmp_path / "b")
    assert here.keep("1", "token", SECRET) == "keyring"
    assert without_one.keep("1", "token", SECRET) == "file"

    assert here.find("1", "token", "keyring") == without_one.find("1", "token", "file") == SECRET
    assert not list((tmp_path / "a").rglob("*.token"))
    (file,) = (tmp_path / "b").rglob("*.token")
    assert file.stat().st_mode & 0o777 == 0o600
    here.forget("1", "token", "keyring")
    without_one.forget("1", "token", "file")
    assert ring.held == {}
    assert not file.exists()


@pytest.mark.parametrize("failing", [refuses, hangs])
def test_a_keyring_that_fails_or_hangs_is_passed_over_in_time_and_never_quoted(failing, tmp_path):
    here = kept(tmp_path, Memory(failing), wait_s=0.3)
    began = time.monotonic()
    assert here.keep("1", "token", SECRET) == "file"
    with pytest.raises(SecretUnavailable) as caught:
        here.find("1", "token", "keyring")

    assert time.monotonic() - began < 15  # a hanging keyring would take 60 s
    assert SECRET not in str(caught.value)


def test_a_secret_that_is_gone_is_told(tmp_path):
    for place, ring in (("file", None), ("keyring", Memory()), ("keyring", None)):
        with pytest.raises(SecretUnavailable):
            kept(tmp_path, ring).find("1", "token", place)


def test_a_keyring_that_takes_a_secret_after_we_gave_it_up_does_not_keep_it(tmp_path):
    free = threading.Event()
    ring = Memory(lambda: free.wait(60))
    assert kept(tmp_path, ring, wait_s=0.1).keep("1", "token", SECRET) == "file"
    free.set()

    by = time.monotonic() + 10
    while any(thread.name == "keyring" for thread in threading.enumerate()) and time.monotonic() < by:
        time.sleep(0.01)
    assert ring.held == {}
