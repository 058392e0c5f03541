import shutil

import pytest

from facematch import codes
from facematch.log import CallLog

from .conftest import HISTORY, PHOTO_MATCH, compare, percent, rows, texts


def test_the_history_counts_and_lists_the_calls(open_page, say):
    compare(open_page(PHOTO_MATCH))
    compare(open_page(PHOTO_MATCH), "obama_2.jpg", "two_faces.jpg")
    at = open_page(HISTORY)

    metrics = {metric.label: metric.value for metric in at.metric}
    assert metrics[say("total.calls")] == "2"
    assert metrics[say("total.failure_rate")] == percent(50, say)
    assert len(at.dataframe[0].value) == 2
    assert len(at.get("plotly_chart")) == 7


def test_the_history_opens_one_call_in_full_by_its_trace_no(open_page, say, data_dir):
    compare(open_page(PHOTO_MATCH), "obama_2.jpg", "two_faces.jpg")
    trace_no = rows(data_dir)[0]["trace_no"]
    at = open_page(HISTORY)
    at.query_params["trace"] = trace_no
    at.run()

    said = texts(at)
    assert say("call.title", trace=f"`{trace_no}`") in said
    assert codes.CATALOGUE[2012].words(say.language).remedy in said


def test_an_unknown_trace_no_is_told(open_page, say):
    at = open_page(HISTORY)
    at.query_params["trace"] = "12345678901234567890"
    at.run()

    assert say("history.not_found", trace="`12345678901234567890`") in at.warning[0].value


def test_the_filters_select_and_outlive_a_page_switch(open_page, say):
    compare(open_page(PHOTO_MATCH))
    compare(open_page(PHOTO_MATCH), "obama_2.jpg", "two_faces.jpg")
    at = open_page(HISTORY)
    at.multiselect(key="_filter.outcome").set_value(["biz_error"]).run()
    assert len(at.dataframe[0].value) == 1

    open_page("app.py")
    at = open_page(HISTORY)
    assert at.multiselect(key="_filter.outcome").value == ["biz_error"]
    assert len(at.dataframe[0].value) == 1


def fill(data_dir, outcomes):
    """A log with one call for each of *outcomes*."""
    log = CallLog(data_dir / "log" / "calls.db")
    for number, outcome in enumerate(outcomes):
        with log.recording(env="embedded", endpoint="match", mode="photo", request_id=f"r{number}") as draft:
            draft.trace_no, draft.outcome, draft.success = f"{number:020d}", outcome, outcome == "ok"
    log.close()


def test_older_calls_are_a_click_away_and_another_selection_begins_at_its_newest(open_page, data_dir):
    fill(data_dir, ["biz_error"] * 3 + ["ok"] * 60)
    at = open_page(HISTORY)
    assert len(at.dataframe[0].value) == 50
    at.button(key="older").click().run()
    assert len(at.dataframe[0].value) == 13

    at.multiselect(key="_filter.outcome").set_value(["biz_error"]).run()
    assert len(at.dataframe[0].value) == 3
    at.multiselect(key="_filter.outcome").set_value(["ok"]).run()
    at.button(key="older").click().run()
    assert len(at.dataframe[0].value) == 10
    at.button(key="newest").click().run()
    assert len(at.dataframe[0].value) == 50


@pytest.mark.parametrize("trace", ["#99999999999999999999999", "#" + "9" * 5000, "#-1", "#", "' OR 1=1 --"])
def test_a_link_with_a_nonsense_trace_is_not_found_and_nothing_breaks(open_page, say, trace):
    at = open_page(HISTORY)
    at.query_params["trace"] = trace
    at.run()

    assert not at.exception
    assert say("history.not_found", trace="…").split("…")[0] in at.warning[0].value


def test_a_row_with_words_of_a_newer_version_is_shown_as_it_is(open_page, data_dir):
    fill(data_dir, ["abducted"])
    at = open_page(HISTORY)
    at.query_params["trace"] = f"{0:020d}"
    at.run()

    assert not at.exception
    assert "abducted" in texts(at)


def log_calls(data_dir, *modes, accepted=False):
    log = CallLog(data_dir / "log" / "calls.db")
    for number, mode in enumerate(modes):
        with log.recording(env="embedded", endpoint="match", mode=mode, request_id=f"r{number}") as draft:
            draft.trace_no = f"{number:020d}"
            if accepted:
                draft.accept()
    log.close()


def test_the_list_tells_photos_passive_checks_and_spoken_codes_apart(open_page, say, data_dir):
    log_calls(data_dir, "photo", "SILENT", "LIP")
    column = list(open_page(HISTORY).dataframe[0].value[say("call.endpoint")])

    assert column == [f"{say('endpoint.match')} · {say(f'kind.{mode}')}" for mode in ("LIP", "SILENT", "photo")]


def test_an_accepted_call_is_shown_as_accepted(open_page, say, data_dir):
    log_calls(data_dir, "photo", accepted=True)
    at = open_page(HISTORY)
    assert say("outcome.accepted") in at.dataframe[0].value[say("call.answer")][0]
    at.query_params["trace"] = f"{0:020d}"
    at.run()

    assert say("outcome.accepted.help") in texts(at)
    assert say("outcome.ok") not in texts(at)


def test_a_log_that_disappears_is_told_on_every_page_and_after_the_call(open_page, app, say, data_dir):
    compare(open_page(PHOTO_MATCH))
    shutil.rmtree(data_dir / "log")
    (data_dir / "log").write_text("in the way")
    at = compare(open_page(PHOTO_MATCH), probe="obama_3.jpg")  # the same pair at once would be a double click
    told = say("log.not_written", reason="…").split("…")[0]

    assert any(told in error.value for error in at.error)
    assert say("verdict.passed") in at.success[0].value
    assert not any(say("number.open") in str(link) for link in at.get("page_link") if "trace" in str(link))
    for path in (HISTORY, "app.py"):
        at = open_page(path)
        assert any(say("log.not_read", reason="…").split("…")[0] in error.value for error in at.error)
