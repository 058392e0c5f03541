"""The rates of labelled calls as text, and as JSON with the same numbers."""

from collections.abc import Iterator, Mapping
from typing import Any

from facematch.evaluation.report import Rate
from facematch.evaluation.reviewed_rates import Group, Rates, Report
from facematch.evaluation.shares import counts_text, share_object, share_text

FEW = 100  # of fewer, 0 errors still leave up to 3.7 % possible
UNCALIBRATED = (
    "Uncalibrated: a score is a similarity and no probability, and the rates are those of the labelled calls. Reviewers"
    " seldom choose calls by chance, and what they look at first is not what is usual."
)
CHALLENGE = (
    "APCER: attacks that passed; BPCER: living persons that were refused. The spoken code is part of what LIP checks:"
    " who is refused by it is refused."
)


def report_lines(report: Report) -> Iterator[str]:
    """The report as text."""
    for group in report.groups:
        yield f"{group.env}, engine {group.engine or 'not told'}: {group.calls} labelled verdicts, {_whose(group)}"
        for rates in (*group.stored, *(() if group.given is None else (group.given,))):
            yield from _rate_lines(rates, rates is group.given)
        if group.contradicted:
            yield f"  {group.contradicted} verdicts are not what their score and threshold say"
        yield ""
    for videos in report.presentations:
        yield f"{videos.env}, {videos.mode} videos"
        yield f"  APCER  {_told(videos.apcer)}"
        yield f"  BPCER  {_told(videos.bpcer)}"
        if videos.left_out:
            yield f"  in neither rate, by errcode or outcome: {counts_text(videos.left_out)}"
        yield ""
    yield from _rest(report)


def _whose(group: Group) -> str:
    return f"{group.reviewed} by reviewers, {group.calls - group.reviewed} by runs"


def _rate_lines(rates: Rates, given: bool) -> Iterator[str]:
    told = "not told" if rates.threshold is None else f"{rates.threshold:g}"
    yield f"  at {'the given' if given else 'the stored'} threshold {told}"
    yield f"    FMR   {_told(rates.fmr)}"
    yield f"    FNMR  {_told(rates.fnmr)}"


def _told(rate: Rate | None) -> str:
    if rate is None:
        return "nothing to make it of"
    return share_text(rate) + (f"; n too small: fewer than {FEW}" if rate.n < FEW else "")


def _rest(report: Report) -> Iterator[str]:
    for each in report.unjudged:
        why = each.outcome if each.errcode is None else f"{each.outcome} {each.errcode}"
        yield f"{each.env}: {each.n} labelled calls without a verdict, {why}"
    if report.photos_labelled:
        yield f"{report.photos_labelled} photo calls are labelled live or attack: liveness of photos is not judged"
    if report.others_labelled:
        yield f"{report.others_labelled} calls that compare nothing are labelled live or attack: they are in no rate"
    if report.presentations:
        yield CHALLENGE
    yield UNCALIBRATED


def report_object(report: Report) -> Mapping[str, Any]:
    """The same numbers for JSON."""
    return {
        "groups": [_group_object(group) for group in report.groups],
        "presentations": [
            {
                "env": each.env,
                "mode": each.mode,
                "apcer": _rate_object(each.apcer),
                "bpcer": _rate_object(each.bpcer),
                "left_out": each.left_out,
            }
            for each in report.presentations
        ],
        "without_verdict": [
            {"env": each.env, "outcome": each.outcome, "errcode": each.errcode, "n": each.n} for each in report.unjudged
        ],
        "photos_labelled": report.photos_labelled,
        "others_labelled": report.others_labelled,
        "note": UNCALIBRATED,
        "note_on_liveness": CHALLENGE,
    }


def _group_object(group: Group) -> Mapping[str, Any]:
    return {
        "env": group.env,
        "engine": group.engine,
        "calls": group.calls,
        "reviewed": group.reviewed,
        "stored": [_rates_object(rates) for rates in group.stored],
        "given": None if group.given is None else _rates_object(group.given),
        "contradicted": group.contradicted,
    }


def _rates_object(rates: Rates) -> Mapping[str, Any]:
    return {"threshold": rates.threshold, "fmr": _rate_object(rates.fmr), "fnmr": _rate_object(rates.fnmr)}


def _rate_object(rate: Rate | None) -> Mapping[str, Any] | None:
    found = share_object(rate)
    return None if found is None or rate is None else {**found, "n_too_small": rate.n < FEW}
