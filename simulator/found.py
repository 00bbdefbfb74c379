"""A plan that breaks something, or did once, in a file: with what is needed to see it again, or why it is kept."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

import msgspec

from simulator.plan import Plan, read

ROOT: Final = Path(__file__).resolve().parents[1]
CORPUS: Final = Path(__file__).with_name("corpus")


class Found(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`reason`: of one that is kept as a test, what was mended."""

    invariant: str = ""
    what: str = ""
    commit: str = ""
    reason: str = ""
    plan: Plan


def written(found: Found, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"seed-{found.plan.seed}.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
    return path


def read_found(said: str) -> Found:
    """A plan, or one that was found: its text, or the path of its file. Raises msgspec.DecodeError, OSError."""
    text = said if said.lstrip().startswith("{") else Path(said).read_text(encoding="utf-8")
    if "plan" in msgspec.json.decode(text, type=dict[str, msgspec.Raw]):
        return msgspec.json.decode(text, type=Found)
    return Found(plan=read(text))


def corpus() -> list[Path]:
    """What was found before, and is played again in every test."""
    return sorted(CORPUS.glob("*.json"))


def commit() -> str:
    """Of the program that is played, as far as git knows; with a plus where files differ from it."""
    try:
        name = _git("rev-parse", "--short=12", "HEAD")
        return name + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


def _git(*words: str) -> str:
    done = subprocess.run(("git", "-C", str(ROOT), *words), check=True, capture_output=True, text=True)
    return done.stdout.strip()
