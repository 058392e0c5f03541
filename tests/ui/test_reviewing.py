"""The History's call in full: reviewed, taken back, with its attempts; another threshold; calls taken away."""

import pytest

from facematch.log import CallLog

from .conftest import HISTORY, percent, rows, texts


@pytest.fixture
def scored(data_dir):
    """Three scored calls and one that needed two attempts."""
    log = CallLog(data_dir / "log" / "calls.db")
    for number, score in enumerate((65.0, 75.0, 90.0)):
        with log.recording(env="embedded", endpoint="match", mode="SILENT", request_id=f"r{number}") as draft:
            draft.trace_no, draft.score, draft.threshold, draft.success = f"{number:020d}", score, 70.0, score >= 70
    with log.recording(env="embedded", endpoint="match", mode="photo", request_id="twice") as draft:
        draft.outcome, draft.extra = "connect_error", {"retried": "connect", "wait_ms": 250}
    with log.recording(env="embedded", endpoint="match", mode="photo", request_id="twice", attempt=2) as draft:
        draft.trace_no, draft.extra = "00000000000000000009", {"drift": ["isSuccess instead of isSccess"]}
    log.close()


def opened(open_page, trace):
    at = open_page(HISTORY)
    at.query_params["trace"] = trace
    at.run()
    assert not at.exception
    return at


def labels(data_dir):
    return [(row["label"], row["attack"]) for row in rows(data_dir)[:3]]


def test_a_reviewers_word_is_kept_with_the_call_and_who_said_it(open_page, scored, say, data_dir):
    at = opened(open_page, f"{0:020d}")
    at.text_input(key="_reviewer").set_value("Li").run()
    at.button_group(key="review_identity_1").set_value("different").run()
    at.button_group(key="review_presentation_1").set_value("live").run()

    assert labels(data_dir) == [(0, 0), (None, None), (None, None)]
    assert "Li" in texts(at)
    assert say("review.identity.different") in texts(at)


def test_a_word_that_is_pressed_again_is_taken_back(open_page, scored, data_dir):
    at = opened(open_page, f"{1:020d}")
    at.button_group(key="review_identity_2").set_value("same").run()
    assert labels(data_dir)[1] == (1, None)
    at.button_group(key="review_identity_2").set_value(None).run()

    assert labels(data_dir)[1] == (None, None)


def test_the_attempts_of_a_call_say_why_another_followed_and_departures_are_told(open_page, scored, say):
    at = opened(open_page, "00000000000000000009")

    told = "\n".join(str(table.value) for table in at.table)
    assert say("retried.connect", wait={"en": "250 ms", "zh": "250 毫秒"}[say.language]) in told
    assert "isSccess" in told
    assert say("attempts.title") in texts(at)


def test_another_threshold_counts_and_lists_the_verdicts_that_would_change(open_page, scored, say):
    at = open_page(HISTORY)
    assert at.slider(key="_threshold").value == 70
    assert say("what_if.nobody") in texts(at)
    at.slider(key="_threshold").set_value(60).run()

    found = {metric.label: metric.value for metric in at.metric}
    assert (found[say("what_if.passing")], found[say("what_if.to_pass")]) == ("3 / 3", "1")
    assert found[say("what_if.fmr")] == say("what_if.unknown")
    assert len(at.dataframe[0].value) == 1


def test_a_label_gives_the_threshold_an_error_rate(open_page, scored, say):
    at = opened(open_page, f"{0:020d}")
    at.button_group(key="review_identity_1").set_value("different").run()
    at.slider(key="_threshold").set_value(60).run()

    found = {metric.label: metric.value for metric in at.metric}
    assert found[say("what_if.fmr")] == percent(100, say)
    assert say("what_if.interval", name=say("what_if.fmr"), count=1, of=1, low=20.65, high=100.0) in texts(at)


def test_a_purged_environment_says_from_when_on_its_calls_are_there(open_page, scored, say, data_dir):
    log = CallLog(data_dir / "log" / "calls.db")
    with log.writing() as db:
        db.exec_driver_sql("INSERT INTO purged VALUES ('embedded', 86400000)")
    log.close()
    at = open_page(HISTORY)

    name, day = say("environment.embedded"), {"en": "2 Jan 1970", "zh": "1970-01-02"}[say.language]
    assert any(day in str(each.value) and name in str(each.value) for each in at.caption)
