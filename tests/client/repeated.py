"""What the tests of repeated calls share: each kind of call, and a server that does one thing after the other."""

import json

from faulty_server import HANDLED, Act, says, says_json, tells

from facematch.client import Photo, Video

ANY, CLIP = Photo(b"any"), Video(b"clip")
GOOD, CODE = says_json(200, HANDLED), tells({"code": "0521"})
SOON = {"Retry-After": "0"}
BUSY = says(503)
CALLS = {
    "photo": lambda client: client.match(ANY, ANY),
    "SILENT": lambda client: client.match(ANY, CLIP),
    "async": lambda client: client.start_match(ANY, ANY),
    "LIP": lambda client: client.match(ANY, CLIP, live_code="0521"),
    "identity": lambda client: client.verify_identity("1", "张三", ANY),
    "live code": lambda client: client.live_code(),
}


def in_turn(*acts: Act) -> Act:
    """One act after the other, the last for ever."""
    left = list(acts)

    def act(server, connection, request):
        (left.pop(0) if len(left) > 1 else left[0])(server, connection, request)

    return act


def extras(rows) -> list[dict[str, object]]:
    """What the rows say beside their columns."""
    return [json.loads(row["extra"] or "{}") for row in rows()]
