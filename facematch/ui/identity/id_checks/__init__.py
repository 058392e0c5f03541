"""What is right and wrong with the ID number and the name in a form, told in the browser at every key press."""

from pathlib import Path

import streamlit as st

from facematch.ui.words import Speaker

PARTS = {
    "length": ("right", "short", "long"),
    "characters": ("right", "later", "letter", "last"),
    "birth_date": ("right", "later", "unreadable", "year", "month", "day"),
    "check_digit": ("right", "later", "unreadable", "misfit"),
    "name": ("empty", "typed", "right", "long"),
}
_here = Path(__file__).parent
_draw = st.components.v2.component(
    "facematch_id_checks",
    html='<ul></ul><div class="told" role="status" aria-live="polite"></div>',
    css=(_here / "id_checks.css").read_text("utf-8"),
    js="\n".join((_here / name).read_text("utf-8") for name in ("rules.js", "view.js")),
)


def id_checks(number_key: str, name_key: str, longest: int | None, say: Speaker) -> None:
    """Draw the list for the two text fields.

    Args:
        number_key: Key of the text input with the ID number.
        name_key: Of the one with the name.
        longest: How many characters a name may have; None: the server does not say.
        say: The operator's language.
    """
    labels = {f"{part}.{reason}": say(f"id.{part}.{reason}") for part, reasons in PARTS.items() for reason in reasons}
    _draw(
        key="id_checks",
        data=[  # in a list: in a dict Streamlit would look for tables, and load pandas for it
            {
                "number_key": number_key,
                "name_key": name_key,
                "longest": longest,
                "labels": {**labels, "done": say("id.all_right")},
            }
        ],
    )
