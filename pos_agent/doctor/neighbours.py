"""The other tills of the shop: each is told of the end of a hold that never was, which changes nothing there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from secrets import token_hex
from typing import TYPE_CHECKING, Final

import msgspec

from pos_agent.doctor.sheet import Finding, bad, good, unsure

if TYPE_CHECKING:
    from config.settings import Settings

WAIT_S: Final = 2.0  # for all of them
NO_HOLD: Final = "doctor"


def neighbours(settings: Settings) -> Iterator[Finding]:
    """By this machine's clock, for the till's file is the running agent's."""
    if settings.neighbours is not None:
        yield from asyncio.run(_asked(settings))


async def _asked(settings: Settings) -> list[Finding]:
    assert settings.neighbours is not None
    return list(await asyncio.gather(*(_one(settings, *address) for address in settings.neighbours.addresses)))


async def _one(settings: Settings, host: str, port: int) -> Finding:
    from pos_agent.neighbours.asking import Address, Unanswered, post
    from pos_agent.neighbours.signing import sign
    from pos_agent.neighbours.wire import VOIDS, Ended, Heard

    assert settings.neighbours is not None
    secret, address = settings.neighbours.secret.encode(), Address(host, port)
    body = msgspec.json.encode(Ended(till=settings.till, member=NO_HOLD, holds=(NO_HOLD,)))
    signed = sign(secret, "POST", VOIDS, body, at=datetime.now(UTC), nonce=token_hex(16))
    began_s = time.perf_counter()
    try:
        answer = await asyncio.wait_for(post(secret, address, VOIDS, body, signed), WAIT_S)
        till = msgspec.json.decode(answer, type=Heard).till
    except Unanswered as error:
        return bad("neighbours", "neighbour_refused", "neighbour_refused_help", at=str(address), why=error.code)
    except (OSError, TimeoutError):
        return unsure("neighbours", "neighbour_away", "neighbour_away_help", at=str(address))
    except (msgspec.DecodeError, ValueError, RecursionError):
        return bad("neighbours", "neighbour_refused", "neighbour_refused_help", at=str(address), why="unclear")
    took_ms = f"{(time.perf_counter() - began_s) * 1000:.0f}"
    return good("neighbours", "neighbour_there", at=str(address), till=till, ms=took_ms)
