"""Failures without an errcode on the page of errcodes: no connection, no answer in time, an answer that is none."""

from collections.abc import Mapping

import streamlit as st

from facematch.ui.error_codes import search as code_search
from facematch.ui.error_codes.catalogue import Shown, calls_of
from facematch.ui.history.address import NO_CODE
from facematch.ui.words import CATALOGUE, Speaker

KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {  # outcome: layer, and the kinds of error that end so
    "connect_error": ("transport", ("ConnectFailed", "ConnectionLost", "CertificateRefused", "ProxyFailed")),
    "timeout": ("transport", ("DeadlineExceeded",)),
    "cancelled": ("transport", ()),
    "http_error": ("response", ("HttpStatusError", "AuthError", "RateLimited", "ServerError")),
    "biz_error": ("response", ("BusinessError",)),
    "bad_response": ("response", ("InvalidResponse", "ResponseTooLarge", "RedirectRefused")),
    "not_offered": ("response", ("NotOffered",)),
    "request_invalid": ("request", ("RequestInvalid", "OriginNotAllowed")),
}


def without_errcode(page: Shown) -> None:
    """Each way to fail without an errcode, those seen here first."""
    say, wanted = page.say, page.wanted
    seen = page.counts.outcomes if page.counts else {}
    strange = {outcome: ("response", ()) for outcome in seen if outcome not in KINDS}
    fitting = [
        outcome
        for outcome, (layer, _) in {**KINDS, **strange}.items()
        if (not wanted.layers or layer in wanted.layers)
        and (not wanted.only_seen or outcome in seen)
        and code_search.says(wanted.text, _said(outcome, layer))
    ]
    if page.is_one or wanted.retries or not fitting:
        return
    st.subheader(say("codes.bare"), anchor=False)
    st.caption(say("codes.bare.help"))
    with st.container(gap="xsmall", key="codes_bare"):
        for outcome in sorted(fitting, key=lambda outcome: -seen[outcome].calls if outcome in seen else 0):
            _entry(outcome, page)


def _entry(outcome: str, page: Shown) -> None:
    say = page.say
    seen = page.counts.outcomes.get(outcome) if page.counts else None
    layer, kinds = KINDS.get(outcome, ("response", ()))
    badge = f" :blue-badge[{say('codes.calls', count=seen.calls)}]" if seen else ""
    label = f"**{say.or_itself(f'outcome.{outcome}')}** :gray-badge[{say(f'codes.layer.{layer}')}]{badge}"
    with st.expander(label, key=f"outcome_{outcome}"):
        if say.knows(f"outcome.{outcome}.help"):
            st.markdown(say(f"outcome.{outcome}.help"))
        for kind in filter(lambda kind: say.knows(f"error.{kind}"), kinds):
            st.markdown(_told(kind, say))
        calls_of(seen, {"outcome": outcome, "errcode": NO_CODE}, page)


def _told(kind: str, say: Speaker) -> str:
    title, cause, remedy = (say(f"error.{kind}{part}") for part in ("", ".cause", ".remedy"))
    return f"**{title}**  \n{say('codes.cause')} {cause}  \n{say('codes.remedy')} {remedy}"


def _said(outcome: str, layer: str) -> str:
    _, kinds = KINDS.get(outcome, ("", ()))
    keys = [f"outcome.{outcome}", f"outcome.{outcome}.help", f"layer.{layer}"]
    keys += [f"error.{kind}{part}" for kind in kinds for part in ("", ".cause", ".remedy")]
    return code_search.folded("\n".join((outcome, *(said.get(key, "") for said in CATALOGUE.values() for key in keys))))
