"""Dates and durations as each language writes them, and what comes from outside."""

import re
from datetime import UTC, datetime

import pytest
import streamlit as st

from facematch.ui.formats import JOINER, day, duration, percent, plain, size, when

MOMENT = round(datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC).timestamp() * 1000)


@pytest.fixture
def language():
    def speak(language):
        st.session_state["language"] = language

    yield speak
    st.session_state.pop("language", None)


@pytest.mark.parametrize(
    ("spoken", "moment", "date"),
    [("en", "4 Mar 2026, 05:06:07", "4 Mar 2026"), ("zh", "2026-03-04 05:06:07", "2026-03-04")],
)
def test_a_date_reads_in_one_way_only(language, spoken, moment, date):
    language(spoken)

    assert (when(MOMENT), day(MOMENT)) == (moment, date)
    assert (when(None), day(None)) == ("–", "–")


@pytest.mark.parametrize(
    ("ms", "english", "chinese"),
    [
        (None, "–", "–"),
        (0.4, "0 ms", "0 毫秒"),
        (999.4, "999 ms", "999 毫秒"),
        (999.6, "1.00 s", "1.00 秒"),
        (1250, "1.25 s", "1.25 秒"),
        (119_990, "119.99 s", "119.99 秒"),
        (185_400, "3 min 5 s", "3 分 5 秒"),
    ],
)
def test_a_duration_has_the_unit_that_fits_it(language, ms, english, chinese):
    language("en")
    assert duration(ms) == english
    language("zh")

    assert duration(ms) == chinese


def test_shares_and_sizes(language):
    language("en")
    assert (percent(1, 3), percent(0, 0)) == ("33.3 %", "–")
    language("zh")
    assert percent(1, 3) == "33.3%"
    assert (size(999), size(1_000), size(2_500_000)) == ("999 B", "1 kB", "2.5 MB")


def test_no_text_from_outside_can_become_a_link():
    text = "see https://example.org/a, www.example.org or somebody@example.org"
    shown = plain(text).replace("\\", "")

    assert not re.search(r"://|www\.|\w@\w", shown)
    assert shown.replace(JOINER, "") == text
