"""Every command with its options, as argparse reads them; ``run`` names the module and function that does it."""

import argparse
import re
from functools import partial
from typing import Any, NoReturn, cast

from facematch.cli.outcome import UsageWrong
from facematch.cli.saving import write_line
from facematch.cli.words import Speaker
from facematch.evaluation.moments import moment

REVIEWS = {"identity": ("same", "different", "unknown"), "presentation": ("live", "attack", "unknown")}
_QUOTED = re.compile(r"(invalid choice|ignored explicit argument)\b.*?(?= \(choose|$)", re.DOTALL)
_UNKNOWN = "unrecognized arguments: "


class _Formatter(argparse.HelpFormatter):
    """argparse's own headings in the language of the rest."""

    def __init__(self, prog: str, say: Speaker) -> None:
        super().__init__(prog)
        self._say = say

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, self._say("help.usage") if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        known = {"positional arguments": "help.arguments", "options": "help.options"}
        super().start_section(self._say(known[heading]) if heading in known else heading)


class Parser(argparse.ArgumentParser):
    """Raises instead of ending the program, so that --json has its object even then."""

    def __init__(self, *, say: Speaker, add_help: bool = True, **options: Any) -> None:
        super().__init__(**options, add_help=False, allow_abbrev=False, formatter_class=partial(_Formatter, say=say))
        if add_help:
            self.add_argument("-h", "--help", action="help", help=say("help.help"))

    def print_help(self, file: object = None) -> None:
        """To standard output, which must take it; argparse itself would not notice."""
        write_line(self.format_help())

    def error(self, message: str) -> NoReturn:
        """Refuse the command, without repeating what was typed: it may be a number or a name in the wrong place."""
        told = _QUOTED.sub(r"\1", message)
        if told.startswith(_UNKNOWN):
            words = told.removeprefix(_UNKNOWN).split()
            told = _UNKNOWN + " ".join(word.partition("=")[0] if word.startswith("-") else "…" for word in words)
        raise UsageWrong(f"{told}\n{self.format_usage().strip()}")


def make_parser(say: Speaker) -> Parser:
    """The whole command line, explained in the language of *say*."""
    description, epilog = say("help.program"), say("help.exit_codes")
    parser = Parser(prog="python -m facematch", say=say, description=description, epilog=epilog)
    commands = _commands(parser, say)
    told = _told(say)
    _match(commands.add_parser("match", parents=[told], help=say("help.match")), say)
    _verify_id(commands.add_parser("verify-id", parents=[told], help=say("help.verify_id")), say)
    code = commands.add_parser("live-code", parents=[told], help=say("help.live_code"))
    code.set_defaults(run="calls:live_code")
    _log(commands.add_parser("log", help=say("help.log")), told, say)
    doctor = commands.add_parser("doctor", parents=[told], help=say("help.doctor"))
    doctor.add_argument("--rollups", action="store_true", help=say("help.doctor.rollups"))
    doctor.add_argument("--no-start", action="store_true", help=say("help.doctor.no_start"))
    doctor.set_defaults(run="doctor:doctor")
    return parser


def _commands(parser: argparse.ArgumentParser, say: Speaker) -> "argparse._SubParsersAction[Parser]":
    made = cast("type[Parser]", partial(Parser, say=say))  # argparse only calls it
    return parser.add_subparsers(required=True, metavar="COMMAND", parser_class=made)


def _told(say: Speaker) -> Parser:
    told = Parser(say=say, add_help=False)
    told.add_argument("--json", action="store_true", help=say("help.json"))
    return told


def _match(parser: argparse.ArgumentParser, say: Speaker) -> None:
    parser.add_argument("reference", metavar="REFERENCE", help=say("help.reference"))
    _probe(parser, say)
    parser.set_defaults(run="calls:match")


def _verify_id(parser: argparse.ArgumentParser, say: Speaker) -> None:
    _probe(parser, say)
    parser.add_argument("--id-number", metavar="NUMBER", help=say("help.id_number"))
    parser.add_argument("--name", help=say("help.name"))
    parser.set_defaults(run="calls:verify_id")


def _probe(parser: argparse.ArgumentParser, say: Speaker) -> None:
    parser.add_argument("probe", metavar="PROBE", help=say("help.probe"))
    parser.add_argument("--video", action="store_true", help=say("help.video"))
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--silent", action="store_true", help=say("help.silent"))
    kind.add_argument("--lip", action="store_true", help=say("help.lip"))
    parser.add_argument("--code", metavar="DIGITS", help=say("help.code"))


def _log(parser: argparse.ArgumentParser, told: Parser, say: Speaker) -> None:
    commands = _commands(parser, say)

    def command(name: str, module: str = "logs") -> argparse.ArgumentParser:
        made = commands.add_parser(name, parents=[told], help=say(f"help.log.{name}"))
        made.set_defaults(run=f"{module}:{name}")
        return made

    _export(command("export"), say)
    purge = command("purge")
    purge.add_argument("--dry-run", action="store_true", help=say("help.dry_run"))
    purge.add_argument("--days", type=_days, help=say("help.days"))
    purge.add_argument("--env", help=say("help.env"))
    purge.add_argument("--yes", action="store_true", help=say("help.yes"))
    purge.add_argument("--compact", action="store_true", help=say("help.compact"))
    command("rebuild").add_argument("--check", action="store_true", help=say("help.check"))
    forget = command("forget")
    forget.add_argument("--id-number", metavar="NUMBER", help=say("help.id_number"))
    forget.add_argument("--yes", action="store_true", help=say("help.yes"))
    forget.add_argument("--compact", action="store_true", help=say("help.compact"))
    _review(command("review", "one_call"), say)
    command("show", "one_call").add_argument("call", metavar="TRACE_NO|#ID", help=say("help.call"))


def _review(parser: argparse.ArgumentParser, say: Speaker) -> None:
    parser.add_argument("call", metavar="TRACE_NO|#ID", help=say("help.call"))
    parser.add_argument("kind", choices=REVIEWS)
    words = dict.fromkeys(word for words in REVIEWS.values() for word in words)
    parser.add_argument("word", nargs="?", choices=words, help=say("help.word"))
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--who", help=say("help.who"))
    one.add_argument("--withdraw", action="store_true", help=say("help.withdraw"))


def _export(parser: argparse.ArgumentParser, say: Speaker) -> None:
    parser.add_argument("--format", choices=("csv", "jsonl", "sqlite"), default="csv", help=say("help.format"))
    parser.add_argument("--since", type=moment, metavar="TIME", help=say("help.since"))
    parser.add_argument("--until", type=moment, metavar="TIME", help=say("help.until"))
    parser.add_argument("--env", help=say("help.env"))
    parser.add_argument("--output", default="-", metavar="FILE", help=say("help.output"))


def _days(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 <= found < float("inf"):
        raise argparse.ArgumentTypeError("not a number of days")
    return found
