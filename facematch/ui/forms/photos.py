"""The two photos of a form: uploaded, pasted, taken, or from the samples. They outlive a page switch."""

from functools import partial
from typing import Literal

import streamlit as st

from facematch import samples
from facematch.samples import SamplePair
from facematch.ui.formats import plain, size
from facematch.ui.forms import elsewhere, pictures
from facematch.ui.forms.held import Held, shown_name
from facematch.ui.frame import Desk
from facematch.ui.words import Speaker

__all__ = [
    "PARTS", "SIDES", "Held", "Part", "clear", "held", "hold", "hold_samples", "is_empty", "photo_card", "sample",
    "swap",
]  # fmt: skip
Part = Literal["reference", "probe"]
SIDES = {"reference": "image", "probe": "faceData"}  # the contract's names of them
PARTS: tuple[Part, Part] = ("reference", "probe")
PORTRAITS = ("obama_2.jpg", "biden_1.jpg", "eileen_collins_1.png", "grace_hopper_1.jpg")


def held(part: Part) -> Held | None:
    """The photo that the form holds for *part*."""
    photo = st.session_state.get(f"photo.{part}")
    return photo if isinstance(photo, Held) else None


def are_samples() -> bool:
    """Whether both photos are from the samples: whoever tries them goes on to the next."""
    return all(photo is not None and photo.source == "sample" for photo in map(held, PARTS))


def is_empty() -> bool:
    """Whether the form holds neither photo."""
    return held("reference") is None and held("probe") is None


def hold_samples(pair: SamplePair) -> None:
    """Put a sample pair into the form."""
    hold("reference", sample(pair.reference))
    hold("probe", sample(pair.probe))


def swap() -> None:
    """Exchange reference and probe."""
    first, second = held("reference"), held("probe")
    st.session_state["photo.reference"], st.session_state["photo.probe"] = second, first
    st.session_state["photo.round"] = _round() + 1


def clear() -> None:
    """Empty the form."""
    st.session_state["photo.reference"] = st.session_state["photo.probe"] = None
    st.session_state["photo.round"] = _round() + 1


def photo_card(part: Part, desk: Desk, *, has_samples: bool = False) -> Held | None:
    """Draw the inputs for one photo and what it holds now.

    Args:
        part: Which of the two.
        desk: What the page works with.
        has_samples: Whether the page has samples of its own; else the card offers portraits.
    """
    say = desk.say
    with st.container(border=True, key=f"{part}_card"):
        st.subheader(say(f"photo.{part}"), anchor=False)
        st.caption(say(f"photo.{part}.help"))
        _inputs(part, desk)
        photo = held(part)
        if photo is not None:
            _shown(photo, desk)
            st.button(
                say("photo.remove"), key=f"{part}_remove", type="tertiary", icon=":material/close:",
                help=say("photo.remove.help"), on_click=hold, args=(part, None),
            )  # fmt: skip
        elif not has_samples:
            _samples(part, say)
    return photo


def hold(part: Part, photo: Held | None) -> None:
    """Put *photo* into the form, or take what is there out; the upload box is emptied, lest it contradict that."""
    st.session_state[f"photo.{part}"] = photo
    st.session_state["photo.round"] = _round() + 1


def sample(name: str) -> Held:
    """The shipped photo *name*."""
    return Held(name, samples.photo(name), "sample")


def _samples(part: Part, say: Speaker) -> None:
    """One portrait each, one click away."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{part}_samples"):
        st.caption(say("photo.samples"), width="content")
        for number, name in enumerate(PORTRAITS, 1):
            st.button(
                say("photo.sample", number=number),
                key=f"{part}_sample_{number}",
                type="tertiary",
                on_click=lambda name=name: hold(part, sample(name)),
            )


def _round() -> int:
    """Part of the widgets' keys: a new round is an empty upload box."""
    return int(st.session_state.get("photo.round", 0))


def _inputs(part: Part, desk: Desk) -> None:
    say = desk.say
    words = [say("photo.upload"), say("photo.camera"), *((say("elsewhere.tab"),) if elsewhere.is_offered(desk) else ())]
    upload, camera, *other = st.tabs(words, key=f"{part}_source", on_change="rerun")
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
            _camera(part, say)
    if other and other[0].open:
        with other[0]:
            take = partial(st.session_state.__setitem__, f"photo.{part}")
            elsewhere.elsewhere(desk, "photo", key=f"{part}_elsewhere_{_round()}", take=take)


def _camera(part: Part, say: Speaker) -> None:
    key = f"{part}_camera_{_round()}"
    st.camera_input(
        say("photo.camera.label", part=say(f"photo.{part}")), key=key, on_change=_take, args=(part, key, "camera")
    )


def _take(part: Part, key: str, source: str) -> None:
    """Copy what the widget got: its own value is gone after a page switch."""
    file = st.session_state[key]
    if file is not None:
        st.session_state[f"photo.{part}"] = Held(file.name, file.getvalue(), source)
    elif (photo := held(part)) is not None and photo.source == source:
        st.session_state[f"photo.{part}"] = None


def _shown(photo: Held, desk: Desk) -> None:
    if photo.origin != "self":
        elsewhere.told(photo, desk)
        return
    image, name = pictures.preview(photo.data), shown_name(photo, desk.say, shows_personal=desk.shows_personal)
    if image is None:
        st.warning(desk.say("photo.not_shown", name=plain(name)), icon=":material/broken_image:")
    else:
        st.image(image, alt=name)
    st.caption(desk.say(f"photo.from.{photo.source}", name=plain(name), size=size(len(photo.data))))
