"""Operations go up and changes come down, against a real hub."""

from __future__ import annotations

import shutil
import socket
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from loyalty.bodies import SoldLine
from loyalty.operation import hash_operation
from offline_cache.cache import Cache
from storage import engine
from storage.sqlite_file import FileError
from sync.hub_port import HubRefused, HubUnreachable
from sync.protocol import BATCH_OPERATIONS_MAX, BODY_BYTES_MAX, BODY_BYTES_WANTED, PAGE_MEMBERS_MAX, PushRequest
from sync.retry import PAUSE_CEILING_S, POLL_S
from sync.worker import SyncState
from tests.sync.conftest import NOW, Open, Reply, Shop


def long_line(number: int, name: str) -> SoldLine:
    return SoldLine(
        id=str(number),
        name=name,
        unit="pcs",
        price_kopecks=1,
        quantity_m=1_000,
        net_before_kopecks=1,
        discount_kopecks=0,
        net_kopecks=1,
    )


def test_operations_go_up_first_then_changes_come_down(shop: Shop) -> None:
    shop.join("anna")
    shop.sell(1, earned=7)
    worker = shop.worker()
    assert worker.step(50.0) == 50.0, "there is more to do at once"
    assert shop.hub_operations() == 1 and shop.cache.outbox_length() == 0
    assert worker.step(50.0) == 50.0 + POLL_S
    assert shop.till_points() == 107 == shop.hub.balances("alenka")["anna"]
    assert worker.state.online and worker.state.failures == 0 and worker.state.cause == ""
    assert worker.state.hub_time == "2026-03-02T12:00:00.000000+00:00"
    assert shop.cache.changes.feed().pulled_at is not None


def test_a_refused_operation_is_told_and_does_not_count(shop: Shop) -> None:
    shop.sell(1, member="nobody", earned=5)
    shop.drain(shop.worker())
    assert shop.cache.refused() == [((1, 1), "unknown_member")] and shop.cache.outbox_length() == 0


def test_more_than_a_batch_drains_in_order(shop: Shop) -> None:
    shop.join("anna")
    for number in range(1, BATCH_OPERATIONS_MAX + 6):
        shop.sell(number, earned=1)
    worker = shop.worker()
    worker.step(0.0)
    assert shop.hub_operations() == BATCH_OPERATIONS_MAX and shop.cache.outbox_length() == 5
    shop.drain(worker)
    assert shop.till_points() == 100 + BATCH_OPERATIONS_MAX + 5


def test_long_receipts_do_not_block_the_outbox(shop: Shop) -> None:
    """A hundred of them would be longer than a request may be."""
    lines = tuple(long_line(number, "Шоколад «Алёнка» молочный " * 10) for number in range(300))
    shop.join("anna")
    for number in range(1, 8):
        shop.sell(number, earned=1, lines=lines)
    texts = [text for _, text in shop.cache.outbox(100)]
    assert len(texts[0].encode()) < BODY_BYTES_WANTED < sum(len(text.encode()) for text in texts)
    worker = shop.worker()
    worker.step(0.0)
    assert 0 < shop.hub_operations() < 7
    shop.drain(worker)
    assert shop.hub_operations() == 7 and shop.till_points() == 107


def test_the_longest_receipt_that_a_till_takes_reaches_the_hub(shop: Shop) -> None:
    """A thousand lines from a basket of a megabyte, each quotation mark of it escaped twice on the way."""
    shop.join("anna")
    shop.sell(1, lines=tuple(long_line(number, '"' * 250 + "😀" * 50) for number in range(1_000)))
    shop.sell(2, earned=3)
    ((_, text),) = shop.cache.outbox(1)
    assert BODY_BYTES_MAX / 4 < len(msgspec.json.encode(PushRequest(till="t1", operations=(text,)))) < BODY_BYTES_MAX
    shop.drain(shop.worker())
    assert shop.hub_operations() == 2 and shop.till_points() == 103


def test_many_members_come_in_pages_that_are_not_too_long(shop: Shop) -> None:
    members = [f"m{number:04}" for number in range(PAGE_MEMBERS_MAX + 10)]
    shop.join(*members, points=0, favourites=tuple(f"категория {number:03}" for number in range(40)))
    worker = shop.worker()
    pages = 0
    while worker.step(0.0) == 0.0:
        pages += 1
        assert shop.cache.changes.feed().pulled_at is None, "not before the last page"
    assert pages >= 2 and shop.cache.changes.feed().pulled_at is not None
    assert all(shop.cache.members.card(f"card{member}") for member in members)


