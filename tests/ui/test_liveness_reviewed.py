"""The History shows how liveness did on labelled videos, with every n, and nothing where nobody labelled one."""

import pytest

from facematch import codes
from facematch.log import CallLog
from facematch.log.reviews import review
from facematch.ui.history.liveness_reviewed import heads

from .conftest import HISTORY, texts


@pytest.fixture
def log(data_dir):
    log = CallLog(data_dir / "log" / "calls.db")
    yield log
    log.close()


def video(log, word=None, errcode=None, mode="SILENT", endpoint="match"):
    with log.recording(env="embedded", endpoint=endpoint, mode=mode, request_id="r") as draft:
        draft.success, draft.errcode = errcode is None, errcode or 0
        draft.outcome = "ok" if errcode is None else "biz_error"
    if word is not None:
        review(log, draft.id, "presentation", word)


def lines(at, say):
    ours = [table.value for table in at.table if tuple(table.value.columns) == heads(say)]
    return [list(line) for table in ours for line in table.itertuples(index=False)]


def test_every_labelled_video_is_in_the_table_with_its_rate_and_n(open_page, log, say):
    video(log, "attack")
    video(log, "attack", codes.REPLAY)
    video(log, "attack", codes.NOT_A_PERSON)
    video(log, "attack", codes.NO_FACE_IN_VIDEO)
    video(log, "live", codes.WRONG_DIGITS, "LIP")
    video(log, "live", mode="LIP")
    video(log, "attack", codes.EXPIRED_LIVE_CODE, "LIP")
    video(log, "live", mode="LIP", endpoint="validate_data")
    at = open_page(HISTORY)

    live, attack = say("review.presentation.live"), say("review.presentation.attack")
    bpcer = say("reviewed.rate", name="BPCER", rate=50.0, count=1, of=2, low=9.4531, high=90.5469)  # Wilson, by hand
    apcer = say("reviewed.rate", name="APCER", rate=33.3333, count=1, of=3, low=6.1492, high=79.2345)
    assert say("reviewed.title") in texts(at)
    assert lines(at, say) == [
        ["LIP", live, "2", "1", "1", "0", bpcer],
        ["LIP", attack, "1", "0", "0", "1", say("reviewed.no_rate", name="APCER")],
        ["SILENT", attack, "4", "1", "2", "1", apcer],
    ]


def test_what_the_filters_leave_out_is_not_counted(open_page, log, say):
    video(log, "attack")
    video(log, "live", mode="LIP")
    at = open_page(HISTORY)
    at.multiselect(key="_filter.mode").set_value(["LIP"]).run()

    assert [line[0] for line in lines(at, say)] == ["LIP"]


def test_without_a_label_there_is_no_table(open_page, log, say):
    video(log)
    video(log, "attack", mode="photo")
    at = open_page(HISTORY)

    assert say("reviewed.title") not in texts(at)
    assert lines(at, say) == []
