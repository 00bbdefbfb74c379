"""A file of members is checked whole, then taken some hundred rows at a time: killed, stopped, told twice, told while
tills are served (B5), it takes everybody once."""

from __future__ import annotations

import hashlib
import io
import itertools
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests

from hub.build import build_hub, build_programmes
from hub.files.checked import CheckedRows
from hub.files.members_file import read_members
from hub.hub import Hub
from hub.importing import Import, import_members
from hub.members import BadMembers, NewMember, new_ids
from hub.reconciling import reconciled
from hub.store.seam import Reader, Store
from hub.taking import ROWS_AT_ONCE, Progress
from loyalty.bodies import CardIssued, MemberJoined, SaleNumber
from tests.hub.conftest import Pen

HEAD = "programme,card,phone,points,registered,birthday,favourites,member\n"
PROGRAMMES = build_programmes()
DAY = "2026-03-02"
RIGHT = "in is out, row by row and to the point, by the ledger's own entries"


def lines(count: int, first: int = 1) -> str:
    """Member n has card n and n points, but for every third, who has none."""
    return "".join(
        f"alenka,{card},+7916{card:07},{card if card % 3 else ''},yes,1990-05-17,tea,m{card}\n"
        for card in range(first, first + count)
    )


def rows(text: str) -> CheckedRows[NewMember]:
    return read_members(io.BytesIO(text.encode()), PROGRAMMES).rows


def left_out(hub: Hub, importing: Import) -> int:
    with hub.store.reading() as reader:
        done = reconciled(reader, importing.rows, importing.progress, file="f", ledger="l")
    assert done.faults == ()
    return done.left_rows


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@contextmanager
def opened(ledger: Path) -> Iterator[Hub]:
    hub = build_hub(ledger, PROGRAMMES, serving=False)
    try:
        yield hub
    finally:
        hub.close()


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "members.csv"
        path.write_text(HEAD + text, encoding="utf-8")
        return path

    return write


