"""From labelled calls to FMR, FNMR, APCER and BPCER. Pure; no I/O.

FMR and FNMR are those of the verdicts, by environment, engine and threshold. The engine stands only in rows that have a
verdict, so what refused videos count in is told by environment and mode. What passed, what was refused and what enters
neither rate is told by ``facematch.analytics.liveness``, as for the charts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from facematch.analytics.liveness import COMPARISONS, REFUSAL, VIDEO, Presented, counted
from facematch.analytics.metrics import error_rates
from facematch.evaluation.report import Rate
from facematch.evaluation.shares import share


@dataclass(frozen=True, slots=True)
class Labelled:
    """Comparisons that are alike in all of this."""

    env: str
    engine: str | None  # None: the server does not tell
    threshold: float | None  # likewise
    mated: bool
    passed: bool
    score: float | None
    reviewed: bool  # by a person; else labelled by a run
    n: int


@dataclass(frozen=True, slots=True)
class Unjudged:
    """Labelled calls without a verdict."""

    env: str
    outcome: str
    errcode: int | None
    n: int


@dataclass(frozen=True, slots=True)
class Rates:
    """Error rates at one threshold; None where there is nothing to make them of."""

    threshold: float | None  # None: not told
    fmr: Rate | None
    fnmr: Rate | None


@dataclass(frozen=True, slots=True)
class Group:
    """What one engine of one environment made of labelled comparisons."""

    env: str
    engine: str | None
    calls: int
    reviewed: int  # of them, by a person
    stored: tuple[Rates, ...]  # by the threshold that was in force, as the verdicts were
    given: Rates | None  # at the threshold that was asked for, of the scores
    contradicted: int  # verdicts that are not what their score and threshold say


@dataclass(frozen=True, slots=True)
class Presentations:
    """What one environment made of labelled videos of one mode."""

    env: str
    mode: str
    apcer: Rate | None  # attacks that passed
    bpcer: Rate | None  # living persons that were refused
    left_out: Mapping[str, int]  # what is in neither: by errcode, or by outcome


@dataclass(frozen=True, slots=True)
class Report:
    """All of it."""

    groups: tuple[Group, ...]
    unjudged: tuple[Unjudged, ...]
    presentations: tuple[Presentations, ...]
    photos_labelled: int  # photos compared and labelled as live or attack: nothing judges their liveness
    others_labelled: int  # likewise, calls that compare nothing

    @property
    def is_empty(self) -> bool:
        """Whether nothing is labelled."""
        labelled = self.photos_labelled or self.others_labelled
        return not (self.groups or self.unjudged or self.presentations or labelled)


def make_report(
    compared: Sequence[Labelled], unjudged: Sequence[Unjudged], presented: Sequence[Presented], threshold: float | None
) -> Report:
    """The numbers; *threshold* is one more to look at, or None."""
    engines = sorted({(each.env, each.engine or "") for each in compared})
    comparisons = [each for each in presented if each.endpoint in COMPARISONS]
    modes = sorted({(each.env, each.mode) for each in comparisons if each.mode in VIDEO})
    return Report(
        tuple(_group([x for x in compared if (x.env, x.engine or "") == key], threshold) for key in engines),
        tuple(unjudged),
        tuple(_presentations([x for x in comparisons if (x.env, x.mode) == key]) for key in modes),
        _sum(x for x in comparisons if x.mode not in VIDEO),
        _sum(x for x in presented if x.endpoint not in COMPARISONS),
    )


def _group(part: Sequence[Labelled], threshold: float | None) -> Group:
    thresholds = sorted({each.threshold for each in part}, key=lambda told: (told is None, told or 0.0))
    return Group(
        part[0].env,
        part[0].engine,
        _sum(part),
        _sum(x for x in part if x.reviewed),
        tuple(_stored([x for x in part if x.threshold == told], told) for told in thresholds),
        None if threshold is None else _given(part, threshold),
        _sum(x for x in part if None not in (x.score, x.threshold) and _over(x) != x.passed),
    )


def _over(cell: Labelled) -> bool:
    return (cell.score or 0.0) >= (cell.threshold or 0.0)


def _stored(part: Sequence[Labelled], threshold: float | None) -> Rates:
    mated, other = [x for x in part if x.mated], [x for x in part if not x.mated]
    fmr = share(_sum(x for x in other if x.passed), _sum(other))
    return Rates(threshold, fmr, share(_sum(x for x in mated if not x.passed), _sum(mated)))


def _given(part: Sequence[Labelled], threshold: float) -> Rates:
    rates = error_rates(_scores(part, mated=True), _scores(part, mated=False), threshold)
    fmr, fnmr = share(rates.false_matches, rates.non_mated), share(rates.false_non_matches, rates.mated)
    return Rates(threshold, fmr, fnmr)


def _scores(part: Sequence[Labelled], *, mated: bool) -> Sequence[float]:
    cells = [(x.score, x.n) for x in part if x.score is not None and x.mated is mated]
    repeated: Sequence[float] = np.repeat([s for s, _ in cells], [n for _, n in cells]).tolist() if cells else []
    return repeated


def _presentations(part: Sequence[Presented]) -> Presentations:
    errors = {count.attack: share(count.error.count, count.error.of) for count in counted(part)}
    left_out: Counter[str] = Counter()
    for each in part:
        if each.end == "undecided":
            left_out[_why(each)] += each.n
    return Presentations(part[0].env, part[0].mode, errors.get(True), errors.get(False), dict(left_out.most_common()))


def _why(undecided: Presented) -> str:
    """The errcode of a refusal; else how the call ended, for an answer that is no refusal may name any errcode."""
    if undecided.outcome == REFUSAL and undecided.errcode:
        return str(undecided.errcode)
    return "accepted" if undecided.outcome == "ok" else undecided.outcome


def _sum(cells: Iterable[Labelled | Presented]) -> int:
    return sum(each.n for each in cells)
