"""Streamlit's own words: it has no translations, and its upload limits are not ours. Here they are replaced.

What a style can replace is replaced by a style, at once. The rest (tooltips, menus, labels for screen readers, the
connection's messages) is exchanged where it stands by a small script that knows whole phrases only: it never reads what
the pages say, since that stands in Streamlit's Markdown containers, which it passes by.
"""

import json
from functools import cache
from pathlib import Path

import streamlit as st

from facematch.limits import Limits
from facematch.ui.formats import size
from facematch.ui.words import Language, Speaker
from facematch.ui.words.native import PATTERNS, PHRASES

INSTRUCTIONS = '[data-testid="stFileUploaderDropzoneInstructions"]'
LANG = {"en": "en", "zh": "zh-CN"}
_SCRIPT = Path(__file__).with_name("native_words.js")


def native_words(say: Speaker, limits: Limits) -> None:
    """Put our words in the place of Streamlit's, and tell browser and screen reader the page's language."""
    st.html(f"<style>{_style(say, limits)}</style>")
    st.html(f"<script>{_script(say.language)}</script>", unsafe_allow_javascript=True)


@cache
def _script(language: Language) -> str:
    told = {"lang": LANG[language], "phrases": PHRASES.get(language, {}), "patterns": PATTERNS.get(language, ())}
    given = f"const told = {json.dumps(told, ensure_ascii=False)};"
    return f"{{\n{given}\n{_SCRIPT.read_text(encoding='utf-8')}}}"  # a block: it runs again in the same document


def _style(say: Speaker, limits: Limits) -> str:
    photo_bytes = limits.image_max_base64_bytes * 3 // 4
    swaps = {
        INSTRUCTIONS: say("native.limits", size=size(photo_bytes), side=limits.image_max_side_px),
        f'[class*="st-key-video_upload"] {INSTRUCTIONS}': _video_limits(say, limits),
    }
    if say.language != "en":
        swaps['[data-testid="stFileUploaderDropzone"] button p'] = say("native.upload")
        swaps['[data-testid="stCameraInputButton"]'] = say("native.camera")
    hidden = ", ".join((*swaps, f"{INSTRUCTIONS} *")) + " {font-size: 0}"
    shown = "".join(f'{place}::after {{content: "{words}"; font-size: 0.875rem}}' for place, words in swaps.items())
    return f"{hidden} {shown}"


def _video_limits(say: Speaker, limits: Limits) -> str:
    return say(
        "native.video_limits",
        formats=say("list.join").join(name.upper() for name in limits.video_formats),
        size=size(limits.video_max_base64_bytes * 3 // 4),
        silent=f"{limits.silent_min_s:g}–{limits.silent_max_s:g}",
        lip=f"{limits.lip_min_s:g}–{limits.lip_max_s:g}",
    )
