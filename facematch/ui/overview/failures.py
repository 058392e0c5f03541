"""The failures of a period by kind: how many, how that was before, and one click to the calls."""

import streamlit as st

from facematch import codes
from facematch.analytics.queries import ErrorCount
from facematch.ui.formats import percent, when
from facematch.ui.history.address import NO_CODE
from facematch.ui.one_call.call_words import address
from facematch.ui.overview.drawings import bar
from facematch.ui.overview.period import Period
from facematch.ui.overview.reads import KINDS, Reads
from facematch.ui.words import Speaker


def failures(found: Reads, period: Period, say: Speaker) -> None:
    """The most frequent kinds, each with its newest call."""
    st.subheader(say("failures.title"), anchor=False)
    if not found.now.errors:
        st.caption(say("failures.none" if found.now.totals.calls else "overview.no_calls"))
        return
    for kind in found.now.errors[:KINDS]:
        _kind(kind, found, period, say)
    if len(found.now.errors) > KINDS:
        outcomes = ",".join(sorted({each.outcome for each in found.now.errors}))
        more = say("failures.more", kinds=len(found.now.errors) - KINDS)
        st.page_link("pages/history.py", label=more, query_params={**period.params, "outcome": outcomes})


def kind_name(kind: ErrorCount, say: Speaker) -> str:
    """What happened, in words, with the errcode."""
    if kind.errcode is None:
        return say.or_itself(f"outcome.{kind.outcome}")
    known = codes.find(kind.errcode)
    meaning = say("failures.unknown") if known is None else known.words(say.language).meaning
    return f"{meaning} · {kind.errcode}"


def kind_params(kind: ErrorCount) -> dict[str, str]:
    """The History's filters that choose it and no other."""
    return {"outcome": kind.outcome, "errcode": NO_CODE if kind.errcode is None else str(kind.errcode)}


def _kind(kind: ErrorCount, found: Reads, period: Period, say: Speaker) -> None:
    failed = found.now.totals.failed
    latest = found.latest.get((kind.outcome, kind.errcode))
    with st.container(key=f"kind_{kind.outcome}_{kind.errcode}", gap="xxsmall"):
        label = f"**{kind_name(kind, say)}**"
        st.page_link("pages/history.py", label=label, query_params={**period.params, **kind_params(kind)})
        bar(kind.calls, failed)
        counted = say("failures.counted", calls=f"{kind.calls:,}", share=percent(kind.calls, failed))
        if found.before.totals.calls:  # else there is nothing to compare with
            before = found.before.kinds.get((kind.outcome, kind.errcode), 0)
            counted = f"{counted} · {say('failures.before', calls=f'{before:,}')}"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(counted, width="content")
            if latest is None:
                st.caption(say("failures.last", time=when(kind.last_ms)), width="content")
            else:
                st.page_link(
                    "pages/history.py",
                    label=say("failures.last", time=when(latest.ts_ms)),
                    query_params={"trace": address(latest)},
                )
