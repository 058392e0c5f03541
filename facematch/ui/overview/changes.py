"""What changed against the period before: only what the calls support, each with the calls behind it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import streamlit as st

from facematch.analytics.overview import Moved
from facematch.ui.environments import environment
from facematch.ui.formats import duration, percent_sign, plain
from facematch.ui.one_call.departures import departures
from facematch.ui.overview.failures import kind_name, kind_params
from facematch.ui.overview.period import Period
from facematch.ui.overview.reads import Reads
from facematch.ui.words import Speaker

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as before."""

    text: str
    icon: str
    params: Mapping[str, str]  # of the History: the calls behind it


def changes(found: Reads, period: Period, say: Speaker) -> None:
    """Draw them; what cannot be compared, and that nothing changed, is said too."""
    st.subheader(say("changed.title"), anchor=False)
    if found.now.totals.calls == 0 or found.before.totals.calls == 0:
        st.caption(say("changed.nothing_before" if found.now.totals.calls else "changed.nothing_now"))
        return
    st.caption(failure_rate(found.failed, period, say))
    seen = list(_all(found, period, say))
    for change in seen[:SHOWN]:
        st.page_link("pages/history.py", label=change.text, icon=change.icon, query_params=dict(change.params))
    if not seen:
        st.caption(say("changed.none"))


def failure_rate(moved: Moved, period: Period, say: Speaker) -> str:
    """Both rates, the difference with its interval, and whether that is more than chance."""
    points = moved.points
    if points is None or moved.now.rate is None or moved.before.rate is None:
        return say("changed.nothing_before")
    low, high = moved.now.interval
    said = say(
        f"changed.failures.{period.name}",
        now=_percent(moved.now.rate),
        low=_percent(low),
        high=_percent(high),
        before=_percent(moved.before.rate),
    )
    return say("sentence.join").join((said, _moved(moved, say)))


def _all(found: Reads, period: Period, say: Speaker) -> Iterator[Change]:
    yield from _rates(found, period, say)
    for kind in found.now.errors:
        if (kind.outcome, kind.errcode) not in found.before.kinds:
            told = say("changed.new_kind", name=kind_name(kind, say), calls=kind.calls)
            yield Change(told, ":material/new_releases:", {**period.params, **kind_params(kind)})
    for env in sorted(found.now.envs - found.before.envs):
        told = say("changed.environment", name=plain(environment(env, say)))
        yield Change(told, ":material/dns:", {**period.params, "env": env})
    for clause, calls in found.now.drift.items():
        if clause not in found.before.drift:
            told = say("changed.drift", drift=departures((clause,), say), calls=calls)
            yield Change(told, ":material/rule:", period.params)


def _rates(found: Reads, period: Period, say: Speaker) -> Iterator[Change]:
    """What moved by more than chance."""
    if found.failed.is_beyond_chance:
        worse = (found.failed.points or (0.0,))[0] > 0
        told = say("changed.more_failures" if worse else "changed.fewer_failures")
        outcomes = ",".join(sorted({each.outcome for each in found.now.errors}))
        params = {**period.params, "outcome": outcomes} if outcomes else period.params
        yield Change(told, ":material/trending_up:" if worse else ":material/trending_down:", params)
    if found.now.slow.is_apart_from(found.before.slow):
        now, before = duration(found.now.slow.ms), duration(found.before.slow.ms)
        yield Change(say("changed.slow", now=now, before=before), ":material/timer:", period.params)
    if found.passed.is_beyond_chance and found.passed.now.rate is not None and found.passed.before.rate is not None:
        rates = {"now": _percent(found.passed.now.rate), "before": _percent(found.passed.before.rate)}
        told = say("sentence.join").join((say("changed.passed", **rates), _moved(found.passed, say)))
        yield Change(told, ":material/balance:", {**period.params, "end": "passed,not_passed"})


def _moved(moved: Moved, say: Speaker) -> str:
    if moved.points is None:
        return ""
    difference, low, high = (f"{100 * each:+.1f}".replace("-", "−") for each in moved.points)
    key = "changed.moved" if moved.is_beyond_chance else "changed.chance"
    return say(key, difference=difference, low=low, high=high)


def _percent(rate: float) -> str:
    return f"{100 * rate:.1f}{percent_sign()}"
