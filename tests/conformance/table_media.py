"""What photos and clips are answered with, from every origin, and which failure is told first."""

from typing import Literal

from .case import ABSENT, IDENTITY, PERSONS, Case, Code, Shown, case, clip, lip, person, photos
from .media_clips import SPOKEN

SWITCHED_OFF = "no_switches"
Way = Literal["fds", "uri"]


def _either(name: str, errcode: int) -> tuple[Case, Case]:
    """A photo that is refused on both sides; the errmsg says which."""
    return (
        case(f"photo {name} as reference", errcode, photos(image={"data": Shown(name)}), side="image"),
        case(f"photo {name} as probe", errcode, photos(faceData={"data": Shown(name)}), side="faceData"),
    )


PHOTOS = (
    *_either("nothing", 2101),  # white space only: base64 of no bytes
    *_either("text", 2101),
    *_either("half_a_file", 2101),
    *_either("webp", 2101),  # by default
    *_either("gif", 2101),
    *_either("large", 2102),
    *_either("narrow", 2102),
    *_either("heavy", 2102),
    *_either("no_face.jpg", 2010),
    *_either("half_a_face", 2010),
    *_either("two_faces.jpg", 2012),
    *_either("small_face", 2103),
    *_either("upside_down", 2103),
    *_either("blurred.jpg", 2103),
    *_either("covered", 2104),
    *_either("dark.jpg", 1201),
    *_either("bright", 1202),
    case("a mated pair", 0, photos(), passed=True),
    case("a non-mated pair", 0, photos(faceData={"data": Shown("biden_1.jpg")}), passed=False),
    case("a png", 0, photos(faceData={"data": Shown("png")}), passed=True),
    case("a photo on its side", 0, photos(faceData={"data": Shown("sideways.jpg")}), passed=True),
)

_WAYS = (("data_url", 0), ("spaced", 0), ("url_safe", 2101), ("unpadded", 2101))
BASE64 = (
    *(case(f"base64 {way}", n, photos(image={"data": Shown("obama_2.jpg", way)})) for way, n in _WAYS),
    case("base64 of a video in url-safe letters", 1104, clip(faceData={"data": Shown("wall", "url_safe")})),
    case("base64 with a data URL's head, of a video", 1004, clip(faceData={"data": Shown("wall", "data_url")})),
)


def _film(name: str, errcode: int) -> Case:
    return case(f"clip {name}", errcode, clip(name), side="faceData")


SILENT = (
    case("a living head", 0, clip("alive"), passed=True),
    case("a living head of somebody else", 0, clip("alive", image={"data": Shown("biden_1.jpg")}), passed=False),
    _film("loop", 1002),
    _film("still", 1002),
    _film("waved", 1003),
    _film("few_frames", 1005),
    _film("wall", 1004),
    _film("black", 1004),
    _film("cut", 1102),
    _film("text", 1104),
    _film("only_sound", 1104),
    _film("nothing", 1107),  # white space only: base64 of no bytes
    _film("heavy_clip", 1107),
    _film("few_pixels", 1108),
    _film("small_face_clip", 1108),
    _film("short", 1120),
    _film("long", 1121),
    _film("dark", 1201),
    _film("bright_clip", 1202),
    _film("blurred", 2004),
    _film("two_persons", 2012),
    _film("another_person", 2012),
    *(_film(name, 1004) for name in ("mov", "webm", "avi", "flv")),  # read: it is the wall that is refused
    case("a wall is no photo", 2101, photos(faceData={"data": Shown("wall")}), side="faceData"),
)


def _spoken(name: str, clip_name: str, errcode: int, code: str = SPOKEN) -> Case:
    return case(name, errcode, lip(clip_name, liveCode=Code(code)), passed=True if errcode == 0 else None)


def _drawn(clip_name: str, errcode: int) -> Case:
    return case(f"LIP {clip_name}", errcode, lip(clip_name), side="faceData")


