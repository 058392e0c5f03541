"""The Overview's numbers, counted again with statements of this test's own; what a stage and a role do not see."""

import re
import sqlite3
from urllib.parse import parse_qs

import pytest
from browser.worked_log import THRESHOLD, judged, two_days, write

from facematch import codes
from facematch.analytics import layers
from facematch.ui.sign_in import Operator

from .conftest import HISTORY, percent, texts

MASK = "1****************X"


@pytest.fixture
def worked(data_dir):
    """Two days of work, a call that was only accepted and a code; answers statements."""
    others = (
        {"endpoint": "validate_data", "mode": "none", "errcode": 0},
        {"extra": '{"accepted": true}', "errcode": 0},
        {"outcome": "http_error", "http_status": 200, "errcode": 77},
    )
    write(data_dir / "log" / "calls.db", (*two_days(), *others))

    def ask(statement):
        with sqlite3.connect(data_dir / "log" / "calls.db") as db:
            return db.execute(statement).fetchall()

    return ask


def week(app):
    app.query_params["period"] = "week"
    app.run()
    assert not app.exception
    return app


def links(at):
    found = [each.proto for each in at.get("page_link") if each.proto.query_string]
    return [(link.label, parse_qs(link.query_string)) for link in found]


def test_the_row_of_numbers_is_what_the_rows_say(worked, app, say):
    found = {metric.label: metric.value for metric in week(app).metric}
    ((calls, failed, passed, not_passed),) = worked(
        "SELECT count(*), sum(outcome <> 'ok'), sum(coalesce(success, 9) = 1), sum(coalesce(success, 9) = 0) FROM calls"
    )

    assert found[say("total.calls")] == str(calls)
    assert found[say("total.failure_rate")] == percent(100 * failed / calls, say)
    assert (found[say("total.passed")], found[say("total.not_passed")]) == (str(passed), str(not_passed))


def test_every_call_ends_once_and_the_ends_are_what_the_rows_say(worked, app, say):
    shown = {found["end"][0]: int(re.search(r"\*\*([\d,]+)\*\*", label)[1].replace(",", ""))
             for label, found in links(week(app)) if "end" in found and "**" in label}  # fmt: skip
    expected = dict(worked("SELECT CASE success WHEN 1 THEN 'passed' ELSE 'not_passed' END, count(*) FROM calls "
                           "WHERE success IS NOT NULL GROUP BY 1"))  # fmt: skip
    expected |= {"live_code": 1, "accepted": 1}
    for outcome, errcode, status in worked("SELECT outcome, errcode, http_status FROM calls WHERE outcome <> 'ok'"):
        layer = layers.layer_of(outcome, errcode, status)
        expected[layer] = expected.get(layer, 0) + 1

    assert shown == expected
    assert sum(shown.values()) == worked("SELECT count(*) FROM calls")[0][0]


def test_each_kind_of_failure_leads_to_as_many_calls_as_it_counts(worked, app, say):
    kinds = worked("SELECT outcome, errcode, count(*) FROM calls WHERE outcome <> 'ok' GROUP BY 1, 2 ORDER BY 3 DESC")
    at = week(app)
    shown = [
        (found["outcome"][0], found["errcode"][0]) for _, found in links(at) if {"outcome", "errcode"} <= set(found)
    ]
    counts = {(outcome, str(errcode or "none")): calls for outcome, errcode, calls in kinds}

    assert len(shown) == 6
    assert set(shown) <= set(counts)
    assert sorted((counts[kind] for kind in shown), reverse=True) == [calls for *_, calls in kinds[:6]]
    at.switch_page(HISTORY)
    for outcome, errcode in shown:
        at.query_params.update({"period": "week", "outcome": outcome, "errcode": errcode})
        at.run()
        found = {metric.label: metric.value for metric in at.metric}
        assert found[say("total.calls")] == str(counts[outcome, errcode])


def test_the_score_bars_hold_every_score_once(worked, app, say):
    ((passed, not_passed),) = worked("SELECT sum(success = 1), sum(success = 0) FROM calls WHERE score IS NOT NULL")
    drawn = "\n".join(each.body for each in week(app).get("html"))

    told = say("overview.scores.told", passed=passed, not_passed=not_passed, thresholds=f"{THRESHOLD:g}")
    assert told in drawn
    cells = re.findall(r"<td>(\d+)</td><td>(\d+)</td>", drawn)
    assert tuple(sum(int(each[side]) for each in cells) for side in (0, 1)) == (passed, not_passed)


def test_what_compared_is_a_verdict_and_not_a_call_that_was_only_accepted(data_dir, app, say):
    write(data_dir / "log" / "calls.db", [{"extra": '{"accepted": true}', "errcode": 0}])
    app.run()

    assert not app.exception
    assert say("guide.help", done=0, environment=say("environment.embedded")) in texts(app)


@pytest.fixture
def masked(data_dir):
    write(data_dir / "log" / "calls.db", [judged(91.0, endpoint="match_idno", subject_mask=MASK)])
    return f"{1:020d}"


def opened(at, trace, **params):
    at.switch_page(HISTORY)
    at.query_params.update({"trace": trace, **params})
    at.run()
    assert not at.exception
    said = texts(at) + "".join(str(table.value) for table in at.table)
    return said.replace("\\", "")


def test_who_may_see_personal_data_sees_the_mask_of_a_number(masked, app, say):
    said = opened(app, masked)

    assert said.count(MASK) == 2
    assert say("field.subject") in said


def test_a_role_that_may_not_see_personal_data_sees_no_mask_in_fields_or_wire(masked, app, say, monkeypatch):
    gus = Operator(name="Gus", sees_personal=False)
    monkeypatch.setattr("facematch.ui.frame.sign_in.operator", lambda *_: gus)
    said = opened(app, masked)

    assert MASK not in said
    assert say("logged_wire.rebuilt") in said
    assert say("field.request_id") in said


def test_on_a_stage_a_call_has_its_verdict_and_neither_mask_nor_wire_nor_fields(masked, app, say):
    said = opened(app, masked, demo="1")

    assert say("funnel.title") in said
    assert MASK not in said
    assert say("logged_wire.rebuilt") not in said
    assert say("field.request_id") not in said
    app.switch_page("app.py").run()
    assert say("log.title") not in [heading.value for heading in app.subheader]


def test_an_errcode_is_named_in_the_sentence_that_says_why(data_dir, app, say):
    write(data_dir / "log" / "calls.db", [{"outcome": "biz_error", "errcode": codes.NO_FACE}])
    said = opened(app, f"{1:020d}")
    told = codes.CATALOGUE[codes.NO_FACE].words(say.language)

    known = {"en": " (errcode 2010)", "zh": "（错误码 2010）"}[say.language]
    assert say("funnel.why", title=told.meaning, known=known, cause=told.cause) in said
