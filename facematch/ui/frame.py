"""What every page starts with: page settings, language, navigation, the shared services, what is wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from facematch.client import FaceMatchClient
from facematch.errors import CallError, FaceMatchError, LogUnavailable, LogWaiting, SettingInvalid
from facematch.log import CallLog
from facematch.ui import demo, services, sign_in
from facematch.ui.environment import switch as environment_switch
from facematch.ui.failure import explain
from facematch.ui.formats import code, plain
from facematch.ui.health_strip import Strip, strip
from facematch.ui.native_words import native_words
from facematch.ui.sign_in import Operator
from facematch.ui.words import NAMES, Language, Speaker, language_of

PAGES = {
    "overview": ("app.py", ":material/dashboard:"),
    "photo_match": ("pages/photo_match.py", ":material/compare:"),
    "video_match": ("pages/video_match.py", ":material/videocam:"),
    "id_verification": ("pages/id_verification.py", ":material/badge:"),
    "live_code": ("pages/live_code.py", ":material/pin:"),
    "history": ("pages/history.py", ":material/monitoring:"),
    "error_codes": ("pages/error_codes.py", ":material/rule:"),
    "environments": ("pages/environments.py", ":material/dns:"),
}
STYLE = Path(__file__).with_name("frame.css")
GROUPS = {
    None: ("overview",),
    "try": ("photo_match", "video_match", "id_verification", "live_code"),
    "look": ("history", "error_codes", "environments"),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What a page works with."""

    say: Speaker
    environment: services.Environment
    client: FaceMatchClient
    log: CallLog | None  # None: it cannot be opened, and the frame has said so
    notice: DeltaGenerator  # where the frame says what is wrong with the log
    is_demo: bool = False  # on a stage: larger type, no debug, personal data hidden
    shows_personal: bool = True  # whether faces, masks of names and numbers, and persons may be shown

    @property
    def is_logging(self) -> bool:
        """Whether the latest call was written."""
        return self.log is not None and self.log.trouble is None and not self.log.read_only

    def tell_of_log(self) -> None:
        """Say again what is wrong with the log: a call has been made since the page began."""
        if self.log is not None:
            _tell_of_log(self.notice, self.log, self.log.trouble, self.say)


def open_page(name: str) -> Desk:
    """Draw the frame around page *name*; the first call of every page."""
    say = Speaker(_language())
    st.set_page_config(page_title=say("page.tab", page=say(f"page.{name}")), page_icon="🪪", layout="wide")
    top = st.container(key="top", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
    with top:
        place = st.container(width="content")  # of the health strip
        _languages(say)
    with _stopping(say):
        settings = services.settings()
    st.html(STYLE)
    native_words(say, settings.limits)
    who = sign_in.operator(settings, say)
    st.title(say(f"page.{name}"), anchor=False)
    st.caption(say(f"page.{name}.purpose"))
    with _stopping(say):
        environment = services.environment()
        log, trouble = services.log_or_trouble()
        client = services.client(environment, log)
    is_demo = demo.is_on(settings)
    with place:
        strip(Strip(environment, client, say, is_demo))
    _sidebar(name, who, say, is_demo=is_demo)
    _banners(environment, is_demo, say)
    notice = st.empty()
    _tell_of_log(notice, log, trouble, say)
    sees = who.sees_personal and not is_demo
    return Desk(say, environment, client, log, notice, is_demo=is_demo, shows_personal=sees)


@contextmanager
def log_read(say: Speaker) -> Iterator[None]:
    """Around what a page reads from the log: when it cannot be read, the page says so instead."""
    try:
        yield
    except LogUnavailable as error:
        st.error(say("log.not_read", reason=plain(str(error))), icon=":material/save:")


def _language() -> Language:
    """The chosen language; the browser's until one is chosen. Its own key survives a page switch."""
    return cast("Language", st.session_state.setdefault("language", language_of(st.context.locale)))


def _languages(say: Speaker) -> None:
    """The other language, one click away."""

    def keep() -> None:
        st.session_state["language"] = st.session_state["_language"]

    st.segmented_control(
        "语言 / Language",
        list(NAMES),
        default=say.language,
        format_func=lambda language: NAMES[language],
        key="_language",
        required=True,
        on_change=keep,
        label_visibility="collapsed",
    )


def _sidebar(name: str, who: Operator, say: Speaker, *, is_demo: bool) -> None:
    with st.sidebar:
        st.markdown(f"### :material/ar_on_you: facematch\n{say('brand.line')}")
        for group, pages in GROUPS.items():
            with st.container(key=f"nav_{group}", gap="xxsmall"):
                if group is not None:
                    st.caption(say(f"nav.{group}"))
                for page in pages:
                    with st.container(key="nav_here" if page == name else None):
                        path, icon = PAGES[page]
                        st.page_link(path, label=say(f"page.{page}"), icon=icon, width="stretch")
        st.divider()
        environment_switch.choose(name, say)
        demo.switch(say)
        sign_in.who(who, say, is_demo=is_demo)


def _banners(where: services.Environment, is_demo: bool, say: Speaker) -> None:
    """What must not be overlooked, on every page."""
    if is_demo:
        demo.larger()
        demo.leave(say)
    if not where.is_embedded:
        key = "environment.local" if where.is_here else "environment.remote"
        called = plain(where.name) if is_demo else code(where.url)  # no address on a stage
        st.warning(say(key, url=called), icon=":material/cloud:")
    if (unread := services.unread()) is not None:
        st.error(say("environments.unread", reason=plain(str(unread))), icon=":material/cloud_off:")
    environment_switch.banners(say, is_demo=is_demo)
    if where.trouble is not None:
        st.warning(say("state.not_kept", reason=plain(str(where.trouble))), icon=":material/save:")


def _tell_of_log(notice: DeltaGenerator, log: CallLog | None, trouble: LogUnavailable | None, say: Speaker) -> None:
    if log is not None and log.read_only:
        notice.error(say("log.too_new"), icon=":material/save:")
    elif log is not None and isinstance(trouble, LogWaiting):
        notice.warning(say("log.waiting", waiting=log.waiting, reason=plain(str(trouble))), icon=":material/schedule:")
    elif trouble is not None:
        notice.error(say("log.not_written", reason=plain(str(trouble))), icon=":material/save:")
    else:
        notice.empty()


@contextmanager
def _stopping(say: Speaker) -> Iterator[None]:
    """Around what no page can do without: when it cannot be had, the page says why and ends."""
    try:
        yield
    except FaceMatchError as error:
        _cannot_start(error, say)


def _cannot_start(error: FaceMatchError, say: Speaker) -> None:
    if isinstance(error, SettingInvalid):
        st.error(say("error.SettingInvalid", variable=error.variable, problem=say(f"setting.{error.kind}")))
    elif isinstance(error, CallError):
        told = explain(error, say)
        st.error(f"**{told.title}**\n\n{told.cause} {told.remedy}")
    else:
        st.error(say("error.cannot_start", reason=plain(str(error))))
    st.stop()
