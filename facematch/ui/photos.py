"""The two photos of a form: uploaded, pasted, taken, or from the samples. They outlive a page switch."""

from dataclasses import dataclass, field
from typing import Literal

import streamlit as st

from facematch import samples
from facematch.samples import SamplePair
from facematch.ui import pictures
from facematch.ui.formats import plain, size
from facematch.ui.words import Speaker

Part = Literal["reference", "probe"]
SIDES = {"reference": "image", "probe": "faceData"}  # the contract's names of them
PARTS: tuple[Part, Part] = ("reference", "probe")


@dataclass(frozen=True, slots=True)
class Held:
    """A photo or a video that a form holds."""

    name: str
    data: bytes = field(repr=False)
    source: str  # upload, camera or sample
    kind: Literal["photo", "video"] = "photo"


def held(part: Part) -> Held | None:
    """The photo that the form holds for *part*."""
    photo = st.session_state.get(f"photo.{part}")
    return photo if isinstance(photo, Held) else None


def hold_samples(pair: SamplePair) -> None:
    """Put a sample pair into the form; the upload boxes are emptied, so that they do not contradict it."""
    names = {"reference": pair.reference, "probe": pair.probe}
    for part in PARTS:
        st.session_state[f"photo.{part}"] = Held(names[part], samples.photo(names[part]), "sample")
    st.session_state["photo.round"] = _round() + 1


def swap() -> None:
    """Exchange reference and probe."""
    first, second = held("reference"), held("probe")
    st.session_state["photo.reference"], st.session_state["photo.probe"] = second, first
    st.session_state["photo.round"] = _round() + 1


def clear() -> None:
    """Empty the form."""
    st.session_state["photo.reference"] = st.session_state["photo.probe"] = None
    st.session_state["photo.round"] = _round() + 1


def photo_card(part: Part, say: Speaker) -> Held | None:
    """Draw the inputs for one photo and what it holds now."""
    with st.container(border=True):
        st.subheader(say(f"photo.{part}"), anchor=False)
        st.caption(say(f"photo.{part}.help"))
        _inputs(part, say)
        photo = held(part)
        if photo is not None:
            _shown(photo, say)
    return photo


def _round() -> int:
    """Part of the widgets' keys: a new round is an empty upload box."""
    return int(st.session_state.get("photo.round", 0))


def _inputs(part: Part, say: Speaker) -> None:
    upload, camera = st.tabs([say("photo.upload"), say("photo.camera")], key=f"{part}_source", on_change="rerun")
    with upload:
        key = f"{part}_upload_{_round()}"
        st.file_uploader(
            say("photo.upload.label", part=say(f"photo.{part}")),
            key=key,
            on_change=_take,
            args=(part, key, "upload"),
            help=say("photo.upload.help"),
        )
    if camera.open:  # drawn only on demand: it asks for the camera at once
        with camera:
            key = f"{part}_camera_{_round()}"
            st.camera_input(
                say("photo.camera.label", part=say(f"photo.{part}")),
                key=key,
                on_change=_take,
                args=(part, key, "camera"),
            )


def _take(part: Part, key: str, source: str) -> None:
    """Copy what the widget got: its own value is gone after a page switch."""
    file = st.session_state[key]
    if file is not None:
        st.session_state[f"photo.{part}"] = Held(file.name, file.getvalue(), source)
    elif (photo := held(part)) is not None and photo.source == source:
        st.session_state[f"photo.{part}"] = None


def _shown(photo: Held, say: Speaker) -> None:
    image = pictures.preview(photo.data)
    if image is None:
        st.warning(say("photo.not_shown", name=plain(photo.name)), icon=":material/broken_image:")
    else:
        st.image(image, alt=photo.name)
    st.caption(say(f"photo.from.{photo.source}", name=plain(photo.name), size=size(len(photo.data))))
