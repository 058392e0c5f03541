"""``doctor``: looks at everything that a call needs, and says what to do about what is wrong."""

from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict

from facematch.cli.check import Check, guarded
from facematch.cli.here import Here
from facematch.cli.log_checks import log_checks
from facematch.cli.machine_checks import machine_checks
from facematch.cli.outcome import CHECK_FAILED, PASSED, Outcome
from facematch.cli.service_checks import service_checks
from facematch.errors import SettingInvalid


def doctor(options: Namespace, here: Here) -> Outcome:
    """Every check; fails when one of them does."""
    checks = tuple(_checks(options, here))
    counts = Counter(check.status for check in checks)
    facts = {"checks": [asdict(check) for check in checks], "failed": counts["fail"], "warned": counts["warn"]}
    summary = here.say("doctor.summary", ok=counts["ok"], warned=counts["warn"], failed=counts["fail"])
    lines = (*(line for check in checks for line in _lines(check)), summary)
    return Outcome(CHECK_FAILED if counts["fail"] else PASSED, facts, lines)


def _checks(options: Namespace, here: Here) -> Iterator[Check]:
    try:
        settings = here.settings()
    except SettingInvalid as error:  # what the other checks would look at is not known
        yield Check("settings", "fail", here.say("doctor.settings.no"), here.say.clause(error))
        return
    yield Check("settings", "ok", here.say("doctor.settings"))
    say = here.say
    yield from machine_checks(settings, say)
    yield from guarded("log", lambda: log_checks(settings, say, rollups=options.rollups), say)
    yield from guarded("service", lambda: service_checks(settings, say, start=not options.no_start), say)


def _lines(check: Check) -> Iterator[str]:
    yield f"{check.status:<5}{check.text}"
    if check.remedy is not None:
        yield f"     → {check.remedy}"
