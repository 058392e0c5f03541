"""The body as a whole, tokens, live codes, identity checks, and asynchronous calls."""

from facematch.samples import DEMO_PERSONS

from .case import (
    ABSENT,
    CHOSEN,
    FILES,
    IDENTITY,
    LIVE_CODE,
    MATCH,
    PERSONS,
    TOKENS,
    Caller,
    Case,
    Code,
    Expected,
    Request,
    Shown,
    case,
    clip,
    lip,
    of_person,
    person,
    photos,
)

_BODIES = {
    "no JSON": (b"<image/>", 3),
    "cut off": (b'{"image": {', 3),
    "a list": (b"[]", 3),
    "a text": (b'"image"', 3),
    "null": (b"null", 3),
    "NaN": (b'{"image": NaN}', 3),
    "GB 18030": ('{"image": "\u7532"}'.encode("gb18030"), 3),
    "nested without end": (b'{"image":' * 100_000, 3),
    "no body": (None, 1),
    "white space": (b" \r\n", 1),
    "an empty object": (b"{}", 1),
    "more than 16 MiB": (b'{"image": "' + b"A" * (17 * 1024 * 1024) + b'"}', 2102),
}


def _whole(path: str) -> tuple[Case, ...]:
    """The same for match and idno."""
    name = path.rsplit("/", 1)[-1]
    return tuple(
        case(f"{name}: body is {what}", errcode, body, path, status=413 if errcode == 2102 else 200)
        for what, (body, errcode) in _BODIES.items()
    )


# Of the document: the names of files stand for any.
_EXAMPLE = {
    "async": False,
    "liveCode": "1232",
    "image": {"origin": "fds", "data": "xxxxxxxxxxxxxx.jpg"},
    "faceData": {"type": "video", "videoType": "SILENT", "origin": "fds", "data": "xxxxxxxxxxxxxx.mp4"},
}
BODIES = (
    *_whole(MATCH),
    *_whole(IDENTITY),
    case("match: unknown keys", 0, photos(extra=1, image={"extra": None}, faceData={"extra": []}), passed=True),
    case("idno: unknown keys", 0, person(extra=1, image={}), IDENTITY, passed=True).needing("persons"),
    case("a liveCode with photos is ignored", 0, photos(liveCode=7), passed=True),
    case("a liveCode with SILENT is ignored", 1004, clip(liveCode="1232", faceData={"videoType": "SILENT"})),
    case("a videoType with photos is ignored", 0, photos(faceData={"videoType": ""}), passed=True),
    case("the document's example as it stands", 202, _EXAMPLE, side="image"),
    case("GET on match", 2, None, method="GET", status=405),
    case("PUT on validateData", 2, None, LIVE_CODE, method="PUT", status=405),
    case("a path that nobody knows", 2, None, "/tech/ai/face/mat", status=404),
    case("a path with a slash too many", 2, photos(), MATCH + "/", status=404),
)  # fmt: skip


def _tokens(caller: Caller, errcode: int) -> tuple[Case, ...]:
    bodies = {MATCH: photos(), IDENTITY: person(), LIVE_CODE: {}}
    needs = ("tokens",) if caller == "revoked" else ()
    return tuple(
        case(f"{path.rsplit('/', 1)[-1]}: {caller} token", errcode, body, path, caller=caller, status=401).needing(
            *needs
        )
        for path, body in bodies.items()
    )


ACCESS = (
    *_tokens("none", 40101),
    *_tokens("blank", 40101),
    *_tokens("wrong", 40102),
    *_tokens("bearer", 40102),  # the token itself is the header's value
    *_tokens("revoked", 40102),
    case("another token is as good", 0, photos(), caller="another", passed=True).needing("tokens"),
    *(
        case(f"{path} without a token", 40101, None, path, method="GET", caller="none", status=401).needing("tokens")
        for path in (PERSONS, TOKENS, FILES)
    ),
)

CODES = (
    case("validateData: an empty object", 0, {}, LIVE_CODE, kind="code"),
    case("validateData: no body", 0, None, LIVE_CODE, kind="code"),
    case("validateData: keys that nobody knows", 0, {"length": 6}, LIVE_CODE, kind="code"),
    case("validateData: a list", 3, [], LIVE_CODE),
    case("validateData: no JSON", 3, b"{", LIVE_CODE),
    *(
        case(f"{name}: liveCode {what}", errcode, wrap(lip(liveCode=code)), path)
        for name, path, wrap in (("match", MATCH, dict), ("idno", IDENTITY, of_person))
        for what, code, errcode in (
            ("unknown", "no code", 1131),
            ("of another token", Code(fate="another_token"), 1131),
            ("used before", Code(fate="used"), 1133),
        )
    ),
    case("match: liveCode expired", 1132, lip(), on="instant_codes"),
    case("idno: liveCode expired", 1132, of_person(lip()), IDENTITY, on="instant_codes"),
    case("chosen codes switched off", 2, {"code": "0521"}, CHOSEN, status=404, on="no_switches"),
)


