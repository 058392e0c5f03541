from facematch import codes

from .conftest import HISTORY, PHOTO_MATCH, compare, rows, texts


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
