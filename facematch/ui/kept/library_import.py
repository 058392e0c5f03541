"""Enrol several persons at once, from a CSV file and their photos."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from facematch import codes
from facematch.client import Photo
from facematch.client.results import Enrolment
from facematch.errors import CallError, Refusal, TransportError
from facematch.local import Health, Person
from facematch.ui.frame import Desk
from facematch.ui.kept import people_list
from facematch.ui.kept.enrolled_here import PANEL, Applicant, as_before, forget, known
from facematch.ui.kept.panel_notice import Notice, leave
from facematch.ui.kept.people_list import Line, PeopleList
from facematch.ui.words import Speaker

ROUND = "import.round"
TOLD_LINES = 20


@dataclass(slots=True)
class Report:
    """What became of each line so far; errcodes by line number. A run that is stopped leaves it as it is."""

    left: int  # lines that were not tried yet
    new: list[str] = field(default_factory=list)  # ids
    replaced: int = 0
    known: dict[str, Applicant] = field(default_factory=dict, repr=False)  # of the replaced, whom this session knows
    unusable: dict[int, int] = field(default_factory=dict)  # enrolled with a portrait that the engine refuses
    refused: dict[int, int] = field(default_factory=dict)  # not enrolled; 0: the service gave no errcode

    def add(self, line: int, made: Enrolment, before: Collection[str], desk: Desk) -> None:
        """A line that the service took."""
        id_ = made.person.id
        if id_ not in before:
            self.new.append(id_)
        else:
            self.replaced += 1
            if (applicant := known(desk).get(id_)) is not None:
                self.known[id_] = applicant
                forget(desk, id_)  # somebody else has this id from now on
        if made.refused is not None:
            self.unusable[line] = made.refused.errcode


def library_import(there: tuple[Person, ...], health: Health, desk: Desk) -> None:
    """The form, and what the last import came to."""
    say, turn = desk.say, int(st.session_state.get(ROUND, 0))
    with st.expander(say("import.title"), icon=":material/playlist_add:", key="person_import"):
        st.markdown(say("import.help", most=people_list.LINES_MAX))
        st.download_button(
            say("import.template"),
            people_list.TEMPLATE,
            file_name="persons.csv",
            mime="text/csv",
            key="import_template",
            icon=":material/download:",
            on_click="ignore",
        )
        left, right = st.columns(2)
        table = left.file_uploader(say("import.table"), type=["csv", "txt"], key=f"import_table_{turn}")
        photos = right.file_uploader(say("import.photos"), accept_multiple_files=True, key=f"import_photos_{turn}")
        _report(desk)
        if table is None:
            return
        most = health.limits.get("name_max_characters")
        found = people_list.read(
            table.getvalue(), [file.name for file in photos], name_max=most if isinstance(most, int) else 32
        )
        _problems(found, say)
        count = len(found.usable)
        asked = st.button(
            say("import.do", count=count),
            key="import_do",
            type="primary",
            disabled=not count,
            icon=":material/group_add:",
        )
        if asked:
            given = {file.name.casefold(): file.getvalue() for file in photos}
            _tell(_enrol(found.usable, given, {person.id for person in there}, desk), desk)


def _problems(found: PeopleList, say: Speaker) -> None:
    if found.problem is not None:
        st.error(say(f"import.problem.{found.problem}", most=people_list.LINES_MAX), icon=":material/error:")
        return
    st.caption(say("import.found", usable=len(found.usable), all=len(found.lines)))
    wrong = [line for line in found.lines if line.problem is not None]
    if wrong:
        told = [say("import.line", line=line.number, why=say(f"import.line.{line.problem}")) for line in wrong]
        st.warning("  \n".join(_first(told, say)), icon=":material/warning:")


def _enrol(lines: Sequence[Line], photos: Mapping[str, bytes], before: Collection[str], desk: Desk) -> Report:
    """Each by itself: a line that the service refuses does not stop the others, a service that is gone does."""
    report = st.session_state[_key(desk)] = Report(len(lines))
    bar = st.progress(0.0)
    for done, line in enumerate(lines, 1):
        photo = None if line.photo is None else Photo(photos[line.photo.casefold()])
        try:
            report.add(line.number, desk.client.local.enrol(line.id_number, line.name, photo), before, desk)
        except TransportError:
            break
        except CallError as error:
            report.refused[line.number] = (error.errcode or 0) if isinstance(error, Refusal) else 0
        report.left -= 1
        bar.progress(done / len(lines), text=desk.say("import.running", done=done, all=len(lines)))
    return report


def _tell(report: Report, desk: Desk) -> None:
    st.session_state[ROUND] = int(st.session_state.get(ROUND, 0)) + 1
    enrolled = len(report.new) + report.replaced
    undo = as_before(report.new, report.known, stays=report.replaced - len(report.known))
    is_whole = not (report.refused or report.unusable or report.left)
    leave(
        PANEL,
        desk,
        Notice(
            "import.done",
            {"enrolled": enrolled, "replaced": report.replaced, "refused": len(report.refused), "left": report.left},
            is_warning=not is_whole,
            undo=undo if report.new or report.known else None,
            detail=None if is_whole else "import.see",
        ),
    )
    st.rerun()


def _report(desk: Desk) -> None:
    """Line by line, why."""
    say, report = desk.say, st.session_state.get(_key(desk))
    if not isinstance(report, Report):
        return
    for key, lines in (("import.refused", report.refused), ("import.unusable", report.unusable)):
        if lines:
            told = [say("import.line", line=line, why=_why(errcode, say)) for line, errcode in lines.items()]
            st.warning(f"**{say(key)}**  \n" + "  \n".join(_first(told, say)), icon=":material/warning:")
    if report.left:
        st.error(say("import.left", count=report.left), icon=":material/error:")


def _key(desk: Desk) -> str:
    return f"import.report.{desk.environment.url}"


def _why(errcode: int, say: Speaker) -> str:
    code = codes.find(errcode) if errcode else None
    return say("import.no_reason") if code is None else f"{errcode} · {code.words(say.language).meaning}"


def _first(told: Sequence[str], say: Speaker) -> list[str]:
    """As many as a reader takes in."""
    more = len(told) - TOLD_LINES
    return [*told[:TOLD_LINES], *([say("import.more", count=more)] if more > 0 else [])]
