"""The till's own keys, wherever they lie: in a folder apart from its data, or in the keyring of the system."""

from __future__ import annotations

from typing import Final, Protocol

from config.settings import Settings
from pos_agent.key_folder import KeyFolder
from pos_agent.key_ring import KeyRing

IDENTITY: Final = "identity.json"
JOINING: Final = "joining.json"
SEALING: Final = "sealing.key"


class Keys(Protocol):
    """Each call raises OSError, whose text says what is off. `name`: one of those above."""

    @property
    def where(self) -> str:
        """As a person is told."""
        ...

    def read(self, name: str) -> bytes | None: ...

    def keep(self, name: str, content: bytes) -> None:
        """Whole or not at all; in the place of the one of before."""
        ...

    def keep_first(self, name: str, content: bytes) -> None:
        """Unless there is one: whoever was first kept the one that holds."""
        ...

    def drop(self, name: str) -> None: ...


def keys_of(settings: Settings) -> Keys:
    return KeyFolder(settings.keys_in) if settings.keys_in is not None else KeyRing(settings.till)
