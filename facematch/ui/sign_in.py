"""Optional sign-in by OpenID Connect: nothing is drawn or started before it, a claim decides who sees personal data.

Streamlit does the protocol and keeps a signed cookie for 30 days; how old a sign-in may be, who comes in and who sees
what is decided here, from the claims of the identity token, at every run. Whatever is not granted is refused.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from facematch.settings import Named, Settings
from facematch.ui.formats import plain
from facematch.ui.words import Speaker

Claims = Mapping[str, object]
HOUR_S, CLOCKS_APART_S = 3600, 300
NAME_CHARACTERS = 100
WAY_BACK = "facematch.way_back"  # in the browser's tab: the page that was asked for
_TAKE_WAY = """<script>
if (!/^\\/+$/.test(location.pathname) || !sessionStorage.getItem(KEY))
  sessionStorage.setItem(KEY, location.pathname + location.search);
</script>"""
_GO_BACK = """<script>{
const back = sessionStorage.getItem(KEY);
sessionStorage.removeItem(KEY);
if (back && /^\\/[^/\\\\]/.test(back) && back !== location.pathname + location.search) location.replace(back);
}</script>"""


@dataclass(frozen=True, slots=True)
class Operator:
    """Who works here."""

    name: str | None  # None: nobody signs in here
    sees_personal: bool


def operator(settings: Settings, say: Speaker) -> Operator:
    """Whoever has signed in; where that is wanted and nobody has, draws the way in and ends the run."""
    claims: Claims = st.user.to_dict()
    if not (settings.login or "is_logged_in" in claims or _has_unread_secrets()):
        return Operator(None, sees_personal=True)
    if "is_logged_in" not in claims:
        _stop("sign_in.not_set_up", say)
    if claims["is_logged_in"] is not True:
        _ask("sign_in.why", say)
    if _is_old(claims, settings.login_hours):
        _ask("sign_in.again", say)
    if settings.login_claim is not None and not holds(claims, settings.login_claim, settings.login_values):
        _refuse(claims, say)
    _run_script(_GO_BACK)
    name = name_of(claims)
    st.session_state.setdefault("reviewer", name)
    return Operator(name, sees_personal(claims, settings))


def who(signed_in: Operator, say: Speaker, *, is_demo: bool) -> None:
    """Name, role and the way out; nothing where nobody signs in, and on a stage only the way out."""
    if signed_in.name is None:
        return
    if not is_demo:
        role = "sign_in.sees" if signed_in.sees_personal else "sign_in.sees_not"
        st.caption(f":material/account_circle: {plain(signed_in.name)} · {say(role)}")
    st.button(say("sign_in.out"), key="sign_out", icon=":material/logout:", type="tertiary", on_click=st.logout)


def sees_personal(claims: Claims, settings: Settings) -> bool:
    """Whether a claim or a verified address grants it; nobody by default."""
    if settings.personal_claim is not None and holds(claims, settings.personal_claim, settings.personal_values):
        return True
    address, known = claims.get("email"), settings.personal_emails or ()
    is_known = isinstance(address, str) and address.casefold() in {each.casefold() for each in known}
    return is_known and claims.get("email_verified") is True  # elsewhere anybody may write any address into a profile


def holds(claims: Claims, claim: str, values: Named) -> bool:
    """Whether *claim*, a text or a list of texts, has one of *values*; a dot leads into a claim of claims."""
    found: object = claims.get(claim)
    if found is None:
        found = claims
        for step in claim.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
    given = found if isinstance(found, list | tuple) else [found]
    return any(isinstance(each, str) and each in (values or ()) for each in given)


def name_of(claims: Claims) -> str:
    """What a person is called: the first of name, user name, address and subject that is there."""
    given = (claims.get(key) for key in ("name", "preferred_username", "email", "sub"))
    return next((each.strip() for each in given if isinstance(each, str) and each.strip()), "?")[:NAME_CHARACTERS]


def _is_old(claims: Claims, hours: float) -> bool:
    """Whether the sign-in is too long ago, or does not say when it was."""
    at_s = claims.get("iat")
    if isinstance(at_s, bool) or not isinstance(at_s, int | float):
        return True
    return not -CLOCKS_APART_S <= time.time() - at_s <= hours * HOUR_S


@st.cache_data(ttl=10, show_spinner=False)
def _has_unread_secrets() -> bool:
    """Whether there is a file of secrets that cannot be read: it may ask for signing in."""
    if not any(Path(place).is_file() for place in st.get_option("secrets.files")):
        return False
    return not st.secrets.load_if_toml_exists()


def _ask(why: str, say: Speaker) -> None:
    _run_script(_TAKE_WAY)
    with st.container(border=True, key="sign_in"):
        st.markdown(f"### :material/ar_on_you: facematch\n{say('brand.line')}")
        st.markdown(say(why))
        st.button(say("sign_in.in"), key="sign_in_now", type="primary", icon=":material/login:", on_click=st.login)
        st.caption(say("sign_in.stuck"))
    st.stop()


def _refuse(claims: Claims, say: Speaker) -> None:
    with st.container(border=True, key="sign_in"):
        st.error(say("sign_in.not_admitted", name=plain(name_of(claims))), icon=":material/block:")
        st.button(say("sign_in.out"), key="sign_out", icon=":material/logout:", on_click=st.logout)
    st.stop()


def _stop(why: str, say: Speaker) -> None:
    st.error(say(why), icon=":material/lock:")
    st.stop()


def _run_script(script: str) -> None:
    st.html(script.replace("KEY", json.dumps(WAY_BACK)), unsafe_allow_javascript=True)
