"""Requests of the contract as JSON objects, of the scripted engine's words."""

import base64

CODE = "0521"


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def side(given: object) -> dict[str, object]:
    """A photo given as bytes, its base64 as a text, or the object itself as a dict."""
    if isinstance(given, dict):
        return given
    return {"data": b64(given) if isinstance(given, bytes) else given}


def body(reference: object = b"any", probe: object = b"0.8", **changes: object) -> dict[str, object]:
    """A match of two photos."""
    return {"image": side(reference), "faceData": {"type": "image", **side(probe)}, **changes}


def silent(words: object = b"video 0.8", reference: object = b"any", **changes: object) -> dict[str, object]:
    """A match of a photo with a video."""
    return {"image": side(reference), "faceData": {"type": "video", **side(words)}, **changes}


def lip(words: object = b"video 0.8", code: str | None = CODE, **changes: object) -> dict[str, object]:
    """A match of a photo with a video in which *code* should be read aloud."""
    probe = {"type": "video", "videoType": "LIP", **side(words)}
    return {"image": side(b"any"), "faceData": probe, **({} if code is None else {"liveCode": code}), **changes}


def identity(id_number: str, name: str, probe: object = b"0.8", **changes: object) -> dict[str, object]:
    """A number and a name with a photo."""
    return {"idNum": id_number, "name": name, "faceData": {"type": "image", **side(probe)}, **changes}
