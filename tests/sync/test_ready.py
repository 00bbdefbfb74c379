"""A till that knows nobody takes the hub's ready file over a real wire, and ends with what the feed would tell it."""

from __future__ import annotations

import random
import select
import subprocess
import sys
import zlib
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hub.face.tills import hub_app
from hub.hub import Hub
from hub.ready.shelf import NotYet, Shelf
from hub.rotating import rotate_phones
from hub.store.office_records import StoreRow
from hub.store.records import CardRow, ChangeRow, CouponRow, LotRow, MemberRow, ProfileRow
from hub.store.rows import Rows
from hub.stores import keep_store, see
from loyalty.bodies import CardBlocked
from loyalty.operation import Key, Store
from loyalty.snapshot import CardSnapshot, MemberSnapshot
from offline_cache.cache import Cache, Rules
from offline_cache.ready import Coming, Part
from sync.client import HubClient
from sync.hub_port import HubIsOlder, HubUnclear, HubUnreachable
from sync.identity import OwnFile
from sync.protocol import READY_BYTES_MAX
from sync.ready_block import read_block
from sync.worker import SyncWorker
from tests.one_port import Server
from tests.speaking import joined, speaking
from tests.sync.conftest import ALENKA, NOW, Shop

MEMBERS = 1_200  # more than a page of the feed
BLOCK = 100
SMALLEST = 1_000
OF_THE_FEED = ("cursor", "pulled_at", "scope", "ready")


def name_of(number: int) -> str:
    return f"m{number:05}"


def lot(member: str, points: int) -> LotRow:
    return LotRow(member, f"import/1/{member}", points, points, 0, NOW - timedelta(days=9), NOW + timedelta(days=300))


def fill(hub: Hub, numbers: range) -> None:
    rows = Rows()
    for number in numbers:
        member = name_of(number)
        rows.new_members.append(MemberRow(member, "alenka", True))
        rows.profiles.append(ProfileRow(member, f"+7900{number:07}", "1980-05-05", (), "Анна"))
        rows.new_cards.append(CardRow(f"c{number}", member, "active"))
        rows.new_lots.append(lot(member, 100 + number))
        rows.changes.append(ChangeRow("alenka", "member", member))
    hub.within(lambda writer: writer.write(rows))


def told_anew(hub: Hub, member: str, points: int) -> None:
    """The hub's word of a member is another from now on, and its feed says so."""
    change = ChangeRow("alenka", "member", member)
    hub.within(lambda writer: writer.write(Rows(lots=[lot(member, points)], changes=[change])))


def put_on_shelf(shop: Shop, server: Server, **how: Any) -> Shelf:
    shelf = Shelf(shop.hub, **{"members_min": SMALLEST, "block_members": BLOCK, **how})
    server.app = hub_app(shop.hub, shelf=shelf)
    return shelf


def wait_for(shelf: Shelf) -> None:
    """Until the file is whole."""
    while True:
        try:
            file = shelf.ask(till="none", generation=1, programme="alenka", store="").file
            if not shelf.block(file, "z"):
                return
        except NotYet:
            continue


@pytest.fixture
def shelf(shop: Shop, server: Server) -> Shelf:
    fill(shop.hub, range(MEMBERS))
    shelf = put_on_shelf(shop, server)
    wait_for(shelf)
    return shelf


def known(cache: Cache) -> dict[str, list[Any]]:
    """All that the till knows of the hub, but when it was told."""
    asked = {
        "members": "SELECT member, generation, sequence, phone_key, told FROM members ORDER BY member",
        "cards": "SELECT number, member, status, active_from FROM cards ORDER BY number",
        "coupons": "SELECT serial FROM told_coupons WHERE uses_left = 0 ORDER BY serial",
        "set aside": "SELECT kind, key, reason FROM set_aside ORDER BY kind, key",
        "settings": f"SELECT name, value FROM settings WHERE name IN {OF_THE_FEED} ORDER BY name",
    }
    with cache.file.reading() as connection:
        return {what: list(connection.execute(sql)) for what, sql in asked.items()}


