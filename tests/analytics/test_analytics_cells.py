"""Whatever is asked, cells and rows together answer what counting the rows one by one would."""

import math
import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facematch.analytics import queries
from facematch.analytics.layers import layer_of
from facematch.analytics.queries import Bucket, Selection, Totals
from facematch.log.schema import calls, purged

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
BEGIN_MS = 20_000 * DAY_MS
SPAN_MS = 5 * DAY_MS + 5 * HOUR_MS
ENDS = (("ok", 0), ("ok", None), ("biz_error", 2012), ("biz_error", 1003), ("http_error", None), ("timeout", None))


def made_up(seed: int, n: int) -> list[dict[str, object]]:
    """Calls of five days, some on the very edges of hours and days."""
    chance = random.Random(seed)  # noqa: S311
    return [one(chance, number) for number in range(n)]


def one(chance: random.Random, number: int) -> dict[str, object]:
    outcome, errcode = chance.choice(ENDS)
    ts_ms = chance.choice([chance.randrange(SPAN_MS), chance.randrange(6) * DAY_MS - chance.randrange(2)])
    return {
        "id": number + 1,
        "ts_ms": BEGIN_MS + ts_ms,
        "env": chance.choice(["test", "prod"]),
        "endpoint": chance.choice(["match", "match_idno", "validate_data"]),
        "mode": chance.choice(["photo", "LIP"]),
        "outcome": outcome,
        "errcode": errcode,
        "http_status": chance.choice([None, 401, 413, 502]),
        "success": chance.choice([None, 0, 1]) if outcome == "ok" else None,
        "score": chance.choice([None, 0.0, 64.999, 65, 100, -1, 101, chance.uniform(0, 100)]),
        "label": chance.choice([None, 0, 1]),
        "threshold": chance.choice([None, 65.0, 70.5]),
        "latency_ms": chance.choice([None, 0.0, chance.lognormvariate(6, 2)]),
        "request_id": "r",
        "client_version": "0",
    }


def selected(rows, sel):
    asked = {"env": sel.envs, "endpoint": sel.endpoints, "outcome": sel.outcomes, "mode": sel.modes}
    labels = {None if label == -1 else label for label in sel.labels}
    return [
        row
        for row in rows
        if (sel.since_ms is None or row["ts_ms"] >= sel.since_ms)
        and (sel.until_ms is None or row["ts_ms"] < sel.until_ms)
        and all(row[name] in values for name, values in asked.items() if values)
        and (not sel.errcodes or row["errcode"] in sel.errcodes)
        and (not labels or row["label"] in labels)
    ]


def end_of(row):
    if row["outcome"] != "ok":
        return layer_of(row["outcome"], row["errcode"], row["http_status"])
    if row["success"] is None:
        return "live_codes" if row["endpoint"] == "validate_data" else "accepted"
    return "passed" if row["success"] else "not_passed"


def check(db, rows, sel):
    """Every chart against plain Python."""
    mine = selected(rows, sel)
    ok, times = [row for row in mine if row["outcome"] == "ok"], [row["ts_ms"] for row in mine]
    failed = [row for row in mine if row["outcome"] != "ok"]
    success = Counter(row["success"] for row in mine)
    ends = Counter(map(end_of, mine))
    funnel = queries.funnel(db, sel)

    assert queries.totals(db, sel) == Totals(
        len(mine), len(ok), len(failed), success[1], success[0], min(times, default=None), max(times, default=None)
    )
    assert {each.layer: each.ended for each in funnel.steps if each.ended} == {
        layer: n for layer, n in ends.items() if layer not in ("passed", "not_passed", "accepted", "live_codes")
    }
    assert (funnel.passed, funnel.not_passed) == (ends["passed"], ends["not_passed"])
    assert (funnel.accepted, funnel.live_codes, funnel.calls) == (ends["accepted"], ends["live_codes"], len(mine))
    assert {(each.outcome, each.errcode): (each.calls, each.last_ms) for each in queries.error_counts(db, sel)} == {
        kind: (n, max(row["ts_ms"] for row in failed if (row["outcome"], row["errcode"]) == kind))
        for kind, n in Counter((row["outcome"], row["errcode"]) for row in failed).items()
    }
    check_scores(db, mine, sel)
    check_over_time(db, mine, sel)
    check_latency(db, mine, sel)


def scored(rows):
    judged = [row for row in rows if row["outcome"] == "ok" and row["success"] is not None]
    return [row for row in judged if row["score"] is not None and 0 <= row["score"] <= 100]


