"""One thing that the doctor looked at."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from facematch.cli.outcome import places_of
from facematch.cli.words import Speaker
from facematch.errors import FaceMatchError

Status = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Check:
    """What was found, and what to do about it."""

    name: str
    status: Status
    text: str
    remedy: str | None = None  # None where nothing is to be done


def guarded(name: str, look: Callable[[], Check | Iterable[Check]], say: Speaker) -> Iterator[Check]:
    """What *look* finds; when it breaks, that is the failure of the check *name*, and those after it still come."""
    try:
        found = look()
        yield from (found,) if isinstance(found, Check) else found
    except FaceMatchError as error:
        yield Check(name, "fail", say("doctor.not_looked", name=name), say.clause(error))
    except Exception as error:  # noqa: BLE001 - its text may hold what nobody may read
        text = say("doctor.not_looked", name=name)
        yield Check(name, "fail", text, say("doctor.fault", kind=type(error).__name__, place=places_of(error)[-1]))
