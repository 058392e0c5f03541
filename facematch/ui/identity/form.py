"""The form of an identity check: ID number, name, and the photo or the video under test."""

from dataclasses import dataclass, field
from typing import Literal

import streamlit as st

from facematch.client import FaceMatchClient, Match
from facematch.contract import VideoType
from facematch.identity import normalised
from facematch.local import Health
from facematch.log.privacy import mask_id, mask_name
from facematch.ui import status
from facematch.ui.formats import plain
from facematch.ui.forms import comparison, photos
from facematch.ui.forms.code_box import code_box
from facematch.ui.forms.comparison import IDENTIFIED, Asked, Comparison
from facematch.ui.forms.held import Held
from facematch.ui.forms.shelf import shelf
from facematch.ui.frame import Desk
from facematch.ui.identity.demo_persons import Case
from facematch.ui.identity.id_checks import id_checks
from facematch.ui.video import videos

FORM = "id_verification"
NUMBER, NAME, AS_TYPED, KIND = "_id_number", "_id_name", "_id_as_typed", "_id_kind"  # widgets
TYPED = {NUMBER: "identity.number", NAME: "identity.name"}  # what outlives a page switch, until it is sent
SENT, INCOMPLETE, CHOSEN = "identity.sent", "identity.incomplete", "identity.kind"
KINDS: tuple[Literal["photo", "video"], ...] = ("photo", "video")


@dataclass(frozen=True, slots=True)
class Claim:
    """Who the person under test is said to be. Never shown whole once it was sent."""

    id_number: str = field(repr=False)
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Probe:
    """What is under test, and how it is to be checked."""

    held: Held | None
    video_type: VideoType | None = None
    live_code: str | None = field(default=None, repr=False)


def claim_card(desk: Desk) -> Claim:
    """Draw number and name; those that were sent are a mask, and stay in memory only to be sent again."""
    say = desk.say
    with st.container(border=True, key="claim_card"):
        st.subheader(say("id.person"), anchor=False)
        sent = st.session_state.get(SENT)
        if isinstance(sent, Claim):
            _masked(sent, desk)
            return sent
        st.caption(say("id.person.help"))
        for key in (NUMBER, NAME):
            _text(key, say(f"id.field.{key}"), is_shown=desk.shows_personal)
        id_checks(NUMBER, NAME, _longest(desk), say)
        st.caption(say("id.advice"))
        return Claim(_number(desk), str(st.session_state[NAME]).strip())


def probe_card(desk: Desk) -> Probe:
    """Draw the choice of a photo or a video, and its inputs as on the other pages."""
    say = desk.say

    def remember() -> None:
        st.session_state[CHOSEN] = st.session_state[KIND]

    if KIND not in st.session_state:
        st.session_state[KIND] = st.session_state.get(CHOSEN, KINDS[0])
    kind = st.segmented_control(
        say("id.kind"), KINDS, key=KIND, required=True, on_change=remember,
        format_func=lambda each: say(f"id.kind.{each}"),
    )  # fmt: skip
    if kind == "photo":
        return Probe(photos.photo_card("probe", desk, has_samples=False))
    chosen = videos.mode(desk, status.ask_health(desk.client))
    code = code_box(desk, FORM) if chosen == "LIP" else None
    return Probe(videos.video_card(desk, chosen, code), chosen, code)


def fill(case: Case) -> None:
    """Put a case of the demo persons into the form."""
    another()
    st.session_state[TYPED[NUMBER]] = st.session_state[NUMBER] = case.id_number
    st.session_state[TYPED[NAME]] = st.session_state[NAME] = case.name
    st.session_state[CHOSEN] = st.session_state[KIND] = "photo"
    photos.hold("probe", photos.sample(case.probe))


def another() -> None:
    """Forget who was sent, and what came of it; the form is empty for the next one."""
    for key in (SENT, INCOMPLETE, *TYPED.values(), AS_TYPED):
        st.session_state.pop(key, None)
    shelf(IDENTIFIED).outcome = None


