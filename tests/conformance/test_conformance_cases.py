"""Every row of the table, asked of the server under test."""

from collections.abc import Callable

import pytest

from .case import TESTED, Case
from .table import CASES, NOT_ON_DEMAND
from .target import Target, check_answer


@pytest.fixture
def target(case: Case, tested: Target, own_target: Callable[[str], Target], base_url: str | None) -> Target:
    """The one that the row is for; a row that a foreign server cannot be asked is skipped and says why."""
    if case.on != TESTED:
        if base_url is not None:
            pytest.skip(
                f"runs only without --base-url: {NOT_ON_DEMAND.get(case.expected.errcode, 'of other settings')}"
            )
        return own_target(case.on)
    if why := tested.lacks(case.needs):
        assert base_url is not None, why
        pytest.skip(f"the server cannot be asked: {why}")
    if "persons" in case.needs:
        assert tested.demo_persons
    return tested


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_server_answers_as_the_table_says(case: Case, target: Target) -> None:
    for request in case.first:
        assert target.send(request).wire["errcode"] == 0

    answer = target.send(case.request)

    check_answer(answer, case.expected)
    if case.later is not None and target.offers and "results" in target.offers:
        later = target.result(answer.trace_no)
        check_answer(later, case.later)
        assert later.trace_no == answer.trace_no
