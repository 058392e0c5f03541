"""The environments as cards: which there are, which is in use, how each is reached; test, edit, copy, remove."""

from dataclasses import replace

import streamlit as st

from facematch.environments import EMBEDDED, FROM_SETTINGS, Listed, Remote, Secret
from facematch.errors import EnvironmentsUnavailable
from facematch.ui import services
from facematch.ui.environment import removal as environment_removal
from facematch.ui.environment import retention_change
from facematch.ui.environment import steps as environment_steps
from facematch.ui.environment import switch as environment_switch
from facematch.ui.environment.form import edit, open_form
from facematch.ui.environment.moving import moving
from facematch.ui.environment.rules import NAME_CHARACTERS, Draft, draft_of
from facematch.ui.environment.steps import ICONS, Tested
from facematch.ui.formats import code, duration, plain, when
from facematch.ui.frame import Desk
from facematch.ui.words import Speaker

TROUBLE = "environments.trouble"  # in the session: why the latest change was not made
CONFIRM = "environments.confirm"  # likewise: the id of the one whose removal is asked about


def environments(desk: Desk) -> None:
    """Everything above what the embedded service keeps."""
    say = desk.say
    listed, damage = services.listed()
    _told(damage, say)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(say("environments.list"), anchor=False, width="content")
        st.button(
            say("environments.add"),
            key="environment_add",
            type="primary",
            icon=":material/add:",
            on_click=open_form,
            args=(Draft(),),
        )
    for id_, name in environment_switch.names_of_all(say).items():
        if id_ == EMBEDDED and not desk.environment.is_embedded:
            _idle(listed, say)
        elif (where := services.environment_of(id_)) is not None:
            _card(desk, where, name, listed)
    if not listed.remotes:
        st.caption(say("environments.none"))
    if services.settings().url is not None:
        st.caption(say("environments.start.settings"))
    moving(say)


def _told(damage: EnvironmentsUnavailable | None, say: Speaker) -> None:
    """What is wrong with the list, and what was removed a moment ago."""
    path = services.environment_list().path
    if damage is not None:
        aside = f"{path.stem}.damaged-….json"
        st.error(say("environments.damaged", reason=plain(str(damage)), name=aside), icon=":material/save:")
    if trouble := st.session_state.pop(TROUBLE, None):
        st.error(say(trouble[0], **trouble[1]), icon=":material/error:")
    for removed in environment_removal.removed():
        with st.container(
            border=True, horizontal=True, vertical_alignment="center", key=f"environment_removed_{removed.id}"
        ):
            st.markdown(say("environments.removed", name=plain(removed.name)))
            key = f"environment_undo_{removed.id}"
            st.button(say("environments.undo"), key=key, icon=":material/undo:", on_click=_undo, args=(removed,))


def _card(desk: Desk, where: services.Environment, name: str, listed: Listed) -> None:
    say = desk.say
    with st.container(border=True, key=f"environment_card_{where.id}"):
        url = "" if desk.is_demo else f"  \n{code(where.url)}"  # no address on a stage
        st.markdown(f"**{plain(name)}** {_badges(where.id, where.id == desk.environment.id, listed, say)}{url}")
        st.caption(_line(where, say, is_demo=desk.is_demo))
        with st.container(horizontal=True):
            _actions(desk, where, name, listed)
        test = environment_steps.tested(desk, where)
        if test is not None:
            _tested(desk, where, test)


def _idle(listed: Listed, say: Speaker) -> None:
    """The embedded service when it is not in use: it is not started for being listed."""
    with st.container(border=True, key=f"environment_card_{EMBEDDED}"):
        st.markdown(f"**{say('environment.embedded')}** {_badges(EMBEDDED, False, listed, say)}")
        st.caption(say("environments.embedded.help"))
        with st.container(horizontal=True):
            _use(EMBEDDED, say)
            if services.settings().url is None and services.starts_with() != EMBEDDED:
                _start(EMBEDDED, say)


def _use(id_: str, say: Speaker) -> None:
    st.button(say("environments.use"), key=f"environment_use_{id_}", on_click=environment_switch.use, args=(id_,))


def _start(id_: str, say: Speaker) -> None:
    st.button(say("environments.start"), key=f"environment_start_{id_}", on_click=_start_with, args=(id_,))


def _badges(id_: str, is_used: bool, listed: Listed, say: Speaker) -> str:
    is_start = services.starts_with() == id_ and bool(listed.remotes or id_ == FROM_SETTINGS)
    found = {
        f":blue-badge[:material/radio_button_checked: {say('environments.here')}]": is_used,
        f":gray-badge[:material/start: {say('environments.starts')}]": is_start,
    }
    return " ".join(badge for badge, is_so in found.items() if is_so)


def _line(where: services.Environment, say: Speaker, *, is_demo: bool) -> str:
    """How it is reached, in a few words; on a stage without the proxy's address."""
    if where.remote is None:
        return say("environments.embedded.help" if where.is_embedded else "environments.from_settings.help")
    remote = where.remote
    is_plain = not remote.url.lower().startswith("https:")
    parts = [
        _secret(remote.token, say),
        say("environments.line.plain" if is_plain else f"environments.line.{remote.check}"),
        *((say("environments.line.proxy", proxy=code(remote.proxy)),) if remote.proxy and not is_demo else ()),
        say("environments.line.times", connect=remote.connect_timeout_s, call=remote.timeout_s),
        say("environments.line.origins", origins=say("list.join").join(remote.origins)),
    ]
    if remote.retention_days is not None:
        parts.append(say("environments.line.retention", days=remote.retention_days))
    return " · ".join(parts)


