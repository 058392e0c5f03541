"""One worker process of a test: opens the state, does what its standard input says, answers on its standard output.

Each line in is a JSON list: a part of the state ("live_codes"; "" for the state itself), a method, its arguments.
"""

import json
import os
import sys
from collections.abc import Callable

from facematch.errors import StateUnavailable
from facematch.service.state import State
from facematch.settings import Settings


def main() -> None:
    state: State | None = None
    tell("ready")
    for line in sys.stdin:
        part, method, *args = json.loads(line)
        try:
            if method == "open":
                state = State.open(Settings.from_env({**os.environ, **args[0]}))
                answer: object = "open"
            else:
                if method == "finish":
                    args[-1] = args[-1].encode()
                answer = find(state, part, method)(*args)
        except StateUnavailable as error:
            answer = f"StateUnavailable: {error}"
        tell(answer)


def tell(answer: object) -> None:
    sys.stdout.write(json.dumps(answer, default=str) + "\n")
    sys.stdout.flush()


def find(state: State | None, part: str, method: str) -> Callable[..., object]:
    called: Callable[..., object] = getattr(getattr(state, part) if part else state, method)
    return called


main()
