"""What came of the last thing that was done in a panel: said until the next one, with an undo where there is one."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import streamlit as st

from facematch.errors import CallError
from facematch.ui.failure import explain, explain_code
from facematch.ui.frame import Desk
from facematch.ui.words import Speaker

Undo = Callable[[Desk], None]


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence by its key, so that it follows the language; *values* hold nothing that must be masked."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    is_warning: bool = False
    undo: Undo | None = field(default=None, repr=False)
    detail: str | None = None  # the key of a second sentence, with the same values
    errcode: int | None = None  # why it is a warning, in the catalogue's words


def leave(panel: str, desk: Desk, notice: Notice | None) -> None:
    """Say it at the next run, in place of what was said before, as long as *desk* drives the same server."""
    st.session_state[_key(panel, desk)] = notice


def notice(panel: str, desk: Desk) -> None:
    """Draw what is to be said in *panel*."""
    found = st.session_state.get(_key(panel, desk))
    if not isinstance(found, Notice):
        return
    say = desk.say
    with st.container(key=f"notice_{panel}"):
        box, icon = (st.warning, ":material/warning:") if found.is_warning else (st.success, ":material/check_circle:")
        box(_text(found, say), icon=icon)
        with st.container(horizontal=True):
            if found.undo is not None and st.button(say("kept.undo"), key=f"undo_{panel}", icon=":material/undo:"):
                with told(say):
                    found.undo(desk)  # leaves a notice of its own; one that fails can be tried again
                    st.rerun()
            st.button(
                say("kept.dismiss"), key=f"dismiss_{panel}", type="tertiary", on_click=leave, args=(panel, desk, None)
            )


def _text(found: Notice, say: Speaker) -> str:
    sentences = [say(key, **found.values) for key in (found.key, found.detail) if key is not None]
    if found.errcode is not None:
        why = explain_code(found.errcode, say, side=None, server_text=None)
        sentences += [f"**{why.title}**", why.cause, why.remedy]
    return "  \n".join(sentences)


@contextmanager
def told(say: Speaker) -> Iterator[None]:
    """Around what asks the service: when it refuses, the page says why and what to do, and goes on."""
    try:
        yield
    except CallError as error:
        found = explain(error, say)
        with st.container(key="kept_refused"):
            st.error(f"**{found.title}**  \n{found.cause} {found.remedy}", icon=":material/error:")
            if found.server_text:
                st.caption(say("failure.server_text"))
                st.code(found.server_text, language=None, wrap_lines=True)


def confirm(name: str, question: str, yes: str, say: Speaker) -> bool:
    """A popover with *question*; True in the run in which it is answered with *yes*.

    Args:
        name: Unique on the page; part of the keys.
        question: What would happen, and whether it can be undone.
        yes: The word for doing it.
        say: The operator's language.
    """
    with st.popover(yes, key=f"ask_{name}", icon=":material/delete:", type="tertiary"):
        st.markdown(question)
        return st.button(yes, key=f"do_{name}", type="primary", icon=":material/delete:")


def _key(panel: str, desk: Desk) -> str:
    return f"panel.{panel}.{desk.environment.url}"
