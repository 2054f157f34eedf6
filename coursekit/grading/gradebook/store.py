"""Opening a gradebook, in a file or on a server, and what these may say to that."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from coursekit._extras import require
from coursekit.errors import CourseError
from coursekit.grading.gradebook.place import Place, shown
from coursekit.grading.gradebook.tables import Base

LAYOUT = 6  # raise it when a table changes, and say here how to come from the one before
_FROM = {
    1: (
        "ALTER TABLE student ADD COLUMN cells JSON",
        "ALTER TABLE run ADD COLUMN rules JSON",
        "UPDATE change SET kind = 'in_time' WHERE kind = 'excused'",
    ),
    2: (
        "ALTER TABLE attempt ADD COLUMN marked_late BOOLEAN NOT NULL DEFAULT 0",
        "ALTER TABLE deadline ADD COLUMN marked_late INTEGER",
    ),
    3: ("ALTER TABLE deadline ADD COLUMN own JSON",),
    4: (  # the first layout that PostgreSQL has is 5
        "ALTER TABLE change ADD COLUMN takes_back INTEGER REFERENCES change (id)",
        "ALTER TABLE student ADD COLUMN alias VARCHAR NOT NULL DEFAULT ''",
        "UPDATE student SET alias = lower(hex(randomblob(5)))",
        "CREATE UNIQUE INDEX student_alias ON student (alias)",
    ),
    5: ("ALTER TABLE attempt ADD COLUMN to_mark JSON",),
}
_MARKER = "coursekit_layout"  # a table of PostgreSQL; a file of SQLite has a number of its own
_LOCK = 0x636E6E  # of everybody who writes into a gradebook on a server
_WRITES = "coursekit_writes"


class Store:
    """The tables of a gradebook, made when they are not there.

    One at a time writes: another one waits, up to 30 seconds.

    Parameters
    ----------
    place
        A file such as ``marks/gradebook.db``, or an address as `place_of` gives it.
    read_only
        True: nothing is made or written.

    Raises
    ------
    CourseError
        When the place is something else, cannot be reached, or was written by a newer version.
    """

    def __init__(self, place: Place, read_only: bool = False) -> None:
        self.place, self._read_only = place, read_only
        with self._explained():
            if isinstance(place, str):
                engine = _server(place, read_only)
            else:
                engine = _file(place, read_only)
            self._engine = engine
            writing = engine.execution_options(**{_WRITES: True})
            reading = engine
            if isinstance(place, str):
                # All that one session reads is of one moment, as in a file.
                reading = engine.execution_options(isolation_level="REPEATABLE READ")
            self._reads = sessionmaker(reading, expire_on_commit=False)
            self._writes = sessionmaker(writing, expire_on_commit=False)
            with engine.begin() as connection:
                ready = self._is_ready(connection)
            if not ready:
                with writing.begin() as connection:
                    _settle(connection)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that reads: all of it is of one moment."""
        with self._explained(), self._reads.begin() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session in which nobody else writes; it is kept whole at its end, or not at all.

        What it reads is what the last one wrote.
        """
        with self._explained(), self._writes.begin() as session:
            yield session

    @contextmanager
    def held_for(self, what: str) -> Iterator[bool]:
        """Hold something by its name against others on a server, and say whether it was free."""
        if not isinstance(self.place, str):
            yield True  # whoever holds the file holds everything in it
            return
        with self._explained(), self._engine.connect() as connection:
            key = {"name": what, "lock": _LOCK}
            asked = text("SELECT pg_try_advisory_lock(:lock, hashtext(:name))")
            free = bool(connection.execute(asked, key).scalar_one())
            connection.commit()
            try:
                yield free
            finally:
                connection.invalidate()  # a closed connection holds nothing

    def close(self) -> None:
        """Let go of the file or the server."""
        self._engine.dispose()

    def _is_ready(self, connection: Connection) -> bool:
        """Say whether all tables are as they are today; refuse what is not ours."""
        found, tables = _layout(connection)
        if found > LAYOUT:
            raise CourseError(
                f"{shown(self.place)} was written by a newer version of coursekit; use that one, "
                f"or {self._another()}"
            )
        if found == 0 and tables:
            raise CourseError(
                f"{shown(self.place)} is a database, but no gradebook of this course; "
                f"{self._another()}"
            )
        if self._read_only and found < LAYOUT:
            if found == 0:
                raise CourseError(f"{shown(self.place)} holds no gradebook yet; grade a set first")
            raise CourseError(
                f"{shown(self.place)} was written by an older version of coursekit; run "
                "`coursekit mark` once where it can be written to"
            )
        return found == LAYOUT

    def _another(self) -> str:
        if isinstance(self.place, str):
            return "name another database with --gradebook"
        return "name another folder with --out"

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            # Ctrl-C during a rollback surfaces as "transaction is closed": it is still a Ctrl-C.
            if isinstance(error.__context__, KeyboardInterrupt):
                raise KeyboardInterrupt from error
            raise _sentence(error, self.place) from error


def is_there(place: Place) -> bool:
    """Say whether there is a gradebook at a place.

    Raises
    ------
    CourseError
        When a server cannot be reached.
    """
    if not isinstance(place, str):
        return place.is_file()
    try:
        engine = _server(place, read_only=True)
        with engine.begin() as connection:
            return _layout(connection)[0] > 0
    except (SQLAlchemyError, OSError) as error:
        raise _sentence(error, place) from error


def _file(path: Path, read_only: bool) -> Engine:
    """Return what opens a file of SQLite."""
    if read_only:
        address = f"sqlite:///file:{quote(str(path.absolute()))}?mode=ro&uri=true"
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        address = f"sqlite:///{path.absolute()}"
    engine = create_engine(address, json_serializer=_as_json)
    event.listen(engine, "connect", _settings)
    event.listen(engine, "begin", _begin)
    return engine


def _server(address: str, read_only: bool) -> Engine:
    """Return what connects to a server of PostgreSQL."""
    require("psycopg")  # which SQLAlchemy would miss later, in words of its own
    url = make_url(address).set(drivername="postgresql+psycopg")
    # What is confirmed must be on the server's disk; who waits for another one waits no longer.
    settings = [*url.normalized_query.get("options", ()), "-c synchronous_commit=on"]
    settings += ["-c lock_timeout=30s", "-c timezone=UTC"]
    if read_only:
        settings += ["-c default_transaction_read_only=on"]
    engine = create_engine(
        url,
        json_serializer=_as_json,
        pool_pre_ping=True,
        connect_args={"options": " ".join(settings), "connect_timeout": 10},
    )
    event.listen(engine, "begin", _begin_on_server)
    return engine


def _layout(connection: Connection) -> tuple[int, set[str]]:
    """Return the number of the layout, 0 where there is none, and which tables there are."""
    tables = set(inspect(connection).get_table_names())
    if connection.dialect.name == "sqlite":
        return connection.execute(text("PRAGMA user_version")).scalar_one(), tables
    if _MARKER not in tables:
        return 0, tables
    return connection.execute(text(f"SELECT max(number) FROM {_MARKER}")).scalar_one(), tables


def _settle(connection: Connection) -> None:
    """Make the tables, or bring older ones to today's layout."""
    found, tables = _layout(connection)
    for step in range(found, LAYOUT) if tables else ():
        for statement in _FROM[step]:
            connection.execute(text(statement))
    Base.metadata.create_all(connection)
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"PRAGMA user_version = {LAYOUT}"))
        return
    connection.execute(text(f"CREATE TABLE IF NOT EXISTS {_MARKER} (number INTEGER NOT NULL)"))
    connection.execute(text(f"DELETE FROM {_MARKER}"))
    connection.execute(text(f"INSERT INTO {_MARKER} VALUES ({LAYOUT})"))


