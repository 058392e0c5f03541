"""A server of the contract that answers each call when it is let, and knows how many calls came."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANSWER = {
    "errcode": 0,
    "errmsg": "SUCCESS",
    "data": {"status": "SUCCESS", "traceNo": "12345678901234567890", "result": {"isSccess": "true", "score": "91"}},
}
UNAUTHORIZED = {"errcode": 40102, "errmsg": "token expired", "data": {}}


class GatedServer(ThreadingHTTPServer):
    """Answers are held back while ``gate`` is closed, and are refusals while ``knows_token`` is False."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.gate = threading.Event()
        self.calls: list[str] = []
        self.knows_token = True
        self.gate.set()

    @property
    def url(self) -> str:
        """Root of the service."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: GatedServer

    def do_GET(self) -> None:
        self._say(404, {"errcode": 404, "errmsg": "unknown", "data": {}})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append(self.path)
        self.server.gate.wait(60)
        if self.server.knows_token:
            self._say(200, ANSWER)
        else:
            self._say(401, UNAUTHORIZED)

    def log_message(self, *_: object) -> None:
        """Nothing is written."""

    def _say(self, status: int, answer: object) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def gated_server() -> Iterator[GatedServer]:
    """Serve in a thread."""
    with GatedServer() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.gate.set()
            server.shutdown()
            thread.join()
