"""Where a form's calls leave what they came to; and the button that asks for one, which two quick clicks press once."""

import time
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

import streamlit as st

from facematch.ui.words import Speaker

POLL_S = 0.5
DOUBLE_CLICK_S = 0.3  # a second press in that time is the same one
STALE_S = 60.0  # a press whose run was stopped before its call is made up for by the next run, but not long after

Outcome = TypeVar("Outcome")


@dataclass(slots=True)
class Shelf(Generic[Outcome]):
    """The latest outcome of one form.

    A click or a page switch while a call is out stops that run at its next use of Streamlit, the session included. What
    is put on the shelf before that is there for the runs that follow.
    """

    outcome: Outcome | None = None
    running: int = 0  # calls that are out
    is_new: bool = False  # the outcome has not been on the page yet
    is_drawn: bool = True  # a run of the page has come as far as the outcome since it was put
    pressed_s: float | None = None  # monotonic, when the button was last pressed
    is_pressed: bool = False  # and its call has not begun
    is_locked: bool = False  # the button was drawn so that it cannot be pressed

    @property
    def is_due(self) -> bool:
        """Whether a call is to begin; not for a press that a page switch left behind."""
        return self.is_pressed and not self.running and self._since_press() < STALE_S

    def press(self) -> None:
        """Count a press of the button, unless it is the second half of a double click.

        However quick the answer was: nobody presses again because of an outcome that has not been drawn yet.
        """
        if not self.running and self.is_drawn and self._since_press() > DOUBLE_CLICK_S:
            self.is_pressed, self.pressed_s = True, time.monotonic()

    def turn_over(self) -> None:
        """The form holds something else than was asked: the next press is another one, however soon it comes."""
        if not self.running and not self.is_pressed:
            self.is_drawn, self.pressed_s = True, None

    def begin(self) -> None:
        """A call goes out."""
        self.is_pressed = False
        self.running += 1

    def put(self, outcome: Outcome) -> None:
        """Lay down what a call came to."""
        self.outcome, self.is_new, self.is_drawn = outcome, True, False

    def _since_press(self) -> float:
        return float("inf") if self.pressed_s is None else time.monotonic() - self.pressed_s


def shelf(key: str) -> Shelf[object]:
    """This session's shelf of the form *key*."""
    found = st.session_state.setdefault(f"shelf.{key}", Shelf())
    return cast("Shelf[object]", found)


def ask_button(key: str, say: Speaker, *, words: str, ready: bool) -> None:
    """Draw the main button of a form; it cannot be pressed while its call is out.

    Args:
        key: Of the form's shelf.
        say: The operator's language.
        words: Key of what it says.
        ready: Whether the form is complete; a form that tells what is missing when asked is always ready.
    """
    held = shelf(key)
    held.is_locked = held.is_due or held.running > 0
    st.button(
        say(words),
        key="ask",
        type="primary",
        disabled=not ready or held.is_locked,
        icon=":material/compare:",
        shortcut="Ctrl+Enter",
        on_click=held.press,
    )


def asked(key: str) -> bool:
    """Whether a call of the form *key* is to begin now; the page makes it before ``await_others``."""
    return shelf(key).is_due


def await_others(key: str, say: Speaker) -> None:
    """After a call of this run draw the page anew; of an earlier run say that it is still out, and do so at its end."""
    held = shelf(key)
    if not held.running:
        if held.is_locked:
            held.is_locked = held.is_pressed = False
            st.rerun()
        held.is_drawn = True
        return

    @st.fragment(run_every=POLL_S)
    def line() -> None:
        if not held.running:
            st.rerun()
        st.info(say("call.running"), icon=":material/hourglass_top:")

    line()


def is_new(key: str) -> bool:
    """Whether the outcome comes to the page for the first time."""
    held = shelf(key)
    new, held.is_new = held.is_new and not held.running, False
    return new
