"""What is on one disk alone, and so is gone with it: told to the oracle before anybody asks again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hub.store.records import Place
from hub.store.seam import Reader
from loyalty.bodies import CardIssued, CardMadeVirtual, CardReissued
from loyalty.operation import Key, hash_operation, read_operation
from offline_cache.packed import unpack_text

if TYPE_CHECKING:
    from simulator.till import ChainTill
    from simulator.world import World

ALL: Final = 2**31  # numbers of operations


class Stands(NamedTuple):
    """An operation of a till's own, as its file has it."""

    key: Key
    hash: str
    packed: Any


def standing(till: ChainTill) -> list[Stands]:
    """All that its file has, which is there and open."""
    file, ends = till.cache.file, till.cache.own_chain.ends()
    with file.reading() as connection:
        sql: Any = file.sql
        rows = [row for end in ends for row in sql.operations_behind(connection, generation=end.generation, sequence=0)]
    return [Stands(Key(generation, sequence), digest, kept) for generation, sequence, digest, kept in rows]


def waiting_papers(till: ChainTill) -> list[Key]:
    """Of operations: their papers have not come out."""
    return [job.key for job in till.cache.print_jobs.to_do() if job.key is not None]


def hashes(reader: Reader, till: str) -> Iterator[str]:
    """Of all that a ledger has of it."""
    for end in reader.ends_of([till]):
        for kept in reader.operations_on(Place(till, end.generation, 1), ALL):
            yield hash_operation(kept.text)


def declare_lost(world: World, till: ChainTill, stood: Iterable[Stands], left: Collection[Stands] = ()) -> None:
    """Of these, those that are neither at the hub nor among `left`, when whatever was on its way has arrived: whoever
    was told of them was told in vain."""
    with world.hub.reading() as reader:
        told = set(hashes(reader, till.till))
    there = told | {one.hash for one in left}
    texts = [unpack_text(one.packed) for one in stood if one.hash not in there]
    untold = (read_operation(unpack_text(one.packed)).body for one in left if one.hash not in told)
    members = [member for body in untold if (member := getattr(body, "member", None)) is not None]
    tell_lost(world, till.disk, texts, members)


def tell_lost(world: World, till: str, texts: list[str], untold: Collection[str] = ()) -> None:
    """`untold`: of these members the till has something left that the hub does not know."""
    quotes = [quote for text in texts if (quote := getattr(read_operation(text).body, "quote", None)) is not None]
    world.counts["operations lost with a disk"] += len(texts)
    world.trace("lost", till, len(texts))
    world.oracle.lost(till, quotes, untold)
    _take_cards_back(world, texts)


def given_out(texts: Iterable[str]) -> Iterator[str]:
    """Cards, by their numbers."""
    for body in (read_operation(text).body for text in texts):
        if isinstance(body, CardIssued):
            yield body.card
        elif isinstance(body, CardReissued | CardMadeVirtual):
            yield body.new_card


def _take_cards_back(world: World, texts: list[str]) -> None:
    """A card that was given out there and nowhere else is no card: whoever had another before comes with that one."""
    for body in (read_operation(text).body for text in reversed(texts)):
        if isinstance(body, CardIssued):
            for person in world.people:
                person.kin = [one for one in person.kin if one.card != body.card]
        elif isinstance(body, CardReissued | CardMadeVirtual):
            for person in (one for somebody in world.people for one in (somebody, *somebody.kin)):
                if person.card == body.new_card:
                    person.card = body.old_card
