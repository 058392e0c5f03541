"""What a photo pair costs over HTTP: client, log and service in one process, as the dashboard runs them.

    python tests/benchmarks/pair_time.py

Times are milliseconds on the clock, CPU is that of all threads of the process. A shared machine shows in the medians.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
SAMPLES = ROOT / "facematch" / "samples" / "photos"
COLD_RUNS = 5
THREADS = 8
KIB_PER_MIB = 1024  # ru_maxrss counts KiB on Linux


def main() -> None:
    options = parsed()
    if options.first_verdict is not None:
        first_verdict(options.first_verdict, options.photos)
        return
    with tempfile.TemporaryDirectory() as folder:
        cold("cold, networks not yet cached", [Path(folder, f"empty{run}") for run in range(COLD_RUNS)], options.photos)
        cold("cold, networks cached", [Path(folder, "empty0")] * COLD_RUNS, options.photos)
        warm(Path(folder, "empty0"), options.photos, options.n)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", nargs=2, type=Path, default=[SAMPLES / "obama_1.jpg", SAMPLES / "biden_1.jpg"])
    parser.add_argument("-n", type=int, default=50, help="warm pairs")
    parser.add_argument("--first-verdict", type=Path, metavar="DATA_DIR", help=argparse.SUPPRESS)
    return parser.parse_args()


def cold(name: str, data_dirs: list[Path], photos: list[Path]) -> None:
    """From the start of a process to its first verdict, Python's own start and every import included."""
    times, imports = [], []
    for data_dir in data_dirs:
        command = [sys.executable, __file__, "--first-verdict", str(data_dir), "--photos", *map(str, photos)]
        started = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            told = child.stdout.readline() if child.stdout else ""
            times.append((time.perf_counter() - started) * 1000)
        imports.append(json.loads(told)["import_ms"])
    report(name, times, f", of which imports {middle(imports):.0f}")


def first_verdict(data_dir: Path, photos: list[Path]) -> None:
    """The cold process: one verdict."""
    started = time.perf_counter()
    from facematch.client import Photo
    from facematch.evaluation import target  # noqa: F401 - brings client, service and engine

    import_ms = (time.perf_counter() - started) * 1000
    with service(data_dir) as (client, _):
        score = client().match(*map(Photo.from_path, photos)).score
    print(json.dumps({"import_ms": import_ms, "score": score}), flush=True)


@contextmanager
def service(data_dir: Path) -> Iterator[tuple]:
    """A way to make clients that log, and the engine behind the service."""
    import secrets

    from facematch.client import FaceMatchClient
    from facematch.engine.pipeline import FaceEngine
    from facematch.log import CallLog, load_key
    from facematch.service import Server, create_app
    from facematch.settings import Settings

    settings = replace(Settings(), data_dir=data_dir)
    engine, token = FaceEngine(settings), secrets.token_urlsafe(32)
    log = CallLog(settings.log_path, key=load_key(settings.log_key_path, None))
    server = Server(create_app(engine, token=token, settings=settings))
    try:
        yield lambda: FaceMatchClient(server.url, token, log=log), engine
    finally:
        server.stop()
        log.close()


def warm(data_dir: Path, photos: list[Path], n: int) -> None:
    """One at a time with the share of each stage, then eight threads, then the engine alone."""
    from facematch.client import Photo

    with service(data_dir) as (client, engine):
        pair = tuple(map(Photo.from_path, photos))
        one = client()
        one.match(*pair)
        print(f"peak memory after the first pair {peak_mib():.0f} MiB")
        one_at_a_time(one, pair, n)
        print(f"peak memory, one at a time {peak_mib():.0f} MiB")
        at_once(client, pair, n * 4)
        print(f"peak memory, {THREADS} threads {peak_mib():.0f} MiB")
        alone(engine, photos, n)


def one_at_a_time(client, pair: tuple, n: int) -> None:
    times, cpu, stages = [], [], []
    for _ in range(n):
        busy, started = time.process_time(), time.perf_counter()
        trace_no = client.match(*pair).trace_no
        times.append((time.perf_counter() - started) * 1000)
        cpu.append((time.process_time() - busy) * 1000)
        stages.append(staged(client.evidence(trace_no), times[-1]))
    report("warm, one at a time", times)
    report("  CPU per pair", cpu)
    whole = sum(times)
    for stage in stages[0]:
        taken = [each[stage] for each in stages]
        print(f"  {stage:32s} median {middle(taken):7.2f}   {sum(taken) / whole:6.1%} of the time")


def staged(evidence, call_ms: float) -> dict[str, float]:
    """Where the time of a call went, by what the service says; both photos together."""
    sides = (evidence.reference.times_ms, evidence.probe.times_ms)
    stages = {name: sum(side[name] for side in sides) for name in ("decode", "detect", "quality", "embed")}
    told = evidence.times_ms
    stages["base64, crop as PNG, compare"] = told["total"] - sum(stages.values())
    stages["client, HTTP, JSON, call log"] = call_ms - told["total"]
    return stages


def at_once(client, pair: tuple, n: int) -> None:
    """Each of eight threads has its own client and sends its share one after the other."""

    def share(_: int) -> list[float]:
        own, times = client(), []
        for _ in range(n // THREADS):
            started = time.perf_counter()
            own.match(*pair)
            times.append((time.perf_counter() - started) * 1000)
        return times

    busy, started = time.process_time(), time.perf_counter()
    with ThreadPoolExecutor(THREADS) as executor:
        times = [each for times in executor.map(share, range(THREADS)) for each in times]
    cpu_ms, took_s = (time.process_time() - busy) * 1000, time.perf_counter() - started
    report(f"warm, {THREADS} threads", times, f", {len(times) / took_s:.1f} pairs a second")
    print(f"  CPU per pair                     mean   {cpu_ms / len(times):7.2f}")


def alone(engine, photos: list[Path], n: int) -> None:
    """The engine without HTTP: bytes to score in one thread, OpenCV's own threads off."""
    import cv2

    cv2.setNumThreads(1)
    first, second = (path.read_bytes() for path in photos)
    cpu = []
    for _ in range(n):
        busy = time.process_time()
        engine.compare(engine.look(engine.decode(first)), engine.look(engine.decode(second)))
        cpu.append((time.process_time() - busy) * 1000)
    report("engine alone, one thread, CPU", cpu)


def report(name: str, times: list[float], more: str = "") -> None:
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    print(f"{name:34s} median {middle(times):7.2f}   p95 {p95:7.2f}   n {len(times)}{more}", flush=True)


def middle(times: list[float]) -> float:
    return sorted(times)[len(times) // 2]


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_MIB


if __name__ == "__main__":
    main()
