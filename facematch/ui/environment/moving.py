"""The list taken to another computer: a JSON file without secrets, out and in."""

import json
from dataclasses import asdict, dataclass, replace

import streamlit as st

from facematch.environments import VERSION, Listed, Remote, new_id, put
from facematch.errors import EnvironmentsUnavailable
from facematch.typed import read_typed
from facematch.ui import services
from facematch.ui.environment import switch as environment_switch
from facematch.ui.environment.fields import tell_limits
from facematch.ui.environment.rules import draft_of
from facematch.ui.formats import plain
from facematch.ui.words import Speaker

FILE, DONE = "environment_import", "environments.imported"
OF_HERE = ("id", "token", "proxy_login", "removed_at_ms", "retention_days")  # no other computer's: secrets, its log
MOST_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to; None: the file is no such list, or nothing could be written."""

    added: int | None
    skipped: int = 0  # their names are taken
    unusable: int = 0
    problem: str | None = None


def moving(say: Speaker) -> None:
    """Both ways, folded away."""
    listed, _ = services.listed()
    with st.expander(say("environments.move"), icon=":material/swap_horiz:"):
        st.download_button(
            say("environments.export"),
            exported(listed),
            file_name="facematch-environments.json",
            mime="application/json",
            key="environment_export",
            on_click="ignore",
            disabled=not listed.remotes,
            help=say("environments.export.help"),
        )
        st.file_uploader(
            say("environments.import"), type="json", key=FILE, on_change=_take, help=say("environments.import.help")
        )
        tell_limits(FILE, say("environments.file.json"))
        _told(say)


def exported(listed: Listed) -> str:
    """The list as JSON, without ids and secrets."""
    bare = [{k: v for k, v in asdict(each).items() if k not in OF_HERE} for each in listed.remotes]
    return json.dumps({"version": VERSION, "environments": bare}, ensure_ascii=False, indent=1)


def imported(text: bytes, taken: tuple[str, ...]) -> Imported:
    """Add what the list does not have by name.

    Raises:
        EnvironmentsUnavailable: The list cannot be written.
    """
    try:
        told = json.loads(text)
        found = [_remote(each) for each in told["environments"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        return Imported(None)
    added, unusable = list[Remote](), [remote for remote in found if draft_of(remote).problems]

    def how(listed: Listed) -> Listed:
        for remote in found:
            if not draft_of(remote).problems_among(listed, taken):
                listed = put(listed, draft_of(remote).remote(None))
                added.append(remote)
        return listed

    services.environment_list().change(how)
    return Imported(len(added), len(found) - len(added) - len(unusable), len(unusable))


def _remote(told: object) -> Remote:
    """With an id of its own, whatever it came with."""
    wire = {**told, "id": new_id()} if isinstance(told, dict) else told
    remote: Remote = read_typed(Remote, wire)
    return replace(remote, token=None, proxy_login=None, removed_at_ms=None, retention_days=None)


def _take() -> None:
    file = st.session_state[FILE]
    if file is None:
        return
    try:
        done = imported(file.getvalue()[:MOST_BYTES], (environment_switch.settings_name(),))
    except EnvironmentsUnavailable as error:
        done = Imported(None, problem=str(error))
    st.session_state[DONE] = done


def _told(say: Speaker) -> None:
    done = st.session_state.pop(DONE, None)
    if not isinstance(done, Imported):
        return
    if done.problem is not None:
        st.error(say("environments.not_saved", reason=plain(done.problem)), icon=":material/save:")
    elif done.added is None:
        st.error(say("environments.import.bad"), icon=":material/error:")
    else:
        if done.added or not done.unusable:
            st.success(say("environments.import.done", count=done.added, skipped=done.skipped), icon=":material/check:")
        if done.unusable:
            st.warning(say("environments.import.unusable", count=done.unusable), icon=":material/warning:")
