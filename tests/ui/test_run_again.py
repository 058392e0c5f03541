"""A logged call run again: with what was kept or given anew, both beside each other, one row more."""

from facematch import samples
from facematch.log import CallLog

from .conftest import HISTORY, PHOTO_MATCH, rows, texts


def first_call(at, probe="obama_1.jpg"):
    """A comparison through the form, as a user makes it; its traceNo."""
    at.switch_page(PHOTO_MATCH)
    at.run()
    at.file_uploader(key="reference_upload_0").upload("a.jpg", samples.photo("obama_2.jpg"), "image/jpeg")
    at.run()
    at.file_uploader(key="probe_upload_0").upload("b.jpg", samples.photo(probe), "image/jpeg")
    at.run()
    at.button(key="ask").click().run()
    assert not at.exception


def in_full(at, trace):
    at.switch_page(HISTORY)
    at.query_params["trace"] = trace
    at.run()
    assert not at.exception
    return at


def run_again(at):
    at.button(key="again_open").click().run()
    assert not at.exception
    at.button(key="ask").click().run()
    assert not at.exception
    return at


def give_probe(at, name):
    box = next(each.key for each in at.file_uploader if each.key.startswith("probe_upload"))
    at.file_uploader(key=box).upload("c.jpg", samples.photo(name), "image/jpeg")
    at.run()
    assert not at.exception


def beside(at):
    """The comparison of both runs, as HTML."""
    return next((each.body for each in at.get("html") if "fm-beside" in each.body), "")


def row_of(table, name):
    """The line *name* of the comparison, beginning with its class."""
    return next(row for row in table.split('<tr class="')[1:] if f">{name}<" in row)


def test_a_second_run_is_one_row_more_and_stands_beside_the_first(app, say, data_dir):
    first_call(app)
    at = run_again(in_full(app, rows(data_dir)[0]["trace_no"]))

    found = rows(data_dir)
    assert len(found) == 2
    assert found[0]["score"] == found[1]["score"]
    assert found[0]["probe_digest"] == found[1]["probe_digest"]
    assert say("beside.title") in texts(at)
    assert row_of(beside(at), say("call.score")).startswith("fm-same")
    assert row_of(beside(at), say("call.errcode")).startswith("fm-same")


def test_another_file_is_told_before_it_is_sent_and_what_changed_after(app, say, data_dir):
    first_call(app)
    at = in_full(app, rows(data_dir)[0]["trace_no"])
    at.session_state["photo.probe"] = None
    at.button(key="again_open").click().run()
    assert say("again.same_file") in texts(at)
    assert say("again.missing.match") in texts(at)
    assert at.button(key="ask").disabled
    give_probe(at, "no_face.jpg")
    assert say("again.other_file") in texts(at)
    at.button(key="ask").click().run()

    assert not at.exception
    assert [row["errcode"] for row in rows(data_dir)] == [0, 2010]
    for name in ("call.answer", "call.score", "call.errcode"):
        assert row_of(beside(at), say(name)).startswith("fm-changed")
    assert "2010" in row_of(beside(at), say("call.errcode"))


def test_the_second_run_leads_back_to_the_first(app, say, data_dir):
    first_call(app)
    at = run_again(in_full(app, rows(data_dir)[0]["trace_no"]))
    first, second = (row["request_id"] for row in rows(data_dir))
    assert at.query_params["runs"] == f"{first},{second}"
    at.query_params.clear()
    at.query_params["trace"] = rows(data_dir)[1]["trace_no"]
    at.run()

    assert not at.exception
    assert say("beside.title") in texts(at)


def two_calls(data_dir, **second):
    log, usual = CallLog(data_dir / "log" / "calls.db"), {"env": "embedded", "endpoint": "match", "mode": "photo"}
    for number, changed in (("one", {}), ("two", second)):
        with log.recording(request_id=number, **usual) as draft:
            draft.trace_no, draft.errcode, draft.score, draft.success = number, 0, 90.0, True
            for name, value in changed.items():
                setattr(draft, name, value)
    log.close()


