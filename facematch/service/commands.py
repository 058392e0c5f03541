"""The commands beside serving: tokens, persons of the ID library, the OpenAPI document. No network is used."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from contextlib import closing

import orjson

from facematch import codes
from facematch.errors import RequestRefused
from facematch.local import Person
from facematch.service.library import Library
from facematch.service.openapi import document
from facematch.service.state import State
from facematch.settings import Settings


def add_to(parser: ArgumentParser) -> None:
    """Let *parser* read the commands; each sets ``run``."""
    words = parser.add_subparsers(title="commands", metavar="tokens | persons | openapi")
    tokens = words.add_parser("tokens", help="who may call").add_subparsers(required=True, metavar="issue|list|revoke")
    issue = tokens.add_parser("issue", help="print a new token, once; it is kept nowhere")
    issue.add_argument("--note", required=True, help="whose it is")
    issue.set_defaults(run=issue_token)
    tokens.add_parser("list", help="id, note, issued at, revoked at").set_defaults(run=list_tokens)
    revoke = tokens.add_parser("revoke", help="from now on it is refused")
    revoke.add_argument("id", help="as list shows it")
    revoke.set_defaults(run=revoke_token)
    persons = words.add_parser("persons", help="the ID library").add_subparsers(required=True, metavar="demo|list")
    persons.add_parser("demo", help="enrol the invented persons that ship").set_defaults(run=enrol_demo)
    persons.add_parser("list", help="id, ID number and name masked, portrait").set_defaults(run=list_persons)
    words.add_parser("openapi", help="print the OpenAPI document").set_defaults(run=print_document)


def issue_token(settings: Settings, options: Namespace) -> None:
    """Print the id and the token."""
    with closing(State.open(settings)) as state:
        issued = state.tokens.issue(options.note)
    _print([(issued.id, issued.token)])


def list_tokens(settings: Settings, options: Namespace) -> None:
    """Print one line for each token, without its text."""
    with closing(State.open(settings)) as state:
        _print((each.id, each.note, each.issued_at, each.revoked_at or "-") for each in state.tokens.all())


def revoke_token(settings: Settings, options: Namespace) -> None:
    """Revoke by id.

    Raises:
        RequestRefused: There is none with this id, or it was revoked before.
    """
    with closing(State.open(settings)) as state:
        if not state.tokens.revoke(options.id):
            raise RequestRefused(codes.BAD_VALUE, "没有此编号的有效令牌 | no token in force has this id")


def enrol_demo(settings: Settings, options: Namespace) -> None:
    """Enrol the persons that ship and print them as `list_persons` does; again does no harm.

    Raises:
        EngineError: Portraits cannot be looked at here.
    """
    from facematch.engine.pipeline import FaceEngine  # loads what the other commands do not need

    with closing(State.open(settings)) as state:
        enrolled = Library(FaceEngine(settings), state.persons, settings.limits).enrol_demo()
    _print(_line(each.person) for each in enrolled)


def list_persons(settings: Settings, options: Namespace) -> None:
    """Print one line for each person, masked."""
    with closing(State.open(settings)) as state:
        _print(_line(each) for each in state.persons.all())


def print_document(settings: Settings, options: Namespace) -> None:
    """Print the OpenAPI document as docs/openapi.json has it."""
    sys.stdout.buffer.write(orjson.dumps(document(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def _line(person: Person) -> tuple[str, ...]:
    return person.id, person.id_number, person.name, person.portrait


def _print(rows: Iterable[tuple[str, ...]]) -> None:
    for row in rows:
        sys.stdout.write("\t".join(row) + "\n")
