"""What every page starts with: page settings, language, navigation, the shared services, what is wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from facematch.client import FaceMatchClient
from facematch.errors import CallError, FaceMatchError, LogUnavailable, LogWaiting, SettingInvalid
from facematch.limits import Limits
from facematch.log import CallLog
from facematch.settings import Settings
from facematch.ui import services
from facematch.ui.environments import environment as environment_name
from facematch.ui.failure import explain
from facematch.ui.formats import code, plain, size
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
    st.set_page_config(page_title="facematch", page_icon="🪪", layout="wide")
    say = Speaker(_language())
    _head(name, say)
    try:
        settings = services.settings()
        environment = services.environment()
        log, trouble = services.log_or_trouble()
        client = services.client(environment, log)
    except FaceMatchError as error:
        _cannot_start(error, say)
    _native_words(say, settings)
    _sidebar(say, environment)
    if not environment.is_embedded:
        key = "environment.local" if environment.is_here else "environment.remote"
        st.warning(say(key, url=code(environment.url)), icon=":material/cloud:")
    if environment.trouble is not None:
        st.warning(say("state.not_kept", reason=plain(str(environment.trouble))), icon=":material/save:")
    notice = st.empty()
    _tell_of_log(notice, log, trouble, say)
    return Desk(say, environment, client, log, notice)


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


def _native_words(say: Speaker, settings: Settings) -> None:
    """Streamlit's own words have no translation, and its size limit is not ours: a style replaces them."""
    instructions = '[data-testid="stFileUploaderDropzoneInstructions"]'
    photo_bytes = settings.limits.image_max_base64_bytes * 3 // 4
    swaps = {
        instructions: say("native.limits", size=size(photo_bytes), side=settings.limits.image_max_side_px),
        f'[class*="st-key-video_upload"] {instructions}': _video_limits(say, settings.limits),
    }
    if say.language != "en":
        swaps['[data-testid="stFileUploaderDropzone"] button p'] = say("native.upload")
        swaps['[data-testid="stCameraInputButton"]'] = say("native.camera")
    hidden = ", ".join((*swaps, f"{instructions} *")) + " {font-size: 0}"
    shown = "".join(f'{place}::after {{content: "{words}"; font-size: 0.875rem}}' for place, words in swaps.items())
    st.html(f"<style>{hidden} {shown}</style>")


def _video_limits(say: Speaker, limits: Limits) -> str:
    return say(
        "native.video_limits",
        formats=say("list.join").join(name.upper() for name in limits.video_formats),
        size=size(limits.video_max_base64_bytes * 3 // 4),
        silent=f"{limits.silent_min_s:g}–{limits.silent_max_s:g}",
        lip=f"{limits.lip_min_s:g}–{limits.lip_max_s:g}",
    )


def _head(name: str, say: Speaker) -> None:
    """The title, and at its right the other language, one click away."""

    def keep() -> None:
        st.session_state["language"] = st.session_state["_language"]

    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(say(f"page.{name}"), anchor=False, width="content")
        st.session_state["_language"] = say.language
        st.segmented_control(
            "语言 / Language",
            list(NAMES),
            format_func=lambda language: NAMES[language],
            key="_language",
            required=True,
            on_change=keep,
            label_visibility="collapsed",
        )
    st.caption(say(f"page.{name}.purpose"))


def _sidebar(say: Speaker, where: services.Environment) -> None:
    with st.sidebar:
        st.markdown(f"### :material/ar_on_you: facematch\n{say('brand.line')}")
        for page, (path, icon) in PAGES.items():
            st.page_link(path, label=say(f"page.{page}"), icon=icon, width="stretch")
        st.divider()
        st.caption(say("environment.driving", name=plain(environment_name(where.name, say))))


def _tell_of_log(notice: DeltaGenerator, log: CallLog | None, trouble: LogUnavailable | None, say: Speaker) -> None:
    if log is not None and log.read_only:
        notice.error(say("log.too_new"), icon=":material/save:")
    elif log is not None and isinstance(trouble, LogWaiting):
        notice.warning(say("log.waiting", waiting=log.waiting, reason=plain(str(trouble))), icon=":material/schedule:")
    elif trouble is not None:
        notice.error(say("log.not_written", reason=plain(str(trouble))), icon=":material/save:")
    else:
        notice.empty()


def _cannot_start(error: FaceMatchError, say: Speaker) -> None:
    if isinstance(error, SettingInvalid):
        st.error(say("error.SettingInvalid", variable=error.variable, problem=say(f"setting.{error.kind}")))
    elif isinstance(error, CallError):
        told = explain(error, say)
        st.error(f"**{told.title}**\n\n{told.cause} {told.remedy}")
    else:
        st.error(say("error.cannot_start", reason=plain(str(error))))
    st.stop()