def test_a_link_shows_both_runs_to_somebody_else_and_another_call_leaves_the_pair_behind(app, say, data_dir):
    two_calls(data_dir, score=80.5)
    app.query_params["runs"] = "one,two"
    at = in_full(app, "two")
    assert "−9.5" in row_of(beside(at), say("call.score"))
    assert "trace=two&runs=one,two" in texts(at)
    at.query_params["runs"] = "one,gone"
    at.query_params["trace"] = "one"
    at.run()
    assert say("beside.not_logged") in "".join(each.value for each in at.info)
    at.query_params["trace"] = "two"
    at.run()

    assert not at.exception
    assert "runs" not in at.query_params
    assert not beside(at)


def test_the_photo_form_keeps_its_own_photos_whatever_is_run_again(app, say, data_dir):
    first_call(app)
    at = in_full(app, rows(data_dir)[0]["trace_no"])
    at.button(key="again_open").click().run()
    assert say("again.held") in texts(at)
    give_probe(at, "biden_1.jpg")
    assert say("again.other_file") in texts(at)
    at.button(key="ask").click().run()
    assert [row["success"] for row in rows(data_dir)] == [1, 0]
    at.switch_page(PHOTO_MATCH).run()

    assert not at.exception
    assert at.session_state["photo.probe"].data == samples.photo("obama_1.jpg")
    assert say("verdict.passed") in texts(at)


def test_media_are_kept_only_after_the_operator_asked_for_it_and_forgotten_when_told(app, say, data_dir):
    first_call(app)
    at = in_full(app, rows(data_dir)[0]["trace_no"])
    at.button(key="again_open").click().run()
    assert say("again.held") in texts(at)
    at.toggle(key="_kept_wanted").set_value(True).run()
    at.button(key="ask").click().run()
    at.query_params["trace"] = rows(data_dir)[1]["trace_no"]
    at.session_state["photo.reference"] = at.session_state["photo.probe"] = None
    at.run()
    at.button(key="again_open").click().run()
    assert say("again.kept") in texts(at)
    assert not at.button(key="ask").disabled
    at.button(key="kept_forget").click().run()

    assert not at.exception
    assert say("again.asks") in texts(at)


def test_a_call_of_another_environment_says_where_the_second_one_goes(app, say, data_dir):
    log = CallLog(data_dir / "log" / "calls.db")
    with log.recording(env="10.0.0.7:8443", endpoint="match_idno", mode="photo", request_id="far") as draft:
        draft.trace_no, draft.outcome, draft.errcode, draft.subject_mask = "7", "biz_error", 2005, "1****************X"
    log.close()
    app.switch_page("pages/id_verification.py").run()
    app.button(key="case_own_photo").click().run()  # enrols the demo persons
    at = in_full(app, "7")
    at.button(key="again_open").click().run()

    assert not at.exception
    assert say("again.elsewhere", environment=say("environment.embedded"), before=r"10\.0\.0\.7\:8443") in texts(at)
    assert at.button(key="ask").disabled
    at.text_input(key="again_number").set_value(samples.DEMO_PERSONS[0].id_number)
    at.text_input(key="again_name").set_value(samples.DEMO_PERSONS[0].name).run()
    give_probe(at, samples.DEMO_PERSONS[0].probe)
    at.button(key="ask").click().run()
    assert not at.exception
    assert [(row["endpoint"], row["errcode"], row["success"]) for row in rows(data_dir)][1] == ("match_idno", 0, 1)
    assert samples.DEMO_PERSONS[0].id_number not in texts(at) + beside(at)
    assert "again_number" not in at.session_state


def test_a_live_code_is_asked_for_again(app, say, data_dir):
    log = CallLog(data_dir / "log" / "calls.db")
    with log.recording(env="embedded", endpoint="validate_data", mode="none", request_id="code") as draft:
        draft.trace_no, draft.errcode = "9", 0
    log.close()
    run_again(in_full(app, "9"))

    assert [row["endpoint"] for row in rows(data_dir)] == ["validate_data"] * 2


def test_the_wire_of_a_call_of_this_session_is_whole_and_of_another_rebuilt(app, say, data_dir):
    first_call(app)
    number = rows(data_dir)[0]["trace_no"]
    whole = in_full(app, number)
    assert say("logged_wire.whole") in texts(whole)
    assert "curl" in texts(whole)
    whole.session_state["kept_media"].wires.clear()
    rebuilt = whole.run()

    assert say("logged_wire.rebuilt") in texts(rebuilt)
    assert "isSccess" in texts(rebuilt)
    assert number in texts(rebuilt)
    assert "curl" not in texts(rebuilt)
