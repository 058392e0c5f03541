"""What must never reach the server or the spool: ID numbers, names, pictures, credentials, the password."""

import base64
import subprocess
from pathlib import Path

from log_places import sql

from facematch.log import CallLog, Key

ID_NUMBER = "11010519491231002X"  # the example of GB 11643: nobody's
NAME = "王小明"
PICTURE = base64.b64encode(bytes(range(256)) * 4).decode()
TOKEN = "tok-4f7a1c9e2b8d6035aa17"  # noqa: S105 - opens nothing
MARK = "marker-that-is-no-secret"
KEY = Key("k1", b"s" * 32)


def record(log, call, item):
    said = f"{MARK} {NAME} {ID_NUMBER} {PICTURE} Authorization: Bearer {TOKEN}"
    with log.recording(**call) as draft:
        draft.hide = (NAME, ID_NUMBER)
        draft.errmsg, draft.status, draft.subject_mask = said, said, ID_NUMBER
        draft.extra = {"answer": said, "deep": [{ID_NUMBER: NAME}], "raw": said.encode()}
        draft.subject_hmac = KEY.digest(ID_NUMBER.encode())
        draft.probe_digest = PICTURE.encode()
        draft.run_id, draft.item_id = "run", item


def bytes_in(folder):
    """Of all files; read by another process, for closing one here would drop the locks that SQLite holds."""
    files = sorted(str(path) for path in Path(folder).rglob("*") if path.is_file())
    assert files
    return subprocess.check_output(["cat", *files])


def test_nothing_personal_is_in_the_files_of_the_server_its_log_or_the_spool(own_postgres, tmp_path, call):
    url = own_postgres.new_database()
    log = CallLog(url, key=KEY, spool=tmp_path / "spool" / "spool.db")
    for item in ("1", "2", "2"):  # the last is refused: one row for an item of a run
        record(log, call, item)
    refused = str(log.trouble)
    sql(url, "CHECKPOINT")
    folder = Path(sql(url, "SHOW data_directory")[0][0])
    own_postgres.stop()
    record(log, call, "3")
    waiting, told = log.waiting, str(log.trouble)
    on_server, spooled = bytes_in(folder.parent), bytes_in(tmp_path / "spool")
    log.close()

    assert waiting == 1
    assert b"ux_item" in on_server  # the refusal is in the server's own log
    assert "ux_item" in refused
    assert [stored.count(MARK.encode()) > 0 for stored in (on_server, spooled)] == [True, True]
    for secret in (ID_NUMBER, ID_NUMBER[1:17], NAME, PICTURE[:48], TOKEN):
        found = [secret.encode() in stored for stored in (on_server, spooled, (refused + told).encode())]
        assert found == [False] * 3
    assert KEY.secret not in on_server + spooled
    assert own_postgres.password.encode() not in spooled + (refused + told).encode()
