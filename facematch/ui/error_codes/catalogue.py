"""The page of errcodes: the search, each code with what it means and how often it was seen here, and the calls."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import streamlit as st

from facematch import codes
from facematch.codes import Code
from facematch.ui.environments import environment
from facematch.ui.error_codes import search as code_search
from facematch.ui.error_codes.counts import Counts, Seen, counts
from facematch.ui.error_codes.search import Wanted
from facematch.ui.formats import code as as_code
from facematch.ui.formats import plain, when
from facematch.ui.frame import Desk, log_read
from facematch.ui.history.address import PERIODS_MS
from facematch.ui.words import NAMES, Language, Speaker

SEARCH, LAYERS, RETRIES, ONLY_SEEN = "codes.search", "codes.layer", "codes.retry", "codes.only_seen"
PERIOD, BY_NUMBER = "codes.period", "codes.by_number"  # in the session, and the words' keys
EMPTY: Mapping[str, object] = {SEARCH: "", LAYERS: [], RETRIES: [], ONLY_SEEN: False}
WITHOUT_CODES = ("transport", "response")  # layers whose failures carry no errcode
OTHER: Mapping[Language, Language] = {"en": "zh", "zh": "en"}


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows at the moment."""

    say: Speaker
    wanted: Wanted
    period: str  # one of PERIODS_MS
    counts: Counts | None  # None: the log cannot be read

    @property
    def is_one(self) -> bool:
        """Whether the address names one code, which is then alone."""
        return "code" in st.query_params


def shown(desk: Desk) -> Shown:
    """Draw search, filters and period, and count."""
    say = desk.say
    _search(say)
    with st.container(horizontal=True, vertical_alignment="bottom", key="codes_seen"):
        st.segmented_control(
            say("codes.period"),
            list(PERIODS_MS),
            format_func=lambda period: say(f"period.{period}"),
            default="month",
            required=True,
            key=PERIOD,
            persist_state="session",
        )
        only_seen = st.toggle(say("codes.only_seen"), key=ONLY_SEEN, persist_state="session")
        st.toggle(say("codes.by_number"), key=BY_NUMBER, persist_state="session")
    kept = st.session_state
    wanted = Wanted(kept[SEARCH] or "", tuple(kept[LAYERS]), tuple(kept[RETRIES]), only_seen)
    found: Counts | None = None
    if desk.log is None:
        st.info(say("codes.no_log"))
    else:
        with log_read(say):
            found = counts(desk.log, str(kept[PERIOD]))
    return Shown(say, wanted, str(kept[PERIOD]), found)


def _search(say: Speaker) -> None:
    st.text_input(
        say("codes.search"),
        key=SEARCH,
        type="search",
        icon=":material/search:",
        placeholder=say("codes.search.example"),
        live=True,
        persist_state="session",
    )
    layers = (*dict.fromkeys(code.layer for code in codes.CATALOGUE.values()), *WITHOUT_CODES)
    retries = tuple(dict.fromkeys(code.retry for code in codes.CATALOGUE.values()))
    left, right = st.columns(2)
    with left:
        _several(LAYERS, layers, "layer", say)
    with right:
        _several(RETRIES, retries, "codes.retry", say)


def _several(key: str, options: Sequence[str], word: str, say: Speaker) -> None:
    st.multiselect(
        say(key),
        options,
        format_func=lambda option: say(f"{word}.{option}"),
        placeholder=say("filter.all"),
        key=key,
        persist_state="session",
    )


def clear() -> None:
    """Ask for everything again."""
    for key, value in EMPTY.items():
        st.session_state[key] = value
    st.query_params.pop("code", None)


def summary(page: Shown) -> None:
    """How many calls failed in the period, and where."""
    say, found = page.say, page.counts
    if found is None:
        return
    if not found.shares:
        st.caption(say("codes.no_calls", period=say(f"period.{page.period}")))
        return
    parts = [
        say("codes.share", name=plain(environment(share.env, say)), failed=share.failed, calls=share.calls)
        for share in found.shares
    ]
    st.caption(say("codes.failed", failed=found.failed) + say("sentence.join") + say("list.join").join(parts))


