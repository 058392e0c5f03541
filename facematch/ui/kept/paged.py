"""A long list, a page at a time, with a search over what it says."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from facematch.ui.error_codes.search import folded
from facematch.ui.words import Speaker

ROWS = 10
T = TypeVar("T")


def paged(name: str, rows: Sequence[T], said: Callable[[T], str], say: Speaker) -> Sequence[T]:
    """Draw the search, when there is more than a page, and the choice of the page; the rows of that page.

    Args:
        name: Part of the keys.
        rows: All of them.
        said: What a search looks at.
        say: The operator's language.
    """
    if len(rows) <= ROWS:
        return rows
    text = st.text_input(
        say("kept.search"),
        key=f"{name}_search",
        type="search",
        icon=":material/search:",
        live=True,
        persist_state="session",
    )
    wanted = folded(text or "").split()
    fitting = [row for row in rows if all(word in folded(said(row)) for word in wanted)]
    st.caption(say("kept.shown", shown=len(fitting), all=len(rows)))
    if not fitting:
        st.info(say("kept.none_fits"), icon=":material/search_off:")
    pages = max(1, -(-len(fitting) // ROWS))
    page = st.pagination(pages, key=f"{name}_page_{pages}", persist_state="session") if pages > 1 else 1
    return fitting[(page - 1) * ROWS : page * ROWS]
