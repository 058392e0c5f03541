"""The answer first: the verdict in words, then the score and what it means, then the numbers of the call."""

import time

import streamlit as st

from facematch import codes
from facematch.client import Match
from facematch.engine import meaning
from facematch.errors import CallError, Refusal
from facematch.local import Evidence
from facematch.ui import services
from facematch.ui.environments import environment
from facematch.ui.failure import Explanation, explain, explain_empty, failure
from facematch.ui.formats import code, duration, plain
from facematch.ui.forms import pictures
from facematch.ui.forms.comparison import Comparison
from facematch.ui.forms.evidence import decisive
from facematch.ui.forms.photos import SIDES
from facematch.ui.forms.shelf import is_new
from facematch.ui.numbers import numbers
from facematch.ui.one_call.departures import departures
from facematch.ui.words import Speaker


def verdict(comparison: Comparison, say: Speaker) -> None:
    """The whole head of a result."""
    if comparison.environment not in ("", services.environment().name):
        name = plain(environment(comparison.environment, say))
        st.info(say("result.other_environment", name=name), icon=":material/history:")
    if comparison.error is not None:
        failure(comparison.error, _told(comparison, comparison.error, say), _measured(comparison, say), say)
    elif comparison.match is not None:
        _answer(comparison.match, comparison.evidence, say)
    _numbers(comparison, say)


def _told(comparison: Comparison, error: CallError, say: Speaker) -> Explanation:
    if comparison.empty:
        return explain_empty(SIDES[comparison.empty], say)
    return explain(error, say, spends_code=comparison.kind == "LIP")


def _measured(comparison: Comparison, say: Speaker) -> str | None:
    """What decided: the check that refused, or the sizes when a size did."""
    error = comparison.error
    if isinstance(error, Refusal) and error.errcode == codes.BAD_SIZE:
        blamed = [photo for side, photo in comparison.photos.items() if error.side in (None, side) and photo.data]
        return say("check.join").join(pictures.measures(photo.data, say) for photo in blamed) or None
    return decisive(comparison.evidence, say)


def into_view(key: str) -> None:
    """Scroll to the verdict when the outcome of the form *key* is new: on a phone it is below the photos."""
    if not is_new(key):
        return
    calm = "matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth'"
    script = f"document.querySelector('.st-key-verdict')?.scrollIntoView({{behavior: {calm}, block: 'center'}})"
    st.html(f"<script>/* {time.time_ns()} */ {script}</script>", unsafe_allow_javascript=True)


def _answer(match: Match, found: Evidence | None, say: Speaker) -> None:
    show, icon = (st.success, ":material/check_circle:") if match.passed else (st.warning, ":material/person_off:")
    words = [f"### {say('verdict.passed' if match.passed else 'verdict.not_passed')}"]
    if match.score is not None:
        words.append(_compared(match, say))
    with st.container(key="verdict"):
        show("\n\n".join(words), icon=icon)
    if match.score is not None:
        is_measured = found is not None and meaning.was_measured_with(found.engine, found.mapping)
        st.markdown(_meaning(match.score, say) if is_measured else say("score.remote"))
    if match.drift:
        st.warning(say("match.drift", drift=departures(match.drift, say)), icon=":material/rule:")
    if match.attempts > 1:
        st.caption(say("match.attempts", count=match.attempts))


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
    match = comparison.match
    cells = {
        "number.score": None if match is None or match.score is None else f"{match.score:g} / 100",
        "number.threshold": None if match is None or match.threshold is None else f"{match.threshold:g}",
        "number.cosine": None if match is None or match.cosine is None else f"{match.cosine:.3f}",
        "number.time": None if comparison.exchange is None else duration(comparison.elapsed_ms),
    }
    shown = {key: value for key, value in cells.items() if value is not None}
    numbers(shown, say)
    number = comparison.trace_no
    if number is None:
        st.caption(say("number.no_trace" if comparison.is_logged else "number.not_logged"))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{say('number.trace')} {code(number)}", width="content")
        if not comparison.is_logged:
            return
        st.page_link(
            "pages/history.py", label=say("number.open"), icon=":material/open_in_new:", query_params={"trace": number}
        )