def check_scores(db, mine, sel):
    scores, rows = queries.scores(db, sel), scored(mine)
    for part, label in zip(scores.parts, (1, 0, None), strict=True):
        of_label = [row for row in rows if row["label"] == label]
        for counts, success in ((part.passed, 1), (part.not_passed, 0)):
            points = Counter(int(row["score"]) for row in of_label if row["success"] == success)
            assert {point: n for point, n in enumerate(counts) if n} == points
        assert part.thresholds == tuple(sorted({row["threshold"] for row in of_label} - {None}))
    for threshold in (0, 65, 71, 100):
        flipped = [row for row in rows if (row["score"] >= threshold) != bool(row["success"])]
        newest = sorted(flipped, key=lambda row: (row["ts_ms"], row["id"]), reverse=True)
        what = queries.what_if(scores, threshold)
        assert what.to_pass + what.to_fail == len(flipped)
        assert [row.id for row in queries.flips(db, sel, threshold, limit=7)] == [row["id"] for row in newest[:7]]


def check_over_time(db, mine, sel):
    for offset_min in (0, 480, -210):
        failures = queries.failures_over_time(db, sel, utc_offset_min=offset_min)
        width, ahead = (HOUR_MS, 0) if failures.width == "hour" else (DAY_MS, offset_min // 60 * HOUR_MS)
        starts = [(row["ts_ms"] + ahead) // width * width - ahead for row in mine]
        bad = Counter(start for start, row in zip(starts, mine, strict=True) if row["outcome"] != "ok")
        assert failures.buckets == tuple(Bucket(at, n, bad[at]) for at, n in sorted(Counter(starts).items()))


def check_latency(db, mine, sel):
    times = [row["latency_ms"] for row in mine if row["latency_ms"] is not None]
    bins = Counter(math.floor(math.log(max(ms, 0.1) / 0.1) * 170) // 10 for ms in times)
    assert [each.calls for each in queries.latency(db, sel).bins] == [n for _, n in sorted(bins.items())]


HOURS = st.integers(0, 6 * 24).map(lambda hour: hour * HOUR_MS)
TIME = st.one_of(st.none(), st.one_of(st.integers(0, SPAN_MS), HOURS).map(lambda ms: BEGIN_MS + ms))
SELECTIONS = st.builds(
    Selection,
    TIME,
    TIME,
    st.lists(st.sampled_from(["test", "prod", "other"]), max_size=1).map(tuple),
    st.lists(st.sampled_from(["match", "validate_data"]), max_size=1).map(tuple),
    st.lists(st.sampled_from(["ok", "biz_error", "http_error"]), max_size=2).map(tuple),
    st.lists(st.just("LIP"), max_size=1).map(tuple),
    st.sampled_from([(), (), (), (2012,), (0, 1003)]),
    st.sampled_from([(), (), (), (1,), (0, -1)]),
)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sel=SELECTIONS)
def test_cells_and_rows_together_are_exact(log, sel):
    rows = made_up(3, 400)
    with log.reading() as db:
        is_new = queries.totals(db, Selection()).calls == 0
    if is_new:
        with log.writing() as db:
            db.execute(calls.insert(), rows)
    with log.reading() as db:
        check(db, rows, sel)


@pytest.mark.parametrize("seed", range(4))
def test_so_they_are_after_deletions_and_late_labels(log, seed):
    rows, chance = made_up(seed, 300), random.Random(seed)  # noqa: S311
    with log.writing() as db:
        db.execute(calls.insert(), rows)
        for row in chance.sample(rows, 60):
            db.execute(calls.delete().where(calls.c.id == row["id"]))
            rows.remove(row)
        for row in chance.sample(rows, 60):
            row["label"] = chance.choice([None, 0, 1])
            db.execute(calls.update().where(calls.c.id == row["id"]).values(label=row["label"]))
    with log.reading() as db:
        for sel in (
            Selection(),
            Selection(since_ms=BEGIN_MS + HOUR_MS + 1),
            Selection(labels=(1,)),
            Selection(envs=("prod",)),
        ):
            check(db, rows, sel)


def test_what_a_purge_deleted_is_still_counted_by_whole_hours_and_days(log):
    rows = made_up(9, 300)
    with log.writing() as db:
        db.execute(calls.insert(), rows)
    with log.reading() as db:
        before = queries.totals(db, Selection()), queries.scores(db, Selection()), queries.latency(db, Selection())
    with log.writing() as db:
        db.execute(purged.insert(), [{"env": env, "before_ms": BEGIN_MS + 2 * DAY_MS} for env in ("test", "prod")])
        db.execute(calls.delete().where(calls.c.ts_ms < BEGIN_MS + 2 * DAY_MS))
    with log.reading() as db:
        after = queries.totals(db, Selection()), queries.scores(db, Selection()), queries.latency(db, Selection())
        edge = queries.totals(db, Selection(until_ms=BEGIN_MS + HOUR_MS + 1))
        flipped = queries.flips(db, Selection(), 1, limit=1000)

    assert (replace(after[0], first_ms=0), *after[1:]) == (replace(before[0], first_ms=0), *before[1:])
    assert after[0].first_ms == before[0].first_ms // HOUR_MS * HOUR_MS
    assert edge.calls == sum(row["ts_ms"] < BEGIN_MS + HOUR_MS for row in rows)  # of the cut hour nothing is left
    assert flipped
    assert all(row.ts_ms >= BEGIN_MS + 2 * DAY_MS for row in flipped)