def _secret(held: Secret | None, say: Speaker) -> str:
    return say(f"environments.line.token.{'none' if held is None else held.place}")


def _actions(desk: Desk, where: services.Environment, name: str, listed: Listed) -> None:
    say, id_ = desk.say, where.id
    if id_ != desk.environment.id:
        _use(id_, say)
    st.button(
        say("environments.test"),
        key=f"environment_test_{id_}",
        icon=":material/network_check:",
        on_click=environment_steps.ask,
        args=(id_,),
    )
    if where.remote is not None:
        st.button(say("environments.edit"), key=f"environment_edit_{id_}", on_click=edit, args=(where.remote,))
    with st.popover(say("environments.more"), icon=":material/more_horiz:", key=f"environment_more_{id_}"):
        _more(where, name, listed, say)


def _more(where: services.Environment, name: str, listed: Listed, say: Speaker) -> None:
    id_ = where.id
    if st.session_state.get(CONFIRM) == id_:
        _removal(where, name, say)
        return
    if services.settings().url is None and listed.start_with != id_ and (where.remote or listed.remotes):
        _start(id_, say)
    if id_ != EMBEDDED:
        taken = set(environment_switch.names_of_all(say).values())
        draft = _copy(where, name, taken, say)
        st.button(say("environments.duplicate"), key=f"environment_copy_{id_}", on_click=open_form, args=(draft,))
    st.page_link("pages/history.py", label=say("environments.history"), query_params={"env": where.name})
    if where.remote is not None:
        st.button(say("environments.remove"), key=f"environment_remove_{id_}", on_click=_confirm, args=(where.remote,))


def _removal(where: services.Environment, name: str, say: Speaker) -> None:
    """The question, in place of everything else in the menu."""
    id_ = where.id
    st.markdown(f"**{say('environments.removal', name=plain(name))}**")
    st.caption(say("environments.removal.body"))
    for each in () if where.remote is None else retention_change.of_removal(where.remote):
        st.warning(retention_change.told(each, say), icon=":material/delete_forever:")
    with st.container(horizontal=True):
        st.button(
            say("environments.removal.yes"),
            key=f"environment_remove_yes_{id_}",
            type="primary",
            on_click=_remove,
            args=(id_,),
        )
        st.button(say("environments.cancel"), key=f"environment_remove_no_{id_}", on_click=_confirm, args=(None,))


def _copy(where: services.Environment, name: str, taken: set[str], say: Speaker) -> Draft:
    """A form's fields for another one like it; secrets are not copied."""
    if where.remote is None:
        here = services.settings()
        like = Draft(url=where.url, connect_timeout_s=here.connect_timeout_s, timeout_s=here.timeout_s)
    else:
        like = replace(draft_of(where.remote), id=None, is_new=True)
    copy = say("environments.copy", name=name)[:NAME_CHARACTERS]
    for number in range(2, 100):
        if copy not in taken:
            break
        copy = f"{say('environments.copy', name=name)[: NAME_CHARACTERS - 3]} {number}"
    return replace(like, name=copy)


def _confirm(remote: Remote | None) -> None:
    st.session_state[CONFIRM] = None if remote is None else remote.id


def _remove(id_: str) -> None:
    st.session_state.pop(CONFIRM, None)
    try:
        environment_removal.remove(id_)
    except EnvironmentsUnavailable as error:
        st.session_state[TROUBLE] = ("environments.not_saved", {"reason": plain(str(error))})


def _undo(removed: Remote) -> None:
    try:
        if not environment_removal.take_back(removed):
            st.session_state[TROUBLE] = ("environments.undo.taken", {})
    except EnvironmentsUnavailable as error:
        st.session_state[TROUBLE] = ("environments.not_saved", {"reason": plain(str(error))})


def _start_with(id_: str) -> None:
    try:
        services.environment_list().change(lambda listed: replace(listed, start_with=id_))
    except EnvironmentsUnavailable as error:
        st.session_state[TROUBLE] = ("environments.not_saved", {"reason": plain(str(error))})


def _tested(desk: Desk, where: services.Environment, test: Tested) -> None:
    """The test's lines; of another product's server the offer of a real call."""
    say, place = desk.say, st.container()
    if environment_steps.needs_call(test):
        asked = st.button(
            say("environments.call"),
            key=f"environment_call_{where.id}",
            icon=":material/call_made:",
            help=say("environments.call.help"),
        )
        test = environment_steps.call(desk, where, test) if asked else test
    lines = environment_steps.steps(test, where, desk)
    verdict = environment_steps.verdict(test, lines)
    took = say("environments.steps.when", time=when(test.at_ms), took=duration(test.found.elapsed_ms))
    with place:
        st.markdown(f"{ICONS[verdict]} **{say(f'environments.steps.{verdict}')}** {took}")
        st.markdown("  \n".join(f"{ICONS[line.state]} {line.text}" for line in lines))
