"""What reviewers say of a call: asked for with the call in full, kept in the log with who and when."""

from typing import cast

import streamlit as st

from facematch.analytics.queries import CallRow, Review
from facematch.errors import LogUnavailable
from facematch.log import CallLog
from facematch.log.reviews import KINDS, WORDS, review, withdraw
from facematch.ui import demo
from facematch.ui.formats import plain, when
from facematch.ui.history import data
from facematch.ui.words import Speaker

COMPARISONS = ("match", "match_idno")
FILMED = ("SILENT", "LIP")
WHO_CHARACTERS = 100
SHOWN = 20
# The words have no keys of their own in Streamlit: 1 to 3 choose of the first question, 4 to 6 of the second.
_KEYS = """<script>
if (!window.facematchReviewKeys) {
    window.facematchReviewKeys = true;
    document.addEventListener("keydown", event => {
        const place = ["1", "2", "3", "4", "5", "6"].indexOf(event.key);
        const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
        if (place < 0 || event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping) return;
        const kind = place < 3 ? "identity" : "presentation";
        const words = document.querySelectorAll(`[class*="st-key-review_${kind}_"] [role="radio"]`);
        words[place % 3]?.click();
    });
}
</script>"""


def reviews(row: CallRow, log: CallLog, say: Speaker, *, shows_personal: bool = True) -> None:
    """Draw the questions that make sense for *row*, the answers chosen, and what was said before.

    Args:
        row: The call.
        log: Is read, and written when an answer is pressed.
        say: The operator's language.
        shows_personal: Whether the names of reviewers may be seen.
    """
    if row.endpoint not in COMPARISONS:
        return
    st.markdown(f"**{say('review.title')}**")
    st.caption(say("review.help"))
    said = data.reviews(log, row.id)
    if not st.session_state.get(demo.KEY):  # a name is not for a stage
        _who(say)
    kinds = ("identity", "presentation") if row.mode in FILMED else ("identity",)
    for kind in kinds:
        _question(kind, _stands(kind, row, said), row, log, say)
    st.caption(say("review.keys.filmed" if row.mode in FILMED else "review.keys"))
    st.html(_KEYS, unsafe_allow_javascript=True)
    _before(said, say, shows_personal=shows_personal)


def _stands(kind: str, row: CallRow, said: tuple[Review, ...]) -> str | None:
    """What the row says now: a word, and "unknown" only when somebody said so."""
    value = row.label if kind == "identity" else row.attack
    if value is not None:
        return next(word for word, its in KINDS[kind].values.items() if its == value)
    return "unknown" if any(each.kind == kind for each in said) else None


def _question(kind: str, latest: str | None, row: CallRow, log: CallLog, say: Speaker) -> None:
    """The widget is set only when the log says something else than it did: set at every run it would lose clicks."""
    key = f"review_{kind}_{row.id}"
    stands = latest if latest in WORDS[kind] else None
    if key not in st.session_state or st.session_state.get(f"{key}.drawn", "") != stands:
        st.session_state[key] = stands
    st.session_state[f"{key}.drawn"] = stands
    st.segmented_control(
        say(f"review.{kind}"),
        WORDS[kind],
        format_func=lambda word: say(f"review.{kind}.{word}"),
        key=key,
        on_change=_keep,
        args=(key, kind, row.id, log, say),
    )


def _keep(key: str, kind: str, call_id: int, log: CallLog, say: Speaker) -> None:
    word = cast("str | None", st.session_state[key])
    try:
        if word is None:
            withdraw(log, call_id, kind)
        else:
            review(log, call_id, kind, word, st.session_state.get("reviewer") or None)
    except (LogUnavailable, LookupError) as error:
        st.toast(say("review.not_written", reason=plain(str(error))), icon=":material/error:")
    else:
        st.toast(say("review.withdrawn" if word is None else "review.kept"), icon=":material/check:")


def _who(say: Speaker) -> None:
    st.text_input(
        say("review.who"),
        value=st.session_state.setdefault("reviewer", ""),
        key="_reviewer",
        max_chars=WHO_CHARACTERS,
        width=320,
        help=say("review.who.help"),
        on_change=_remember_who,
    )


def _remember_who() -> None:
    st.session_state["reviewer"] = st.session_state["_reviewer"].strip()


def _before(said: tuple[Review, ...], say: Speaker, *, shows_personal: bool) -> None:
    if not said:
        return
    with st.expander(say("review.history"), icon=":material/history:"):
        for each in said[::-1][:SHOWN]:
            parts = [when(each.at_ms), f"{say.or_itself(f'review.{each.kind}')} {_word(each, say)}"]
            parts += [plain(each.who) if each.who else say("review.anonymous")] if shows_personal else []
            st.markdown(" · ".join(parts))


def _word(said: Review, say: Speaker) -> str:
    return f"**{plain(say.or_itself(f'review.{said.kind}.{said.word}'))}**"
