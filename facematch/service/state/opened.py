"""The service's state, opened: its database and the key that belongs to it."""

from typing import Self

from sqlalchemy import select

from facematch.errors import StateUnavailable
from facematch.service.state.database import Database, open_database
from facematch.service.state.keys import StateKey, given_key, key_in
from facematch.service.state.live_codes import LiveCodes
from facematch.service.state.persons import Persons
from facematch.service.state.results import Results
from facematch.service.state.schema import facts
from facematch.service.state.tokens import Tokens
from facematch.settings import Settings

_CHECK = "key_check"


class State:
    """What the service must not forget; any number of threads, processes and, on PostgreSQL, machines share it.

    Every method of its parts raises `StateUnavailable` when the database does not answer.
    """

    def __init__(self, database: Database, key: StateKey, result_ttl_s: float) -> None:
        self._database = database
        self.tokens = Tokens(database)
        self.live_codes = LiveCodes(database, key)
        self.persons = Persons(database, key)
        self.results = Results(database, result_ttl_s)

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Open the database that the settings name, and create what is missing.

        Raises:
            StateUnavailable: The disk or the server refuses, another key or a newer version wrote it.
        """
        database = open_database(settings.state_url, settings.state_path)
        try:
            return cls(database, _key(database, settings), settings.limits.result_ttl_s)
        except BaseException:
            database.close()
            raise

    def close(self) -> None:
        """Give the database back; async calls of this worker that are not finished will be told as failed."""
        self.results.close()
        self._database.close()


def _key(database: Database, settings: Settings) -> StateKey:
    """The key of the settings or of the file; a file is made only for a database that has no key yet."""
    wanted = select(facts.c.value).where(facts.c.name == _CHECK)
    with database.reading() as db:
        known = db.execute(wanted).scalar_one_or_none()
    if settings.state_key is not None:
        key, source = given_key(settings.state_key), "FACEMATCH_STATE_KEY"
    else:
        key, source = key_in(settings.state_key_path, create=known is None), str(settings.state_key_path)
    if known is None:
        with database.writing() as db:
            known = db.execute(wanted).scalar_one_or_none()  # asked again: another process may have been first
            if known is None:
                known = key.check
                db.execute(facts.insert(), {"name": _CHECK, "value": known})
    if bytes(known) != key.check:
        remedy = "give the key that it was made with, or begin with an empty database"
        raise StateUnavailable(f"the service's database was made with another key than that of {source}: {remedy}")
    return key
