"""What SILENT and LIP cost over HTTP: the service as a process of its own, the client and the log in this one.

    python tests/benchmarks/video_time.py --silent CLIP --lip CLIP --code 2323

Without clips they are made of a portrait that ships: 5 s of 640 x 480, and 6 s of 480 x 600 whose sound are digits that
eSpeak NG says. Times are milliseconds on the clock; CPU and memory are the service's. A shared machine shows in the
medians.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from facematch.client import FaceMatchClient  # noqa: E402
from facematch.engine.pipeline import FaceEngine  # noqa: E402
from facematch.evaluation.asked import Asked, ask  # noqa: E402
from facematch.evaluation.campaign import reference  # noqa: E402
from facematch.evaluation.lip import ask_lip  # noqa: E402
from facematch.evaluation.service_process import ServiceProcess, started  # noqa: E402
from facematch.log import CallLog, load_key  # noqa: E402
from facematch.settings import Settings  # noqa: E402

AT_ONCE = 16
SILENT_S, LIP_S = 5.0, 6.0
CODE = "3805"
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
Call = Callable[[FaceMatchClient], Asked]


@dataclass(frozen=True, slots=True)
class Clips:
    """What is sent."""

    silent: bytes
    lip: bytes
    code: str  # what is read in the second


def main() -> None:
    options = parsed()
    clips = Clips(
        options.silent.read_bytes() if options.silent else made_silent(),
        options.lip.read_bytes() if options.lip else made_lip(options.code),
        options.code,
    )
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FACEMATCH_DATA_DIR"] = folder
        settings = replace(Settings.from_env(os.environ), timeout_s=300.0)
        with started(settings, {"FACEMATCH_ALLOW_CHOSEN_CODES": "1"}) as service, ExitStack() as stack:
            log = CallLog(settings.log_path, key=load_key(settings.log_key_path, None))
            stack.callback(log.close)
            measure(service, log, clips, options.n)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--silent", type=Path, help="a clip of about 5 s")
    parser.add_argument("--lip", type=Path, help="a clip of about 6 s in which the code is read")
    parser.add_argument("--code", default=CODE, help="what is read in it (%(default)s)")
    parser.add_argument("-n", type=int, default=20, help="calls of each kind, one at a time (%(default)s)")
    return parser.parse_args()


def measure(service: ServiceProcess, log: CallLog, clips: Clips, n: int) -> None:
    calls: Mapping[str, Call] = {
        "SILENT": lambda to: ask(
            to, lambda client: client.match(reference(), video(clips.silent), video_type="SILENT")
        ),
        "LIP": lambda to: ask_lip(to, clips.lip, clips.code, None, reference()),
    }
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before")
    alone = {}
    with service.target.client(log) as client:
        for name, call in calls.items():
            started_at = time.perf_counter()
            first = call(client)
            print(f"{name} first call {(time.perf_counter() - started_at) * 1000:.0f} ms, memory {memory(service)}")
            alone[name] = told(first)
            one_at_a_time(service, client, name, call, n)
    at_once(service, log, calls, alone)


def one_at_a_time(service: ServiceProcess, client: FaceMatchClient, name: str, call: Call, n: int) -> None:
    times, cpu, stages = [], [], []
    for _ in range(n):
        busy, started_at = cpu_ms(service), time.perf_counter()
        asked = call(client)
        times.append(asked.elapsed_ms or (time.perf_counter() - started_at) * 1000)
        cpu.append(cpu_ms(service) - busy)
        stages.append(dict(staged(asked)))
    report(f"{name}, errcode {asked.errcode}, one at a time", times)
    report("  CPU of the service, evidence included", cpu)
    for stage in dict.fromkeys(stage for each in stages for stage in each):
        taken = [each.get(stage, 0.0) for each in stages]
        print(f"  {stage:38s} median {np.median(taken):8.1f}   {sum(taken) / sum(times):6.1%} of the time")
    print(f"  memory {memory(service)}")


def staged(asked: Asked) -> Iterator[tuple[str, float]]:
    """Where a call's time went, by what the service says."""
    evidence = asked.evidence
    if evidence is None:
        return
    parts = evidence.times_ms
    yield from (
        (name, parts[name]) for name in ("read", "reference", "probe", "liveness", "challenge") if name in parts
    )
    for within in (evidence.clip, evidence.liveness, evidence.challenge):
        yield from ((f"  of which {name}", value) for name, value in (within.times_ms if within else {}).items())
    yield "client, HTTP, JSON, waiting, log", (asked.elapsed_ms or 0.0) - parts["total"]


