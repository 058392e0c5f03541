"""The frames of a clip on which the followed face was found."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from facematch.engine.api import Frame, Watch
from facematch.engine.view import Floats
from facematch.seen import Face


@dataclass(frozen=True, slots=True, eq=False)
class FoundFace:
    """One frame and the face on it."""

    frame: Frame
    face: Face

    @property
    def points(self) -> Floats:
        """(5, 2): right eye, left eye, nose, right and left mouth corner, in px of the frame."""
        return np.asarray(self.face.points, np.float64)

    @property
    def eyes_px(self) -> float:
        """Distance of the eyes, at least 1."""
        return max(1.0, float(np.linalg.norm(self.points[1] - self.points[0])))


def found_faces(watch: Watch) -> tuple[FoundFace, ...]:
    """In order of time; a twelfth of a second apart where the face was not lost."""
    frames = watch.video.frames
    return tuple(FoundFace(frames[spot.index], spot.face) for spot in watch.spots if spot.face is not None)


def evenly(seen: Sequence[FoundFace], most: int) -> list[FoundFace]:
    """At most *most* of them, evenly spaced."""
    places = np.linspace(0, len(seen) - 1, min(most, len(seen)))
    return [seen[int(place)] for place in places]
