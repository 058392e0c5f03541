"""What the operator calls an environment, wherever it is named."""

from facematch.ui.services import EMBEDDED
from facematch.ui.words import Speaker


def environment(name: str, say: Speaker) -> str:
    """The environment *name* of the log: ours has words, a remote one its host and port."""
    return say("environment.embedded") if name == EMBEDDED else name