def by_the_feed_alone(shop: Shop, folder: Path, hub: HubClient | None = None) -> dict[str, list[Any]]:
    """What another till knows, to which the hub is one from before there were ready files."""
    cache = Cache(folder / "fed.db", shop.cache.till, shop.cache.store)
    worker = SyncWorker(
        cache, OlderHub(hub or shop.client()), programme="alenka", jitter=lambda: 0.0, clock=lambda: NOW
    )
    try:
        shop.drain(worker)
        return known(cache)
    finally:
        cache.close()


@dataclass
class Heard:
    """A hub, and what it was asked for."""

    hub: HubClient
    asked: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.hub, name)

    def ready(self, **asked: Any) -> Any:
        self.asked.append("ready")
        return self.hub.ready(**asked)

    def block(self, **asked: Any) -> Any:
        self.asked.append(asked["after"])
        return self.hub.block(**asked)


class OlderHub(Heard):
    def ready(self, **asked: Any) -> Any:
        self.asked.append("ready")
        raise HubIsOlder("It knows of none.")


class TornLine(Heard):
    """Every second block is lost on its way."""

    def block(self, **asked: Any) -> Any:
        block = super().block(**asked)
        if len(self.asked) % 2 == 0:
            raise HubUnreachable("The line broke.")
        return block


def worker_of(shop: Shop, hub: Any) -> SyncWorker:
    return SyncWorker(shop.cache, hub, programme="alenka", jitter=lambda: 0.0, clock=lambda: NOW)


def some_blocks(worker: SyncWorker, cache: Cache, members: int) -> None:
    """Until so many have come, and more are to."""
    for _ in range(200):
        worker.step(0.0)
        coming = cache.ready.coming()
        if coming is not None and coming.done >= members:
            return
    raise AssertionError(f"they never came: {worker.state.cause}")


def drain(worker: SyncWorker) -> None:
    """As `Shop.drain`, over a line that breaks now and then."""
    for _ in range(200):
        if worker.step(0.0) > 0.0 and not worker.state.failures:
            return
    raise AssertionError(f"it never comes to rest: {worker.state.cause}")


# the way


def test_a_till_that_knows_nobody_ends_with_what_the_feed_would_tell(shop: Shop, shelf: Shelf, tmp_path: Path) -> None:
    hub = Heard(shop.client())
    worker = worker_of(shop, hub)
    shop.drain(worker)
    assert worker.state.online and len(hub.asked) == 1 + MEMBERS // BLOCK + 1, "each block once, and the end"
    assert len(known(shop.cache)["members"]) == MEMBERS
    assert known(shop.cache) == by_the_feed_alone(shop, tmp_path)
    assert shop.cache.changes.feed().pulled_at is not None and shop.cache.ready.coming() is None


def test_half_of_it_is_never_believed_to_be_all(shop: Shop, shelf: Shelf) -> None:
    worker = shop.worker()
    some_blocks(worker, shop.cache, 500)
    assert shop.cache.ready.coming() == Coming(500, MEMBERS)
    feed = shop.cache.changes.feed()
    assert feed.pulled_at is None and feed.cursor == "" and worker.state.online
    assert shop.cache.members.card("c10") is not None and shop.cache.members.card(f"c{MEMBERS - 1}") is None
    assert shop.cache.phones.keys, "phones are found from the first of them on"
    shop.drain(worker)


