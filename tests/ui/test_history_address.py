"""The History's link: read leniently, written so that it is read as the same."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facematch.analytics.ends import ENDS
from facematch.analytics.rows import Selection
from facematch.log.rollups import NO_ERRCODE
from facematch.ui.history import address
from facematch.ui.history.address import Address, read, selection, written

MORNING = datetime(2026, 11, 1, 8, 30)  # noqa: DTZ001 - the operator's clock
letters = st.text("abcXYZ 07_中文.-", min_size=1).map(str.strip).filter(bool)
words = st.lists(letters, unique=True, max_size=3).map(tuple)
several = st.lists(st.sampled_from(ENDS), unique=True).map(tuple)
ranges = st.none() | st.tuples(st.integers(0, 50), st.integers(50, 100)).map(lambda pair: tuple(map(float, pair)))


@given(
    st.builds(
        Address,
        period=st.sampled_from(list(address.PERIODS_MS)),
        envs=words,
        modes=words,
        outcomes=words,
        errcodes=st.just(("none", "2012", "-3")),
        labels=st.sampled_from([(), ("mated",), ("unlabelled", "non_mated")]),
        ends=several,
        score=ranges,
        latency=ranges,
        text=st.sampled_from(["", "100%_/", "没有人脸"]),
    )
)
def test_what_is_written_is_read_as_the_same(one):
    assert read(written(one)) == (one, ())


def test_the_usual_selection_is_a_bare_address():
    assert written(Address()) == {}
    assert read({}) == (Address(), ())


def test_several_values_come_repeated_or_with_commas():
    found, refused = read({"env": ["a,b", "c"], "label": ["mated, unlabelled"], "errcode": ["2012", "none"]})

    assert (found.envs, found.labels, found.errcodes) == (("a", "b", "c"), ("mated", "unlabelled"), ("2012", "none"))
    assert refused == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [("period", "fortnight"), ("since", "2026-13-01"), ("since", "yesterday"), ("until", "9999-01-01"),
     ("errcode", "²"), ("errcode", "1e9"), ("label", "same"), ("end", "nowhere"), ("score", "70"), ("score", "90-20"),
     ("score", "0-101"), ("score", "nan-inf"), ("latency", "-5-3"), ("q", "a\x00b"), ("q", "x" * 300), ("cmp", "b")],
)  # fmt: skip
def test_what_cannot_be_read_is_left_out_and_named(name, value):
    found, refused = read({name: [value], "env": ["test"]})

    assert found == Address(envs=("test",))
    assert [(each.name, each.value) for each in refused] == [(name, value)]


def test_an_end_before_the_beginning_is_left_out():
    found, refused = read({"since": ["2026-11-02"], "until": ["2026-11-01T10:00"]})

    assert (found.until, [each.name for each in refused]) == (None, ["until"])


def test_a_day_as_the_end_is_counted_whole():
    found, _ = read({"since": ["2026-11-01"], "until": ["2026-11-01"]})

    assert found.until - found.since == timedelta(days=1)
    assert written(found)["until"] == ["2026-11-02T00:00"]


def test_times_are_those_of_the_operators_clock():
    china = timezone(timedelta(hours=8))
    found = selection(Address(since=MORNING, until=MORNING + timedelta(hours=1)), now_ms=5, zone=china)

    assert found.since_ms == MORNING.replace(tzinfo=UTC).timestamp() * 1000 - 8 * address.HOUR_MS
    assert found.until_ms - found.since_ms == address.HOUR_MS
    assert address.on_clock(found.since_ms, china) == MORNING


def test_a_period_ends_now_and_all_has_no_beginning():
    assert selection(Address(period="hour"), now_ms=address.HOUR_MS + 7, zone=UTC) == Selection(since_ms=7)
    assert selection(Address(period="all"), now_ms=7, zone=UTC) == Selection()


def test_failures_without_an_errcode_can_be_asked_for():
    found = selection(Address(period="all", errcodes=("none", "7"), labels=("unlabelled",)), now_ms=7, zone=UTC)

    assert found == Selection(errcodes=(NO_ERRCODE, 7), labels=(-1,))


@pytest.mark.parametrize(("text", "is_one"), [("2026-11-01..2026-11-02", True), ("2026-11-02..2026-11-01", False),
                                              ("2026-11-01", False), ("..", False)])  # fmt: skip
def test_another_period_is_two_times_in_order(text, is_one):
    assert (address.two_moments(text) is not None) is is_one
