import pytest

from facematch.engine.silent import LOOKED_FOR, NOT_CHECKED
from facematch.engine.silent_meaning import ATTACKS, LIVING, interval


def test_every_kind_that_is_looked_for_has_a_measured_rate() -> None:
    measured = {each.kind for each in ATTACKS}

    assert set(LOOKED_FOR) <= measured


def test_a_replay_that_fills_the_view_is_told_as_not_checked_with_its_rate() -> None:
    rate = next(each for each in ATTACKS if each.kind == "screen_filling")

    assert "screen_filling" in NOT_CHECKED
    assert rate.apcer > 0.5


def test_every_rate_lies_in_its_interval() -> None:
    rates = [(each.apcer, each.interval) for each in ATTACKS] + [(LIVING.bpcer, LIVING.interval)]

    assert all(0 <= bounds.low <= rate <= bounds.high <= 1 for rate, bounds in rates)


def test_kinds_are_told_once_for_each_source() -> None:
    names = [(each.kind, each.origin) for each in ATTACKS]

    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("errors", "trials", "low", "high"),
    [(0, 1, 0.0, 0.793), (0, 16, 0.0, 0.194), (2, 22, 0.025, 0.278), (16, 16, 0.806, 1.0)],
)
def test_the_interval_is_wilsons(errors: int, trials: int, low: float, high: float) -> None:
    """Expected values by the formula in Wilson 1927, worked out apart."""
    bounds = interval(errors, trials)

    assert (bounds.low, bounds.high) == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))
