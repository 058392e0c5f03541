"""The page of error codes: found by number and word, counted from the log, each with the way to its calls."""

import time
from urllib.parse import parse_qs

import pytest
from browser.worked_log import judged, write
from streamlit.testing.v1 import AppTest

from facematch import codes
from facematch.errors import CallError
from facematch.ui.error_codes import search as code_search
from facematch.ui.error_codes.outcomes import KINDS
from facematch.ui.error_codes.search import Wanted
from facematch.ui.words import CATALOGUE, Speaker

from .conftest import ROOT, texts
from .test_words import subclasses

ERROR_CODES = "pages/error_codes.py"
NOWHERE = 987654
HOUR_MS = 3_600_000


def refused(errcode, **others):
    return {"outcome": "biz_error", "errcode": errcode, **others}


@pytest.fixture
def logged(data_dir):
    """A log with *rows*, before a page is opened."""

    def rows(*rows):
        (data_dir / "log").mkdir(parents=True)
        write(data_dir / "log" / "calls.db", rows)

    return rows


@pytest.fixture
def codes_page(say, data_dir):
    """The page as it opens, with what an address asks for."""

    def go(**params):
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        at.session_state["language"] = say.language
        at.run().switch_page(ERROR_CODES)
        for name, value in params.items():
            at.query_params[name] = value
        at.run()
        assert not at.exception
        return at

    return go


def labels(at):
    return [expander.label for expander in at.expander]


def numbers(at):
    return [int(label.partition(" ")[0].strip("*")) for label in labels(at) if label[2].isdigit()]


def links(at):
    """The addresses in the History that the page leads to."""
    found = [link.proto for link in at.get("page_link") if link.proto.query_string]
    assert {link.page for link in found} <= {"history"}
    return [parse_qs(link.query_string) for link in found]


def test_the_whole_catalogue_is_there_before_anything_was_logged(codes_page, say):
    at = codes_page()

    assert numbers(at) == list(codes.CATALOGUE)
    assert say("codes.no_calls", period=say("period.month")) in texts(at)
    assert links(at) == []
    for code in codes.CATALOGUE.values():
        for words in (code.en, code.zh):
            assert words.cause in texts(at)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2012", [2012]),
        ("113", [1130, 1131, 1132, 1133]),
        ("４０１０１", [40101]),
        ("令牌 鉴权", [16, 1131, 40101, 40102]),
        ("MICROPHONE", [1101, 1106]),
        ("no such words", []),
    ],
)
def test_a_search_looks_at_numbers_and_at_words_of_both_languages(text, expected):
    found = [code.errcode for code in code_search.found(Wanted(text), ())]

    assert (found == expected) if text != "令牌 鉴权" else set(found) <= set(expected) and 40101 in found


def test_filters_narrow_together_and_are_cleared_together(codes_page, say):
    at = codes_page()
    at.multiselect(key="codes.layer").set_value(["challenge"]).run()
    at.multiselect(key="codes.retry").set_value(["new_code"]).run()
    assert numbers(at) == [1130, 1131, 1132, 1133]
    at.text_input(key="codes.search").set_value("expired").run()
    assert numbers(at) == [1132]
    at.text_input(key="codes.search").set_value("photo").run()
    assert say("codes.none_found") in texts(at)
    at.button(key="codes_clear").click().run()

    assert numbers(at) == list(codes.CATALOGUE)


def test_what_was_seen_comes_first_with_its_count_and_the_way_to_its_calls(logged, codes_page, say):
    logged(
        *(refused(codes.NO_FACE) for _ in range(3)),
        *(refused(codes.SEVERAL_FACES, env="qa.example:443") for _ in range(2)),
        refused(codes.SEVERAL_FACES),
        refused(codes.SEVERAL_FACES),
        judged(80.0),
    )
    at = codes_page()

    assert numbers(at)[:2] == [codes.SEVERAL_FACES, codes.NO_FACE]
    assert say("codes.calls", count=4) in labels(at)[0]
    assert say("codes.failed", failed=7) in texts(at)
    assert f"{say('environment.embedded')} 2" in texts(at)
    assert "443 2" in texts(at)
    assert {"errcode": ["2012"], "period": ["month"]} in links(at)
    at.toggle(key="codes.only_seen").set_value(True).run()
    assert sorted(numbers(at)) == [codes.HANDLED, codes.NO_FACE, codes.SEVERAL_FACES]
    at.toggle(key="codes.by_number").set_value(True).run()
    assert numbers(at) == [codes.HANDLED, codes.NO_FACE, codes.SEVERAL_FACES]