def started(ledger: Path, file: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "hub", "import", "--db", str(ledger), str(file)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def imported(ledger: Path, file: Path) -> tuple[int, str, str]:
    process = started(ledger, file)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def wait_for(hub: Hub, file: Path, count: int, process: subprocess.Popen[str]) -> None:
    """Until so many rows are in."""
    until = time.monotonic() + 60
    while progress(hub, file).rows < count and process.poll() is None:
        assert time.monotonic() < until


def progress(hub: Hub, file: Path) -> Progress:
    with hub.store.reading() as reader:
        kept = reader.setting(Import.kept_as + digest(file))
    return msgspec.json.decode(kept, type=Progress) if kept else Progress()


def assert_all_once(hub: Hub, numbers: range) -> None:
    with hub.store.reading() as reader:
        cards = {card.number: card.member for card in reader.all_cards()}
        assert cards == {str(number): f"m{number}" for number in numbers}
        assert {member.member for member in reader.all_members()} == set(cards.values())
        lots = [(lot.member, lot.granted, lot.remaining) for lot in reader.all_lots()]
        assert sorted(lots) == sorted((f"m{number}", number, number) for number in numbers if number % 3)
        profiles = reader.profiles(list(cards.values()))
        assert {profile.phone for profile in profiles.values()} == {f"+7916{number:07}" for number in numbers}
        assert len(profiles) == len(cards)


def test_a_file_is_taken_some_hundred_rows_at_a_time(tmp_path: Path) -> None:
    with opened(tmp_path / "hub.db") as hub:
        importing = Import(hub, rows(HEAD + lines(450)), "f")
        assert list(importing.steps()) == [ROWS_AT_ONCE, 2 * ROWS_AT_ONCE, 450]
        assert importing.done and left_out(hub, importing) == 0
        assert_all_once(hub, range(1, 451))


def test_members_of_two_programmes_stand_in_one_file(tmp_path: Path) -> None:
    mixed = "".join(f"{('alenka', 'perekrestok')[card % 2]},{card},,,,,,m{card}\n" for card in range(500))
    with opened(tmp_path / "hub.db") as hub:
        assert list(Import(hub, rows(HEAD + mixed), "f").steps())[-1] == 500
        with hub.store.reading() as reader:
            assert len(list(reader.members_of("alenka"))) == len(list(reader.members_of("perekrestok"))) == 250


def test_nobody_is_taken_of_a_file_in_which_one_is_there_already(tmp_path: Path) -> None:
    with opened(tmp_path / "hub.db") as hub:
        list(import_members(hub, list(rows(HEAD + lines(2)))))
        with pytest.raises(BadMembers) as caught:
            Import(hub, rows(HEAD + lines(1_200, first=3) + "alenka,2,,,,,,\nalenka,9999,,,,,,m1\n"), "f")
        assert caught.value.problems == [
            "line 1202: card 2 is in the ledger already",
            "line 1203: card 9999 is for a member who is in the ledger already",
        ]
        assert_all_once(hub, range(1, 3))


def test_b5_the_log_of_a_long_import_is_taken_in_on_the_way(
    tmp_path: Path, file: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it grows by 17 kB a member until the end, and a copy of the file alone holds nobody."""
    monkeypatch.setattr("hub.taking.TIDIED_AFTER", 2)
    ledger = tmp_path / "hub.db"
    with opened(ledger) as hub:
        content = HEAD + lines(5 * ROWS_AT_ONCE)
        for _ in Import(hub, rows(content), "a").steps():
            pass
        assert ledger.stat().st_size > ledger.with_name("hub.db-wal").stat().st_size / 2
        alone = tmp_path / "alone.db"
        shutil.copyfile(ledger, alone)
    with opened(alone) as copy:
        assert len(copy.balances("alenka")) >= 4 * ROWS_AT_ONCE


def test_b5_a_killed_import_goes_on_and_takes_everybody_once(tmp_path: Path, file: Callable[[str], Path]) -> None:
    """The power goes at any moment; the same command is given again."""
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    members = file(lines(4_000))
    ledger = tmp_path / "hub.db"
    with opened(ledger) as hub:
        for target in sorted(chance.sample(range(3_600), 3)):
            process = started(ledger, members)
            wait_for(hub, members, target, process)
            process.kill()
            process.communicate()
        assert 0 < progress(hub, members).rows < 4_000
        code, out, _ = imported(ledger, members)
        assert code == 0 and f"{RIGHT}\nMembers imported into {ledger}: " in out
        assert_all_once(hub, range(1, 4_001))
        code, out, _ = imported(ledger, members)
        assert code == 0 and f"{RIGHT}\nThis file was imported into {ledger} before: 4000 members.\n" in out
        assert_all_once(hub, range(1, 4_001))


def test_an_import_that_is_stopped_says_how_to_go_on(tmp_path: Path, file: Callable[[str], Path]) -> None:
    """Ctrl-C."""
    members = file(lines(6_000))
    ledger = tmp_path / "hub.db"
    with opened(ledger) as hub:
        process = started(ledger, members)
        wait_for(hub, members, 1, process)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        assert process.returncode == 1 and "Traceback" not in err
        assert "of 6000 rows. The same command goes on with the rest." in err
        assert 0 < progress(hub, members).rows < 6_000
        assert imported(ledger, members)[0] == 0
        assert_all_once(hub, range(1, 6_001))


def test_two_who_import_one_file_at_once_take_everybody_once(tmp_path: Path) -> None:
    with opened(tmp_path / "hub.db") as hub:
        both = [Import(hub, rows(HEAD + lines(1_000)), "f") for _ in range(2)]
        steps = [importing.steps() for importing in both]
        while not all(importing.done for importing in both):
            for step in steps:
                next(step, None)
        assert [left_out(hub, importing) for importing in both] == [0, 0]
        assert_all_once(hub, range(1, 1_001))


def test_a_card_that_a_till_gave_out_meanwhile_is_left_out_and_told(
    tmp_path: Path, file: Callable[[str], Path]
) -> None:
    members = file(lines(500))
    ledger = tmp_path / "hub.db"
    with opened(ledger) as hub:
        next(Import(hub, rows(members.read_text(encoding="utf-8")), digest(members)).steps())
        issued = CardIssued(sale=SaleNumber(day=DAY, number="1"), member="anna", card="300")
        assert [answer.result for answer in hub.take("t1", [Pen().write(issued)]).answers] == ["applied"]
        hub.bear("alenka", MemberJoined(member="m400", card=None, registered=True))
        code, out, err = imported(ledger, members)
        assert code == 3 and f"{RIGHT}\nMembers imported into {ledger}: 298, and 200 before.\n" in out
        assert (
            "pos-hub: these rows were not taken:\nline 301: card 300 is in the ledger already\n"
            "line 401: card 400 is for a member who is in the ledger already\n"
            "The same command looks at them again" in err
        )
        with hub.store.reading() as reader:
            assert reader.cards(["300"])["300"].member == "anna" and reader.cards(["400"]) == {}
            assert reader.lots_of(["m400"]) == [], "what was another's row is not granted to him"
            assert len(list(reader.all_cards())) == 499
        code, out, _ = imported(ledger, members)
        assert code == 3 and f"This file was imported into {ledger} before: 498 members.\n" in out


def test_b5_no_till_waits_for_the_whole_of_an_import(
    tmp_path: Path, serve: Callable[..., Any], file: Callable[[str], Path], push: Callable[..., requests.Response]
) -> None:
    """It took the write lock for as long as it lasted: 20,000 rows, 45 seconds."""
    members = file(lines(8_000))
    ledger = tmp_path / "hub.db"
    served = serve(ledger)
    pen, number, waited = Pen(), 0, []
    process = started(ledger, members)
    with opened(ledger) as hub:
        wait_for(hub, members, 1, process)
    while process.poll() is None:
        number += 1
        issued = CardIssued(sale=SaleNumber(day=DAY, number=str(number)), member=f"n{number}", card=f"c{number}")
        begun = time.perf_counter()
        answer = push(served.url, "t1", pen.write(issued))
        waited.append(time.perf_counter() - begun)
        assert answer.status_code == 200 and answer.json()["answers"][0]["result"] == "applied"
    assert process.communicate()[0] and process.returncode == 0
    waited.sort()
    print(f"{len(waited)} pushes: p50 {waited[len(waited) // 2] * 1000:.0f} ms, longest {waited[-1] * 1000:.0f} ms")
    assert len(waited) >= 10 and waited[-1] < 1.0


class Interrupted:
    """A store at which something happens as soon as somebody has looked."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.name, self.writers, self.writing = store.name, store.writers, store.writing
        self.tidy, self.settle, self.close = store.tidy, store.settle, store.close
        self.scrub = store.scrub
        self.then: list[Callable[[], None]] = []

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        with self._store.reading() as reader:
            yield reader
        if self.then:
            self.then.pop()()


def test_what_came_into_the_ledger_between_the_look_and_the_turn_is_seen(tmp_path: Path) -> None:
    """B5: rows are decided before the ledger is held; a card that a till gives out just then is left out."""
    with opened(tmp_path / "hub.db") as hub:
        store = Interrupted(hub.store)
        shop = Hub(store, now=hub.now, programmes=PROGRAMMES)
        importing = Import(shop, rows(HEAD + lines(10)), "f")
        issued = Pen("till-1").write(CardIssued(sale=SaleNumber(day=DAY, number="1"), member="guest", card="7"))
        store.then.append(lambda: assert_applied(hub, issued))
        assert list(importing.steps())[-1] == 9 and not store.then
        assert left_out(hub, importing) == 1
        with hub.store.reading() as reader:
            assert reader.cards(["7"])["7"].member == "guest" and reader.members(["m7"]) == {}


def assert_applied(hub: Hub, text: str) -> None:
    assert [answer.result for answer in hub.take("till-1", [text]).answers] == ["applied"]


def test_members_of_a_file_who_bring_no_id_lie_beside_each_other_and_nobody_twice() -> None:
    one, other = new_ids(), new_ids()
    ids = [next(one) for _ in range(5_000)]
    steps = [(int(after, 16) - int(before, 16)) % 2**64 for before, after in itertools.pairwise(ids)]
    assert all(0 < step <= 2**40 for step in steps) and len(set(steps)) > 4_900
    assert {len(id) for id in ids} == {16} and not {*ids} & {next(other) for _ in range(5_000)}