def test_a_line_that_breaks_at_each_block_costs_that_block_alone(shop: Shop, shelf: Shelf, tmp_path: Path) -> None:
    hub = TornLine(shop.client())
    drain(worker_of(shop, hub))
    assert len(hub.asked) == 1 + 2 * (MEMBERS // BLOCK + 1)
    assert known(shop.cache) == by_the_feed_alone(shop, tmp_path)


def test_a_till_that_is_stopped_after_each_block_goes_on_behind_it(shop: Shop, shelf: Shelf, tmp_path: Path) -> None:
    hub = Heard(shop.client())
    for number in range(1, MEMBERS // BLOCK + 1):
        some_blocks(worker_of(shop, hub), shop.cache, number * BLOCK)
        shop.cache.close()
        shop.cache = Cache(tmp_path / "till.db", "t1")
    shop.drain(worker_of(shop, hub))
    assert len(hub.asked) == 1 + MEMBERS // BLOCK + 1 == len(set(hub.asked))
    assert known(shop.cache) == by_the_feed_alone(shop, tmp_path)


def test_a_till_that_ends_within_a_block_takes_that_block_again(shop: Shop, shelf: Shelf, tmp_path: Path) -> None:
    hub = Heard(shop.client())
    some_blocks(worker_of(shop, hub), shop.cache, 300)
    now = shop.cache.ready.under_way()
    assert now is not None
    block = hub.block(file=now.file, after=now.after)
    shop.cache.ready.take(Part(block.members[: BLOCK // 2]))
    shop.cache.close()
    shop.cache = Cache(tmp_path / "till.db", "t1")
    shop.drain(worker_of(shop, hub))
    assert hub.asked.count(now.after) == 2, "once here, once by the till"
    assert known(shop.cache) == by_the_feed_alone(shop, tmp_path)


LIFE = """
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from offline_cache.cache import Cache
from sync.client import HubClient
from sync.identity import OwnFile
from sync.identity import Identity, OwnFile
from sync.worker import SyncWorker
from tests.speaking import speaking

cache = Cache(Path(sys.argv[1]), "t1")
identity = msgspec.json.decode(sys.argv[3], type=Identity)
hub = HubClient(sys.argv[2], speaking(identity, lambda: OwnFile(cache.file_id, cache.generation)))
at = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
worker = SyncWorker(cache, hub, programme="alenka", jitter=lambda: 0.0, clock=lambda: at)
goes_on = True
while goes_on:
    goes_on = worker.step(0.0) <= 0.0
    print(goes_on, flush=True)
"""
LIVES = 4
LONGEST_LIFE_MS = 100  # after its first step


def test_a_till_that_is_killed_at_any_moment_goes_on(shop: Shop, shelf: Shelf, tmp_path: Path) -> None:
    seed = random.randrange(2**32)
    print("seed", seed)
    chance = random.Random(seed)
    identity = joined(shop.hub, "t1", shop.cache.file_id)
    shop.cache.close()
    said = msgspec.json.encode(identity).decode()
    for _ in range(LIVES):
        command = [sys.executable, "-c", LIFE, str(tmp_path / "till.db"), shop.url, said]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as till:
            assert till.stdout is not None and till.stdout.readline(), "it steps"
            select.select([], [], [], chance.random() * LONGEST_LIFE_MS / 1_000)  # waits for nothing
            till.kill()
    shop.cache = Cache(tmp_path / "till.db", "t1")
    hub = HubClient(shop.url, speaking(identity, lambda: OwnFile(shop.cache.file_id, shop.cache.generation)))
    shop.drain(worker_of(shop, hub))
    assert known(shop.cache) == by_the_feed_alone(shop, tmp_path, hub)
    hub.close()


# what happens meanwhile


def test_what_changes_at_the_hub_meanwhile_is_told_by_the_feed_behind_it(
    shop: Shop, shelf: Shelf, tmp_path: Path
) -> None:
    worker = shop.worker()
    some_blocks(worker, shop.cache, 500)
    told_anew(shop.hub, name_of(3), 7)  # one who has come, and one who is to come yet, as he was
    told_anew(shop.hub, name_of(MEMBERS - 1), 8)
    fill(shop.hub, range(MEMBERS, MEMBERS + 5))
    shop.drain(worker)
    assert shop.till_points(name_of(3)) == 7 and shop.till_points(name_of(MEMBERS - 1)) == 8
    assert len(known(shop.cache)["members"]) == MEMBERS + 5
    assert known(shop.cache) == by_the_feed_alone(shop, tmp_path)


def test_what_was_told_of_a_member_later_is_not_overwritten_by_the_file(shop: Shop, shelf: Shelf) -> None:
    worker, member = shop.worker(), name_of(MEMBERS - 1)
    some_blocks(worker, shop.cache, 500)
    card = CardSnapshot(number=f"c{MEMBERS - 1}", status="blocked")
    later = MemberSnapshot(member=member, cards=(card,), debt=42)
    assert shop.cache.changes.keep_member(later, watermark=Key(1, 0), at=NOW + timedelta(seconds=1))
    some_blocks(worker, shop.cache, MEMBERS)
    found, known_card = shop.cache.members.member(member), shop.cache.members.card(card.number)
    assert found is not None and found.told.debt == 42
    assert known_card is not None and known_card.status == "blocked"
    assert shop.cache.members.card(f"c{MEMBERS - 2}") is not None, "all others of his block have come"


def test_what_was_told_of_a_member_before_the_file_goes(shop: Shop, shelf: Shelf) -> None:
    worker, member = shop.worker(), name_of(MEMBERS - 1)
    some_blocks(worker, shop.cache, 500)
    before = MemberSnapshot(member=member, cards=(), debt=42)
    assert shop.cache.changes.keep_member(before, watermark=Key(1, 0), at=NOW - timedelta(seconds=1))
    some_blocks(worker, shop.cache, MEMBERS)
    assert shop.till_points(member) == 100 + MEMBERS - 1


@pytest.mark.parametrize("number", [10, MEMBERS - 1])
def test_what_the_till_sells_meanwhile_counts_once(shop: Shop, shelf: Shelf, number: int, tmp_path: Path) -> None:
    """To somebody who has come, and to one who has not."""
    worker, member = shop.worker(), name_of(number)
    some_blocks(worker, shop.cache, 500)
    shop.sell(1, member=member, earned=50)
    assert shop.cache.outbox_length() == 1
    some_blocks(worker, shop.cache, MEMBERS)
    assert shop.cache.outbox_length() == 0, "sales go up while members come down"
    assert shop.till_points(member) == 150 + number
    shop.drain(worker)
    assert shop.till_points(member) == 150 + number == shop.hub.balances("alenka")[member]


def test_what_the_hub_had_of_this_till_before_the_file_is_in_it(shop: Shop, server: Server) -> None:
    """A till whose members went, and that begins anew: its operations are in what the hub tells."""
    fill(shop.hub, range(MEMBERS))
    worker = shop.worker()
    shop.drain(worker)
    shop.sell(1, member=name_of(10), earned=50)
    shop.drain(worker)
    wait_for(put_on_shelf(shop, server))
    shop.cache.forgetting.begin("lease", NOW)
    again = Heard(shop.client())
    drain(worker_of(shop, again))
    assert len(again.asked) > 2 and shop.till_points(name_of(10)) == 160
    assert shop.cache.forgetting.forgotten() is None


def test_a_card_that_was_blocked_here_after_the_file_stays_blocked(shop: Shop, shelf: Shelf) -> None:
    """The file was made for another till before; the feed behind it tells of the block later."""
    worker = worker_of(shop, OlderHub(shop.client()))
    shop.drain(worker)
    rules = Rules(programme="alenka", programme_hash=ALENKA.content_hash)
    blocked = CardBlocked(member=name_of(1_100), card="c1100")
    shop.cache.record([blocked], sale=None, rules=rules, papers=lambda made: [], at=NOW)
    shop.cache.forgetting.begin("lease", NOW)
    some_blocks(worker_of(shop, shop.client()), shop.cache, MEMBERS)
    card, another = (shop.cache.members.card(number) for number in ("c1100", "c1101"))
    assert card is not None and another is not None
    assert (card.status, another.status) == ("blocked", "active") and shop.cache.outbox_length() == 0


def test_a_hub_that_began_anew_is_followed_at_the_place_that_was_reached(
    shop: Shop, shelf: Shelf, server: Server, tmp_path: Path
) -> None:
    """Its file is gone with its process; what changed before the next one was made is told by the feed."""
    hub = Heard(shop.client())
    worker = worker_of(shop, hub)
    some_blocks(worker, shop.cache, 500)
    told_anew(shop.hub, name_of(3), 7)
    wait_for(put_on_shelf(shop, server))
    drain(worker)
    assert hub.asked.count("") == 1 and hub.asked.count("ready") == 2, "no block came twice"
    assert shop.till_points(name_of(3)) == 7
    assert known(shop.cache) == by_the_feed_alone(shop, tmp_path)


def test_a_till_that_is_sent_away_meanwhile_forgets_those_who_came(shop: Shop, shelf: Shelf) -> None:
    worker = shop.worker()
    some_blocks(worker, shop.cache, 500)
    shop.cache.forgetting.begin("revoked", NOW)
    while shop.cache.forgetting.more():
        pass
    assert shop.cache.ready.coming() is None and known(shop.cache)["members"] == []


def test_a_rotated_key_of_phones_is_told_by_the_feed(shop: Shop, shelf: Shelf, tmp_path: Path) -> None:
    worker = shop.worker()
    some_blocks(worker, shop.cache, 500)
    list(rotate_phones(shop.hub))
    shop.drain(worker)
    assert known(shop.cache) == by_the_feed_alone(shop, tmp_path)


# which tills take it


def test_whoever_has_read_the_feed_asks_for_no_file(shop: Shop, server: Server) -> None:
    fill(shop.hub, range(5))
    hub = Heard(shop.client())
    worker = worker_of(shop, hub)
    shop.drain(worker)
    fill(shop.hub, range(5, MEMBERS))
    put_on_shelf(shop, server)
    shop.drain(worker)
    assert hub.asked == [] and len(known(shop.cache)["members"]) == MEMBERS


def test_of_few_members_the_feed_tells(shop: Shop, server: Server) -> None:
    fill(shop.hub, range(MEMBERS))
    put_on_shelf(shop, server, members_min=MEMBERS + 1)
    hub = Heard(shop.client())
    shop.drain(worker_of(shop, hub))
    assert hub.asked == ["ready"] and len(known(shop.cache)["members"]) == MEMBERS


def test_an_older_hub_is_read_by_its_feed(shop: Shop, shelf: Shelf) -> None:
    hub = OlderHub(shop.client())
    shop.drain(worker_of(shop, hub))
    assert hub.asked == ["ready"] and len(known(shop.cache)["members"]) == MEMBERS


def test_a_till_of_a_shop_takes_the_file_of_those_who_are_seen_there(
    shop: Shop, server: Server, tmp_path: Path
) -> None:
    fill(shop.hub, range(MEMBERS + 50))
    shop.hub.within(lambda writer: keep_store(writer, StoreRow("s1", members="shop", keep_days=90)))
    seen = [name_of(number) for number in range(MEMBERS)]
    shop.hub.within(lambda writer: see(writer, "s1", seen, NOW))
    put_on_shelf(shop, server)
    shop.cache.close()
    shop.cache = Cache(tmp_path / "till.db", "t1", Store(id="s1"))
    hub = Heard(shop.client())
    drain(worker_of(shop, hub))
    assert len(hub.asked) > 3 and [row[0] for row in known(shop.cache)["members"]] == seen
    assert shop.cache.changes.feed().scope == "shop:s1"
    assert known(shop.cache) == by_the_feed_alone(shop, tmp_path)


def test_used_and_returned_coupons_come_with_it(shop: Shop, server: Server, tmp_path: Path) -> None:
    fill(shop.hub, range(MEMBERS))
    shop.hub.within(
        lambda writer: writer.write(
            Rows(
                used_coupons=[CouponRow("aa", "other", 1, 1)],
                changes=[ChangeRow("alenka", "coupon", serial) for serial in ("aa", "bb", "aa")],
            )
        )
    )
    with shop.cache.file.transaction() as connection:
        shop.cache.file.sql.tell_coupon(connection, serial="bb", uses_left=0, generation=1, sequence=0)  # back since
    wait_for(put_on_shelf(shop, server))
    shop.drain(shop.worker())
    assert known(shop.cache)["coupons"] == [("aa",)] == by_the_feed_alone(shop, tmp_path)["coupons"]


# an ill hub


def test_a_bad_row_is_set_aside_and_the_others_come(shop: Shop, server: Server) -> None:
    """The hub cannot tell of one whose points are of no number's size."""
    fill(shop.hub, range(MEMBERS))
    told_anew(shop.hub, name_of(7), 2**60)
    wait_for(put_on_shelf(shop, server))
    shop.drain(shop.worker())
    (aside,) = shop.cache.changes.set_aside(5)
    assert (aside.key, aside.reason) == (name_of(7), "not_told")
    assert len(known(shop.cache)["members"]) == MEMBERS - 1


def row(member: str, **more: Any) -> dict[str, Any]:
    return {"member": member, "cards": [{"number": f"c{member}", "status": "active"}], **more}


def packed(**block: Any) -> bytes:
    return zlib.compress(msgspec.json.encode({"to": "mz", **block}))


class SayingBlock(Heard):
    """Its first block is whatever a test says, and there is no second."""

    def __init__(self, hub: HubClient, said: bytes) -> None:
        super().__init__(hub)
        self._said = said

    def block(self, **asked: Any) -> Any:
        self.asked.append(asked["after"])
        try:
            return read_block(self._said if not asked["after"] else b"")
        except (ValueError, RecursionError) as error:
            raise HubUnclear(str(error)) from error


def test_rows_of_a_block_are_looked_at_one_by_one(shop: Shop, shelf: Shelf) -> None:
    rows = [row("eve"), row("bad", debt=-1), row("odd", birthday="1980-5-5"), 7, row("two\n"), row("zoe")]
    worker = worker_of(shop, SayingBlock(shop.client(), packed(members=rows, used_coupons=["aa", 3])))
    some_blocks(worker, shop.cache, 1)
    assert [one[0] for one in known(shop.cache)["members"]] == ["eve", "zoe"]
    reasons = {(aside.kind, aside.key): aside.reason for aside in shop.cache.changes.set_aside(10)}
    assert reasons == {
        ("member", "bad"): "unreadable",
        ("member", "odd"): "impossible",
        ("member", ""): "unreadable",
        ("member", "two?"): "impossible",
        ("coupon", ""): "unreadable",
    }


BAD_BLOCKS = {
    "not packed": b"hello",
    "no JSON": zlib.compress(b"hello"),
    "torn": packed(members=[row("eve")])[:-9],
    "no place": packed(to=""),
    "endless": zlib.compress(msgspec.json.encode({"to": "m1"}) + b" " * READY_BYTES_MAX),
    "deep": zlib.compress(b'{"to":"m","members":' + b"[" * 100_000),
}


@pytest.mark.parametrize("case", BAD_BLOCKS)
def test_a_file_that_cannot_be_read_is_given_up_for_the_feed(shop: Shop, shelf: Shelf, case: str) -> None:
    hub = SayingBlock(shop.client(), BAD_BLOCKS[case])
    drain(worker_of(shop, hub))
    assert hub.asked == ["ready", ""] and len(known(shop.cache)["members"]) == MEMBERS
    assert shop.cache.changes.feed().pulled_at is not None


def test_a_file_that_does_not_lead_on_is_given_up(shop: Shop, shelf: Shelf) -> None:
    class Standing(Heard):
        def block(self, **asked: Any) -> Any:
            return super().block(**asked | {"after": ""})

    drain(worker_of(shop, Standing(shop.client())))
    assert len(known(shop.cache)["members"]) == MEMBERS and shop.cache.changes.feed().pulled_at is not None