def at_once(service: ServiceProcess, log: CallLog, calls: Mapping[str, Call], alone: Mapping[str, tuple]) -> None:
    """Both kinds in turns, each call with a client and a token's live code of its own."""
    names = [list(calls)[nth % len(calls)] for nth in range(AT_ONCE)]
    busy, started_at = cpu_ms(service), time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as executor:
        asked = list(executor.map(lambda name: sent_alone(service, log, calls[name]), names))
    took_s = time.perf_counter() - started_at
    same = sum(told(each) == alone[name] for name, each in zip(names, asked, strict=True))
    cpu_s = (cpu_ms(service) - busy) / 1000
    print(f"{AT_ONCE} at once, mixed: {same} of {AT_ONCE} as alone, {took_s:.1f} s in all, CPU {cpu_s:.1f} s")
    report("  each", [each.elapsed_ms or 0.0 for each in asked])
    print(f"  memory {memory(service)}, load {os.getloadavg()[0]:.1f} after")


def sent_alone(service: ServiceProcess, log: CallLog, call: Call) -> Asked:
    """With a token of its own: live codes belong to tokens, and the same code is used by several of these calls."""
    with service.target.client() as issuer:
        token = issuer.local.issue_token("benchmark").token
    with replace(service.target, token=token).client(log) as client:
        return call(client)


def told(asked: Asked) -> tuple:
    """What must be the same however many calls are under way."""
    evidence = asked.evidence
    if evidence is None:
        return asked.outcome, asked.errcode
    liveness, challenge = evidence.liveness, evidence.challenge
    cues = None if liveness is None else tuple((cue.name, cue.value) for cue in liveness.cues)
    checks = None if challenge is None else tuple((check.name, check.value) for check in challenge.checks)
    return asked.errcode, evidence.cosine, cues, checks, None if challenge is None else challenge.heard


def video(data: bytes):
    from facematch.client import Video

    return Video(data)


def made_silent() -> bytes:
    """A head that seems to live, with room at both sides."""
    from tests.engine import living
    from tests.engine.clips import encoded

    living.SECONDS = SILENT_S
    frames = living.living(FaceEngine(Settings()))
    return encoded([np.pad(each[:480], ((0, 0), (80, 80), (0, 0)), mode="edge") for each in frames])


def made_lip(code: str) -> bytes:
    """A synthetic head that lives and reads with a synthetic voice."""
    from facematch.engine.api import SOUND_HZ
    from tests.engine.clips import SOUND_HZ as FILE_HZ
    from tests.engine.clips import encoded
    from tests.engine.reader import reading
    from tests.engine.spoken import spoken
    from tests.engine.talking import openings, words

    voice = spoken(words(code), words_per_minute=100)
    sound = np.pad(voice, (0, max(0, round(LIP_S * SOUND_HZ) - len(voice))))
    frames = reading(FaceEngine(Settings()), openings(sound))
    heard = np.interp(np.arange(round(LIP_S * FILE_HZ)) / FILE_HZ, np.arange(len(sound)) / SOUND_HZ, sound)
    return encoded(frames, sound=heard.astype(np.float32))


def cpu_ms(service: ServiceProcess) -> float:
    """All threads of the service; 0 where /proc does not tell."""
    try:
        fields = Path(f"/proc/{service.process.pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) * 1000 / TICKS_A_SECOND


def report(name: str, times: list[float]) -> None:
    median, p95 = np.percentile(times, (50, 95))
    print(f"{name:40s} median {median:8.1f}   p95 {p95:8.1f}   n {len(times)}", flush=True)


def memory(service: ServiceProcess) -> str:
    now, peak = service.memory_mib(), service.peak_mib()
    return "not known here" if now is None or peak is None else f"{now:.0f} MiB, peak {peak:.0f} MiB"


if __name__ == "__main__":
    main()
