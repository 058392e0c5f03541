"""What reviewers say stands in the call's row, and who said it is kept."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from past_calls import NOON, cells_in, counted, put, rows_of
from sqlalchemy import delete, select

from facematch.log.rebuild import check
from facematch.log.reviews import WORDS, review, withdraw
from facematch.log.schema import calls, reviews

ID_NUMBER = "11010519491231002X"  # the example of GB 11643: nobody's


@pytest.fixture
def place(database_place):
    return database_place


def said(log):
    with log.reading() as db:
        c = reviews.c
        return [tuple(row) for row in db.execute(select(c.kind, c.word, c.who).order_by(c.id)).all()]


def stands(log):
    return [(row["label"], row["attack"]) for row in rows_of(log)]


@pytest.mark.parametrize(
    ("kind", "word", "row"),
    [
        ("identity", "same", (1, None)),
        ("identity", "different", (0, None)),
        ("identity", "unknown", (None, None)),
        ("presentation", "attack", (None, 1)),
        ("presentation", "live", (None, 0)),
        ("presentation", "unknown", (None, None)),
    ],
)
def test_a_word_goes_into_the_row_and_is_kept_with_who_and_when(log, kind, word, row):
    call, start_ms = put(log), time.time_ns() // 1_000_000
    number = review(log, call, kind, word, "Li, QA")

    assert (stands(log), said(log)) == ([row], [(kind, word, "Li, QA")])
    with log.reading() as db:
        found = db.execute(select(reviews)).one()
    assert (found.id, found.call_id) == (number, call)
    assert start_ms <= found.at_ms <= time.time_ns() // 1_000_000


def test_the_two_kinds_do_not_touch_each_other(log):
    call = put(log)
    review(log, call, "identity", "different")
    review(log, call, "presentation", "attack")
    review(log, call, "identity", "unknown")

    assert stands(log) == [(None, 1)]


def test_the_latest_word_stands_and_all_are_kept(log):
    call = put(log)
    for word, who in (("same", "a"), ("different", "b"), ("same", None)):
        review(log, call, "identity", word, who)

    assert stands(log) == [(1, None)]
    assert said(log) == [("identity", "same", "a"), ("identity", "different", "b"), ("identity", "same", None)]


def test_the_label_of_a_run_is_kept_when_it_is_overridden_for_the_first_time(log):
    call = put(log, label=1, run_id="r7", item_id="3")
    review(log, call, "identity", "different", "a")
    review(log, call, "identity", "unknown", "b")

    assert stands(log) == [(None, None)]
    assert said(log) == [("identity", "same", "run r7"), ("identity", "different", "a"), ("identity", "unknown", "b")]
    with log.reading() as db:
        assert db.execute(select(reviews.c.at_ms).order_by(reviews.c.id).limit(1)).scalar_one() == NOON


@pytest.mark.parametrize("label", [None, 0, 1])
def test_taking_the_reviews_back_one_by_one_restores_what_stood_before(log, label):
    call = put(log, label=label, run_id=None if label is None else "r7", item_id="3")
    review(log, call, "identity", "same", "a")
    review(log, call, "identity", "different", "b")
    seen = []
    while withdraw(log, call, "identity"):
        seen.append(stands(log)[0][0])

    assert seen == [1, label]
    assert (said(log), stands(log)) == ([], [(label, None)])
    assert not withdraw(log, call, "presentation")


def test_after_all_was_taken_back_the_runs_label_is_kept_again(log):
    call = put(log, label=1, run_id="r7", item_id="3")
    for _ in range(2):
        review(log, call, "identity", "different")
        withdraw(log, call, "identity")
    review(log, call, "identity", "different")

    assert [who for _, _, who in said(log)] == ["run r7", None]


@pytest.mark.parametrize(
    ("kind", "word"), [("identity", "attack"), ("presentation", "same"), ("identity", ""), ("mood", "good")]
)
def test_a_word_nobody_can_say_is_refused_before_anything_is_written(log, kind, word):
    call = put(log, label=1, run_id="r7", item_id="3")
    with pytest.raises(ValueError, match=r"kind|nobody"):
        review(log, call, kind, word)

    assert (stands(log), said(log)) == ([(1, None)], [])


def test_a_kind_nobody_knows_cannot_be_taken_back(log):
    with pytest.raises(ValueError, match="mood"):
        withdraw(log, put(log), "mood")


def test_a_call_that_is_not_there_cannot_be_reviewed(log):
    call = put(log)
    with pytest.raises(LookupError, match="no call"):
        review(log, call + 1, "identity", "same")
    with pytest.raises(LookupError, match="no call"):
        withdraw(log, call + 1, "identity")

    assert said(log) == []


@pytest.mark.parametrize(
    ("who", "kept"),
    [
        (f"Li {ID_NUMBER}", "Li 1****************X"),
        ("x" * 300, "x" * 99 + "…"),
        ("  ", None),
        ("", None),
        ("two\nlines", "two lines"),
        ("half \ud800", "half ?"),
    ],
)
def test_the_reviewers_name_is_scrubbed_and_short(log, who, kept):
    review(log, put(log), "identity", "same", who if len(who) < 300 else "x " * 150)

    ((_, _, found),) = said(log)
    assert found == (kept if len(who) < 300 else ("x " * 150)[:99] + "…")


def test_reviews_move_scores_between_cells_and_go_with_their_call(log):
    one, other = put(log, score=55.0), put(log, score=66.0, label=1, run_id="r", item_id="1")
    review(log, one, "identity", "different")
    review(log, other, "identity", "different")

    assert cells_in(log) == counted(rows_of(log))
    with log.writing() as db:
        db.execute(delete(calls).where(calls.c.id == other))
    assert said(log) == [("identity", "different", None)]
    assert check(log) == ()


def test_eight_reviewers_at_once_keep_the_runs_label_once(log):
    call = put(log, label=1, run_id="r7", item_id="3")
    with ThreadPoolExecutor(8) as people:
        list(people.map(lambda i: review(log, call, "identity", WORDS["identity"][i % 3], f"p{i}"), range(16)))

    words = said(log)
    assert [who for _, _, who in words].count("run r7") == 1
    assert words[0] == ("identity", "same", "run r7")
    assert len(words) == 17
    assert stands(log) == [({"same": 1, "different": 0, "unknown": None}[words[-1][1]], None)]
