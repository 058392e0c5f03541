"""Make the pictures that fail, or are hard, from the shipped portraits: ``python -m facematch.samples.make``.

Needs Pillow. The pictures ship, so only someone who changes this file runs it; a test keeps the two in step.
"""

from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

from PIL import Image, ImageFilter

from facematch.samples import photo

Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels of the original

_COLLINS_BACKGROUND: Box = (330, 0, 512, 320)  # a model of the shuttle, beside her
_OBAMA_HEAD: Box = (450, 100, 960, 860)
_BIDEN_HEAD: Box = (310, 50, 820, 810)


def _open(name: str) -> Image.Image:
    return Image.open(BytesIO(photo(name))).convert("RGB")


def _portrait(width: int) -> Image.Image:
    """A clear portrait whose face is a quarter of *width* wide."""
    picture = _open("obama_1.jpg")
    return picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)


def _no_face() -> Image.Image:
    return _open("eileen_collins_1.png").crop(_COLLINS_BACKGROUND)


def _two_faces() -> Image.Image:
    heads = [_open("obama_3.jpg").crop(_OBAMA_HEAD), _open("biden_1.jpg").crop(_BIDEN_HEAD)]
    both = Image.new("RGB", (sum(head.width for head in heads), heads[0].height))
    both.paste(heads[0], (0, 0))
    both.paste(heads[1], (heads[0].width, 0))
    return both.reduce(2)


def _blurred() -> Image.Image:
    return _portrait(600).filter(ImageFilter.GaussianBlur(radius=18))


def _tiny() -> Image.Image:
    return _portrait(120)


def _dark() -> Image.Image:
    return _portrait(600).point(lambda level: level * 0.05)


def _sideways() -> Image.Image:
    return _portrait(600).transpose(Image.Transpose.ROTATE_90)


_RECIPES: Mapping[str, Callable[[], Image.Image]] = MappingProxyType(
    {
        "no_face.jpg": _no_face,
        "two_faces.jpg": _two_faces,
        "blurred.jpg": _blurred,
        "tiny.jpg": _tiny,
        "dark.jpg": _dark,
        "sideways.jpg": _sideways,
    }
)

_NOT_A_PHOTO = b"This is a text file with the name of a photo. A face service should refuse it as not decodable.\n"


def derived() -> dict[str, bytes]:
    """The content of every derived file by name; JPEG bytes may differ between versions of Pillow."""
    return {name: _jpeg(recipe()) for name, recipe in _RECIPES.items()} | {"not_a_photo.jpg": _NOT_A_PHOTO}


def _jpeg(picture: Image.Image) -> bytes:
    data = BytesIO()
    picture.save(data, "JPEG", quality=88, optimize=True)
    return data.getvalue()


if __name__ == "__main__":
    for name, content in derived().items():
        Path(__file__).with_name("photos").joinpath(name).write_bytes(content)
