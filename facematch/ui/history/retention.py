"""How long calls are kept here, and which are gone already."""

import streamlit as st

from facematch.log import CallLog
from facematch.log.purge import purged_before
from facematch.ui import services
from facematch.ui.environments import environment
from facematch.ui.formats import plain, when
from facematch.ui.words import Speaker


def purged(log: CallLog, say: Speaker) -> None:
    """Say of each environment from when on its calls are still there; nothing when all are."""
    for env, before_ms in purged_before(log):
        st.caption(say("purged.note", name=plain(environment(env, say)), date=when(before_ms)))


def retention(log: CallLog, say: Speaker) -> None:
    """The rule, and what its latest use came to."""
    if not services.retention():
        st.caption(say("housekeeping.none"))
        return
    done = services.housekeeping(log).last
    if done is None:
        st.caption(say("housekeeping.running"))
    elif done.purged is None:
        st.caption(say("housekeeping.failed", time=when(done.at_ms), reason=plain(str(done.trouble))))
    else:
        st.caption(say("housekeeping.last", time=when(done.at_ms), count=done.purged.total))
