"""Numbers of a server that could be somebody's ID number."""

from facematch.log import Draft


def test_a_score_that_is_none_and_an_errcode_that_is_too_long_are_not_kept():
    kept = [
        Draft(score=score, errcode=errcode).row(None)
        for score, errcode in ((110105194912310021.0, 110105491231002), (100.0, 9999))
    ]

    assert [(row["score"], row["errcode"]) for row in kept] == [(None, None), (100.0, 9999)]