def test_only_the_calls_of_the_period_count(logged, codes_page, say):
    now = time.time_ns() // 1_000_000
    logged(refused(codes.NO_FACE, ts_ms=now - 3 * HOUR_MS), refused(codes.TOO_DARK, ts_ms=now))
    at = codes_page()
    at.segmented_control(key="codes.period").set_value("hour").run()

    assert numbers(at)[0] == codes.TOO_DARK
    assert [link["errcode"] for link in links(at)] == [["1201"]]
    assert links(at)[0]["period"] == ["hour"]


def test_a_code_that_the_catalogue_lacks_is_listed_first(logged, codes_page, say):
    logged(refused(NOWHERE), refused(codes.NO_FACE))
    at = codes_page()

    assert numbers(at)[0] == NOWHERE
    assert say("codes.unknown") in [heading.value for heading in at.subheader]
    assert say("error.unknown_code.remedy") in texts(at)
    assert {"errcode": [str(NOWHERE)], "period": ["month"]} in links(at)


def test_failures_without_an_errcode_are_counted_apart(logged, codes_page, say):
    logged(
        *({"outcome": "timeout", "http_status": None} for _ in range(2)),
        {"outcome": "http_error", "http_status": 502},
        refused(codes.NO_FACE),
    )
    at = codes_page()
    bare = [label for label in labels(at) if not label[2].isdigit()]

    assert say("outcome.timeout") in bare[0]
    assert say("codes.calls", count=2) in bare[0]
    assert len(bare) == len(KINDS)
    assert {"outcome": ["timeout"], "errcode": ["none"], "period": ["month"]} in links(at)
    at.multiselect(key="codes.layer").set_value(["transport"]).run()
    assert numbers(at) == []
    assert len(labels(at)) == [layer for layer, _ in KINDS.values()].count("transport")


def test_an_address_opens_one_code(logged, codes_page, say):
    logged(refused(codes.NO_FACE))
    at = codes_page(code="2010")
    words = codes.CATALOGUE[2010].words(say.language)

    assert numbers(at) == [2010]
    assert at.expander[0].proto.expanded
    assert f"errcode 2010: {words.meaning}" in at.code[0].value
    at.button(key="codes_all").click().run()
    assert "code" not in at.query_params
    assert len(numbers(at)) == len(codes.CATALOGUE)


@pytest.mark.parametrize("asked", ["2012x", "", "9" * 40, "`<b>"])
def test_an_address_that_names_no_code_is_told(codes_page, say, asked):
    at = codes_page(code=asked)

    assert say("codes.not_a_number") in texts(at)
    assert labels(at) == []


def test_an_address_may_name_a_code_that_nobody_knows(codes_page, say):
    at = codes_page(code="777")

    assert numbers(at) == [777]
    assert say("error.unknown_code.cause") in texts(at)


def test_without_a_log_the_catalogue_is_still_there(data_dir, codes_page, say):
    data_dir.mkdir()
    (data_dir / "log").write_text("in the way")
    at = codes_page()

    assert say("codes.no_log") in texts(at)
    assert numbers(at) == list(codes.CATALOGUE)


def test_every_kind_of_error_is_filed_under_the_outcome_that_it_has():
    named = {kind.__name__: kind for kind in subclasses(CallError)}

    del named["BusinessError"]  # of which the outcome depends on whether there is an errcode
    filed = {name: outcome for outcome, (_, names) in KINDS.items() for name in names}

    assert {name: kind.outcome for name, kind in named.items() if name in filed} | {
        "BusinessError": "biz_error"
    } == filed
    assert named.keys() - filed.keys() == {"CallError", "TransportError", "Refusal", "StillProcessing"}


def test_there_are_words_for_every_layer_retry_and_side():
    for language in CATALOGUE:
        say = Speaker(language)
        for code in codes.CATALOGUE.values():
            assert say.knows(f"codes.layer.{code.layer}")
            assert say.knows(f"codes.retry.{code.retry}")
            assert say.knows(f"codes.side.{code_search.concerned(code)}")
        assert all(say.knows(f"codes.layer.{layer}") for layer, _ in KINDS.values())


def test_a_second_language_follows_the_first(codes_page, say):
    at = codes_page(code="2012")
    other = next(language for language in CATALOGUE if language != say.language)

    assert codes.CATALOGUE[2012].words(other).remedy in texts(at)
