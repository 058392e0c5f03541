"""What a call told about its code is noted, also when a page switch stopped the run that made it."""

import pytest
from streamlit.testing.v1 import AppTest

from facematch import codes
from facematch.errors import BusinessError
from facematch.ui.forms import comparison, live_codes
from facematch.ui.forms.comparison import Asked, Comparison
from facematch.ui.forms.live_codes import SessionCode
from facematch.ui.forms.photos import Held
from facematch.ui.forms.shelf import Shelf
from facematch.ui.live_code import take
from facematch.ui.video import videos

PHOTO, VIDEO = Held("a.jpg", b"a", "upload"), Held("b.mp4", b"b", "upload", "video")
PAGES = {comparison.FILMED: "pages/video_match.py", take.KEY: "pages/live_code.py"}


def code(environment="embedded", digits="4219"):
    return SessionCode(digits, environment, "live_code", live_codes.now_ms(), ttl_s=300)


def left_behind(environment):
    """An outcome that no run has looked at since it was put down."""
    error = BusinessError("refused", errcode=codes.WRONG_DIGITS, errmsg=None)
    asked = Asked(PHOTO, VIDEO, "LIP", "4219")
    found = Comparison(
        asked, None, error, None, evidence=None, gives_evidence=False, is_logged=False, environment=environment
    )
    kept = Shelf()
    kept.put(found)
    return kept


@pytest.mark.parametrize("key", PAGES)
def test_the_next_run_of_the_page_notes_that_the_code_is_used_up_where_it_was_sent_to(app, key):
    at = app
    at.session_state[live_codes.KEY] = [code(), code("customer")]
    at.session_state["photo.reference"], at.session_state[videos.HELD] = PHOTO, VIDEO
    at.session_state[f"shelf.{key}"] = left_behind("customer")
    at.switch_page(PAGES[key]).run()

    assert not at.exception
    here, there = at.session_state[live_codes.KEY]
    assert (here.used_ms, there.used_ms is not None) == (None, True)


def settled_twice():
    from facematch.ui.forms import live_codes

    live_codes.settle("4219", "embedded", None, was_heard=True)
    live_codes.settle("4219", "embedded", None, was_heard=True)


def test_a_call_that_is_noted_twice_uses_up_one_code_only():
    at = AppTest.from_function(settled_twice)
    at.session_state[live_codes.KEY] = [code(), code(digits="1234"), code()]  # the same digits were issued again
    at.run()

    assert not at.exception
    assert [each.used_ms is not None for each in at.session_state[live_codes.KEY]] == [True, False, False]
