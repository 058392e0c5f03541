"""The History's selection is in its link, both ways; what it holds can be compared, and taken away."""

import time
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from facematch import codes
from facematch.analytics.report import Report
from facematch.analytics.rows import ErrorCount, Selection, Totals
from facematch.log import CallLog
from facematch.log.export import PERSONAL
from facematch.log.purge import purge
from facematch.log.rollups import DAY_MS
from facematch.ui.history import data
from facematch.ui.history.address import Address
from facematch.ui.history.compared import _errors
from facematch.ui.history.report import _selected
from facematch.ui.words import CATALOGUE

from .conftest import HISTORY, texts

CALLS = (
    {"outcome": "ok", "success": True, "score": 91.0, "env": "embedded"},
    {"outcome": "ok", "success": False, "score": 40.0, "env": "test"},
    {"outcome": "biz_error", "errcode": codes.NO_FACE, "errmsg": "no face, 100% sure", "env": "test"},
    {"outcome": "timeout", "env": "test"},
)


@pytest.fixture
def filled(data_dir):
    """A log of four calls in two environments."""
    log = CallLog(data_dir / "log" / "calls.db")
    for number, columns in enumerate(CALLS):
        others = {name: value for name, value in columns.items() if name != "env"}
        request = {"endpoint": "match", "mode": "photo", "request_id": f"r{number}"}
        with log.recording(env=columns["env"], **request) as draft:
            draft.trace_no = f"{number:020d}"
            for name, value in others.items():
                setattr(draft, name, value)
    log.close()


@pytest.fixture
def linked(open_page, filled):
    """The History as a link opens it."""

    def follow(**params):
        at = open_page(HISTORY)
        at.query_params.clear()
        at.query_params.update(params)
        at.run()
        assert not at.exception
        return at

    return follow


def listed(at):
    return 0 if not at.dataframe else len(at.dataframe[0].value)


@pytest.mark.parametrize(
    ("params", "count"),
    [({"env": "test"}, 3), ({"outcome": "ok,timeout"}, 3), ({"errcode": "none"}, 3), ({"score": "40-91"}, 1),
     ({"end": "acquisition"}, 1), ({"q": "100%"}, 1), ({"q": f"{3:020d}"}, 1), ({"label": "unlabelled"}, 4),
     ({"env": "test", "end": "not_passed,system"}, 2)],
)  # fmt: skip
def test_a_link_selects_and_a_chip_takes_it_out_again(linked, say, params, count):
    at = linked(**params)
    assert listed(at) == count

    at.button(key="clear_filters").click().run()
    assert (listed(at), at.query_params) == (len(CALLS), {})


def test_a_moved_filter_writes_the_link(linked):
    at = linked()
    at.multiselect(key="_filter.environment").set_value(["test"]).run()
    at.text_input(key="_filter.text").set_value("face").run()

    assert at.query_params == {"env": "test", "q": "face"}
    assert listed(at) == 1


def test_going_back_to_an_earlier_link_moves_the_filters(linked):
    at = linked(env="test", period="week")
    at.query_params.clear()
    at.run()

    assert at.multiselect(key="_filter.environment").value == []
    assert listed(at) == len(CALLS)


def test_a_part_that_nobody_can_read_is_told_and_the_rest_selects(linked, say):
    at = linked(env="test", errcode="many", period="fortnight")

    assert "`errcode=many`" in at.warning[0].value
    assert "`period=fortnight`" in at.warning[0].value
    assert listed(at) == 3


def test_an_environment_that_is_not_in_the_log_is_an_empty_state_with_ways_on(linked, say):
    at = linked(env="elsewhere")

    assert at.info[0].value == say("history.empty")
    assert at.multiselect(key="_filter.environment").value == ["elsewhere"]
    at.button(key="all_time").click().run()
    assert at.query_params == {"env": "elsewhere", "period": "all"}


def test_a_log_without_any_call_says_so_and_offers_no_longer_period(open_page, say):
    at = open_page(HISTORY)

    assert at.info[0].value == say("history.none_yet")
    assert "all_time" not in {button.key for button in at.button}


def test_a_report_of_a_search_does_not_claim_all_calls(say):
    now = Report(Totals(1, 1, 0, 1, 0, 0, 0), *[None] * 6)
    searched, all_calls = (_selected(now, Selection(), Address(text=text), say) for text in ("face", ""))

    assert (searched[2:], all_calls[2:]) == ((say("report.searched"),), (say("report.all_calls"),))


def test_two_environments_are_compared_with_what_chance_explains(linked, say):
    at = linked(cmp="environment", b="embedded")

    said = texts(at)
    assert say("compare.differences") in said
    assert say("compare.chance", low=-35.6, high=93.7).split("**")[1] in said
    assert {m.value for m in at.metric if m.label == say("total.calls")} == {"3", "1"}


def test_without_a_beginning_there_is_no_period_before(linked, say):
    at = linked(cmp="period", period="all")

    assert say("compare.no_beginning") in [info.value for info in at.info]


def test_periods_that_overlap_are_compared_but_not_tested(linked, say):
    at = linked(cmp="period", b="2001-01-01..2199-01-01", period="week")

    assert say("compare.overlap") in [warning.value for warning in at.warning]
    assert say("compare.chance", low=0, high=0).split("**")[1] not in texts(at)


def test_every_filter_of_an_address_has_words_in_both_languages():
    several = "environment", "endpoint", "mode", "outcome", "errcode", "label", "end"
    names = ("since", "until", *several, "score", "latency")

    assert len(names) + 4 == len(Address.__dataclass_fields__)  # and the period, the text, and what is compared
    assert all(f"filter.{name}" in words for name in names for words in CATALOGUE.values())
    assert "subject_mask" in PERSONAL


def test_of_purged_calls_the_list_and_the_export_say_how_many_are_still_there(linked, data_dir, say):
    log = CallLog(data_dir / "log" / "calls.db")
    purge(log, (("test", 0.0),), time.time_ns() // 1_000_000 + 2 * DAY_MS)
    log.close()
    at = linked()

    assert say("history.count.left", count=4, left=1) in [each.value for each in at.text]
    assert say("history.download.help.left", count=4, left=1) in texts(at)
    at = linked(env="embedded")
    assert say("history.download.help", count=1) in texts(at)


def test_what_is_of_one_name_is_added_up_in_a_comparison(say):
    found = ErrorCount("biz_error", codes.NO_FACE, 90, 0), ErrorCount("http_error", codes.NO_FACE, 10, 0)
    report = replace(Report(Totals(100, 0, 100, 0, 0, 0, 0), *[None] * 6), errors=found)

    assert list(_errors(report, say).values()) == [100]


def draw_fields(row, say, shows_personal):
    from facematch.ui.frame import Desk
    from facematch.ui.one_call.fields import fields_table

    fields_table(row, Desk(say, None, None, None, None, shows_personal=shows_personal))


@pytest.mark.parametrize("shows_personal", [False, True])
def test_the_item_of_a_run_is_for_those_who_may_see_personal_data(data_dir, say, shows_personal):
    log = CallLog(data_dir / "log" / "calls.db")
    with log.recording(env="test", endpoint="match", mode="photo", request_id="r9") as draft:
        draft.run_id, draft.item_id, draft.trace_no = "run 1", "张三", f"{9:020d}"
    row, _ = data.call(log, f"{9:020d}")
    log.close()
    at = AppTest.from_function(draw_fields, args=(row, say, shows_personal), default_timeout=60).run()
    shown = str(at.table[0].value)

    assert ("run 1" in shown, "张三" in shown) == (True, shows_personal)
