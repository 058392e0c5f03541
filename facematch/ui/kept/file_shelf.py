"""The folder that stands in for the file server (origin ``fds``): what is in it, upload, delete, how to use a file."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from facematch.limits import Limits
from facematch.local import Health, StoredFile
from facematch.service.file_paths import FileRefused, parts_of
from facematch.service.files import Files
from facematch.ui import services
from facematch.ui.formats import code, size, when
from facematch.ui.frame import PAGES, Desk
from facematch.ui.kept.paged import paged
from facematch.ui.kept.panel_notice import Notice, Undo, confirm, leave, notice, told
from facematch.ui.words import Speaker

PANEL, ROUND = "files", "files.round"


def file_shelf(health: Health, desk: Desk) -> None:
    """The panel; where no person must be named, how many files there are: a file's name may name one."""
    say = desk.say
    st.markdown(say("file.help"))
    with told(say):
        found = desk.client.local.files()
        _totals(found, health, say)
        if not desk.shows_personal:
            st.caption(say("file.hidden"))
            return
        notice(PANEL, desk)
        _upload(found, health, desk)
        if not found:
            st.info(say("file.none"), icon=":material/folder_open:")
        for file in paged("files", found, lambda file: file.path, say):
            _row(file, health, desk)


def _totals(found: Sequence[StoredFile], health: Health, say: Speaker) -> None:
    st.caption(
        say(
            "file.totals",
            count=len(found),
            most=_limit(health, "files_max"),
            bytes=size(sum(file.bytes for file in found)),
            each=size(_limit(health, "file_max_bytes")),
        )
    )


def _upload(found: Sequence[StoredFile], health: Health, desk: Desk) -> None:
    say, turn = desk.say, int(st.session_state.get(ROUND, 0))
    each = size(_limit(health, "file_max_bytes"))
    with st.expander(say("file.upload"), icon=":material/upload:", expanded=not found, key="file_upload"):
        place = '.st-key-shelf_upload [data-testid="stFileUploaderDropzoneInstructions"]::after'
        st.html(f'<style>{place} {{content: "{say("file.upload.limits", each=each)}"}}</style>')
        with st.container(key="shelf_upload"):
            given = st.file_uploader(say("file.choose"), accept_multiple_files=True, key=f"shelf_upload_{turn}")
        folder = st.text_input(
            say("file.folder"),
            key="shelf_folder",
            placeholder=say("file.folder.example"),
            help=say("file.folder.help"),
            live=True,
            persist_state="session",
        )
        paths = {_path(folder or "", file): file for file in given}
        if not paths or not _are_paths(paths, say) or not _have_room(paths, found, health, say):
            return
        there = sorted(paths.keys() & {file.path for file in found})
        if there:
            st.warning(say("file.replaces", paths=say("list.join").join(map(code, there))), icon=":material/warning:")
        word = "file.replace" if there else "file.store"
        if st.button(say(word, count=len(paths)), key="shelf_store", type="primary", icon=":material/upload:"):
            _store(paths, there, desk)


def _store(paths: dict[str, UploadedFile], there: Sequence[str], desk: Desk) -> None:
    """One after the other; what was stored before a refusal stays, and is told."""
    before, stored = {path: _content(path, desk) for path in there}, list[str]()
    try:
        for path, file in paths.items():
            stored.append(desk.client.local.upload(path, file.getvalue()).path)
    finally:
        if stored:
            undo = None if None in before.values() else _put_back({path: before.get(path) for path in stored})
            leave(PANEL, desk, Notice("file.stored", {"count": len(stored), "path": code(stored[-1])}, undo=undo))
    st.session_state[ROUND] = int(st.session_state.get(ROUND, 0)) + 1
    st.rerun()


def _row(file: StoredFile, health: Health, desk: Desk) -> None:
    say = desk.say
    modified = when(round(datetime.fromisoformat(file.modified_at).timestamp() * 1000))
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"file_{file.path}"):
        st.markdown(f"**{code(file.path)}**  \n{size(file.bytes)} · {modified}", width="stretch")
        with st.popover(say("file.use"), key=f"use_{file.path}", type="tertiary", icon=":material/content_copy:"):
            st.markdown(say("file.use.help"))
            st.code(file.path, language=None, wrap_lines=True)
            for page in ("photo_match", "video_match", "id_verification"):
                path, icon = PAGES[page]
                st.page_link(path, label=say(f"page.{page}"), icon=icon)
        can_undo = _is_readable(desk)
        question = say("file.delete.ask" if can_undo else "file.delete.ask.final", path=code(file.path))
        if confirm(f"file_{file.path}", question, say("kept.delete"), say):
            _delete(file, desk)


def _delete(file: StoredFile, desk: Desk) -> None:
    with told(desk.say):
        content = _content(file.path, desk)
        is_gone = desk.client.local.delete_file(file.path)
        undo = None if content is None else _put_back({file.path: content})
        done = Notice("file.deleted", {"path": code(file.path)}, undo=undo)
        leave(PANEL, desk, done if is_gone else Notice("file.gone", {"path": code(file.path)}, is_warning=True))
        st.rerun()


def _put_back(before: dict[str, bytes | None]) -> Undo:
    """Make the files what they were; None: there was none."""

    def undo(desk: Desk) -> None:
        for path, content in before.items():
            if content is None:
                desk.client.local.delete_file(path)
            else:
                desk.client.local.upload(path, content)
        leave(PANEL, desk, Notice("file.undone", {"count": len(before)}))

    return undo


def _content(path: str, desk: Desk) -> bytes | None:
    """What is in the file now, so that it can be put back; None: its server is not in this process."""
    if not _is_readable(desk):
        return None
    here = services.settings()
    try:
        return Files(here.files_dir, here.limits).read(path, here.limits.file_max_bytes)
    except FileRefused:
        return None


def _is_readable(desk: Desk) -> bool:
    return desk.environment.is_embedded and desk.environment.trouble is None


def _path(folder: str, file: UploadedFile) -> str:
    return "/".join(part for part in (folder.strip().strip("/"), file.name) if part)


def _are_paths(paths: dict[str, UploadedFile], say: Speaker) -> bool:
    for path in paths:
        try:
            parts_of(path)
        except FileRefused:
            st.error(say("file.bad_path", path=code(path)), icon=":material/error:")
            return False
    return True


def _have_room(paths: dict[str, UploadedFile], found: Sequence[StoredFile], health: Health, say: Speaker) -> bool:
    for path, file in paths.items():
        if not 0 < file.size <= _limit(health, "file_max_bytes"):
            key = "file.too_large" if file.size else "file.empty"
            st.error(say(key, path=code(path), each=size(_limit(health, "file_max_bytes"))), icon=":material/error:")
            return False
    if len(paths.keys() | {file.path for file in found}) > _limit(health, "files_max"):
        st.error(say("file.too_many", most=_limit(health, "files_max")), icon=":material/error:")
        return False
    return True


def _limit(health: Health, name: str) -> int:
    """The server's, or the usual one when it does not tell it."""
    value = health.limits.get(name)
    return value if isinstance(value, int) else int(getattr(Limits(), name))
