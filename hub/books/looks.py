"""What was decided on a look at the ledger, before the turn to write came: does all of it stand still?

Whoever decides much holds nobody up so: in his turn he asks the same again, holding what he asks for, and writes. What
has another answer by then is decided anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from hub.store.seam import Reader, Writer

# what a look does not hold; in the turn it is asked for with its own name, and held
UNHELD: Final[Mapping[str, str]] = {
    "locked_chains": "chain_ends",
    "locked_members": "members",
    "locked_goods": "goods",
    "locked_campaigns": "campaigns",
    "locked_certificates": "certificates",
}


class Looks:
    """A reader that remembers what it was asked for and what it answered."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._asked: list[tuple[str, tuple[Any, ...], dict[str, Any], Any]] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        ask = getattr(self._reader, UNHELD.get(name, name))

        def asked(*keys: Any, **more: Any) -> Any:
            answer = ask(*keys, **more)
            self._asked.append((name, keys, more, answer))
            return answer

        return asked

    def still_so(self, writer: Writer) -> bool:
        return all(getattr(writer, name)(*keys, **more) == answer for name, keys, more, answer in self._asked)
