"""The Overview of a period: its numbers, where calls ended, scores, what changed, failures, the newest calls."""

import streamlit as st

from facematch.analytics.queries import CallRow, Funnel
from facematch.ui.formats import duration, percent, plain, when
from facematch.ui.frame import Desk
from facematch.ui.numbers import numbers
from facematch.ui.one_call.call_words import address, answer, endpoint, number
from facematch.ui.overview import guide
from facematch.ui.overview.changes import changes
from facematch.ui.overview.drawings import NOT_PASSED, PASSED, PLAIN, bar, score_bars
from facematch.ui.overview.failures import failures
from facematch.ui.overview.period import Period, period
from facematch.ui.overview.reads import Reads, read
from facematch.ui.words import Speaker

ENDS = ("passed", "not_passed", "accepted", "live_code")  # the History's words for calls that were answered
WRAP = """<style>
[class*="st-key-overview_"] [data-testid="stPageLink"] p, .st-key-newest_calls [data-testid="stPageLink"] p
  {white-space: normal; overflow-wrap: anywhere; text-align: left}
[class*="st-key-overview_"] [data-testid="stPageLink"] a {height: auto; min-height: 1.6rem}
[class*="st-key-overview_"] [data-testid="stPageLink"] a, .st-key-newest_calls [data-testid="stPageLink"] a
  {padding-left: 0; padding-right: 0}
[class*="st-key-overview_"] [data-testid="stPageLink"] p, .st-key-newest_calls [data-testid="stPageLink"] p
  {text-decoration: underline; text-decoration-color: rgba(128, 128, 128, .55); text-underline-offset: .22em}
[class*="st-key-overview_"] [data-testid="stPageLink"] a:hover p,
.st-key-newest_calls [data-testid="stPageLink"] a:hover p
  {text-decoration-color: currentColor}
</style>"""  # Streamlit cuts a link's words off at the end of the line, and shows none as a link
COLOURS = {"passed": PASSED, "not_passed": NOT_PASSED}


def overview(desk: Desk) -> None:
    """Draw all of it; an empty log has the guide and what to do."""
    if desk.log is None:
        return
    say = desk.say
    st.html(WRAP)
    guide_place = st.container()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(say("overview.title"), anchor=False, width="content")
        chosen = period(say)
    found = read(desk.log, chosen.now, chosen.before)
    with guide_place:
        guide.first_steps(found.steps, desk)
    if found.now.totals.calls == 0:
        st.info(say(f"overview.empty.{chosen.name}" if found.steps.calls else "overview.empty"))
        st.page_link("pages/photo_match.py", label=say("overview.start"), icon=":material/compare:")
    else:
        _period(found, chosen, say)
    if found.newest:
        _newest(found.newest, say)
    guide.bring_back(found.steps, say)


def _period(found: Reads, chosen: Period, say: Speaker) -> None:
    counts = found.now.totals
    cells = {
        "total.calls": f"{counts.calls:,}",
        "total.failure_rate": percent(counts.failed, counts.calls),
        "total.passed": f"{counts.passed:,}",
        "total.not_passed": f"{counts.not_passed:,}",
        "total.p50": duration(found.median_ms),
    }
    numbers(cells, say)
    left, right = st.columns(2)
    with left, st.container(border=True, key="overview_funnel"):
        _funnel(found.funnel, chosen, say)
    with left, st.container(border=True, key="overview_scores"):
        _scores(found, say)
    with right, st.container(border=True, key="overview_changes"):
        changes(found, chosen, say)
    with right, st.container(border=True, key="overview_failures"):
        failures(found, chosen, say)


def _funnel(funnel: Funnel, chosen: Period, say: Speaker) -> None:
    """One line for each layer at which calls ended, then the answers; a line leads to its calls."""
    st.subheader(say("chart.funnel.title"), anchor=False)
    st.caption(say("overview.funnel.help"))
    ended = [(step.layer, say(f"layer.{step.layer}"), step.ended) for step in funnel.steps if step.ended]
    answered = zip(ENDS, (funnel.passed, funnel.not_passed, funnel.accepted, funnel.live_codes), strict=True)
    lines = [*ended, *((end, say(f"overview.end.{end}"), calls) for end, calls in answered if calls)]
    for end, name, calls in lines:
        with st.container(key=f"end_{end}", gap="xxsmall"):
            label = f"{name} · **{calls:,}** ({percent(calls, funnel.calls)})"
            st.page_link("pages/history.py", label=label, query_params={**chosen.params, "end": end})
            bar(calls, funnel.calls, COLOURS.get(end, PLAIN))


def _scores(found: Reads, say: Speaker) -> None:
    st.subheader(say("chart.scores.title"), anchor=False)
    everything = found.scores.all
    if any(everything.passed) or any(everything.not_passed):
        st.caption(say("chart.scores.help"))
        score_bars(everything, say)
    else:
        st.caption(say("chart.scores.empty"))


def _newest(rows: tuple[CallRow, ...], say: Speaker) -> None:
    st.subheader(say("overview.latest"), anchor=False)
    with st.container(key="newest_calls", gap="xxsmall"):
        for row in rows:
            st.page_link("pages/history.py", label=_line(row, say), query_params={"trace": address(row)})


def _line(row: CallRow, say: Speaker) -> str:
    told = f"**{plain(answer(row, say))}**"
    parts = [when(row.ts_ms), told, plain(endpoint(row, say)), *([number(row.score)] if row.score is not None else [])]
    parts += [f"errcode {row.errcode}"] if row.errcode else []
    return " · ".join((*parts, duration(row.latency_ms)))