def missing(claim: Claim, probe: Probe) -> list[str]:
    """What the form lacks, by the keys of its words; all of it may be wrong, none of it may be empty."""
    lacks = {
        "number": not claim.id_number,
        "name": not claim.name,
        "probe": probe.held is None,
        "code": probe.video_type == "LIP" and probe.live_code is None,
    }
    return [name for name, is_missing in lacks.items() if is_missing]


def tell_missing(claim: Claim, probe: Probe, desk: Desk) -> None:
    """Say what is still missing, once it was asked for in vain."""
    names = missing(claim, probe)
    if st.session_state.get(INCOMPLETE) and names:
        said = desk.say("list.join").join(desk.say(f"id.lacks.{name}") for name in names)
        st.warning(desk.say("id.missing", what=said), icon=":material/edit:")


def verify(claim: Claim, probe: Probe, desk: Desk) -> None:
    """Send what the form holds; of a form that lacks something only say so."""
    held = probe.held
    st.session_state[INCOMPLETE] = bool(missing(claim, probe))
    if held is None or st.session_state[INCOMPLETE]:
        return
    if SENT not in st.session_state:
        _seal(claim)
        st.rerun()  # the number is masked before it goes out
    asked = Asked(None, held, probe.video_type or "photo", probe.live_code, claim.id_number, claim.name)

    def send(client: FaceMatchClient) -> Match:
        return client.verify_identity(
            claim.id_number, claim.name, held.medium(), video_type=probe.video_type, live_code=probe.live_code
        )

    with st.spinner(desk.say("id.running")):
        comparison.keep(desk, IDENTIFIED, asked, send)


def latest(claim: Claim, probe: Probe) -> Comparison | None:
    """What came of the latest check, as long as the form still holds what was sent."""
    found = comparison.kept(IDENTIFIED, (None, probe.held))
    if found is None or (found.asked.id_number, found.asked.name) != (claim.id_number, claim.name):
        return None
    return found


def is_untouched() -> bool:
    """Whether nothing was sent yet: then the form leads a newcomer."""
    return SENT not in st.session_state


def is_empty() -> bool:
    """Whether nothing was sent and there is no photo; typed text outlives even the server, in the browser."""
    return is_untouched() and photos.held("probe") is None


def _seal(claim: Claim) -> None:
    """From now on the fields are not drawn: their text goes with them."""
    st.session_state[SENT] = claim
    for kept in TYPED.values():
        st.session_state.pop(kept, None)


def _masked(sent: Claim, desk: Desk) -> None:
    say = desk.say
    if desk.shows_personal:
        shown = {"number": mask_id(sent.id_number), "name": mask_name(sent.name)}
        st.markdown("  \n".join(f"{say(f'id.sent.{name}')} **{plain(mask)}**" for name, mask in shown.items()))
    else:
        st.markdown(say("id.sent.hidden"))
    st.caption(say("id.sent.help"))
    st.button(say("id.another"), key="id_another", icon=":material/person_add:", on_click=another)


def _text(key: str, label: str, *, is_shown: bool) -> None:
    """Its text is set only when the field comes back: set at every run it would lose what was just typed.

    Where nothing personal is shown, on a stage for example, it is dots until its owner asks for more.
    """

    def remember() -> None:
        st.session_state[TYPED[key]] = st.session_state[key]

    if key not in st.session_state:
        st.session_state[key] = st.session_state.get(TYPED[key], "")
    kind: Literal["default", "password"] = "default" if is_shown else "password"
    st.text_input(label, key=key, on_change=remember, autocomplete="off", type=kind)


def _number(desk: Desk) -> str:
    """As it is to be sent: full-width digits and a small x are set right, unless a tester wants them as they are."""
    typed = str(st.session_state[NUMBER])
    if typed.strip() == normalised(typed):
        return typed.strip()
    is_as_typed = st.toggle(desk.say("id.as_typed"), key=AS_TYPED, help=desk.say("id.as_typed.help"))
    return typed.strip() if is_as_typed else normalised(typed)


def _longest(desk: Desk) -> int | None:
    """How many characters a name may have, where the server's health tells."""
    health = status.ask_health(desk.client)
    told = health.limits.get("name_max_characters") if isinstance(health, Health) else None
    return told if isinstance(told, int) else None
