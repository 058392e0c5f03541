"""What a command finds around it: the environment's variables, the language, the person at the terminal."""

import getpass
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from facematch.cli.outcome import UsageWrong
from facematch.cli.saving import complain
from facematch.cli.words import Speaker
from facematch.settings import Settings

ID_NUMBER, NAME = "FACEMATCH_ID_NUMBER", "FACEMATCH_NAME"  # the command line's own; no settings


@dataclass(frozen=True, slots=True)
class Here:
    """Where a command runs."""

    say: Speaker
    env: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)

    def settings(self) -> Settings:
        """The installation's settings.

        Raises:
            SettingInvalid: A variable holds something we cannot use.
        """
        return Settings.from_env({name: value for name, value in self.env.items() if name not in (ID_NUMBER, NAME)})

    def secret(self, given: str | None, variable: str, question: str) -> str:
        """What an option gave, else a variable, else the person at the terminal unseen, else a line of standard input.

        Raises:
            UsageWrong: Nobody says it.
        """
        told = given or self.env.get(variable)
        if not told:
            told = self._asked(question) if _at_terminal() else self._line()
        if not told.strip():
            raise UsageWrong(self.say("usage.nothing_said", what=self.say(question)))
        return told

    def agrees(self, question: str) -> bool:
        """Whether the person at the terminal says yes.

        Raises:
            UsageWrong: There is nobody to ask.
        """
        if not (_at_terminal() and complain(f"{question} {self.say('ask.yes_or_no')} ")):
            raise UsageWrong(self.say("usage.nobody_to_ask"))
        return self._line().strip().lower() in ("y", "yes", "是")

    def _asked(self, question: str) -> str:
        try:
            return getpass.getpass(f"{self.say(question)}: ")  # on the terminal itself, never on standard output
        except (EOFError, OSError):
            return ""

    def _line(self) -> str:
        """A line of standard input; nothing where that is closed or cannot be read."""
        try:
            return "" if sys.stdin is None else sys.stdin.readline().rstrip("\r\n")
        except OSError:
            return ""
        except UnicodeDecodeError:
            raise UsageWrong(self.say("usage.not_text")) from None  # its own message quotes the bytes


def _at_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()
