"""What was seen in a video and heard in it, as far as the call came."""

from facematch.local import Health
from facematch.ui.formats import plain
from facematch.ui.forms.comparison import Comparison
from facematch.ui.video.cues import liveness
from facematch.ui.video.heard import heard
from facematch.ui.video.strip import strip
from facematch.ui.words import Speaker


def film(comparison: Comparison, say: Speaker, *, shows_personal: bool = True) -> None:
    """The frames, the liveness cues and the spoken digits; what decided stands first.

    Args:
        comparison: What came of the call.
        say: The operator's language.
        shows_personal: Whether the faces of a video may be seen that only the server has.
    """
    found = comparison.evidence or comparison.own_look
    if found is None or found.clip is None:
        return
    strip(found, say, has_faces=shows_personal or bool(comparison.probe.data))
    if found.challenge is not None:
        heard(found.challenge, say)
    if found.liveness is not None:
        liveness(found.liveness, say)


def lip_languages(health: Health, say: Speaker) -> str:
    """In which languages digits may be spoken here, or why in none."""
    if not health.lip_languages:
        return say("lip.none", problem=plain(health.lip_problem or "–"))
    names = say("list.join").join(plain(say.or_itself(f"language.{each}")) for each in health.lip_languages)
    return say("lip.languages", languages=names)
