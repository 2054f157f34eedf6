"""Opening the gradebook's file, and what the disk may say to that."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from coursekit.errors import CourseError
from coursekit.grading.gradebook.tables import Base
from coursekit.grading.names import printable

LAYOUT = 4  # raise it when a table changes, and say here how to come from the one before
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
}


class Store:
    """The file of a gradebook, made when it is not there.

    Parameters
    ----------
    path
        Such as ``marks/gradebook.db``.
    read_only
        True: nothing is made or written.

    Raises
    ------
    CourseError
        When the file is something else, or was written by a newer version.
    """

    def __init__(self, path: Path, read_only: bool = False) -> None:
        self.path, self._read_only = path, read_only
        with self._explained():
            if read_only:
                place = quote(str(path.absolute()))
                self._engine = create_engine(f"sqlite:///file:{place}?mode=ro&uri=true")
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._engine = create_engine(f"sqlite:///{path.absolute()}")
            event.listen(self._engine, "connect", _settings)
            event.listen(self._engine, "begin", _begin)
            self._checked(self._engine)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Give a session; what is written in it is kept whole at its end, or not at all."""
        opened = sessionmaker(self._engine, expire_on_commit=False)
        with self._explained(), opened.begin() as session:
            yield session

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def _checked(self, engine: Engine) -> None:
        with engine.begin() as connection:
            found = connection.execute(text("PRAGMA user_version")).scalar_one()
            tables = set(inspect(connection).get_table_names())
            if found > LAYOUT:
                raise CourseError(
                    f"{printable(str(self.path))} was written by a newer version of coursekit; "
                    "use that one, or name another folder with --out"
                )
            if found == 0 and tables:
                raise CourseError(
                    f"{printable(str(self.path))} is a database, but no gradebook of this course; "
                    "name another folder with --out"
                )
            if self._read_only:
                if found < LAYOUT:
                    raise CourseError(
                        f"{printable(str(self.path))} was written by an older version of "
                        "coursekit; run `coursekit mark` once where it can be written to"
                    )
                return
            for step in range(found, LAYOUT) if tables else ():
                for statement in _FROM[step]:
                    connection.execute(text(statement))
            Base.metadata.create_all(connection)
            connection.execute(text(f"PRAGMA user_version = {LAYOUT}"))

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            # Ctrl-C during a rollback surfaces as "transaction is closed": it is still a Ctrl-C.
            if isinstance(error.__context__, KeyboardInterrupt):
                raise KeyboardInterrupt from error
            raise _sentence(error, self.path) from error


def _settings(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # `_begin` begins; the driver would not before a new table
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = FULL")  # a power cut may not take marks with it
    cursor.execute("PRAGMA busy_timeout = 10000")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Begin a transaction that also holds new tables: all of them are made, or none."""
    connection.exec_driver_sql("BEGIN")


def _sentence(error: Exception, path: Path) -> CourseError:
    said = str(error.orig if isinstance(error, DBAPIError) else error)
    kept = "; marks written before are kept"
    full = f"the disk is full; free some space and run the command again{kept}"
    fixes = {
        "disk is full": full,
        "No space left": full,
        "file is not a database": "it is no gradebook; move it away or name another --out",
        "malformed": "it is damaged; restore it from a backup, or move it away and grade again",
        "locked": f"another program is writing to it; wait until that is done{kept}",
        "readonly": f"it may not be written to; look at its permissions{kept}",
        "unable to open": "it cannot be opened; look at the folder's permissions",
    }
    fix = next((fix for sign, fix in fixes.items() if sign in said), printable(said) + kept)
    return CourseError(f"{printable(str(path))}: {fix}")
