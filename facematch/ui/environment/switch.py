"""Which environment this session drives: chosen in the sidebar of every page, told about where it matters."""

import streamlit as st

from facematch.client.environment import environment_name
from facematch.environments import EMBEDDED, FROM_SETTINGS
from facematch.ui import services
from facematch.ui.environment import removal as environment_removal
from facematch.ui.environments import environment
from facematch.ui.formats import code, plain
from facematch.ui.words import Speaker

PAGE = "environment.page"  # where the widget was drawn last
KEY = "_environment"  # the widget's; services.CHOSEN outlives a page switch


def choose(page: str, say: Speaker) -> None:
    """Draw the choice; the frame calls it in the sidebar of every page, after ``services.environment()``.

    Args:
        page: The page's name, as ``open_page`` gets it.
        say: The operator's language.
    """
    environment_removal.settle(page)
    chosen, names = services.environment().id, names_of_all(say)
    ids = list(names)
    is_new = st.session_state.get(PAGE) != page  # Streamlit still knows the value there, its new widget does not
    if is_new or st.session_state.get(KEY) != chosen:  # removed in another tab, or listed again
        st.session_state[KEY], st.session_state[PAGE] = chosen, page
    st.selectbox(
        say("environments.switch"),
        ids,
        format_func=names.__getitem__,
        key=KEY,
        on_change=_take,
        help=say("environments.switch.help"),
    )


def _take() -> None:
    use(st.session_state[KEY])


def use(id_: str) -> None:
    """From now on this session drives the environment *id_*; what the forms hold stays. For callbacks."""
    st.session_state[services.CHOSEN] = st.session_state[KEY] = id_
    st.session_state.pop(services.GONE, None)


def names_of_all(say: Speaker) -> dict[str, str]:
    """What each is called on the screen, by id: the embedded one, that of FACEMATCH_URL, the listed ones by name.

    From one look at the list: another tab may change it between two.
    """
    settings = {} if services.settings().url is None else {FROM_SETTINGS: settings_name()}
    remotes = {each.id: each.name for each in services.listed()[0].remotes}
    return {EMBEDDED: environment(services.EMBEDDED, say), **settings, **remotes}


def settings_name() -> str:
    """What the log calls the server of FACEMATCH_URL; empty when there is none."""
    url = services.settings().url
    return "" if url is None else environment_name(url)


def banners(say: Speaker, *, is_demo: bool) -> None:
    """What must stand above every page: certificates are not verified, the chosen environment is gone.

    The frame calls it once, in the main area, below its own banner for a remote environment.
    """
    where = services.environment()
    if st.session_state.get(services.GONE):
        st.warning(say("environments.gone"), icon=":material/cloud_off:")
    if where.is_unverified:
        name = plain(environment(where.name, say))
        url = name if is_demo else code(where.url)  # no address on a stage
        st.error(say("environments.unverified", name=name, url=url), icon=":material/gpp_bad:")
