"""The wire of a logged call: whole when this session made it, else what the log knows, and what it never kept."""

import json
from collections.abc import Mapping
from typing import Literal, cast

import streamlit as st

from facematch import contract
from facematch.analytics.one_call import Digests
from facematch.analytics.queries import CallRow
from facematch.client import Exchange, as_curl, as_python
from facematch.contract import Envelope, IdentityRequest, MatchRequest, Media, Origin, Probe, Verdict, VideoType
from facematch.ui.formats import code, duration, size
from facematch.ui.forms import kept_media
from facematch.ui.frame import Desk
from facematch.ui.words import Speaker

PATHS = {"match": contract.MATCH, "match_idno": contract.IDENTITY, "validate_data": contract.LIVE_CODE}
FILMED = ("SILENT", "LIP")
NOT_KEPT = "…"
DIGEST_CHARACTERS = 12  # of 32; enough to see by eye whether two are the same


def logged_wire(row: CallRow, sent: Digests, desk: Desk) -> None:
    """Draw it, closed; not on a stage."""
    if desk.is_demo:
        return
    say, whole = desk.say, kept_media.exchange_of(row.request_id) if desk.shows_personal else None
    with st.expander(say("logged_wire.title"), icon=":material/swap_horiz:"):
        if whole is None:
            _rebuilt(row, sent, desk)
        else:
            _whole(whole, say)


def rebuilt_request(row: CallRow, sent: Digests, *, shows_personal: bool) -> Mapping[str, object]:
    """The body that was sent, by endpoint and mode, with a mark for whatever was not kept."""
    kind: Literal["image", "video"] = "video" if row.mode in FILMED else "image"
    shown = Probe(_medium(sent.probe), kind, cast("VideoType", row.mode) if row.mode in FILMED else None)
    live_code = "****" if row.mode == "LIP" else None
    if row.endpoint == "match":
        return MatchRequest(_medium(sent.reference), shown, live_code).to_wire()
    if row.endpoint == "match_idno":
        mask = row.subject_mask if shows_personal else None
        return IdentityRequest(mask or NOT_KEPT, NOT_KEPT, shown, live_code).to_wire()
    return {}


def rebuilt_answer(row: CallRow) -> Mapping[str, object] | None:
    """The envelope's fields as the log has them; None when no envelope was read."""
    if row.errcode is None:
        return None
    result = None if row.success is None else Verdict(row.success, row.score).to_wire()
    return Envelope(row.errcode, row.errmsg, row.status, row.trace_no, result).to_wire()


def _medium(digest: bytes | None) -> Media:
    """Only of a file that was sent there is a digest; else the log does not say how it was handed over."""
    return Media(NOT_KEPT, "self" if digest is not None else cast("Origin", NOT_KEPT))


def _rebuilt(row: CallRow, sent: Digests, desk: Desk) -> None:
    say = desk.say
    st.info(say("logged_wire.rebuilt"), icon=":material/info:")
    line = code(f"POST {PATHS.get(row.endpoint, '…')}")
    st.markdown(f"{line} · {size(row.req_bytes or 0)} · {say('logged_wire.sent')}")
    st.code(_json(rebuilt_request(row, sent, shows_personal=desk.shows_personal)), language="json")
    st.markdown(_digests(sent, say))
    if row.http_status is None:
        st.markdown(say("wire.no_answer", time=duration(row.latency_ms)))
        return
    st.markdown(
        f"HTTP {row.http_status} · {size(row.resp_bytes or 0)} · {duration(row.latency_ms)} · {say('logged_wire.got')}"
    )
    answer = rebuilt_answer(row)
    if answer is None:
        st.caption(say("logged_wire.no_envelope"))
    else:
        st.code(_json(answer), language="json")


def _digests(sent: Digests, say: Speaker) -> str:
    """What tells whether two calls sent the same file, without telling the file."""
    both = (("image", sent.reference), ("faceData", sent.probe))
    known = [f"{say(f'side.{side}')} {code(each.hex()[:DIGEST_CHARACTERS])}" for side, each in both if each is not None]
    if not known:
        return say("logged_wire.no_digest")
    return say("logged_wire.digests", digests=say("list.join").join(known), by=code(sent.key_id or "–"))


def _whole(wire: Exchange, say: Speaker) -> None:
    st.caption(say("logged_wire.whole"))
    st.markdown(f"{code(f'POST {wire.url}')} · {size(wire.request_bytes)}")
    st.code(_json(wire.request), language="json")
    if wire.http_status is None:
        st.markdown(say("wire.no_answer", time=duration(wire.elapsed_ms)))
    else:
        st.markdown(f"HTTP {wire.http_status} · {size(wire.answer_bytes or 0)} · {duration(wire.elapsed_ms)}")
        st.code(wire.answer or "", language="json")
    curl, python = st.tabs([say("wire.curl"), say("wire.python")])
    curl.code(as_curl(wire.url, wire.request), language="bash")
    python.code(as_python(wire.url, wire.request), language="python")
    st.caption(say("wire.token"))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
