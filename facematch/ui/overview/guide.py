"""The first steps of a newcomer: each is a button that does it, and the log knows which are done."""

import streamlit as st

from facematch import samples
from facematch.analytics.overview import FirstSteps
from facematch.analytics.queries import CallRow
from facematch.client import Photo
from facematch.samples import PAIRS, SamplePair
from facematch.ui.environments import environment
from facematch.ui.failure import explain
from facematch.ui.formats import plain
from facematch.ui.forms import comparison, shelf
from facematch.ui.forms.comparison import Asked, Comparison
from facematch.ui.forms.photos import Held
from facematch.ui.frame import Desk
from facematch.ui.one_call.call_words import address
from facematch.ui.words import Speaker

NEWCOMER = 30  # calls above which nobody wants to be shown how
WANTED = "guide.wanted"  # True: brought back; False: put away
SAMPLES = {"compare": "same_person_years_apart", "fail": "no_face"}
DONE, TODO = ":green[:material/check_circle:]", ":gray[:material/radio_button_unchecked:]"


def first_steps(steps: FirstSteps, desk: Desk) -> None:
    """Draw the three steps while they are of use to anybody here."""
    if not is_shown(steps):
        return
    say = desk.say
    done = (steps.compared is not None, steps.is_reviewed, steps.failed is not None)
    with st.container(border=True, key="first_steps"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.subheader(say("guide.title"), anchor=False, width="content")
            st.button(say("guide.away"), key="guide_away", type="tertiary", on_click=_put, args=(False,))
        st.caption(say("guide.help", done=sum(done), environment=plain(environment(desk.environment.name, say))))
        _call("compare", steps.compared, desk)
        _explained(steps, say)
        _call("fail", steps.failed, desk)


def bring_back(steps: FirstSteps, say: Speaker) -> None:
    """A button where the steps are not on the page."""
    if not is_shown(steps):
        st.button(
            say("guide.back"), key="guide_back", type="tertiary", icon=":material/school:", on_click=_put, args=(True,)
        )


def is_shown(steps: FirstSteps) -> bool:
    """What was pressed counts first; else as long as steps are open and the log is small."""
    wanted = st.session_state.get(WANTED)
    return bool(wanted) if wanted is not None else not steps.are_done and steps.calls <= NEWCOMER


def _put(wanted: bool) -> None:
    st.session_state[WANTED] = wanted


def _line(name: str, *, is_done: bool, say: Speaker) -> None:
    state = say("guide.done" if is_done else "guide.todo")
    st.markdown(f"{DONE if is_done else TODO} **{say(f'guide.{name}')}** · {state}  \n{say(f'guide.{name}.help')}")


def _call(name: str, row: CallRow | None, desk: Desk) -> None:
    """A step that is a call; once it is in the log, the way to it."""
    say, key = desk.say, f"guide.{name}"
    held = shelf.shelf(key)
    held.is_locked = held.is_due or held.running > 0
    with st.container(horizontal=True, vertical_alignment="center", key=f"step_{name}"):
        with st.container(width="stretch"):
            _line(name, is_done=row is not None, say=say)
        if row is None:
            st.button(
                say(f"guide.{name}.do"), key=f"guide_{name}", type="primary", on_click=held.press,
                disabled=held.is_locked,
            )  # fmt: skip
        else:
            st.page_link("pages/history.py", label=say(f"guide.{name}.see"), query_params={"trace": address(row)})
    if shelf.asked(key):
        with st.spinner(say("photo_match.running")):
            _compare(key, next(pair for pair in PAIRS if pair.key == SAMPLES[name]), desk)
    shelf.await_others(key, say)
    _tell_trouble(key, row, say)


def _compare(key: str, pair: SamplePair, desk: Desk) -> None:
    reference, probe = (Held(name, samples.photo(name), "sample") for name in (pair.reference, pair.probe))
    asked = Asked(reference, probe)
    comparison.keep(desk, key, asked, lambda client: client.match(Photo(reference.data), Photo(probe.data)))


def _tell_trouble(key: str, row: CallRow | None, say: Speaker) -> None:
    """A step that did not come to what it should says why."""
    outcome = shelf.shelf(key).outcome
    if row is None and isinstance(outcome, Comparison) and outcome.error is not None:
        told = explain(outcome.error, say)
        st.error(f"**{told.title}** {told.cause} {told.remedy}", icon=":material/error:")


def _explained(steps: FirstSteps, say: Speaker) -> None:
    """The step that reads a verdict and says whether it was right: a review in the log."""
    with st.container(horizontal=True, vertical_alignment="center", key="step_explain"):
        with st.container(width="stretch"):
            _line("explain", is_done=steps.is_reviewed, say=say)
        opened = st.button(
            say("guide.explain.do"), key="guide_explain", disabled=steps.compared is None,
            type="secondary" if steps.is_reviewed or steps.compared is None else "primary",
        )  # fmt: skip
    if opened and steps.compared is not None:
        st.switch_page("pages/history.py", query_params={"trace": address(steps.compared)})
