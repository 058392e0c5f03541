"""The answer first: the verdict in words, then the score and what it means, then the numbers of the call."""

import time

import streamlit as st

from facematch.client import Match
from facematch.engine import meaning
from facematch.ui.comparison import Comparison, trace_no
from facematch.ui.evidence import decisive
from facematch.ui.failure import failure
from facematch.ui.formats import code, duration, plain
from facematch.ui.words import Speaker


def verdict(comparison: Comparison, say: Speaker) -> None:
    """The whole head of a result."""
    if comparison.error is not None:
        failure(comparison.error, decisive(comparison.evidence, say), say)
    elif comparison.match is not None:
        _answer(comparison.match, say, is_embedded=comparison.is_embedded)
    _numbers(comparison, say)


def into_view() -> None:
    """Scroll to the verdict: on a phone it is below the photos."""
    script = "document.querySelector('.st-key-verdict')?.scrollIntoView({behavior: 'smooth', block: 'center'})"
    st.html(f"<script>/* {time.time_ns()} */ {script}</script>", unsafe_allow_javascript=True)


def _answer(match: Match, say: Speaker, *, is_embedded: bool) -> None:
    show, icon = (st.success, ":material/check_circle:") if match.passed else (st.warning, ":material/person_off:")
    words = [f"### {say('verdict.passed' if match.passed else 'verdict.not_passed')}"]
    if match.score is not None:
        words.append(_compared(match, say))
    with st.container(key="verdict"):
        show("\n\n".join(words), icon=icon)
    if match.score is not None:
        st.markdown(_meaning(match.score, say) if is_embedded else say("score.remote"))
    if match.drift:
        st.warning(say("match.drift", drift=plain("; ".join(match.drift))), icon=":material/rule:")


def _compared(match: Match, say: Speaker) -> str:
    if match.threshold is None:
        return say("verdict.score", score=match.score)
    side = "above" if match.score is not None and match.score >= match.threshold else "below"
    return say(f"verdict.score.{side}", score=match.score, threshold=match.threshold)


def _meaning(score: float, say: Speaker) -> str:
    """What the score was measured to mean: how often two strangers reach it."""
    rate = meaning.false_match_rate(score)
    key = "score.meaning" if rate.false_matches else "score.meaning.none"
    return say(
        key,
        score=score,
        false_matches=rate.false_matches,
        non_mated=rate.non_mated,
        percent=100 * rate.fmr,
        persons=rate.persons,
    )


def _numbers(comparison: Comparison, say: Speaker) -> None:
    made = comparison.match if comparison.match is not None else comparison.error
    exchange = getattr(made, "exchange", None)
    match = comparison.match
    cells = {
        "number.score": None if match is None or match.score is None else f"{match.score:g} / 100",
        "number.threshold": None if match is None or match.threshold is None else f"{match.threshold:g}",
        "number.cosine": None if match is None or match.cosine is None else f"{match.cosine:.3f}",
        "number.time": None if exchange is None else duration(exchange.elapsed_ms),
    }
    shown = {key: value for key, value in cells.items() if value is not None}
    with st.container(horizontal=True):
        for key, value in shown.items():
            st.metric(say(key), value, width=150, help=say(f"{key}.help"))
    number = trace_no(comparison)
    if number is None:
        st.caption(say("number.no_trace"))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{say('number.trace')} {code(number)}", width="content")
        st.page_link(
            "pages/history.py", label=say("number.open"), icon=":material/open_in_new:", query_params={"trace": number}
        )
