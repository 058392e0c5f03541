import pytest
from hypothesis import given
from hypothesis import strategies as st

from facematch.engine.score import MAPPING, score_of

cosines = st.floats(-1, 1)


@given(cosines)
def test_a_score_is_a_whole_number_from_0_to_100(cosine):
    score = score_of(cosine)

    assert isinstance(score, int)
    assert 0 <= score <= 100


@given(cosines, cosines)
def test_a_more_alike_pair_never_scores_less(one, other):
    low, high = sorted((one, other))

    assert score_of(low) <= score_of(high)


@pytest.mark.parametrize(
    ("cosine", "score"), [(-1, 0), (0.342, 50), (0.4061, 69), (0.4062, 70), (0.45, 80), (0.70, 99), (1, 100)]
)
def test_the_mapping_is_the_documented_one(cosine, score):
    assert score_of(cosine) == score
    assert MAPPING == "logistic-12.84-0.342/1"
