"""What the doctor asks the service, ours or a remote one. Nothing is compared, and nothing is logged."""

import time
from collections.abc import Iterator

from facematch.cli.check import Check, guarded
from facematch.cli.server import server
from facematch.cli.words import Speaker
from facematch.client import FaceMatchClient
from facematch.client.clock import ahead_s
from facematch.errors import AuthError, CallError, FaceMatchError, RequestInvalid, TransportError
from facematch.local import Health
from facematch.settings import Settings

SKEW_S = 30.0  # live codes live for minutes, rows are ordered by our clock
WARM_UP_S, POLL_S = 30.0, 0.2


def service_checks(settings: Settings, say: Speaker, *, start: bool) -> Iterator[Check]:
    """Whether the service can be called; without *start* the embedded one is left alone."""
    if settings.url is None and not start:
        yield Check("service", "ok", say("doctor.service.not_started"))
        return
    try:
        with server(settings) as target, target.client() as client:
            yield from _answers(client, say)
    except CallError as error:
        yield _no_answer(error, say)
    except FaceMatchError as error:
        yield Check("service", "fail", say("doctor.service.not_startable"), say.clause(error))


def _answers(client: FaceMatchClient, say: Speaker) -> Iterator[Check]:
    found, where = _health(client), client.environment
    if found is None:
        yield Check("service", "warn", say("doctor.service.foreign", where=where), say("doctor.service.foreign.todo"))
        yield Check("token", "warn", say("doctor.token.unknown"), say("doctor.token.unknown.todo"))
    else:
        yield _state(found, where, say)
        yield _token(found, say)
    yield from guarded("clock", lambda: _clock(_ahead_s(client), say), say)


def _health(client: FaceMatchClient) -> Health | None:
    """Its health once it is no longer warming up; None for a server that has no such answer."""
    until = time.monotonic() + WARM_UP_S
    while (found := client.health()) is not None and found.status == "warming" and time.monotonic() < until:
        time.sleep(POLL_S)
    return found


def _state(found: Health, where: str, say: Speaker) -> Check:
    if found.status == "ready":
        return Check("service", "ok", say("doctor.service", where=where, version=found.version))
    if found.status == "warming":
        return Check("service", "warn", say("doctor.service.warming", where=where), say("doctor.service.warming.todo"))
    todo = found.problem or found.fault or say("doctor.service.broken.todo")
    return Check("service", "fail", say("doctor.service.broken", where=where), todo)


def _token(found: Health, say: Speaker) -> Check:
    if found.engine:  # told to nobody without a token
        return Check("token", "ok", say("doctor.token"))
    return Check("token", "fail", say("doctor.token.no"), say("doctor.token.todo"))


def _ahead_s(client: FaceMatchClient) -> float | None:
    """Seconds that the server's clock is ahead of ours; None: it does not tell."""
    before = time.time()
    told = client.local.date()
    return ahead_s(told, (before + time.time()) / 2)


def _clock(skew_s: float | None, say: Speaker) -> Check:
    if skew_s is None:
        return Check("clock", "ok", say("doctor.clock.untold"))
    text = say("doctor.clock", seconds=f"{abs(skew_s):.0f}")
    return (
        Check("clock", "ok", text) if abs(skew_s) <= SKEW_S else Check("clock", "warn", text, say("doctor.clock.todo"))
    )


def _no_answer(error: CallError, say: Speaker) -> Check:
    if isinstance(error, AuthError):
        return Check("token", "fail", say("doctor.token.no"), say("doctor.token.todo"))
    if isinstance(error, RequestInvalid):
        return Check("token", "fail", say("doctor.token.unusable"), say.clause(error))
    if isinstance(error, TransportError):
        return Check(
            "service", "fail", say("doctor.service.silent", reason=say.clause(error)), say("doctor.service.silent.todo")
        )
    return Check(
        "service", "fail", say("doctor.service.odd", reason=say.clause(error)), say("doctor.service.foreign.todo")
    )
