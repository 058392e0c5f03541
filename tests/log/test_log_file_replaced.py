"""The file of the log goes away, or something else is in its place, while calls are recorded."""

import shutil

from facematch.errors import LogUnavailable


def test_a_deleted_file_is_made_anew_for_the_next_row(log, rows, call, path):
    with log.recording(**call):
        pass
    path.unlink()
    with log.recording(**call | {"request_id": "r-2"}):
        pass

    assert [row["request_id"] for row in rows()] == ["r-2"]
    assert (path.stat().st_mode & 0o777, log.trouble) == (0o600, None)


def test_calls_go_on_when_the_folder_of_the_log_is_replaced_by_a_file(log, call, path):
    shutil.rmtree(path.parent)
    path.parent.write_text("in the way")
    with log.recording(**call) as draft:
        draft.score = 1

    assert isinstance(log.trouble, LogUnavailable)
    assert draft.id is None
