"""How long one rerun of a form page takes: ``python -m tests.benchmarks.page_speed [RUNS]``.

The script alone, as the server runs it, without the browser; on the embedded service, with media in the form, and with
the result of a sample below it. AppTest adds the reading of what was drawn; the page's own time lies between the
first and the last line of the script.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest

from facematch import samples

ROOT = Path(__file__).parents[2]
PAGES = ("photo_match", "id_verification", "video_match")
RESULTS = {"photo_match": ("sample_same_person",), "id_verification": ("case_own_photo", "ask")}  # buttons to press
RUNS = 30
_spans_ms: list[float] = []
_cpu_ms: list[float] = []  # of the script's own thread: the same on a busy machine
_run = script_runner.ScriptRunner._run_script


def _timed(self: script_runner.ScriptRunner, rerun_data: object) -> None:
    started, worked = time.perf_counter(), time.thread_time()
    _run(self, rerun_data)  # type: ignore[arg-type]
    _spans_ms.append((time.perf_counter() - started) * 1000)
    _cpu_ms.append((time.thread_time() - worked) * 1000)


def measure(page: str, runs: int, *, with_result: bool = False) -> list[float]:
    """Milliseconds of each of *runs* reruns of *page*, after two that fill the caches."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    at.switch_page(f"pages/{page}.py")
    at.run()
    photo = samples.photo("obama_1.jpg")
    for part in ("probe",) if page == "id_verification" else ("reference", "probe"):
        if (page, part) != ("video_match", "probe"):
            at.file_uploader(key=f"{part}_upload_0").upload("a.jpg", photo, "image/jpeg")
    for key in RESULTS[page] if with_result else ():
        at.button(key=key).click().run()
    for _ in range(2):
        at.run()
    _spans_ms.clear()
    _cpu_ms.clear()
    for _ in range(runs):
        at.run()
    if at.exception:
        raise SystemExit(f"{page} does not run: {at.exception}")
    return list(_spans_ms)


def tell(what: str, spans_ms: list[float]) -> None:
    """Print the line of one page."""
    spans = sorted(spans_ms)
    worst, p95 = spans[-1], spans[int(0.95 * (len(spans) - 1))]
    median, cpu = statistics.median(spans), statistics.median(_cpu_ms)
    print(f"{what}: median {median:.0f} ms (CPU {cpu:.0f}), p95 {p95:.0f} ms, worst {worst:.0f} ms, n={len(spans)}")


def main() -> None:
    """Print the median and its CPU time, the 95th percentile and the worst of each page."""
    runs = int(sys.argv[1]) if sys.argv[1:] else RUNS
    script_runner.ScriptRunner._run_script = _timed  # type: ignore[method-assign,assignment]
    with tempfile.TemporaryDirectory() as data:
        os.environ["FACEMATCH_DATA_DIR"] = data
        measure(PAGES[0], 3)  # the networks are loaded meanwhile
        for page in PAGES:
            tell(page, measure(page, runs))
            if page in RESULTS:
                tell(f"{page}, with a result", measure(page, runs, with_result=True))
    os._exit(0)  # the embedded service and its threads are of no further use


if __name__ == "__main__":
    main()
