"""What was acknowledged is in the log: whoever is killed, whatever is full, read-only or of an older version."""

import json
import os
import pwd
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from past_calls import NOON, ROOT, cells_in, counted, rows_of

from facematch.log import CallLog
from facematch.log.rebuild import check
from facematch.log.rollups import DAY_MS
from facematch.log.schema import APPLICATION_ID, MIGRATIONS, VERSION

OLD_VERSION = 7  # the last one without cells
THREADS = """
import os, sys, threading
from pathlib import Path
from facematch.log import CallLog
log = CallLog(Path(sys.argv[1]))
def work(name):
    i = 0
    while True:
        request = f"{sys.argv[2]}-{name}-{i}"
        with log.recording(env="e", endpoint="match", mode="photo", request_id=request) as draft:
            draft.success, draft.score = True, i % 101
        if log.trouble is None and draft.id is not None:
            os.write(1, f"{draft.id} {request}\\n".encode())
        i += 1
for name in range(4):
    threading.Thread(target=work, args=(name,)).start()
"""
FULL = """
import json, os, resource, sys
from pathlib import Path
from facematch.client import FaceMatchClient, Photo
from facematch.log import CallLog
folder, url, token = Path(sys.argv[1]), sys.argv[2], os.environ["TOKEN"]
log = CallLog(folder / "calls.db")
verdicts, told = [], []
def call(times):
    for _ in range(times):
        verdicts.append(client.match(Photo(b"1"), Photo(b"0.8")).passed)
        told.append(log.trouble is None)
with FaceMatchClient(url, token, log=log) as client:
    call(3)
    most = max(file.stat().st_size for file in folder.iterdir())
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    while log.trouble is None:
        call(1)
    trouble = str(log.trouble)
    call(2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    call(3)
print(json.dumps([verdicts, told, trouble]))
"""
READ_ONLY = """
import json, os, sys
from pathlib import Path
import sqlalchemy
from facematch.errors import LogUnavailable
from facematch.log import CallLog
sqlalchemy.create_engine("sqlite://").connect().close()  # loaded while this user may read the libraries
folder = Path(sys.argv[1])
owner = folder.stat()
if os.geteuid() != owner.st_uid:
    os.setgroups([])
    os.setgid(owner.st_gid)
    os.setuid(owner.st_uid)
told = []
def call():
    with log.recording(env="e", endpoint="match", mode="photo", request_id="r") as draft:
        told.append("verdict")
    told.append(str(log.trouble))
folder.chmod(0o500)
try:
    CallLog(folder / "calls.db")
except LogUnavailable as trouble:
    told.append(str(trouble))
folder.chmod(0o700)
log = CallLog(folder / "calls.db")
call()
log.close()
(folder / "calls.db").unlink()
folder.chmod(0o500)
call()
folder.chmod(0o700)
call()
print(json.dumps(told))
"""


def run(program, *args, **options):
    command = [sys.executable, "-c", program, *map(str, args)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False, **options)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_acknowledged_row_is_there_after_each_of_four_kills(path):
    acknowledged, chance = {}, random.Random(9)  # noqa: S311
    for lap in range(4):
        with ExitStack() as stack:
            command = [sys.executable, "-c", THREADS, str(path)]
            writers = [
                stack.enter_context(subprocess.Popen([*command, f"{lap}{name}"], cwd=ROOT, stdout=subprocess.PIPE))
                for name in "ab"
            ]
            told = [writer.stdout.readline() for writer in writers for _ in range(40)]
            time.sleep(chance.uniform(0, 0.3))
            for writer in writers:
                writer.kill()
            told += [line for writer in writers for line in writer.stdout.read().splitlines(keepends=True)]
        acknowledged |= dict(line.decode().split() for line in told if line.endswith(b"\n"))
    log = CallLog(path)
    rows = rows_of(log)

    kept = {str(row["id"]): row["request_id"] for row in rows}
    assert len(acknowledged) >= 4 * 80
    assert {number: kept.get(number) for number in acknowledged} == acknowledged
    assert cells_in(log) == counted(rows)
    with log.reading() as db:
        assert db.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    log.close()


