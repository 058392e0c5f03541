"""The engine of a server of ours: its networks, how it decides, what it can hear, and every limit in force."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import streamlit as st

from facematch.limits import Limits, variable
from facematch.local import Health, Model
from facematch.ui.error_codes.search import folded
from facematch.ui.formats import code, duration, plain, size
from facematch.ui.forms.rates import what_liveness_means
from facematch.ui.frame import Desk
from facematch.ui.video.film import lip_languages
from facematch.ui.words import Speaker

GROUPS: Mapping[str, tuple[str, ...]] = {
    "decision": ("pass_score", "faces", "face_min_px", "face_warn_px", "pose_warn_deg", "pose_refuse_deg"),
    "photo": ("image_max_base64_bytes", "image_min_side_px", "image_max_side_px", "image_formats"),
    "video": (
        *("video_max_base64_bytes", "video_formats", "video_min_short_px", "video_min_long_px", "video_max_side_px"),
        *("video_max_frames", "video_max_pixels", "video_stop_s"),
        *("silent_min_s", "silent_max_s", "lip_min_s", "lip_max_s"),
    ),
    "request": ("body_max_bytes", "name_max_characters", "live_code_ttl_s"),
    "link": ("uri_public", "uri_nets", "uri_photo_s", "uri_video_s"),
    "file": ("file_max_bytes", "files_max"),
    "load": ("calls_max", "async_max", "result_ttl_s", "evidence_ttl_s"),
}
MINUTE_S = 60
STYLE = (
    ".st-key-limits table {width: 100%; table-layout: fixed}"
    ".st-key-limits th:nth-child(2) {width: 28%} .st-key-limits th:nth-child(3) {width: 36%}"
    ".st-key-limits :is(td, th) {padding: .4rem .5rem; font-size: .875rem}"
    ".st-key-limits code {overflow-wrap: anywhere; white-space: normal}"
)


def engine(health: Health, desk: Desk) -> None:
    """Networks with digests, mapping and threshold, switches, languages, and what liveness means here."""
    say = desk.say
    st.markdown(
        say(
            "engine.decision",
            threshold=health.threshold,
            mapping=plain(health.mapping or "–"),
            engine=plain(health.engine or "–"),
        )
    )
    _head("networks", say)
    for model in health.models:
        _network(model, desk)
    if "results" in health.offers:  # a version that knows videos
        _head("hearing", say)
        st.markdown(lip_languages(health, say))
    _switches(health, say)
    if not desk.is_demo:
        version, took_ms = plain(health.version), health.warm_up_ms
        is_warm = took_ms is not None
        st.caption(say("kept.warm_up" if is_warm else "kept.version", version=version, took=duration(took_ms)))
    if "results" in health.offers:
        what_liveness_means(desk, health)


def limits(health: Health, say: Speaker) -> None:
    """Every limit by subject, with its unit and the variable that changes it."""
    st.info(say("kept.limits.help"), icon=":material/restart_alt:")
    text = st.text_input(
        say("kept.limits.search"),
        key="limits_search",
        type="search",
        icon=":material/search:",
        placeholder=say("kept.limits.example"),
        live=True,
        persist_state="session",
    )
    usual, found = asdict(Limits()), 0
    grouped = {name for names in GROUPS.values() for name in names}
    strange = tuple(name for name in health.limits if name not in grouped)
    with st.container(key="limits"):
        for group, names in {**GROUPS, "other": strange}.items():
            here = [name for name in names if name in health.limits and _fits(name, group, text or "", say)]
            found += len(here)
            if here:
                rows = [_row(name, health.limits[name], usual.get(name), say) for name in here]
                heads = "|".join(say(f"kept.limits.{head}") for head in ("name", "value", "variable"))
                st.markdown(f"**{say(f'limits.{group}')}**\n\n" + "\n".join((f"|{heads}|", "|---|---|---|", *rows)))
    if not found:
        st.info(say("kept.none_fits"), icon=":material/search_off:")
    st.html(f"<style>{STYLE}</style>")


def written(name: str, value: Any, say: Speaker) -> str:
    """A limit's value with its unit, which the end of its name tells."""
    if isinstance(value, bool):
        return say("kept.yes" if value else "kept.no")
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or say("kept.none")
    if not isinstance(value, int | float):
        return say.or_itself(f"choice.{value}")
    if name.endswith("_bytes"):
        return f"{size(round(value))} ({value:,} B)"
    for end, unit in (("_px", "px"), ("_deg", "°"), ("_s", "s")):
        if name.endswith(end):
            long = f" ({value / MINUTE_S:g} min)" if unit == "s" and value > MINUTE_S else ""
            return f"{value:,g}{'' if unit == '°' else ' '}{unit}{long}"
    return f"{value:,}"


def _row(name: str, value: Any, usual: Any, say: Speaker) -> str:
    told = say(f"limit.{name}") if say.knows(f"limit.{name}") else plain(name)
    shown = plain(written(name, value, say))
    same = usual is None or (tuple(value) if isinstance(value, list) else value) == usual
    changed = "" if same else f" :orange[{say('kept.limits.changed', usual=plain(written(name, usual, say)))}]"
    return f"| {told} | {shown}{changed} | {code(variable(name))} |"


def _fits(name: str, group: str, text: str, say: Speaker) -> bool:
    told = say(f"limit.{name}") if say.knows(f"limit.{name}") else ""
    said = folded(" ".join((name, variable(name), told, say(f"limits.{group}"))))
    return all(word in said for word in folded(text).split())


def _head(name: str, say: Speaker) -> None:
    st.markdown(f"#### {say(f'kept.{name}')}", anchors=False)


def _network(model: Model, desk: Desk) -> None:
    task = plain(desk.say.or_itself(f"task.{model.task}"))
    digest = "" if desk.is_demo else f"  \nSHA-256 {code(model.sha256)}"
    st.markdown(f"**{task}** · {plain(model.name)}{digest}")


def _switches(health: Health, say: Speaker) -> None:
    _head("switches", say)
    marks = {True: ":green[:material/check:]", False: ":gray[:material/remove:]"}
    lines = [
        f"{marks[bool(is_on)]} " + say("kept.on" if is_on else "kept.off", name=plain(say.or_itself(f"switch.{name}")))
        for name, is_on in health.switches.items()
    ]
    st.markdown("  \n".join(lines))
