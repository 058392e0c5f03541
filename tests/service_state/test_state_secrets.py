"""Whoever takes the database without its key finds no number, name, photo, embedding, code or token in it."""

import subprocess

import psycopg
import psycopg.sql
import pytest

from facematch.service.state import Portrait
from facematch.settings import Settings

NUMBER, NAME, CODE = "99010119900307123X", "Zoë Müller", "05217734"
NOTE = "a note that may be read"


@pytest.fixture
def kept(settings):
    """Every byte of the database, as a thief would have it."""

    def read() -> bytes:
        return rows_of(settings.state_url) if settings.state_url else files_of(settings)

    return read


def files_of(settings: Settings) -> bytes:
    """Read by another process: opening the file in this one would cost SQLite its locks."""
    paths = sorted(settings.state_path.parent.iterdir())
    return subprocess.run(["cat", *map(str, paths)], capture_output=True, check=True).stdout


def rows_of(url: str) -> bytes:
    with psycopg.connect(url) as db:
        tables = db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        values = [value for (name,) in tables for row in everything(db, name) for value in row]
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in values)


def everything(db: psycopg.Connection, table: str) -> psycopg.Cursor:
    return db.execute(psycopg.sql.SQL("SELECT * FROM {}").format(psycopg.sql.Identifier(table)))


def fill(state, portrait: Portrait) -> list[bytes]:
    """Put one of everything in, and return what must not be found."""
    issued = state.tokens.issue(NOTE)
    owner = state.tokens.owner(issued.token)
    state.live_codes.issue(owner, CODE, 300)
    state.live_codes.spend(owner, CODE)
    state.persons.enrol(NUMBER, NAME, portrait)
    state.persons.find(NUMBER).name_matches(NAME)
    texts = [NUMBER, NAME, NAME.casefold(), "Müller", CODE, issued.token, issued.token.partition(".")[2]]
    return [*(text.encode() for text in texts), portrait.file[:32], portrait.embedding[:8].tobytes()]


def test_nothing_that_is_secret_is_in_the_database_in_the_clear(state, portrait, kept):
    secrets = fill(state, portrait)
    found = kept()

    assert [secret for secret in secrets if secret in found] == []
    assert all(open_text in found for open_text in (NOTE.encode(), b"9****************X"))


def test_a_deleted_person_leaves_no_bytes(state, portrait, kept, sql):
    fill(state, portrait)
    ((number, name, file, embedding),) = sql("SELECT number_digest, name_digest, portrait, embedding FROM fm_persons")
    kept_bytes = bytes(file)
    pieces = [
        bytes(number),
        bytes(name),
        bytes(embedding)[:32],
        *(kept_bytes[at : at + 32] for at in (0, 9000, 30_000)),
    ]
    before = kept()
    state.persons.delete(state.persons.all()[0].id)
    after = kept()

    assert all(piece in before for piece in pieces)
    assert [piece for piece in pieces if piece in after] == []


def test_a_replaced_portrait_leaves_no_bytes(state, portrait, kept, sql):
    fill(state, portrait)
    ((file,),) = sql("SELECT portrait FROM fm_persons")
    piece, before = bytes(file)[:32], kept()
    state.persons.enrol(NUMBER, NAME, None)

    assert piece in before
    assert piece not in kept()


def test_equal_codes_of_two_owners_do_not_show_as_such(state, sql):
    for owner in ("one", "two"):
        state.live_codes.issue(owner, CODE, 300)

    assert len({bytes(digest) for (digest,) in sql("SELECT digest FROM fm_live_codes")}) == 2


def test_the_same_photo_of_two_persons_does_not_show_as_such(state, portrait, sql):
    state.persons.enrol(NUMBER, NAME, portrait)
    state.persons.enrol("990101198502291234", NAME, portrait)

    (one, two) = sql("SELECT portrait, embedding FROM fm_persons")
    assert not {bytes(sealed) for sealed in one} & {bytes(sealed) for sealed in two}
