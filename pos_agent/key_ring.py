"""Keys in the keyring of the system, by the package of that name, which only a till whose settings ask for it needs.

What that is worth is said in docs/security.md: a keyring is open while somebody is logged in who opened it, and then to
all that he runs. Nothing of ours waits for it for long: a till whose keyring is locked sells as one that is not proven.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, Final, TypeVar

ANSWER_S: Final = 5.0  # some ask a person to unlock them, and at a till's start nobody may be there
MISSING: Final = "the package keyring is not there: install pos-agent[keyring], or name a folder in `keys`"
SILENT: Final = "it did not answer: it may wait to be unlocked"
HELPS: Final = "Unlock it for the user of the agent and start the agent again, or name a folder in `keys`"

_T = TypeVar("_T")


class KeyringOff(OSError):
    """It is locked, silent, or not there at all."""


class KeyRing:
    """`till`: whose; another till's keys on this machine are others."""

    def __init__(self, till: str, answer_s: float = ANSWER_S) -> None:
        self._service = f"pos-agent/{till}"
        self._answer_s = answer_s

    @property
    def where(self) -> str:
        return f"keyring:{self._service}"

    def read(self, name: str) -> bytes | None:
        content = self._asked(lambda ring: ring.get_password(self._service, name))
        return content.encode() if content is not None else None

    def keep(self, name: str, content: bytes) -> None:
        """It is read again: one that is switched off takes everything and keeps nothing."""
        self._asked(lambda ring: ring.set_password(self._service, name, content.decode()))
        if self.read(name) != content:
            raise KeyringOff("it took the key and has not kept it. Name a folder in `keys`")

    def keep_first(self, name: str, content: bytes) -> None:
        if self.read(name) is None:
            self.keep(name, content)

    def drop(self, name: str) -> None:
        if self.read(name) is not None:
            self._asked(lambda ring: ring.delete_password(self._service, name))

    def _asked(self, ask: Callable[[Any], _T]) -> _T:
        """In a thread of its own, which is left alone when it takes too long. Raises KeyringOff."""
        said: SimpleQueue[_T | KeyringOff] = SimpleQueue()
        threading.Thread(target=lambda: said.put(_answer(ask)), name="keyring", daemon=True).start()
        try:
            answer = said.get(timeout=self._answer_s)
        except Empty:
            raise KeyringOff(f"{SILENT}. {HELPS}") from None
        if isinstance(answer, KeyringOff):
            raise answer
        return answer


def _answer(ask: Callable[[Any], _T]) -> _T | KeyringOff:
    try:
        return ask(_ring())
    except KeyringOff as off:
        return off
    except Exception as error:  # each system's keyring fails in words of its own
        return KeyringOff(f"{str(error) or type(error).__name__}. {HELPS}")


def _ring() -> Any:
    try:
        import keyring
    except ImportError:
        raise KeyringOff(MISSING) from None
    return keyring.get_keyring()
