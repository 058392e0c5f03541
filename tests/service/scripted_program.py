"""``python -m facematch.service`` on the scripted engine, as a program of its own: ``scripted_program.main()``."""

import sys
import time

from scripted_engine import ScriptedEngine

from facematch.engine.api import Look, Picture
from facematch.errors import StateUnavailable
from facematch.service import __main__ as program
from facematch.settings import Settings

NAP_S = 1.5
HINDRANCE = (
    "hindrance"  # while this file is in the data folder no worker starts; an exit code in it: each ends with that
)


class Napping(ScriptedEngine):
    """A photo of three bytes takes a while, and then the script goes on."""

    def look(self, picture: Picture) -> Look:
        if picture.pixels.tobytes()[: picture.source_height] == b"nap":
            time.sleep(NAP_S)
        return super().look(picture)


def engine(settings: Settings) -> ScriptedEngine:
    hindrance = settings.data_dir / HINDRANCE
    if hindrance.exists():
        if lasting := hindrance.read_text():
            sys.exit(int(lasting))
        raise StateUnavailable("the script says so")
    return Napping()


def main() -> None:
    sys.exit(program.main(engine=engine))
