"""An ID number and a name against a photo: checked as far as this version goes, which keeps no ID library."""

from facematch import codes
from facematch.contract import IdentityRequest
from facematch.engine.api import Engine
from facematch.errors import RequestRefused
from facematch.identity import valid_id_number
from facematch.service.photos import read_photos
from facematch.settings import Limits

NAME_CHARACTERS = 32


def check_identity(engine: Engine, limits: Limits, request: IdentityRequest) -> None:
    """Check what can be checked without a library; no message repeats the name or the number.

    Raises:
        RequestRefused: As for a match's photo; 2002 a bad name, 2003 a bad ID number.
    """
    read_photos(engine, limits, request)
    if not 1 <= len(request.name.strip()) <= NAME_CHARACTERS:
        raise RequestRefused(codes.BAD_NAME, f"name does not have 1 to {NAME_CHARACTERS} characters")
    if not valid_id_number(request.id_number):
        raise RequestRefused(codes.BAD_ID_NUMBER, "idNum is not 18 characters with a birth date and a check digit")
