"""The ID library and the file server's stand-in under ``/local/``."""

from dataclasses import asdict

from facematch import codes
from facematch.contract import Media
from facematch.service.access import Upload, refuse_declared
from facematch.service.answers import Answer, not_found, success
from facematch.service.library import Enrolment
from facematch.service.parts import Call, Parts, asking
from facematch.service.refusals import engine_told, file_told
from facematch.wire import object_, text


async def enrol(parts: Parts, call: Call) -> Answer:
    """``POST /local/persons``: a portrait that the engine will not use is kept as such, and the answer says why."""
    with parts.claim() as claim:
        wire = await parts.wire(call, claim)
        id_number, name = text(wire, "idNum"), text(wire, "name")
        media = None if wire.get("image") is None else Media.from_wire(object_(wire, "image"), "image")
        done = await parts.calling(_enrolled, parts, id_number, name, media)
    refused = None if done.refused is None else asdict(done.refused)
    return success(call.trace_no, {"person": asdict(done.person), "refused": refused})


async def enrol_demo(parts: Parts, call: Call) -> Answer:
    """``POST /local/persons/demo``: those that ship."""
    await parts.small_wire(call)
    done = await parts.calling(_enrolled_demo, parts)
    return success(call.trace_no, {"persons": [asdict(each.person) for each in done]})


async def persons(parts: Parts, call: Call) -> Answer:
    """``GET /local/persons``: masked."""
    found = await asking(parts.state.persons.all)
    return success(call.trace_no, {"persons": [asdict(each) for each in found]})


async def delete_person(parts: Parts, call: Call) -> Answer:
    """``DELETE /local/persons/{id}``."""
    wanted = call.request.path_params["id"]
    if not await asking(parts.state.persons.delete, wanted):
        return not_found(call.trace_no, "no person with this id")
    return success(call.trace_no, {"id": wanted})


async def put_file(parts: Parts, call: Call) -> Answer:
    """``PUT /local/files/{path}``: the raw bytes are the body, stored while they arrive."""
    refuse_declared(call.request, parts.limits.file_max_bytes)
    upload = Upload(call.request, parts.limits.file_max_bytes)
    with file_told():
        stored = await parts.uploading(parts.files.put, call.request.path_params["path"], upload.chunks())
    return success(call.trace_no, asdict(stored))


async def files(parts: Parts, call: Call) -> Answer:
    """``GET /local/files``."""
    with file_told():
        found = await asking(parts.files.all)
    return success(call.trace_no, {"files": [asdict(each) for each in found]})


async def delete_file(parts: Parts, call: Call) -> Answer:
    """``DELETE /local/files/{path}``."""
    wanted: str = call.request.path_params["path"]
    with file_told():
        done = await asking(parts.files.delete, wanted)
    return success(call.trace_no, {"path": wanted}) if done else not_found(call.trace_no, "no file at this path")


def _enrolled(parts: Parts, id_number: str, name: str, media: Media | None) -> Enrolment:
    with parts.cores.taken(), engine_told(codes.COMPARISON_FAILED):
        file = None if media is None else parts.reader.photo(media, "image").data
        return parts.library.enrol(id_number, name, file)


def _enrolled_demo(parts: Parts) -> tuple[Enrolment, ...]:
    with parts.cores.taken(), engine_told(codes.COMPARISON_FAILED):
        return parts.library.enrol_demo()