def old_log(path, rows=1000):
    """A file of the version before there were cells, as its program left it."""
    chance = random.Random(3)  # noqa: S311
    path.parent.mkdir(parents=True)
    old = sqlite3.connect(path, isolation_level=None)
    old.execute("PRAGMA auto_vacuum = INCREMENTAL")
    old.execute("PRAGMA journal_mode = WAL")
    for statement in MIGRATIONS[:OLD_VERSION]:
        old.execute(statement)
    old.execute(f"PRAGMA user_version = {OLD_VERSION}")
    old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    columns = "ts_ms, env, endpoint, mode, request_id, latency_ms, outcome, errcode, success, score, label, threshold"
    made = (
        (
            NOON + chance.randrange(-40 * DAY_MS, 40 * DAY_MS),
            chance.choice("ab"), "match", "photo", f"{i}",
            chance.choice((None, 0.0, chance.lognormvariate(4, 1))),
            chance.choice(("ok", "ok", "timeout")),
            chance.choice((None, 0, 2012)), chance.choice((None, 0, 1)),
            chance.choice((None, -1.0, 0.0, 100.0, chance.uniform(0, 100))),
            chance.choice((None, 0, 1)), chance.choice((None, 70.0)),
        )
        for i in range(rows)
    )  # fmt: skip
    old.execute("BEGIN")
    old.executemany(f"INSERT INTO calls ({columns}, client_version) VALUES ({'?, ' * 12}'0')", made)  # noqa: S608
    old.execute("COMMIT")
    old.close()


def test_a_log_of_the_old_version_gets_the_cells_of_its_thousand_rows(path):
    old_log(path)
    log = CallLog(path)
    rows = rows_of(log)

    assert len(rows) == 1000
    assert {(row["attack"], row["uid"]) for row in rows} == {(None, None)}
    assert cells_in(log) == counted(rows)
    assert check(log) == ()
    log.close()


def test_ten_processes_bring_an_old_log_up_to_date_at_once_and_each_writes_its_row(path):
    old_log(path)
    program = """
import sys
from pathlib import Path
from facematch.log import CallLog
print("ready", flush=True)
sys.stdin.readline()
log = CallLog(Path(sys.argv[1]))
with log.recording(env="e", endpoint="match", mode="photo", request_id="new"):
    pass
print(log.trouble, flush=True)
"""
    with ExitStack() as stack:
        command = [sys.executable, "-c", program, str(path)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        racers = [stack.enter_context(subprocess.Popen(command, cwd=ROOT, **pipes)) for _ in range(10)]
        assert [racer.stdout.readline() for racer in racers] == ["ready\n"] * 10
        for racer in racers:
            racer.stdin.write("go\n")
            racer.stdin.flush()
        told = [racer.stdout.readline() for racer in racers]

    assert told == ["None\n"] * 10
    log = CallLog(path)
    rows = rows_of(log)
    assert len(rows) == 1010
    assert cells_in(log) == counted(rows)
    with log.reading() as db:
        assert db.exec_driver_sql("PRAGMA user_version").scalar_one() == VERSION
    log.close()


def test_on_a_full_disk_verdicts_come_the_operator_is_told_and_rows_go_on_when_there_is_space(
    path, scripted_service, token
):
    environment = {**os.environ, "TOKEN": token}
    verdicts, told, trouble = run(FULL, path.parent, scripted_service.url, env=environment)

    assert verdicts == [True] * len(told)
    assert told[:3] == told[-3:] == [True] * 3
    assert told[-6:-3] == [False] * 3
    assert trouble.startswith(f"the call log at {path} cannot be written: ")
    log = CallLog(path)
    assert len(rows_of(log)) == told.count(True)
    assert cells_in(log) == counted(rows_of(log))
    log.close()


@pytest.fixture
def folder_of_another():
    """Owned by a user to whom permissions apply; root's tests run as ``nobody`` there."""
    folder = Path(tempfile.mkdtemp(prefix="facematch-"))
    if os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        os.chown(folder, user.pw_uid, user.pw_gid)
    yield folder
    shutil.rmtree(folder)


def test_in_a_read_only_folder_calls_go_on_the_operator_is_told_and_rows_go_on_when_it_is_writable(folder_of_another):
    opening, *told = run(READ_ONLY, folder_of_another)

    assert opening == f"no call log at {folder_of_another / 'calls.db'}: Permission denied"
    assert told[:2] == ["verdict", "None"]
    assert told[2] == "verdict"
    assert told[3] == opening
    assert told[4:] == ["verdict", "None"]
