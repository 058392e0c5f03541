"""What every page starts with: page settings, language, navigation, the shared services, what is wrong."""

from dataclasses import dataclass
from typing import cast

import streamlit as st

from facematch.client import FaceMatchClient
from facematch.errors import FaceMatchError, LogUnavailable, SettingInvalid
from facematch.log import CallLog
from facematch.settings import Settings
from facematch.ui import services
from facematch.ui.formats import code, plain
from facematch.ui.words import NAMES, Language, Speaker, language_of

PAGES = {
    "overview": ("app.py", ":material/dashboard:"),
    "photo_match": ("pages/photo_match.py", ":material/compare:"),
    "history": ("pages/history.py", ":material/monitoring:"),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What a page works with."""

    say: Speaker
    settings: Settings
    environment: services.Environment
    client: FaceMatchClient
    log: CallLog | None  # None: it cannot be opened, and the frame has said so


def open_page(name: str) -> Desk:
    """Draw the frame around page *name*; the first call of every page."""
    st.set_page_config(page_title="facematch", page_icon="🪪", layout="wide")
    say = Speaker(_language())
    _native_words(say)
    _head(name, say)
    try:
        settings = services.settings()
        environment = services.environment()
        log, trouble = services.log_or_trouble()
        client = services.client(environment, log)
    except FaceMatchError as error:
        _cannot_start(error, say)
    _sidebar(say, environment)
    _banners(say, environment, log, trouble)
    return Desk(say, settings, environment, client, log)


def _language() -> Language:
    """The chosen language; the browser's until one is chosen. Its own key survives a page switch."""
    return cast("Language", st.session_state.setdefault("language", language_of(st.context.locale)))


def _native_words(say: Speaker) -> None:
    """Streamlit's own words have no translation; where a style can replace them, it does."""
    if say.language == "en":
        return
    button, instructions = '[data-testid="stFileUploaderDropzone"] button p', "stFileUploaderDropzoneInstructions"
    swaps = {
        button: "native.upload",
        '[data-testid="stCameraInputButton"] p': "native.camera",
        f'[data-testid="{instructions}"]': "native.limits",
    }
    hidden = ", ".join((*swaps, f'[data-testid="{instructions}"] *')) + " {font-size: 0}"
    shown = "".join(f'{place}::after {{content: "{say(key)}"; font-size: 0.875rem}}' for place, key in swaps.items())
    st.html(f"<style>{hidden} {shown}</style>")


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


def _sidebar(say: Speaker, environment: services.Environment) -> None:
    with st.sidebar:
        st.markdown(f"### :material/ar_on_you: facematch\n{say('brand.line')}")
        for page, (path, icon) in PAGES.items():
            st.page_link(path, label=say(f"page.{page}"), icon=icon, width="stretch")
        st.divider()
        name = say("environment.embedded") if environment.is_embedded else plain(environment.name)
        st.caption(say("environment.driving", name=name))


def _banners(
    say: Speaker, environment: services.Environment, log: CallLog | None, trouble: LogUnavailable | None
) -> None:
    if not environment.is_embedded:
        st.warning(say("environment.remote", url=code(environment.url)), icon=":material/cloud:")
    if trouble is not None:
        st.error(say("log.not_written", reason=plain(str(trouble))), icon=":material/save:")
    elif log is not None and log.read_only:
        st.error(say("log.too_new"), icon=":material/save:")


def _cannot_start(error: FaceMatchError, say: Speaker) -> None:
    if isinstance(error, SettingInvalid):
        st.error(say("error.SettingInvalid", variable=error.variable, problem=say(f"setting.{error.kind}")))
    else:
        st.error(say("error.cannot_start", reason=plain(str(error))))
    st.stop()
