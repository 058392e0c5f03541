"""Everything personal that a call can carry, every kind of call that carries it, and servers that repeat it."""

import json
import random
import traceback
from collections.abc import Callable, Iterator
from urllib.parse import quote

from faulty.acts import says, says_json, sent_body, tells
from faulty.server import Act, path
from secret_scan import Secrets

from facematch.client import FaceMatchClient, Photo, RunItem, Video
from facematch.errors import CallError

_dice = random.Random(20)  # noqa: S311
REFERENCE, PROBE, CLIP = (_dice.randbytes(600) for _ in range(3))
NUMBERS = {  # each valid, nobody's
    "number": "11010519491231002X",
    "number in lower case": "44052419800101001x",
    "number in full width": "５２０３２４１９８９０５１６０２０８",
    "number with spaces": " 350105197508200036 ",
}
NAMES = {
    "Chinese name": "欧阳震华",
    "English name": "Annabelle Featherstone",
    "name with signs": 'Zoë "O\'Hara" <Smith>',
}
TOKEN = "a-token-of-somebody-0123456789/+x"  # noqa: S105 - opens nothing
CODE = "7392051846"
LINK = "https://someone:pass-word@files.example:8443/clip.mp4?signature=Sig-Na-Ture-77&who=somebody#fragment-of-it"
SECRETS = Secrets(
    {name: text.strip() for name, text in (NUMBERS | NAMES).items()}
    | {"token": TOKEN, "code": CODE, "password": "pass-word", "signature": "Sig-Na-Ture-77", "fragment": "fragment-of"},
    {"reference": REFERENCE, "probe": PROBE, "clip": CLIP},
)
PEOPLE = list(zip(NUMBERS.values(), [*NAMES.values(), NAMES["Chinese name"]], strict=True))


def calls_of(client: FaceMatchClient) -> Iterator[Callable[[], object]]:
    """Every kind of call, about everybody."""
    face, clip = Photo(PROBE), Video(CLIP)
    run = RunItem("run", PEOPLE[0][0], True)  # whoever numbers the items of a run by ID numbers
    yield lambda: client.match(Photo(REFERENCE), face)
    yield lambda: client.match(Photo(REFERENCE), face, run=run)
    yield lambda: client.match(Photo(REFERENCE), clip, video_type="SILENT")
    yield lambda: client.match(Photo(REFERENCE), clip, live_code=CODE)
    yield lambda: client.match(Photo.from_link(LINK), Video.from_link(LINK), live_code=CODE)
    yield lambda: client.start_match(Photo(REFERENCE), clip)
    for number, name in PEOPLE:
        yield lambda number=number, name=name: client.verify_identity(number, name, face)
        yield lambda number=number, name=name: client.verify_identity(number, name, clip, live_code=CODE)
        yield lambda number=number, name=name: client.start_identity(number, name, Video.from_link(LINK))
        yield lambda number=number, name=name: client.local.enrol(number, name, Photo(REFERENCE))
    yield client.live_code
    yield client.health
    yield client.local.persons
    yield lambda: client.local.upload("a.bin", PROBE)
    yield lambda: client.match(Photo(REFERENCE), Photo.from_file_server("a.bin"))
    yield lambda: client.result("1")
    yield lambda: client.evidence("1")


def shown_of(client: FaceMatchClient) -> Iterator[str]:
    """What a page, a terminal or a bug report may show of each call."""
    for call in calls_of(client):
        try:
            answer = call()
        except CallError as error:
            told = "".join(traceback.format_exception(error))
            yield f"{error} {error!r} {vars(error)} {told} {getattr(error.exchange, 'answer', '')}"
        else:
            exchange = getattr(answer, "exchange", None)
            yield f"{answer!r} {exchange!r} {getattr(exchange, 'answer', '')}"
    yield f"{client!r} {client.local!r}"


def json_of(request: bytes) -> dict[str, object]:
    """The body, where it is JSON; an uploaded file is none."""
    return sent_body(request) if b"\r\n\r\n{" in request else {}


def repeats_all(server, connection, request):
    """All that came in every text of the answer, as it came and in the forms that servers print it in."""
    texts = [request.partition(b"\r\n\r\n")[0].decode("latin-1")]
    if wire := json_of(request):
        texts += [text for text in wire.values() if isinstance(text, str)]
        texts += [part["data"] for part in wire.values() if isinstance(part, dict)]
    ways = [*texts, *map(quote, texts), json.dumps(texts), json.dumps(json.dumps(texts)), *map(str.upper, texts)]
    text = " | ".join(ways)
    says_json(200, {"errcode": 2, "errmsg": text, "data": {"status": text, "traceNo": text, "why": text}})(
        server, connection, request
    )


def repeats_as(disguise: Callable[[str], str]) -> Act:
    """A server that repeats each text of the request in *disguise*, as JSON and as a page by turns."""

    def act(server, connection, request):
        wire = json_of(request)
        parts = [value if isinstance(value, dict) else {"data": value} for value in wire.values()]
        texts = [part["data"] for part in parts if isinstance(part["data"], str) and part.get("origin") != "self"]
        text = " | ".join(map(disguise, [TOKEN, *texts]))
        answer = {"errcode": 2, "errmsg": text, "data": {"status": text, "traceNo": text, "why": text}}
        is_page = len(server.received) % 2
        page = says(500, f"<html>{text}</html>".encode(), {"Content-Type": "text/html"})
        (page if is_page else says_json(200, answer))(server, connection, request)

    return act


def in_gbk(server, connection, request):
    """HTML of a proxy, in the encoding of its country, with what it was sent."""
    wire = json_of(request)
    page = f"<html>错误 {wire.get('name')} {wire.get('idNum')} {path(request)}</html>"
    says(500, page.encode("gb18030"), {"Content-Type": "text/html"})(server, connection, request)


def breaks_off(server, connection, request):
    """The beginning of an answer that repeats the name."""
    name = str(json_of(request).get("name")).encode()
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{"errcode": 0, "errmsg": "' + name)


def passes(server, connection, request):
    told = {"code": CODE} if path(request).endswith("/validateData") else {"isSccess": "true", "score": "99"}
    tells(told)(server, connection, request)
