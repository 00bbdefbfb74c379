"""A whole copy of a file of ours, also while somebody writes into it, and putting one in another's place."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from storage import engine
from storage.remembered import ENDING, sync_folder
from storage.schema import Room, check_whose
from storage.sqlite_file import FileError

BESIDE = ("", "-wal", "-shm", ENDING)  # what belongs to a file, itself first
FAULTS_TOLD = 1  # of a damaged file: which page it is helps nobody


def copy_whole(path: Path, copy: Path, room: Room) -> None:
    """As it is at one moment, its log included, checked and on the disk. What lies at `copy` stays. Raises FileError;
    then there is no copy."""
    _make_alone(copy)
    try:
        with _translated(path, copy):
            with closing(_looking(path)) as source, closing(engine.connect(copy)) as target:
                _check_not_new(source, room)
                list(engine.copy_pages(source, target))
            _check_whole(copy)
            _sync(copy)
            sync_folder(copy.parent)
    except BaseException:
        for ending in ("", "-journal", *BESIDE[1:3]):
            with suppress(OSError):
                os.unlink(f"{copy}{ending}")
        raise


def put_in_place(copy: Path, path: Path) -> Path | None:
    """The copy gets the name; what had it, and what belongs to that, is kept beside it. Where it is kept now; None
    where nothing was. Whoever is killed in the middle has everything under both names. Raises FileError."""
    there = [ending for ending in BESIDE if os.path.lexists(f"{path}{ending}")]
    kept = _free(path)
    try:
        for ending in there:
            os.link(f"{path}{ending}", f"{kept}{ending}", follow_symlinks=False)
        sync_folder(path.parent)
        if "" in there:
            _belong_as(copy, os.stat(path))
        os.replace(copy, path)
        for ending in there[1:] if "" in there else there:  # what was remembered comes last: it knows this log
            os.unlink(f"{path}{ending}")
        sync_folder(path.parent)
    except OSError as error:
        raise FileError(f"Putting a copy in the place of {path} failed: {error.strerror}. See {kept}.") from error
    return kept if there else None


def _belong_as(copy: Path, before: os.stat_result) -> None:
    """Whoever restores may be another than who serves."""
    os.chmod(copy, before.st_mode & 0o777)
    with suppress(PermissionError):
        os.chown(copy, before.st_uid, before.st_gid)


def _free(path: Path) -> Path:
    """A name that nothing has yet."""
    stem = f"{path.name}.before-restore-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}"
    names = (path.with_name(stem + more) for more in ("", *(f"-{number}" for number in range(2, 1_000))))
    return next(name for name in names if not any(os.path.lexists(f"{name}{ending}") for ending in BESIDE))


def _make_alone(copy: Path) -> None:
    try:
        os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    except FileExistsError as error:
        raise FileError(f"{copy} is there already. Nothing was changed; take another name.") from error
    except OSError as error:
        raise FileError(f"{copy} cannot be made: {error.strerror}.") from error


def _looking(path: Path) -> engine.Connection:
    """It writes nothing into the file and never checkpoints. A file without a log is in nobody's use: then nothing is
    put beside it either, and it may lie on a disk that cannot be written."""
    alone = not os.path.lexists(f"{path}-wal")
    return engine.connect(path, "alone" if alone else "ro")


def _check_not_new(connection: engine.Connection, room: Room) -> None:
    if not check_whose(connection, room):
        raise engine.NotOurs(f"it is not a file of {room.name}")


def _check_whole(copy: Path) -> None:
    """In the copy: what it is restored from may be in use."""
    with closing(engine.connect(copy, "alone")) as connection:
        told = connection.execute(f"PRAGMA integrity_check({FAULTS_TOLD})").get
    if told != "ok":
        raise engine.NotOurs(f"it is damaged ({' '.join(told.split())})")


def _sync(copy: Path) -> None:
    with copy.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def _translated(path: Path, copy: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, engine.Error) as error:
        why = getattr(error, "strerror", None) or error
        raise FileError(
            f"Copying {path} to {copy} failed: {why}. There is no copy, and {path} is as it was."
        ) from error
