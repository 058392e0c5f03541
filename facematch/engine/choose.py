"""Which of the faces on a photo is meant."""

from collections.abc import Sequence
from dataclasses import dataclass

from facematch.seen import Face

COUNTS_FROM = 0.6  # detector confidence at which a find counts as a face
RIVAL_CONFIDENCE = (
    0.85  # a face that the detector is surer of than this can be meant; clean portraits have 0.93 to 0.95
)
RIVAL_AREA = 0.35  # of the largest face's area: above it, nobody can say which face is meant


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen face, and why it."""

    index: int | None  # into the faces given
    rule: str  # none, only, dominant, largest or central
    crowded: bool = False  # several faces compete and the rule allows one: refuse the photo


def choose(faces: Sequence[Face], width: int, height: int, rule: str) -> Choice:
    """Choose by *rule* among the faces whose confidence is at least 0.6.

    A single face is taken under every rule (``only``). Else the choice is among those that the detector is sure of
    (0.85 and more), when there are any: half a face at the edge or a pattern does not make a photo ambiguous.

    - ``one``: the largest, provided that no other face has more than 35 % of its area (``dominant``); when one has,
      the photo is crowded, and the largest is named only to show something.
    - ``largest``: the largest.
    - ``central``: the one whose centre is nearest to the picture's; of equally near ones the larger.

    Args:
        faces: In pixels of a picture of *width* x *height*.
        width: Of the picture.
        height: Of the picture.
        rule: ``one``, ``largest`` or ``central``.
    """
    counted = [index for index, face in enumerate(faces) if face.confidence >= COUNTS_FROM]
    if not counted:
        return Choice(None, "none")
    if len(counted) == 1:
        return Choice(counted[0], "only")
    sure = [index for index in counted if faces[index].confidence >= RIVAL_CONFIDENCE] or counted
    if rule == "central":
        return Choice(min(sure, key=lambda i: (_off_centre(faces[i], width, height), -_area(faces[i]))), "central")
    first, *others = sorted(sure, key=lambda i: -_area(faces[i]))
    if rule == "largest":
        return Choice(first, "largest")
    crowded = any(_area(faces[i]) > RIVAL_AREA * _area(faces[first]) for i in others)
    return Choice(first, "largest" if crowded else "dominant", crowded)


def _area(face: Face) -> float:
    return face.box[2] * face.box[3]


def _off_centre(face: Face, width: int, height: int) -> float:
    x, y, w, h = face.box
    return (x + w / 2 - width / 2) ** 2 + (y + h / 2 - height / 2) ** 2
