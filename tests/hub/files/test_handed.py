"""Phones that go from one member to another within a file (R13): swapped, in chains, to somebody who joins, also when
a row on the way is left out. Every row is once among those who joined, are told anew, stand as they were, are left
out; nobody's phone is ever another's too."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest

from hub.audit.verify import verify
from hub.build import build_hub, build_programmes
from hub.files.members_file import read_members
from hub.importing import Import
from hub.members import BadMembers
from hub.reconciling import Sheet, reconciled
from hub.store.records import ProfileRow
from hub.store.rows import Rows
from loyalty.bodies import MemberJoined

PROGRAMMES = build_programmes()
PHONES = [f"+7916000000{n}" for n in range(8)]
Phones = dict[str, str | None]  # by member


class Line(NamedTuple):
    """A row. `member` None: somebody new."""

    member: str | None
    card: str
    phone: str | None
    bad: bool = False

    def __str__(self) -> str:
        return f"{self.card},{self.phone or ''},{'1.5' if self.bad else 7}"


def lines_of(chance: random.Random, ledger: Phones) -> list[Line]:
    here = [Line(member, f"c{member}", chance.choice([None, *PHONES])) for member in ledger if chance.random() < 0.8]
    if chance.random() < 0.5:  # phones only change hands among those who have them
        phones = [phone for phone in ledger.values() if phone]
        chance.shuffle(phones)
        here = [line._replace(phone=phone) for line, phone in zip(here, phones, strict=False)]
    fresh = [Line(None, f"n{n}", chance.choice([None, *PHONES])) for n in range(chance.randrange(3))]
    lines = [line._replace(bad=chance.random() < 0.05) for line in (*here, *fresh)]
    chance.shuffle(lines)
    return lines


def taken_of(lines: list[Line], ledger: Phones, *, update: bool) -> list[Line]:
    """By hand: all that can be taken together."""
    first = {line.phone: line for line in reversed(lines) if line.phone}
    taken = [line for line in lines if not line.bad and not (line.phone and line is not first[line.phone])]
    taken = [line for line in taken if update or line.member is None]
    while True:
        giving = {line.member for line in taken if line.member and line.phone}
        kept = {phone: member for member, phone in ledger.items() if phone and member not in giving}
        left = [line for line in taken if line.phone and kept.get(line.phone, line.member) != line.member]
        if not left:
            return taken
        taken = [line for line in taken if line not in left]


class Shop:
    """A ledger, and one file that comes into it."""

    def __init__(self, path: Path, ledger: Phones) -> None:
        self.hub = build_hub(path, PROGRAMMES, serving=False)
        for member in ledger:
            self.hub.bear("alenka", MemberJoined(member=member, card=f"c{member}", registered=True))
        profiles = [ProfileRow(member, phone, None, ()) for member, phone in ledger.items()]
        self.hub.within(lambda writer: writer.write(Rows(profiles=profiles)))

    def phones(self) -> Phones:
        """By member; of whoever joined, by his card."""
        with self.hub.store.reading() as reader:
            cards = {card.member: card.number for card in reader.all_cards()}
            found = reader.profiles(list(cards))
        names = {member: card if card.startswith("n") else member for member, card in cards.items()}
        return {names[member]: profile.phone for member, profile in found.items()}

    def begun(self, lines: list[Line], **how: bool) -> Import:
        text = "\n".join(["card,phone,points", *map(str, lines)])
        table = read_members(io.BytesIO(text.encode()), PROGRAMMES, programme="alenka")
        return Import(self.hub, table.rows, "f", **how)

    def steps(self, importing: Import) -> Iterator[int]:
        for done in importing.steps():
            phones = [phone for phone in self.phones().values() if phone]
            assert len(phones) == len(set(phones)), "a phone of two finds nobody"
            yield done

    def sheet(self, importing: Import) -> Sheet:
        with self.hub.store.reading() as reader:
            return reconciled(reader, importing.rows, importing.progress, file="f", ledger="l")


@pytest.fixture
def ledgers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """One after the other; a file comes into them in many transactions."""
    monkeypatch.setattr("hub.taking.ROWS_AT_ONCE", 2)
    monkeypatch.setattr("hub.importing.LOOKED_UP_AT_ONCE", 3)
    return (tmp_path / f"{n}.db" for n in count())


def expected(lines: list[Line], taken: list[Line], ledger: Phones) -> Phones:
    after = dict(ledger)
    for line in taken:
        if line.member is None:
            after[line.card] = line.phone
        elif line.phone:
            after[line.member] = line.phone
    return after


def check(path: Path, chance: random.Random, *, update: bool, skip: bool) -> None:
    ledger: Phones = {f"m{n}": chance.choice([None, PHONES[n]]) for n in range(6)}
    lines = lines_of(chance, ledger)
    taken = taken_of(lines, ledger, update=update)
    shop = Shop(path, ledger)
    try:
        if not skip and len(taken) < len(lines):
            with pytest.raises(BadMembers):
                shop.begun(lines, update=update)
            assert shop.phones() == ledger
            return
        cut = shop.begun(lines, update=update, skip=skip)
        for _ in zip(range(chance.randrange(3)), shop.steps(cut), strict=False):
            pass
        for _ in range(2):  # to the end, and once more
            importing = shop.begun(lines, update=update, skip=skip)
            assert all(shop.steps(importing))
            sheet = shop.sheet(importing)
            assert sheet.faults == ()
            assert sheet.joined == sum(line.member is None for line in taken)
            assert sheet.updated + sheet.unchanged == sum(line.member is not None for line in taken)
            left = [lines[bad.line - 2] for bad in importing.rows.bad()]
            assert left == [line for line in lines if line not in taken]
            assert shop.phones() == expected(lines, taken, ledger)
        assert verify(shop.hub.store, shop.hub.zone_of).faults == ()
    finally:
        shop.hub.close()


@pytest.mark.parametrize("skip", [True, False])
@pytest.mark.parametrize("update", [True, False])
def test_every_row_is_taken_or_told_once_whatever_phones_change_hands(
    ledgers: Iterator[Path], *, update: bool, skip: bool
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for _ in range(25):
        check(next(ledgers), chance, update=update, skip=skip)


def told(path: Path, ledger: Phones, lines: list[Line]) -> tuple[Phones, list[str]]:
    shop = Shop(path, ledger)
    importing = shop.begun(lines, update=True, skip=True)
    assert all(shop.steps(importing))
    assert shop.sheet(importing).faults == ()
    phones, left = shop.phones(), [bad.words for bad in importing.rows.bad()]
    shop.hub.close()
    return phones, left


A, B, C, D = PHONES[:4]


@pytest.mark.parametrize("backwards", [True, False])
def test_a_phone_that_its_owner_gives_up_is_free(ledgers: Iterator[Path], *, backwards: bool) -> None:
    """Whatever the order of rows."""
    order = -1 if backwards else 1
    handed = [Line("m1", "cm1", D), Line("m2", "cm2", A), Line(None, "n1", B)][::order]
    assert told(next(ledgers), {"m1": A, "m2": B}, handed) == ({"m1": D, "m2": A, "n1": B}, [])
    swapped = [Line("m1", "cm1", B), Line("m2", "cm2", A)][::order]
    assert told(next(ledgers), {"m1": A, "m2": B}, swapped) == ({"m1": B, "m2": A}, [])


def test_who_is_left_out_keeps_his_phone_and_so_on(ledgers: Iterator[Path]) -> None:
    """Member m1 wants the phone of somebody whom the file does not know."""
    ledger: Phones = {"m1": A, "m2": B, "m3": C}
    chain = [Line(None, "n1", B), Line("m2", "cm2", A), Line("m1", "cm1", C)]
    assert told(next(ledgers), ledger, chain) == (
        ledger,
        [f"phone {phone} is member {who}'s in the ledger" for phone, who in ((B, "m2"), (A, "m1"), (C, "m3"))],
    )


@pytest.mark.parametrize("backwards", [True, False])
def test_what_came_into_the_ledger_meanwhile_leaves_out_whoever_hangs_on_it(
    ledgers: Iterator[Path], *, backwards: bool
) -> None:
    shop = Shop(next(ledgers), {"m1": A, "m2": None})
    lines = [Line("m1", "cm1", C), Line(None, "n1", A)][:: -1 if backwards else 1]
    importing = shop.begun(lines, update=True, skip=True)
    shop.hub.within(lambda writer: writer.write(Rows(profiles=[ProfileRow("m2", C, None, ())])))
    assert set(shop.steps(importing)) <= {0}
    sheet = shop.sheet(importing)
    assert (sheet.left_rows, sheet.faults, shop.phones()) == (2, (), {"m1": A, "m2": C})
    shop.hub.close()


def test_what_was_left_out_is_taken_by_the_same_command_when_it_can_be(ledgers: Iterator[Path]) -> None:
    shop = Shop(next(ledgers), {"m1": A, "m2": B})
    lines = [Line("m2", "cm2", A), Line("m1", "cm1", None), Line(None, "n1", C)]
    assert list(shop.steps(shop.begun(lines, update=True, skip=True))) == [2]
    shop.hub.within(lambda writer: writer.write(Rows(profiles=[ProfileRow("m1", D, None, ())])))
    again = shop.begun(lines, update=True, skip=True)
    assert list(shop.steps(again)) == [3]
    sheet = shop.sheet(again)
    assert (sheet.joined, sheet.updated, sheet.unchanged, sheet.left_out, sheet.faults) == (1, 1, 1, (), ())
    assert shop.phones() == {"m1": D, "m2": A, "n1": C}
    shop.hub.close()
