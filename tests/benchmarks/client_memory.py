"""What a big file costs in the client's memory while it is compared, the call log's digests included.

    python tests/benchmarks/client_memory.py

The client is a process of its own, which has made a small call before; the server only counts what it is sent. Linux.
"""

import argparse
import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
MB = 1_000_000
KIB = 1024
ANSWER = (
    b'{"errcode":0,"errmsg":null,"data":{"status":"SUCCESS","traceNo":"1","result":{"isSccess":"true","score":"99"}}}'
)
HEAD = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(ANSWER)}\r\n\r\n".encode()


def main() -> None:
    options = parsed()
    if options.client is not None:
        print(json.dumps(one_call(options.client, options.file, options.whole)))
        return
    with tempfile.TemporaryDirectory() as folder, counting_server() as url:
        path = Path(folder, "clip")
        path.write_bytes(bytes(options.size * MB))
        for name, whole in (("from a path", False), ("read whole first", True)):
            runs = [measured(url, path, whole=whole) for _ in range(options.n)]
            extra, cpu = [run["extra_mb"] for run in runs], [run["cpu_s"] for run in runs]
            print(
                f"{options.size} MB, {name}: extra peak median {median(extra):.2f} MB, highest {max(extra):.2f} MB; "
                f"CPU median {median(cpu):.2f} s; n = {options.n}"
            )


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=50, help="megabytes of the file")
    parser.add_argument("-n", type=int, default=5, help="processes of each kind")
    parser.add_argument("--client", metavar="URL", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--whole", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def measured(url: str, path: Path, *, whole: bool = False) -> dict[str, float]:
    """``one_call`` in a fresh process."""
    command = [sys.executable, __file__, "--client", url, "--file", str(path), *(["--whole"] if whole else [])]
    told = subprocess.run(command, capture_output=True, check=True, text=True, timeout=120).stdout
    return json.loads(told)


def one_call(url: str, path: Path, whole: bool) -> dict[str, float]:
    """The growth of this process's peak of memory during one call, above what it held just before; and the CPU."""
    sys.path.insert(0, str(ROOT))
    from facematch.client import FaceMatchClient, Photo, Video
    from facematch.log import CallLog, Key

    with tempfile.TemporaryDirectory() as folder:
        log = CallLog(Path(folder, "log", "calls.db"), key=Key("k1", b"s" * 32))
        with FaceMatchClient(url, "a-token", log=log, timeout_s=60.0) as client:
            client.match(Photo(b"reference"), Video(bytes(1000)))
            Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
            before, started = memory("VmRSS"), time.process_time()
            video = Video(path.read_bytes()) if whole else Video.from_path(path)
            result = client.match(Photo(b"reference"), video)
            cpu = time.process_time() - started
            extra = memory("VmHWM") - before
        log.close()
    return {"extra_mb": extra * KIB / MB, "cpu_s": cpu, "sent_bytes": result.exchange.request_bytes}


def memory(name: str) -> int:
    """A line of this process's status, in KiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


@contextmanager
def counting_server() -> Iterator[str]:
    """Takes each body to its end, keeps nothing of it, and finds everybody alike."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_serve, args=(listener,), daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def _serve(listener: socket.socket) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_answer, args=(connection,), daemon=True).start()


def _answer(connection: socket.socket) -> None:
    with connection, connection.makefile("rb") as request:
        while line := request.readline():
            length = 0
            while line not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
                line = request.readline()
            while length and (part := request.read1(min(length, 2**18))):
                length -= len(part)
            connection.sendall(HEAD + ANSWER)


if __name__ == "__main__":
    main()