def catalogue(page: Shown) -> None:
    """Every code that fits, those seen here most often first; or the one that the address names."""
    say, wanted, seen = page.say, page.wanted, page.counts.errcodes if page.counts else {}
    if page.is_one:
        _one(st.query_params["code"], page)
        return
    fitting = code_search.found(wanted, seen)
    st.subheader(say("codes.catalogue"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(say("codes.count", shown=len(fitting), all=len(codes.CATALOGUE)), width="content")
        if not wanted.is_everything:
            st.button(say("codes.clear"), key="codes_clear", type="tertiary", icon=":material/close:", on_click=clear)
    if not fitting:
        st.info(say("codes.none_found"), icon=":material/search_off:")
    if not st.session_state[BY_NUMBER]:
        fitting = tuple(sorted(fitting, key=lambda code: _rank(code, seen)))
    with st.container(gap="xsmall", key="codes"):
        for code in fitting:
            entry(code, page, is_open=len(fitting) == 1)


def _rank(code: Code, seen: Mapping[int, Seen]) -> int:
    """Failures that were seen come first; that a call was handled is none."""
    return 0 if code.errcode == codes.HANDLED or code.errcode not in seen else -seen[code.errcode].calls


def unknown(page: Shown) -> None:
    """Errcodes that came and that the catalogue does not have."""
    say, wanted = page.say, page.wanted
    strange = [n for n in (page.counts.unknown if page.counts else ()) if code_search.says(wanted.text, "", n)]
    if not strange or wanted.layers or wanted.retries or page.is_one:
        return
    st.subheader(say("codes.unknown"), anchor=False)
    st.caption(say("codes.unknown.help"))
    with st.container(gap="xsmall", key="codes_unknown"):
        for number in strange:
            _unknown_entry(number, page, is_open=False)


def entry(code: Code, page: Shown, *, is_open: bool) -> None:
    """One code: its number, meaning and count, and inside what is known of it."""
    say = page.say
    seen = page.counts.errcodes.get(code.errcode) if page.counts else None
    badge = f" :blue-badge[{say('codes.calls', count=seen.calls)}]" if seen else ""
    words, other = code.words(say.language), code.words(OTHER[say.language])
    label = f"**{code.errcode}** · {words.meaning} :gray-badge[{say(f'codes.layer.{code.layer}')}]{badge}"
    with st.expander(label, key=_key(code.errcode, is_open=is_open), expanded=is_open):
        facts = {
            "codes.layer": say(f"layer.{code.layer}"),
            "codes.side": say(f"codes.side.{code_search.concerned(code)}"),
            "codes.retry": say(f"codes.retry.{code.retry}"),
            "codes.cause": words.cause,
            "codes.remedy": words.remedy,
        }
        rows = [f"**{say(key)}** {said}" for key, said in facts.items()]
        if code.ours:
            rows.append(f":gray[{say('codes.ours')}]")
        st.markdown("  \n".join(rows))
        st.markdown(f"**{NAMES[OTHER[say.language]]}** {other.meaning}  \n{other.cause}  \n{other.remedy}")
        calls_of(seen, {"errcode": str(code.errcode)}, page)
        st.code(_to_copy(code, say), language=None, wrap_lines=True)


def calls_of(seen: Seen | None, address: Mapping[str, str], page: Shown) -> None:
    """How often and when last, by environment, and the way to these calls."""
    say = page.say
    if seen is None:
        if page.counts is not None:
            st.caption(say("codes.never", period=say(f"period.{page.period}")))
        return
    by_env = say("list.join").join(
        f"{plain(environment(env, say))} {calls:,}" for env, calls in sorted(seen.by_env.items())
    )
    st.markdown(say("codes.seen", count=seen.calls, last=when(seen.last_ms), where=by_env))
    st.page_link(
        "pages/history.py",
        label=say("codes.show", count=seen.calls),
        icon=":material/monitoring:",
        query_params={**address, "period": page.period},
    )


def _one(asked: str, page: Shown) -> None:
    """The code that the address names, alone."""
    say = page.say
    number = int(asked) if re.fullmatch(r"-?[0-9]{1,16}", asked) else None  # the contract's reader takes no more
    code = None if number is None else codes.find(number)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(say("codes.one", code=as_code(asked)), width="content")
        st.button(say("codes.all"), key="codes_all", type="tertiary", icon=":material/list:", on_click=clear)
    if code is not None:
        entry(code, page, is_open=True)
    elif number is not None:
        _unknown_entry(number, page, is_open=True)
    else:
        st.warning(say("codes.not_a_number"), icon=":material/help:")


def _unknown_entry(number: int, page: Shown, *, is_open: bool) -> None:
    say = page.say
    seen = page.counts.errcodes.get(number) if page.counts else None
    badge = f" :orange-badge[{say('codes.calls', count=seen.calls)}]" if seen else ""
    label = f"**{number}** · {say('codes.not_known')}{badge}"
    with st.expander(label, key=_key(number, is_open=is_open), expanded=is_open, icon=":material/help:"):
        st.markdown(f"{say('error.unknown_code.cause')}  \n{say('error.unknown_code.remedy')}")
        calls_of(seen, {"errcode": str(number)}, page)


def _key(number: int, *, is_open: bool) -> str:
    """One that stands alone is another element: the browser would leave the same one closed."""
    return f"code_{number}_alone" if is_open else f"code_{number}"


def as_document() -> str:
    """The whole catalogue in both languages, as Markdown."""
    return codes.page()


def _to_copy(code: Code, say: Speaker) -> str:
    """What an e-mail or a ticket needs."""
    words, here = code.words(say.language), urlsplit(str(st.context.url or ""))
    lines = [f"errcode {code.errcode}: {words.meaning}", words.cause, words.remedy]
    if here.netloc:
        lines.append(f"{here.scheme}://{here.netloc}/error_codes?code={code.errcode}")
    return "\n".join(lines)
