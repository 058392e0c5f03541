"""Every failure explained: which layer, which side, why, and what to do."""

from dataclasses import dataclass

import streamlit as st

from facematch import codes
from facematch.errors import AuthError, CallError, RateLimited, RedirectRefused, Refusal, RequestInvalid, TransportError
from facematch.ui.one_call.departures import departures
from facematch.ui.words import Speaker


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the operator is told of a failed call."""

    title: str
    layer: str  # a word of the statistics: source, acquisition, …
    side: str | None  # "image" or "faceData"
    cause: str
    remedy: str
    server_text: str | None  # the server's own words, as they came


def explain(error: CallError, say: Speaker, *, spends_code: bool = False) -> Explanation:
    """Words for *error*: the catalogue's where it knows the errcode, else those of the kind of error.

    Args:
        error: What the call came to.
        say: The operator's language.
        spends_code: Whether the server uses a live code up when it handles the call.
    """
    if isinstance(error, Refusal) and error.errcode:
        return explain_code(error.errcode, say, side=error.side, server_text=error.errmsg)
    kind = type(error).__name__
    is_spent = spends_code and error.sent
    return Explanation(
        title=say(f"error.{kind}"),
        layer=_layer(error),
        side=None,
        cause=say(f"error.{kind}.cause"),
        remedy=say("error.code_spent.remedy" if is_spent else f"error.{kind}.remedy"),
        server_text=error.errmsg if isinstance(error, Refusal) else None,
    )


def explain_empty(side: str, say: Speaker) -> Explanation:
    """Words for a photo without a byte: it was not sent."""
    words = (say(f"error.empty{part}") for part in ("", ".cause", ".remedy"))
    title, cause, remedy = words
    return Explanation(title, "source", side, cause, remedy, None)


def _layer(error: CallError) -> str:
    if isinstance(error, RequestInvalid):
        return "request"
    return "transport" if isinstance(error, TransportError) else "response"


def explain_code(errcode: int, say: Speaker, *, side: str | None, server_text: str | None) -> Explanation:
    """Words for an errcode; one that the catalogue does not know is shown as it came."""
    code = codes.find(errcode)
    if code is None:
        unknown = (say("error.unknown_code.cause"), say("error.unknown_code.remedy"))
        return Explanation(say("error.unknown_code", errcode=errcode), "unknown", side, *unknown, server_text)
    words = code.words(say.language)
    return Explanation(words.meaning, code.layer, side, words.cause, words.remedy, server_text)


def failure(error: CallError, told: Explanation, measured: str | None, say: Speaker) -> None:
    """A red box: the answer in words first, then side, what was *measured*, layer, cause and remedy."""
    numbers = _numbers(error, say)
    with st.container(key="verdict"):
        st.error(
            "\n\n".join(
                (
                    f"### {say('verdict.none')}",
                    f"**{told.title}**" + (f" · {numbers}" if numbers else ""),
                    *((f"**{say('failure.side')}** {say(f'side.{told.side}')}",) if told.side else ()),
                    *((f"**{say('failure.measured')}** {measured}",) if measured else ()),
                    f"**{say('failure.layer')}** {say(f'layer.{told.layer}')}",
                    f"**{say('failure.why')}** {told.cause}",
                    f"**{say('failure.remedy')}** {told.remedy}",
                )
            ),
            icon=":material/error:",
        )
    if _is_of_the_environment(error, told):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link("pages/environments.py", label=say("failure.environments"), icon=":material/dns:")
            st.caption(say("failure.kept"), width="content")
    if told.server_text:
        st.caption(say("failure.server_text"))
        st.code(told.server_text, language=None, wrap_lines=True)
    if isinstance(error, TransportError) or error.sent:  # an earlier attempt of a call that ended otherwise counts, too
        st.caption(say("failure.sent" if error.sent else "failure.not_sent"))
    if error.attempt > 1:
        st.caption(say("failure.attempts", count=error.attempt))
    if isinstance(error, Refusal) and error.drift:
        st.warning(say("match.drift", drift=departures(error.drift, say)), icon=":material/rule:")


def _is_of_the_environment(error: CallError, told: Explanation) -> bool:
    """Whether address, token or way to the server want a look, not what was sent."""
    is_away = isinstance(error, TransportError | RedirectRefused | AuthError)
    return is_away or told.layer == "authorization"


def _numbers(error: CallError, say: Speaker) -> str:
    parts = []
    if isinstance(error, Refusal) and error.errcode and codes.find(error.errcode) is not None:
        parts.append(f"errcode {error.errcode}")
    if error.http_status not in (None, 200):
        parts.append(f"HTTP {error.http_status}")
    if isinstance(error, RateLimited) and error.retry_after_s is not None:
        parts.append(say("failure.retry_after", seconds=error.retry_after_s))
    return " · ".join(parts)
