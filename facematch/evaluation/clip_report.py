"""From the answers on labelled clips to BPCER and APCER, each kind of attack apart, filmed and made apart.

A clip that was not acquired (too small, no face, …) never came before the passive check: it is counted apart and enters
neither rate. An inconclusive clip did not pass: it counts as an error on a living person and as none on an attack.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from facematch.evaluation.asked import Asked, Stage
from facematch.evaluation.shares import counted, counts_text, share, share_object, share_text

_JUDGED = ("passed", "refused", "inconclusive")


@dataclass(frozen=True, slots=True)
class ClipResult:
    """What came of one clip."""

    row: int
    kind: str  # live, or the kind of attack
    live: bool
    made: bool  # by a program; else filmed
    stage: Stage
    errcode: int | None
    outcome: str
    decided_by: str | None  # the cue, where the server tells
    elapsed_ms: float | None
    cues: Mapping[str, float | None]  # every measured value, so that other limits can be tried on the same run

    @classmethod
    def of(cls, asked: Asked, row: int, *, kind: str, made: bool, live: bool) -> Self:
        """Of one answer."""
        liveness = None if asked.evidence is None else asked.evidence.liveness
        decided_by = None if liveness is None else liveness.decided_by
        cues = {} if liveness is None else {cue.name: cue.value for cue in liveness.cues}
        told = (asked.stage, asked.errcode, asked.outcome, decided_by, asked.elapsed_ms)
        return cls(row, kind, live, made, *told, cues)


def report_lines(results: Sequence[ClipResult], *, each: bool) -> tuple[str, ...]:
    """The report as text."""
    return (*_lines(results), *(_single(results) if each else ()))


def report_object(results: Sequence[ClipResult]) -> Mapping[str, Any]:
    """The same numbers for JSON."""
    groups = {f"{_origin(made)} {kind}": _group(part) for (made, kind), part in _grouped(results).items()}
    return {"groups": groups, "clips": [asdict(each) for each in results]}


def _group(part: Sequence[ClipResult]) -> Mapping[str, Any]:
    stages = counted(each.stage for each in part)
    judged = sum(stages.get(stage, 0) for stage in _JUDGED)
    passed = stages.get("passed", 0)
    wrong = judged - passed if part[0].live else passed
    return {
        "clips": len(part),
        **{stage: stages.get(stage, 0) for stage in (*_JUDGED, "not_acquired", "failed")},
        "bpcer" if part[0].live else "apcer": share_object(share(wrong, judged)),
        "not_acquired_by": counted(each.errcode for each in part if each.stage == "not_acquired"),
        "failed_by": counted(f"{each.outcome} {each.errcode or ''}".strip() for each in part if each.stage == "failed"),
        "decided_by": counted(each.decided_by for each in part if each.decided_by is not None),
    }


def _lines(results: Sequence[ClipResult]) -> Iterator[str]:
    for (made, kind), part in _grouped(results).items():
        group = _group(part)
        yield f"{kind} ({_origin(made)}): {len(part)} clips"
        stages = ", ".join(f"{stage} {group[stage]}" for stage in (*_JUDGED, "not_acquired", "failed") if group[stage])
        yield f"  {stages}"
        yield f"  {_rate(part)}"
        for name in ("decided_by", "not_acquired_by", "failed_by"):
            if group[name]:
                yield f"  {name.replace('_', ' ')}: {counts_text(group[name])}"


def _rate(part: Sequence[ClipResult]) -> str:
    judged = [each for each in part if each.stage in _JUDGED]
    passed = sum(each.stage == "passed" for each in judged)
    if not part[0].live:
        return f"APCER {share_text(share(passed, len(judged)))}"
    refused = sum(each.stage == "refused" for each in judged)
    not_passed = share_text(share(len(judged) - passed, len(judged)))
    return f"BPCER {not_passed}; refused outright {share_text(share(refused, len(judged)))}"


def _single(results: Sequence[ClipResult]) -> Iterator[str]:
    yield ""
    for each in results:
        took = "" if each.elapsed_ms is None else f"{each.elapsed_ms:.0f} ms"
        told = (each.stage, each.errcode, each.decided_by or "", took)
        yield f"row {each.row:3} {each.kind:32} " + " ".join(str(word) for word in told)


def _grouped(results: Sequence[ClipResult]) -> Mapping[tuple[bool, str], Sequence[ClipResult]]:
    """The living first, then attacks by kind, filmed before made."""
    keys = sorted({(not each.live, each.made, each.kind) for each in results})
    return {
        (made, kind): [each for each in results if (not each.live, each.made, each.kind) == (attack, made, kind)]
        for attack, made, kind in keys
    }


def _origin(made: bool) -> str:
    return "made" if made else "filmed"
