"""A machine on which a till's files are: its keys, which of its processes runs, and how its till joins the hub.

There are no signatures here: they would cost more than all the rest, and what they say is said by the key alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Final

import msgspec

from offline_cache.cache import Cache
from offline_cache.lease import NOT_YET, Bond, Lease
from sync.identity import OwnFile
from sync.joining import JoinReply, JoinRequest, proof_of_hub, proof_of_till, same
from sync.signed import Asker

if TYPE_CHECKING:
    from collections.abc import Callable

NO_PROOF: Final = "0" * 64
KEY_BITS: Final = 256
SALT_BITS: Final = 128


@dataclass(slots=True)
class Machine:
    """`name`: by which a lease knows the machine, and the hub's face a process in the
    place of another. `bond`: what joining brought, None: it has not. `invited`: the secret of a sealed file that was
    carried here. `key`: of a till that is joining."""

    name: str
    bond: Bond | None = None
    invited: bytes | None = None
    key: str = ""
    starts: int = 0

    @property
    def run(self) -> str:
        """Of the process that was started last."""
        return f"{self.name}.{self.starts}"

    def loses_keys(self) -> None:
        self.bond, self.invited, self.key = None, None, ""

    def asker(self, till: str, file: OwnFile) -> Asker:
        """As whom its till asks now."""
        ledger = self.bond.ledger if self.bond is not None else ""
        return Asker(till, file.id, file.generation, self.run, ledger, "")

    def join(self, till: str, cache: Cache, ask: Callable[[JoinRequest], JoinReply], chance: Random) -> bool:
        """By itself, with a sealed file, as pos_agent/first_start.py does. False: it has joined, or there is none."""
        if self.bond is not None or self.invited is None:
            return False
        self.key = self.key or f"{chance.getrandbits(KEY_BITS):064x}"  # on the disk before the hub hears of it
        request = JoinRequest(
            till=till,
            key=self.key,
            file=cache.file_id,
            generation=cache.own_chain.wanted_generation(),
            salt=f"{chance.getrandbits(SALT_BITS):032x}",
            proof=NO_PROOF,
        )
        request = msgspec.structs.replace(request, proof=proof_of_till(self.invited, request))
        reply = ask(request)
        assert same(proof_of_hub(self.invited, reply, request), reply.proof), "another hub answered"
        self.bond = Bond(ledger=reply.ledger, key=self.key, machine=self.name)
        self.invited, self.key = None, ""
        if cache.generation in (NOT_YET, reply.generation):  # else the worker asks for its lease
            cache.leases.keep(Lease(generation=reply.generation, bond=self.bond), asked=cache.generation)
        return True
