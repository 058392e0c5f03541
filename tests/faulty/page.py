"""The scenarios as a Markdown page: what each does, and what the console says to it, in both languages."""

from collections.abc import Iterator

from facematch.errors import CallError, Refusal, StillProcessing, TransportError
from facematch.ui.failure import explain
from facematch.ui.words import Speaker

from .expected import EXPECTED, Expected
from .scenarios import SCENARIOS

HEAD = """\
# A faulty server for demonstrations

Written by `python -m tests.faulty --markdown`; do not edit.

A real server on 127.0.0.1 that misbehaves on demand, so that everyone can see what the console makes of each fault.
The tests drive the client against the same scenarios.

```
python -m tests.faulty --port 7999      # runs until Ctrl-C
python -m tests.faulty --list           # the scenarios, one a line
```

The first part of the address's path chooses the scenario; the console is pointed at one by the address of its server:

```
FACEMATCH_URL=http://127.0.0.1:7999/gzip_bomb FACEMATCH_TOKEN=any-will-do FACEMATCH_TIMEOUT_S=5 streamlit run app.py
```

Then compare two photos. A server that hangs is waited for until `FACEMATCH_TIMEOUT_S`, 30 seconds unless it is set.
The address is read at the start: for another scenario start the console again. What lies below `/local` is answered
404 unless the scenario says otherwise, as by any server that is not our own, so the console cannot tell how the
server is. What fails and is good then fails anew for every call, and can be shown again. Redirects lead to another
port of 127.0.0.1, where a good answer waits for whoever follows; the console does not.

Attempts: how often one call is sent, in this order: with a photo or a SILENT video, with LIP, about an identity, for
a live code. Each attempt is a row of the log, with the outcome that is told. *May have been handled*: the console
adds this where it is not known whether the server worked on the request.

| scenario | what the server does | attempts | outcome | the console shows | may have been handled |
| --- | --- | --- | --- | --- | --- |
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(f"{_row(name)}\n" for name in SCENARIOS)


def _row(name: str) -> str:
    expected = EXPECTED[name]
    does = SCENARIOS[name].description + (" (shows with a file of many MB)" if expected.is_big else "")
    tries = expected.attempts
    times = f"{tries.photo} / {tries.LIP} / {tries.idno} / {tries.live_code}"
    sent = "yes" if expected.sent else ""
    return f"| `{name}` | {does} | {times} | {_outcomes(expected)} | {'<br>'.join(_shown(expected))} | {sent} |"


def _outcomes(expected: Expected) -> str:
    return expected.outcome if expected.before is None else f"{expected.before.outcome}, then {expected.outcome}"


def _shown(expected: Expected) -> Iterator[str]:
    for say in (Speaker("zh"), Speaker("en")):
        title = _verdict(expected, say) if expected.error is None else explain(example(expected), say).title
        drift = say("match.drift", drift="…") if expected.error is None and expected.drifts else ""
        yield f"**{title}** {drift}".strip()


def _verdict(expected: Expected, say: Speaker) -> str:
    return say("verdict.passed" if expected.passed else "verdict.not_passed")


def example(expected: Expected) -> CallError:
    """An error of the kind that the call ends with."""
    kind = expected.error
    if kind is None:
        raise ValueError("it ends with a verdict")
    if issubclass(kind, TransportError):
        return kind("", sent=bool(expected.sent))
    if issubclass(kind, Refusal):
        return kind("", errcode=expected.errcode)
    return StillProcessing(None) if kind is StillProcessing else kind("")
