import string
from pathlib import Path

import pytest
import streamlit as st
from sqlalchemy import text

from facematch import codes, samples
from facematch.engine.quality import ERRCODES
from facematch.errors import CallError
from facematch.log import CallLog
from facematch.samples import PAIRS
from facematch.ui import services
from facematch.ui.frame import PAGES
from facematch.ui.words import CATALOGUE, Speaker, language_of

from .conftest import ROOT, texts

PHOTO_MATCH, HISTORY = "pages/photo_match.py", "pages/history.py"


def rows(data_dir: Path):
    log = CallLog(data_dir / "log" / "calls.db")
    with log.reading() as db:
        found = [dict(row) for row in db.execute(text("SELECT * FROM calls ORDER BY id")).mappings()]
    log.close()
    return found


def upload(at, part, name, data=None):
    widget = at.file_uploader(key=f"{part}_upload_0")
    widget.upload(name, samples.photo(name) if data is None else data, "image/jpeg")
    return at.run()


def compare(at, reference="obama_2.jpg", probe="obama_1.jpg"):
    upload(at, "reference", reference)
    upload(at, "probe", probe)
    at.button(key="ask").click().run()
    assert not at.exception
    return at


@pytest.mark.parametrize("path", [path for path, _ in PAGES.values()])
def test_every_page_opens_in_every_language_with_an_empty_log(open_page, app, say, path):
    name = next(name for name, (file, _) in PAGES.items() if file == path)
    at = app if path == "app.py" else open_page(path)

    assert not at.exception
    assert at.title[0].value == say(f"page.{name}")


def test_the_overview_of_an_empty_log_says_what_to_do_first(app, say):
    assert say("guide.title") in [heading.value for heading in app.subheader]
    assert say("guide.step1") in texts(app)


def test_the_overview_names_engine_weights_and_the_place_of_the_log(app, data_dir):
    said = texts(app)

    assert "49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10" in said
    assert "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee" in said
    assert str(data_dir / "log" / "calls.db") in said


def test_two_uploaded_photos_of_one_person_get_a_verdict_and_a_row(open_page, say, data_dir):
    at = compare(open_page(PHOTO_MATCH))

    assert f"### {say('verdict.passed')}" in at.success[0].value
    (row,) = rows(data_dir)
    assert (row["env"], row["endpoint"], row["outcome"], row["success"]) == ("embedded", "match", "ok", 1)
    assert row["trace_no"] in texts(at)


def test_a_stranger_is_an_answer_not_a_failure(open_page, say, data_dir):
    at = compare(open_page(PHOTO_MATCH), "obama_3.jpg", "biden_1.jpg")

    assert f"### {say('verdict.not_passed')}" in at.warning[0].value
    assert not at.error
    assert rows(data_dir)[0]["outcome"] == "ok"


def test_the_result_shows_its_meaning_its_evidence_and_the_wire_without_base64(open_page, say):
    at = compare(open_page(PHOTO_MATCH))

    said = texts(at)
    assert say("check.sharpness") in said
    assert "<base64," in said
    assert "$(base64 < reference.jpg" in said
    assert 'base64_of("probe.jpg")' in said
    assert "LFW" in said
    assert "/9j/" not in said  # how the base64 of every JPEG begins


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.key)
def test_one_click_on_a_sample_pair_shows_what_it_is_made_to_show(open_page, say, pair):
    at = open_page(PHOTO_MATCH)
    at.button(key=f"sample_{pair.key}").click().run()

    assert not at.exception
    if pair.expected == "match":
        assert say("verdict.passed") in at.success[0].value
    elif pair.expected == "no_match":
        assert say("verdict.not_passed") in at.warning[0].value
    else:
        told = codes.CATALOGUE[pair.expected].words(say.language)
        side = "image" if pair.key == "two_faces" else "faceData"
        for part in (f"errcode {pair.expected}", told.meaning, told.cause, told.remedy, say(f"side.{side}")):
            assert part in at.error[0].value


def test_the_photos_and_the_result_outlive_a_page_switch(open_page, say):
    compare(open_page(PHOTO_MATCH))
    open_page(HISTORY)
    at = open_page(PHOTO_MATCH)

    assert say("verdict.passed") in at.success[0].value
    assert not at.button(key="ask").disabled


def test_a_new_photo_takes_the_old_result_away(open_page):
    at = compare(open_page(PHOTO_MATCH))
    upload(at, "probe", "biden_1.jpg")

    assert not at.success


def test_swapping_and_clearing_the_photos(open_page, say):
    at = compare(open_page(PHOTO_MATCH))
    at.button(key="swap").click().run()
    assert at.session_state["photo.reference"].name == "obama_1.jpg"

    at.button(key="clear").click().run()
    assert say("photo_match.missing") in texts(at)
    assert at.button(key="ask").disabled


@pytest.mark.parametrize(
    ("data", "errcode"),
    [
        (b"no photo at all", 2101),
        (samples.photo("obama_1.jpg")[:5000], 2101),
        (b"x" * 4_000_000, 2102),
        (b"x" * 14_000_000, 2102),
    ],
    ids=["renamed", "truncated", "too large a photo", "too large a body"],
)
def test_a_bad_file_gets_one_clear_sentence_a_row_and_stays_in_the_form(open_page, say, data_dir, data, errcode):
    at = open_page(PHOTO_MATCH)
    upload(at, "reference", "obama_1.jpg")
    upload(at, "probe", "bad.jpg", data)
    at.button(key="ask").click().run()

    assert not at.exception
    assert codes.CATALOGUE[errcode].words(say.language).meaning in at.error[0].value
    assert [(row["outcome"], row["errcode"]) for row in rows(data_dir)] == [("biz_error", errcode)]
    assert at.session_state["photo.probe"].data == data