def test_the_till_hears_of_other_tills(shop: Shop, tmp_path: Path) -> None:
    shop.join("anna")
    worker = shop.worker()
    shop.drain(worker)
    for till, points in (("t2", 30), ("t3", 4)):
        push_from(shop, tmp_path, till, points)
    shop.drain(worker)
    assert shop.till_points() == 134


def push_from(shop: Shop, folder: Path, till: str, earned: int) -> None:
    """Another till, with a file of its own."""
    ours, shop.cache = shop.cache, type(shop.cache)(folder / f"{till}.db", till)
    shop.sell(1, earned=earned)
    shop.drain(shop.worker())
    shop.cache.close()
    shop.cache = ours


# the hub is away


@pytest.mark.parametrize("jitter", [0.0, 1.0])
def test_while_the_hub_is_away_the_pauses_grow_and_the_cause_is_one_line(shop: Shop, jitter: float) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    shop.sell(1)
    worker = shop.worker(url, jitter)
    pauses = [worker.step(1_000.0) - 1_000.0 for _ in range(9)]
    assert worker.state.next_at == NOW + timedelta(seconds=pauses[-1]), "and it is known when it is asked again"
    assert pauses == sorted(pauses) and pauses[-1] == pauses[-2] == PAUSE_CEILING_S * (1 + jitter) / 2
    assert not worker.state.online and worker.state.failures == 9
    assert worker.state.cause == f"The hub at {url} did not answer: [Errno 111] Connection refused."
    assert shop.cache.outbox_length() == 1


@pytest.mark.parametrize(
    "url", ["http://no-such-host.invalid", "http://a..b", "http://", "nonsense", "http://127.0.0.1:99999"]
)
def test_a_wrong_address_is_an_unreachable_hub(shop: Shop, url: str) -> None:
    worker = shop.worker(url)
    assert worker.step(0.0) > 0.0
    assert not worker.state.online and worker.state.cause.startswith("The hub at ") and "\n" not in worker.state.cause


def test_when_the_hub_is_back_the_pauses_begin_anew(shop: Shop) -> None:
    shop.join("anna")
    shop.sell(1, earned=5)
    worker = shop.worker()
    away = shop.worker("http://127.0.0.1:1")
    for _ in range(5):
        away.step(0.0)
    worker.state = away.state
    shop.drain(worker)
    assert worker.state.online and worker.state.failures == 0 and shop.till_points() == 105
    assert worker.state.next_at is None


@pytest.mark.parametrize("was_online", [True, False])
def test_a_hub_that_is_busy_is_there_and_is_asked_less_and_less(
    shop: Shop, network: Open, reply: Reply, was_online: bool
) -> None:
    """Whether it is there is what it was before: points are held beside this, or by the rules of without it."""
    shop.join("anna")
    worker = shop.worker()
    if was_online:
        shop.drain(worker)
    busy = network(reply(b'{"code":"busy","message":"come again"}', "503 Service Unavailable"))
    worker._hub = shop.client(busy.url)
    shop.sell(1, earned=7)
    assert [worker.step(0.0) for _ in range(3)] == [0.25, 0.5, 1.0]
    assert (worker.state.online, worker.state.code) == (was_online, "busy") and shop.cache.outbox_length() == 1


def test_b3_a_batch_in_whose_place_another_operation_stands_stops_the_till(shop: Shop, tmp_path: Path) -> None:
    """The till's file is an older one: its number was used for another sale."""
    shop.join("anna")
    shop.cache.close()
    shutil.copyfile(tmp_path / "till.db", tmp_path / "old.db")
    shop.cache = Cache(tmp_path / "till.db", "t1")
    shop.sell(1, earned=5)
    shop.drain(shop.worker())
    old = Cache(tmp_path / "old.db", "t1")
    ours, shop.cache = shop.cache, old
    shop.sell(1, earned=500)
    worker = shop.worker()
    assert worker.step(0.0) > 0.0
    assert worker.state.code == old.leases.stopped == "forked"
    assert old.outbox_length() == 1 and shop.hub.balances("alenka") == {"anna": 105}
    with pytest.raises(HubRefused) as caught:
        shop.client().push(PushRequest(till="t1", operations=(old.outbox(1)[0][1],)))
    assert caught.value.code == "other_file", "a file that forked is another from then on"
    shop.cache = ours
    old.close()