def _demo(nth: int, errcode: int, title: str, /, passed: bool | None = None, **changes: object) -> Case:
    """A check of the *nth* demo person."""
    who = DEMO_PERSONS[nth]
    wire = person(**{"idNum": who.id_number, "name": who.name, "faceData": {"data": Shown(who.probe or "")}, **changes})
    return case(f"idno: {title}", errcode, wire, IDENTITY, passed=passed).needing("persons")


def _form(errcode: int, title: str, /, **changes: object) -> Case:
    return case(f"idno: {title}", errcode, person(**changes), IDENTITY)


IDENTITIES = (
    _demo(0, 0, "the enrolled person", True),
    _demo(0, 0, "another face", False, faceData={"data": Shown("biden_1.jpg")}),
    _demo(2, 0, "a number that ends in x", True, idNum="19000119740816004x"),
    _demo(1, 2006, "somebody else's name", name="演示甲"),
    _demo(4, 2007, "no photo in the library"),
    _demo(5, 2009, "a poor photo in the library"),
    _demo(0, 2010, "a probe without a face", faceData={"data": Shown("no_face.jpg")}),
    _demo(5, 2009, "the library comes before the probe's face", faceData={"data": Shown("no_face.jpg")}),
    _demo(0, 1004, "a wall", faceData={"type": "video", "data": Shown("wall")}),
    _demo(0, 0, "a living head", True, faceData={"type": "video", "data": Shown("alive")}),
    _form(2005, "a number that nobody has", idNum="190001199101010011"),
    _form(2005, "a name of 32 characters", idNum="190001199101010011", name="名" * 32),
    _form(2002, "a name of 33 characters", name="名" * 33),
    _form(2002, "a name of white space", name=" \u3000"),
    _form(2003, "a number of 15 characters", idNum="190001610203001"),
    _form(2003, "a number of 19 characters", idNum="1900011961020300100"),
    _form(2003, "a wrong check character", idNum="190001196102030011"),
    _form(2003, "an X inside", idNum="19000119610203X010"),
    _form(2003, "the 29th of February 1900", idNum="190001190002290010"),
    _form(2003, "a birth date in the month 13", idNum="190001196113030010"),
    _form(2003, "full-width digits", idNum="１９０００１１９６１０２０３００１０"),
    _form(2101, "the probe is decoded before the form of the number", idNum="1", faceData={"data": Shown("text")}),
    _form(2002, "the name comes before the number", idNum="1", name=" "),
)


_LATER = ("Retry-After",)


def _later(name: str, errcode: int, body: dict, path: str = MATCH, *, passed: bool | None = None) -> Case:
    """An asynchronous call, and what is answered in the end."""
    row = case(
        f"async: {name}", 0, {**body, "async": True}, path, kind="processing", later=Expected(errcode, passed=passed)
    )
    return row.needing("persons") if path == IDENTITY else row


_NOW, _HELD = {"async": True}, {"origin": "uri", "data": Shown("held", "uri")}
_UNFINISHED = Request(photos(image=_HELD, **_NOW))
ASYNC = (
    _later("a mated pair", 0, photos(), passed=True),
    _later("a non-mated pair", 0, photos(faceData={"data": Shown("biden_1.jpg")}), passed=False),
    _later("a photo without a face", 2010, photos(image={"data": Shown("no_face.jpg")})),
    _later("a text", 2101, photos(image={"data": Shown("text")})),
    _later("a clip", 1004, clip()),
    _later("a demo person", 0, person(), IDENTITY, passed=True),
    _later("nobody", 2005, person(idNum="190001199101010011"), IDENTITY),
    case("async: the form is checked at once", 1, photos(image=ABSENT, **_NOW)),
    case("async: the live code is checked at once", 1131, lip(liveCode="no code", **_NOW)),
    case("async: too many", 16, photos(**_NOW), status=429, headers=_LATER, on="one_async", first=(_UNFINISHED,)),
)

_FILE = Request(b"x", f"{FILES}/first.jpg", "PUT")
BROKEN = (
    case("an engine that breaks", 4, photos(), status=500, on="breaking"),
    case("LIP where no speech is recognised", 1001, lip(), on="no_speech"),
    case("LIP for a person where no speech is recognised", 1001, of_person(lip()), IDENTITY, on="no_speech"),
    case("a damaged network", 2001, photos(), on="damaged"),
    case("a damaged network and a clip", 2001, clip(), on="damaged"),
    case("too many files", 16, b"x", f"{FILES}/second.jpg", method="PUT", on="one_file", first=(_FILE,)),
)
