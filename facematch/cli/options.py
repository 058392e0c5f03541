"""Every command with its options, as argparse reads them; ``run`` names the module and function that does it."""

import argparse
import re
from typing import NoReturn

from facematch.cli.outcome import UsageWrong
from facematch.cli.words import Speaker
from facematch.evaluation.moments import moment

REVIEWS = {"identity": ("same", "different", "unknown"), "presentation": ("live", "attack", "unknown")}
_QUOTED = re.compile(r"(invalid choice|ignored explicit argument)\b.*?(?= \(choose|$)", re.DOTALL)
_UNKNOWN = "unrecognized arguments: "


class Parser(argparse.ArgumentParser):
    """Raises instead of ending the program, so that --json has its object even then."""

    def error(self, message: str) -> NoReturn:
        """Refuse the command, without repeating what was typed: it may be a number or a name in the wrong place."""
        told = _QUOTED.sub(r"\1", message)
        if told.startswith(_UNKNOWN):
            words = told.removeprefix(_UNKNOWN).split()
            told = _UNKNOWN + " ".join(word.partition("=")[0] if word.startswith("-") else "…" for word in words)
        raise UsageWrong(f"{told}\n{self.format_usage().strip()}")


def make_parser(say: Speaker) -> Parser:
    """The whole command line, explained in the language of *say*."""
    parser = Parser(prog="python -m facematch", description=say("help.program"), epilog=say("help.exit_codes"))
    parser.allow_abbrev = False
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)
    told = _told(say)
    _match(commands.add_parser("match", parents=[told], help=say("help.match"), allow_abbrev=False), say)
    _verify_id(commands.add_parser("verify-id", parents=[told], help=say("help.verify_id"), allow_abbrev=False), say)
    code = commands.add_parser("live-code", parents=[told], help=say("help.live_code"), allow_abbrev=False)
    code.set_defaults(run="calls:live_code")
    _log(commands.add_parser("log", help=say("help.log"), allow_abbrev=False), told, say)
    doctor = commands.add_parser("doctor", parents=[told], help=say("help.doctor"), allow_abbrev=False)
    doctor.add_argument("--rollups", action="store_true", help=say("help.doctor.rollups"))
    doctor.add_argument("--no-start", action="store_true", help=say("help.doctor.no_start"))
    doctor.set_defaults(run="doctor:doctor")
    return parser


def _told(say: Speaker) -> Parser:
    told = Parser(add_help=False)
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
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)

    def command(name: str, module: str = "logs") -> argparse.ArgumentParser:
        made = commands.add_parser(name, parents=[told], help=say(f"help.log.{name}"), allow_abbrev=False)
        made.set_defaults(run=f"{module}:{name}")
        return made

    _export(command("export"), say)
    purge = command("purge")
    purge.add_argument("--dry-run", action="store_true", help=say("help.dry_run"))
    purge.add_argument("--days", type=_days, help=say("help.days"))
    purge.add_argument("--env", help=say("help.env"))
    purge.add_argument("--yes", action="store_true", help=say("help.yes"))
    command("rebuild").add_argument("--check", action="store_true", help=say("help.check"))
    forget = command("forget")
    forget.add_argument("--id-number", metavar="NUMBER", help=say("help.id_number"))
    forget.add_argument("--yes", action="store_true", help=say("help.yes"))
    review = command("review", "one_call")
    review.add_argument("call", metavar="TRACE_NO|#ID", help=say("help.call"))
    review.add_argument("kind", choices=REVIEWS)
    review.add_argument("word", choices=dict.fromkeys(word for words in REVIEWS.values() for word in words))
    review.add_argument("--who", help=say("help.who"))
    command("show", "one_call").add_argument("call", metavar="TRACE_NO|#ID", help=say("help.call"))


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
