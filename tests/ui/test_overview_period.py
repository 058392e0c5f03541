"""The Overview over a period: where calls ended, failures by kind, what changed, and where each of them leads."""

import time
from urllib.parse import parse_qs

import pytest
from sqlalchemy import insert

from facematch import codes
from facematch.log import CallLog
from facematch.log.schema import calls

from .conftest import texts

DAY_MS = 86_400_000
USUAL = {"endpoint": "match", "mode": "photo", "http_status": 200, "outcome": "ok", "errcode": 0, "client_version": "1"}


def passed(score=90.0, **others):
    return {**USUAL, "env": "embedded", "score": score, "threshold": 70.0, "success": int(score >= 70), **others}


def failed(errcode, **others):
    return passed(**others) | {"outcome": "biz_error", "errcode": errcode, "score": None, "success": None}


@pytest.fixture
def log_of(data_dir):
    """Write a log of rows, each so many days old."""

    def write(*rows):
        log, now = CallLog(data_dir / "log" / "calls.db"), time.time_ns() // 1_000_000
        with log.writing() as db:
            for number, (days, row) in enumerate(rows):
                names = {"request_id": f"r{number}", "trace_no": f"{number:020d}"}
                db.execute(insert(calls), {"latency_ms": 100.0, **names, **row, "ts_ms": now - round(days * DAY_MS)})
        log.close()

    return write


def over(app, period):
    app.query_params["period"] = period
    app.run()
    assert not app.exception
    return app


def links(at):
    """The parameters of every link to the History, by what it says."""
    found = [each.proto for each in at.get("page_link") if each.proto.query_string]
    return {link.label: parse_qs(link.query_string) for link in found}


def test_a_log_without_calls_in_the_period_says_so_and_offers_more(log_of, app, say):
    log_of((20, passed()))

    assert say("overview.empty.week") in texts(over(app, "week"))
    assert say("overview.end.passed") in "".join(links(over(app, "month")))


def test_each_end_and_each_kind_of_failure_leads_to_its_calls(log_of, app, say):
    log_of((1, passed()), (2, passed(20.0)), (3, failed(2010)), (3, failed(2010)), (3, failed(1103, mode="LIP")))
    found = links(over(app, "week"))

    label = next(label for label in found if label.startswith(say("layer.acquisition")))
    assert found[label] == {"period": ["week"], "end": ["acquisition"]}
    assert "**2**" in label
    meaning = codes.CATALOGUE[2010].words(say.language).meaning
    assert found[f"**{meaning} · 2010**"] == {"period": ["week"], "outcome": ["biz_error"], "errcode": ["2010"]}


def test_what_changed_is_told_with_its_interval_and_leads_to_its_calls(log_of, app, say):
    before = [(10, passed()) for _ in range(60)]
    now = [(2, passed()) for _ in range(40)] + [(2, failed(2012, env="far:1")) for _ in range(20)]
    log_of(*before, *now)
    found = links(over(app, "week"))

    assert found[say("changed.more_failures")]["outcome"] == ["biz_error"]
    meaning = codes.CATALOGUE[2012].words(say.language).meaning
    assert found[say("changed.new_kind", name=f"{meaning} · 2012", calls=20)]["errcode"] == ["2012"]
    assert found[say("changed.environment", name=r"far\:1")]["env"] == ["far:1"]
    assert say("changed.moved", difference="+33.3", low="+21.1", high="+45.9") in texts(app)


def test_a_difference_that_may_be_chance_is_called_that(log_of, app, say):
    log_of(
        *((10, passed()) for _ in range(5)), *((2, passed()) for _ in range(4)), (2, failed(2010)), (10, failed(2010))
    )
    at = over(app, "week")

    assert say("changed.none") in texts(at)
    assert say("changed.chance", difference="+3.3", low="−39.6", high="+47.9") in texts(at)
    assert say("changed.more_failures") not in links(at)


def test_the_period_is_kept_over_a_page_switch(log_of, app, say):
    log_of((3, passed()))
    app.button_group(key="_overview_period").set_value("week").run()
    app.switch_page("pages/error_codes.py")
    app.run()
    app.switch_page("app.py")
    app.run()

    assert not app.exception
    assert app.button_group(key="_overview_period").value == "week"


def test_the_address_says_the_period_again_after_a_page_switch_and_bare_it_is_today(log_of, app, say):
    log_of((3, passed()))
    at = over(app, "week")
    at.switch_page("pages/error_codes.py").run()
    at.query_params.clear()
    at.switch_page("app.py").run()
    assert at.query_params["period"] == "week"
    at.query_params.clear()  # as the back button brings it
    at.run()

    assert not at.exception
    assert at.button_group(key="_overview_period").value == "today"
    assert say("overview.empty.today") in texts(at)