def _as_json(value: Any) -> str:
    """Return strict JSON: PostgreSQL takes no other."""
    try:
        return json.dumps(value, allow_nan=False)
    except ValueError:
        from coursekit.grading.judging.outcome import plain

        return json.dumps(plain(value), allow_nan=False)


def _settings(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # `_begin` begins; the driver would not before a new table
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = FULL")  # a power cut may not take marks with it
    cursor.execute("PRAGMA busy_timeout = 30000")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Begin a transaction that also holds new tables: all of them are made, or none."""
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_on_server(connection: Connection) -> None:
    if connection.get_execution_options().get(_WRITES):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _sentence(error: Exception, place: Place) -> CourseError:
    said = str(error.orig if isinstance(error, DBAPIError) else error)
    kept = "; marks written before are kept"
    full = f"the disk is full; free some space and run the command again{kept}"
    gone = f"the server cannot be reached; look whether it runs and the address is right{kept}"
    busy = f"another program is writing to it; wait until that is done{kept}"
    refused = f"it may not be written to; look at its permissions{kept}"
    fixes = {
        "disk is full": full,
        "No space left": full,
        "file is not a database": "it is no gradebook; move it away or name another --out",
        "malformed": "it is damaged; restore it from a backup, or move it away and grade again",
        "locked": busy,
        "lock timeout": busy,
        "readonly": refused,
        "read-only": refused,
        "permission denied for": refused,
        "unable to open": "it cannot be opened; look at the folder's permissions",
        "does not exist": "the server has no such database or user; make it with `createdb`",
        "password": "the server wants a password; put it into ~/.pgpass or PGPASSWORD",
        "authentication": "the server lets this user not in; look at the address and pg_hba.conf",
        "connection failed": gone,
        "connection is bad": gone,
        "server closed the connection": gone,
        "terminating connection": gone,
        "could not translate": gone,
        "failed to resolve": gone,
        "timeout expired": gone,
    }
    fix = next(
        (fix for sign, fix in fixes.items() if sign in said), shown(" ".join(said.split())) + kept
    )
    return CourseError(f"{shown(place)}: {fix}")
