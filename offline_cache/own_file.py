"""Whose a till's file is. A file belongs to one till: two tills writing under one identity would fork the chain."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any, Final

from offline_cache.lease import NOT_YET
from storage import engine
from storage.sqlite_file import FileError

OWN = "SELECT name, value FROM settings WHERE name IN ('file_id', 'generation')"

OTHER_KIND: Final = {
    True: "{path} is the shop's own file, and these settings say training = true. Nothing is practised on it: "
    "give the training a data directory of its own.",
    False: "{path} is a training file: nothing in it ever happened, and a till that sells does not take it. "
    "Give the till its own data directory.",
}


def claim(sql: Any, connection: engine.Connection, path: Path, till: str, *, training: bool) -> None:
    """Inside the caller's transaction: a new file is this till's from now on. Raises FileError."""
    owner = sql.setting(connection, name="till")
    if owner is None:
        sql.set_setting(connection, name="till", value=till)
        sql.set_setting(connection, name="training", value=str(int(training)))
    elif (sql.setting(connection, name="training") == "1") is not training:
        raise FileError(OTHER_KIND[training].format(path=path))
    elif owner != till:
        raise FileError(f"{path} belongs to till {owner!r}, not {till!r}. Give each till a data directory of its own.")


def own_file(path: Path) -> tuple[str, int] | None:
    """For whoever looks in beside a running agent, writes nothing and holds nothing: the file's id and the generation
    under which it works; None where there is none, or none that has an id yet."""
    try:
        with closing(engine.connect(path, "ro")) as connection:
            said: dict[str, str] = dict(connection.execute(OWN))
    except engine.Error:
        return None
    return (said["file_id"], int(said.get("generation", NOT_YET))) if "file_id" in said else None