def test_an_empty_file_is_refused_here_and_stays_in_the_form(open_page, say):
    at = open_page(PHOTO_MATCH)
    upload(at, "reference", "obama_1.jpg")
    upload(at, "probe", "empty.jpg", b"")
    at.button(key="ask").click().run()

    assert not at.exception
    assert say("error.RequestInvalid") in at.error[0].value
    assert at.session_state["photo.probe"].name == "empty.jpg"


def test_a_remote_service_that_stopped_is_told_and_logged(data_dir, say, app, monkeypatch):
    monkeypatch.setenv("FACEMATCH_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("FACEMATCH_TOKEN", "secret-token-value")
    st.cache_resource.clear()
    app.switch_page(PHOTO_MATCH)
    compare(app.run())

    assert say("error.ConnectFailed") in app.error[0].value
    assert say("error.ConnectFailed.remedy") in app.error[0].value
    (row,) = rows(data_dir)
    assert (row["env"], row["outcome"]) == ("127.0.0.1:9", "connect_error")
    assert "secret-token-value" not in texts(app)


def test_the_embedded_service_is_started_again_when_it_died(open_page, say):
    at = compare(open_page(PHOTO_MATCH))
    services.embedded().server.stop()
    at.button(key="ask").click().run()

    assert not at.exception
    assert say("verdict.passed") in at.success[0].value


def test_a_wrong_token_is_told_and_logged(data_dir, say, app, monkeypatch):
    own = services.embedded()
    monkeypatch.setenv("FACEMATCH_URL", own.server.url)
    monkeypatch.setenv("FACEMATCH_TOKEN", "wrong")
    services.settings.clear()
    app.switch_page(PHOTO_MATCH)
    compare(app.run())

    assert codes.CATALOGUE[40102].words(say.language).meaning in app.error[0].value
    assert rows(data_dir)[-1]["errcode"] == 40102


def test_a_log_that_cannot_be_opened_is_told_and_the_verdict_still_comes(tmp_path, monkeypatch, data_dir, say, app):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("FACEMATCH_DATA_DIR", str(tmp_path / "file" / "below"))
    st.cache_resource.clear()
    app.switch_page(PHOTO_MATCH)
    compare(app.run())

    assert say("verdict.passed") in app.success[0].value
    assert any(say("log.not_written", reason="…").split("…")[0] in error.value for error in app.error)


def test_a_setting_that_cannot_be_used_is_named(data_dir, say, app, monkeypatch):
    monkeypatch.setenv("FACEMATCH_TIMEOUT_S", "soon")
    services.settings.clear()
    app.run()

    assert not app.exception
    assert "FACEMATCH_TIMEOUT_S" in app.error[0].value


def test_the_history_counts_and_lists_the_calls(open_page, say):
    compare(open_page(PHOTO_MATCH))
    compare(open_page(PHOTO_MATCH), "obama_2.jpg", "two_faces.jpg")
    at = open_page(HISTORY)

    metrics = {metric.label: metric.value for metric in at.metric}
    assert metrics[say("total.calls")] == "2"
    assert metrics[say("total.failure_rate")] == "50.0 %"
    assert len(at.dataframe[0].value) == 2
    assert len(at.get("plotly_chart")) == 4


def test_the_history_opens_one_call_in_full_by_its_trace_no(open_page, say, data_dir):
    compare(open_page(PHOTO_MATCH), "obama_2.jpg", "two_faces.jpg")
    trace_no = rows(data_dir)[0]["trace_no"]
    at = open_page(HISTORY)
    at.query_params["trace"] = trace_no
    at.run()

    said = texts(at)
    assert say("call.title", trace=trace_no) in said
    assert codes.CATALOGUE[2012].words(say.language).remedy in said


def test_an_unknown_trace_no_is_told(open_page, say):
    at = open_page(HISTORY)
    at.query_params["trace"] = "12345678901234567890"
    at.run()

    assert say("history.not_found", trace="12345678901234567890") in at.warning[0].value


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


def test_the_language_changes_in_one_click(app, say):
    other = next(language for language in CATALOGUE if language != say.language)
    app.segmented_control(key="_language").set_value(other).run()

    assert app.title[0].value == Speaker(other)("page.overview")


@pytest.mark.parametrize(
    ("locale", "language"), [("zh-CN", "zh"), ("zh-Hant-TW", "zh"), ("en-GB", "en"), ("de", "en"), (None, "en")]
)
def test_the_default_language_is_the_browsers(locale, language):
    assert language_of(locale) == language


def fields(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_the_languages_say_the_same_things():
    english = CATALOGUE["en"]
    for words in CATALOGUE.values():
        assert words.keys() == english.keys()
        for key, sentence in english.items():
            assert fields(words[key]) == fields(sentence), key


def subclasses(kind):
    return {kind, *(grandchild for child in kind.__subclasses__() for grandchild in subclasses(child))}


def test_there_are_words_for_every_error_every_layer_every_check_and_every_sample(say):
    abstract = {"CallError", "TransportError", "Refusal"}
    for kind in subclasses(CallError):
        if kind.__name__ not in abstract and kind.__module__ == "facematch.errors":
            assert all(say.knows(f"error.{kind.__name__}{part}") for part in ("", ".cause", ".remedy")), kind
            assert say.knows(f"outcome.{kind.outcome}"), kind
    assert all(say.knows(f"layer.{code.layer}") for code in codes.CATALOGUE.values())
    assert all(say.knows(f"check.{name}") for name in ERRCODES)
    assert all(say.knows(f"sample.{pair.key}") for pair in PAIRS)


def test_the_navigation_lists_every_page_file():
    files = {f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py")}

    assert {path for path, _ in PAGES.values()} == files | {"app.py"}
