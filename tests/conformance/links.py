"""A web server on loopback with the suite's photos and clips, for origin ``uri``."""

import socket
import threading

from tests.service.link_server import LinkServer

from .media import media

HELD = "held"  # a photo that does not come before `Links.release`
HOLD_S = 15.0


class Links:
    """Serves every medium under its name."""

    def __init__(self) -> None:
        self._released = threading.Event()
        self.server = LinkServer(self._answer)

    def url(self, name: str) -> str:
        return f"{self.server.url}/{name}"

    def release(self) -> None:
        self._released.set()

    def _answer(self, server: LinkServer, connection: socket.socket, path: str) -> None:
        name = path.removeprefix("/")
        if name == HELD:
            self._released.wait(HOLD_S)
            name = "obama_2.jpg"
        data = media(name)
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(data)}\r\nContent-Type: application/octet-stream\r\n\r\n"
        connection.sendall(head.encode() + data)
