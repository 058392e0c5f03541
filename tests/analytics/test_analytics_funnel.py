"""Every call ends once: at a layer, or with an answer."""

import itertools
import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facematch import codes, errors
from facematch.analytics import queries
from facematch.analytics.layers import ORDER, funnel, layer_of
from facematch.analytics.queries import FunnelStep, Review, Selection
from facematch.log.schema import reviews

ALL = Selection()
KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.CallError)]
OUTCOMES = sorted({kind.outcome for kind in KINDS} | {errors.BusinessError("", errcode=1).outcome})


def test_a_funnel_worked_by_hand(add, db):
    add(3, success=1)
    add(2, success=0)
    add(1)  # accepted
    add(4, endpoint="validate_data")
    add(1, outcome="request_invalid")
    add(2, outcome="biz_error", errcode=codes.BAD_TOKEN)
    add(1, outcome="biz_error", errcode=codes.RATE)
    add(3, outcome="biz_error", errcode=codes.SEVERAL_FACES)
    add(1, outcome="biz_error", errcode=codes.REPLAY)
    add(1, outcome="timeout")
    reached = 19
    steps = []
    ended = {"request": 1, "authorization": 3, "acquisition": 3, "liveness": 1, "system": 1}
    for layer in ORDER:
        steps.append(FunnelStep(layer, reached, ended.get(layer, 0)))
        reached -= ended.get(layer, 0)
    found = queries.funnel(db, ALL)

    assert found.steps == tuple(steps)
    assert (found.passed, found.not_passed, found.accepted, found.live_codes) == (3, 2, 1, 4)
    assert (found.calls, reached) == (19, 10)


def test_an_answer_without_the_envelope_counts_by_its_http_status(add, db):
    for status in (401, 403, 413, 429, 500, None):
        add(outcome="http_error", http_status=status)
    add(outcome="biz_error", errcode=codes.INTERNAL, http_status=401)  # the envelope says more than the status
    ended = {step.layer: step.ended for step in queries.funnel(db, ALL).steps if step.ended}

    assert ended == {"authorization": 3, "request": 1, "system": 3}


@pytest.mark.parametrize("code", codes.CATALOGUE.values(), ids=lambda code: str(code.errcode))
def test_every_errcode_of_the_catalogue_ends_at_its_layer(code):
    renamed = {"policy": "authorization", "decision": "system"}

    assert layer_of("biz_error", code.errcode) == renamed.get(code.layer, code.layer)


def test_every_layer_of_the_catalogue_has_its_place_in_the_funnel():
    assert set(typing.get_args(codes.Layer)) - {"policy", "decision"} == set(ORDER)


@given(
    st.sampled_from([*OUTCOMES, "a word of tomorrow"]),
    st.none() | st.integers(-(2**53), 2**53) | st.sampled_from(sorted(codes.CATALOGUE)),
    st.none() | st.integers(0, 999),
)
def test_whatever_a_failure_is_it_ends_at_a_layer(outcome, errcode, http_status):
    assert layer_of(outcome, errcode, http_status) in ORDER


@given(st.dictionaries(st.sampled_from(ORDER), st.integers(0, 10**9)), *[st.integers(0, 10**9)] * 4)
def test_no_call_is_lost_between_the_layers(ended, passed, not_passed, accepted, live_codes):
    found = funnel(ended, passed=passed, not_passed=not_passed, accepted=accepted, live_codes=live_codes)
    answered = passed + not_passed + accepted + live_codes

    assert found.steps[0].reached == found.calls == sum(ended.values()) + answered
    for step, after in itertools.pairwise(found.steps):
        assert after.reached == step.reached - step.ended
    assert found.steps[-1].reached - found.steps[-1].ended == answered


def test_a_call_tells_its_reviews_in_order(log, add, db):
    add(2, attack=1, label=0)
    said = {"call_id": 2, "kind": "presentation", "who": "QA", "at_ms": 7}
    with log.writing() as writing:
        words = [{"word": "live"}, {"word": "attack"}, {"word": "live", "call_id": 1}]
        writing.execute(reviews.insert(), [said | word for word in words])

    assert [review.word for review in queries.reviews(db, 2)] == ["live", "attack"]
    assert queries.reviews(db, 2)[0] == Review(1, "presentation", "live", "QA", 7)
    assert (queries.call(db, id=2).attack, queries.call(db, id=2).label) == (True, 0)
