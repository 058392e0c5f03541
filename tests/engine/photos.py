"""Photos the engine's tests start from, and ways to store them again."""

from io import BytesIO
from pathlib import Path

from PIL import Image

import facematch

FOLDER = Path(facematch.__file__).parent / "samples" / "photos"
OBAMA = ("obama_1.jpg", "obama_2.jpg", "obama_3.jpg")
OTHERS = ("biden_1.jpg", "eileen_collins_1.png", "grace_hopper_1.jpg")


def stored(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def portrait(side: int = 600) -> Image.Image:
    """A small RGB portrait, so that a test is fast."""
    image = Image.open(FOLDER / OBAMA[0]).convert("RGB")
    image.thumbnail((side, side))
    return image


def saved(image: Image.Image, format_name: str = "png", **options: object) -> bytes:
    buffer = BytesIO()
    image.save(buffer, format_name, **options)
    return buffer.getvalue()