# the till's own disk is in the way


def test_a_file_that_cannot_be_written_stops_nothing(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub has taken the operation, the till cannot keep the answer: it asks again later."""
    shop.join("anna")
    shop.sell(1, earned=5)
    with shop.cache.file.reading() as connection:
        connection.execute("PRAGMA busy_timeout = 20")
    holder = engine.connect(tmp_path / "till.db")
    holder.execute("BEGIN IMMEDIATE")
    worker = shop.worker()
    assert worker.step(0.0) > 0.0
    assert not worker.state.online and "Nothing was written to" in worker.state.cause
    assert shop.hub_operations() == 1 and shop.cache.outbox_length() == 1
    holder.execute("ROLLBACK")
    holder.close()
    shop.drain(worker)
    assert worker.state.online and shop.hub_operations() == 1 and shop.till_points() == 105


# a hub that stops in the middle of a batch


def stopping(shop: Shop, answered: int, code: str, message: str = "upgrade the hub first") -> bytes:
    """As many answers as this, and then the reason to stop."""
    answers = [
        {"sequence": key.sequence, "hash": hash_operation(text), "result": "applied"}
        for key, text in shop.cache.outbox(answered)
    ]
    return msgspec.json.encode({"answers": answers, "stopped": {"code": code, "message": message}})


@pytest.mark.parametrize("answered", [0, 1, 2])
def test_where_the_hub_stops_what_came_before_is_settled(
    shop: Shop, network: Open, reply: Reply, answered: int
) -> None:
    for number in (1, 2, 3):
        shop.sell(number)
    served = network(reply(stopping(shop, answered, "newer_operation")))
    worker = shop.worker(served.url, jitter=1.0)
    assert worker.step(100.0) > 100.0, "not at once again"
    assert (worker.state.online, worker.state.code) == (False, "newer_operation")
    assert worker.state.cause == "upgrade the hub first" and worker.state.failures == 1
    assert shop.cache.outbox_length() == 3 - answered and len(served.requests) == 1


def test_a_hub_that_goes_on_stopping_is_asked_less_and_less(shop: Shop, network: Open, reply: Reply) -> None:
    shop.sell(1)
    worker = shop.worker(network(reply(stopping(shop, 0, "chain_broken"))).url, jitter=1.0)
    pauses = [worker.step(0.0) for _ in range(8)]
    assert pauses == sorted(pauses) and pauses[-1] == PAUSE_CEILING_S


def test_more_answers_than_a_stopped_batch_can_have_settle_nothing(shop: Shop, network: Open, reply: Reply) -> None:
    shop.sell(1)
    shop.sell(2)
    worker = shop.worker(network(reply(stopping(shop, 2, "chain_broken"))).url)
    worker.step(0.0)
    assert worker.state.code == "unclear" and shop.cache.outbox_length() == 2


def test_what_a_hub_says_of_its_reason_is_one_short_line(shop: Shop, network: Open, reply: Reply) -> None:
    shop.sell(1)
    worker = shop.worker(network(reply(stopping(shop, 0, "\x1b[2J" * 30, "\x1b[2J a\n" * 100))).url)
    worker.step(0.0)
    assert worker.state.code == "unclear" and worker.state.cause.isprintable() and len(worker.state.cause) <= 200


def test_a_cursor_that_the_hub_does_not_know_is_said_so(shop: Shop, network: Open, reply: Reply) -> None:
    problem = msgspec.json.encode({"code": "bad_cursor", "message": "none of ours"})
    worker = shop.worker(network(reply(problem, "400 Bad Request")).url)
    assert worker.step(0.0) > 0.0
    assert (worker.state.online, worker.state.code, worker.state.cause) == (False, "bad_cursor", "none of ours")


# an answer that is none of the protocol's


def test_an_error_that_is_not_the_protocols_is_an_unreachable_hub(shop: Shop, network: Open, reply: Reply) -> None:
    client = shop.client(network(reply(b"<h1>Bad Gateway</h1>", "502 Bad Gateway")).url)
    with pytest.raises(HubUnreachable, match="answered 502, not as a hub does"):
        client.changes(till="t1", generation=1, programme="alenka", after="", limit=1)


# the shelf of programmes


def test_the_hub_asks_for_the_rules_that_it_does_not_have(shop: Shop) -> None:
    """R30: a chain's own programme: its file goes up once, and last year's receipts can be undone at the hub too."""
    from config.programmes import load_source, read_source

    source = load_source("alenka").replace("cap_bp = 5000", "cap_bp = 4000")
    changed = read_source(source)
    shop.cache.programmes.keep(changed.content_hash, source)
    shop.join("anna")
    assert shop.hub.programme_source(changed.content_hash) is None
    shop.sell(1, earned=1, rules=changed)
    shop.sell(2, earned=1)
    worker = shop.worker()
    shop.drain(worker)
    assert shop.hub.programme_source(changed.content_hash) == source
    shop.sell(3, earned=1, rules=changed)
    assert worker.step(0.0) == 0.0 and worker.step(0.0) > 0.0, "it does not ask again"


def test_a_programme_that_is_not_what_its_hash_says_is_not_kept(shop: Shop) -> None:
    shop.hub.keep_programmes({"f" * 64: "id = 1", "e" * 64: "no toml ["})
    assert shop.hub.programme_source("f" * 64) is None and shop.hub.programme_source("e" * 64) is None


# an older hub


def test_a_till_that_meets_an_older_hub_says_so_and_keeps_what_it_has(shop: Shop, network: Open, reply: Reply) -> None:
    """The hub is upgraded first; a 404 is what one of before answers to /v3."""
    shop.sell(1, earned=5)
    worker = shop.worker(network(reply(b"Not Found", "404 Not Found")).url)
    assert worker.step(0.0) > 0.0
    assert not worker.state.online and "older than this till" in worker.state.cause
    assert "wait here" in worker.state.cause and "Upgrade the hub first" in worker.state.cause
    assert "redeemed as without a connection" in worker.state.cause and "\n" not in worker.state.cause
    assert shop.cache.outbox_length() == 1
    shop.join("anna")
    shop.drain(shop.worker())
    assert shop.till_points() == 105


# the clock


def test_each_page_measures_the_clock_and_keeps_the_correction(shop: Shop) -> None:
    """R10: 800 days back. R11: three seconds behind."""
    shop.join("anna")
    slow = shop.worker(off=timedelta(days=-800))
    shop.drain(slow)
    assert shop.cache.clock_off_s() == 800 * 86_400
    shop.drain(shop.worker(off=timedelta(seconds=-3)))
    assert shop.cache.clock_off_s() == 3
    shop.drain(shop.worker(off=timedelta(seconds=-2.5)))
    assert shop.cache.clock_off_s() == 3, "what is still allowed is kept"
    shop.drain(shop.worker())
    assert shop.cache.clock_off_s() == 0


def test_a_word_of_the_hub_that_the_disk_does_not_keep_is_known_all_the_same(shop: Shop, tmp_path: Path) -> None:
    """Seed 8811 of the simulated chain: it went on being there for a till whose operations it had just refused."""
    shop.join("anna")
    shop.cache.close()
    shutil.copyfile(tmp_path / "till.db", tmp_path / "old.db")
    ours, old = Cache(tmp_path / "till.db", "t1"), Cache(tmp_path / "old.db", "t1")
    shop.cache = ours
    shop.sell(1, earned=5)
    shop.drain(shop.worker())
    shop.cache = old
    shop.sell(1, earned=500)
    worker = shop.worker()
    worker.state = SyncState(online=True)
    with old.file.reading() as connection:
        connection.execute("PRAGMA busy_timeout = 20")
    holder = engine.connect(tmp_path / "old.db")
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(FileError):
        worker.step(0.0)
    assert (worker.state.online, worker.state.code, old.leases.stopped) == (False, "forked", "")
    holder.execute("ROLLBACK")
    holder.close()
    assert worker.step(0.0) > 0.0 and old.leases.stopped == "forked"
    shop.cache = ours
    old.close()