LIP = (
    _spoken("LIP, the code is read aloud", "speaking", 0),
    _spoken("LIP, another code is read aloud", "speaking", 1103, "4218"),
    _spoken("LIP, the clip runs backwards", "backwards", 1103),
    _spoken("LIP, the right voice over shut lips", "dubbed", 1109),
    _spoken("LIP, a still photo with the right voice", "still_with_voice", 1002),
    _spoken("LIP, a photo whose mouth opens with the right voice", "warped_with_voice", 1002),
    _spoken("LIP, the voice is late", "out_of_time", 1109),
    _drawn("mute", 1101),
    _drawn("silence", 1101),
    _drawn("whispered", 1106),
    _drawn("short", 1120),
    _drawn("half_a_clip", 1104),
)


def _origins(way: Way) -> tuple[Case, ...]:
    """The same for files and links."""

    def at(name: str) -> dict[str, object]:
        return {"origin": way, "data": Shown(name, way)}

    nowhere = {"origin": way, "data": _NOWHERE[way]}
    nobody = {"idNum": "19000119900101009X", "name": "Nobody", "image": at("no_face.jpg")}
    return (
        case(f"{way}: both photos", 0, photos(image=at("obama_2.jpg"), faceData=at("png")), passed=True),
        case(f"{way}: a clip", 1004, clip(faceData=at("wall"))),
        case(f"{way}: no reference there", 202, photos(image=nowhere), side="image").needing(way),
        case(f"{way}: no probe there", 202, photos(faceData=nowhere), side="faceData").needing(way),
        case(f"{way}: no clip there", 1105, clip(faceData=nowhere), side="faceData").needing(way),
        case(f"{way}: an empty photo", 2101, photos(image=at("nothing")), side="image"),
        case(f"{way}: an empty clip", 1107, clip(faceData=at("nothing")), side="faceData"),
        case(f"{way}: a text", 2101, photos(image=at("text")), side="image"),
        case(f"{way}: a photo of too many bytes", 2102, photos(image=at("heavy")), side="image"),
        case(f"{way}: a clip of too many bytes", 1107, clip(faceData=at("heavy_clip")), side="faceData"),
        case(f"idno, {way}: a photo", 0, person(faceData=at("png")), IDENTITY, passed=True).needing("persons"),
        case(f"persons, {way}: a portrait", 0, nobody, PERSONS, kind="other").needing("persons"),
    )


_NOWHERE = {"fds": "conformance/nowhere.jpg", "uri": "http://127.0.0.1:9/nowhere.jpg"}  # port 9: discard
_BAD_PATHS = ("../keys/state.key", "a/../../b.jpg", "/etc/passwd", "C:\\x.jpg", "file:///etc/passwd")
_BAD_LINKS = ("file:///etc/passwd", "ftp://127.0.0.1/x", "no link", "http://u:p@127.0.0.1/", "http://[::ffff:10.0.0.1]")
_LINK = {"origin": "uri", "data": "http://127.0.0.1/"}
SOURCES = (
    *_origins("fds"),
    *_origins("uri"),
    *(case(f"fds: {path}", 202, photos(image={"origin": "fds", "data": path}), side="image") for path in _BAD_PATHS),
    *(case(f"uri: {link}", 202, photos(image={"origin": "uri", "data": link}), side="image") for link in _BAD_LINKS),
    case("uri switched off, a photo", 202, photos(image=_LINK), on=SWITCHED_OFF),
    case("uri switched off, a clip", 1105, clip(faceData=_LINK), on=SWITCHED_OFF),
)


def _two(reference: str, probe: str) -> dict[str, object]:
    return photos(image={"data": Shown(reference)}, faceData={"data": Shown(probe)})


_FACELESS = {"data": Shown("no_face.jpg")}
ORDER = (
    case("the reference is decoded first", 2102, _two("large", "text"), side="image"),
    case("both are decoded before a face is looked for", 2101, _two("no_face.jpg", "text"), side="faceData"),
    case("the reference's face comes first", 2010, _two("no_face.jpg", "two_faces.jpg"), side="image"),
    case("a clip is decoded before a face is looked for", 1104, clip("text", image=_FACELESS), side="faceData"),
    case("the reference's face comes before the clip's", 2010, clip("wall", image=_FACELESS), side="image"),
    case("the form comes before the media", 2, photos(image={"data": Shown("text"), "origin": ""})),
    case("the live code comes before the media", 1130, lip("text", liveCode=ABSENT)),
    case("a bad token comes before a bad body", 40102, b"{", caller="wrong", status=401),
)
