"""R32: two tills and their hub: what one does to a card, the other hears; a card in place of another has all that the
member has, and however it comes about there is one that lives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from hub.blanks.batches import make, receive
from hub.store.office_records import StoreRow
from hub.store.rows import Rows
from hub.store.seam import Writer
from hub.stores import keep_store
from hub.tills.till import till_of
from loyalty.utc import utc_text
from pos_agent.answers import Reply
from pos_agent.protocol import BasketLine, Code, Command, IssueCard, Pay, ReissueCard, SetBasket
from pos_agent.protocol_cards import BlockCard, IssueVirtual, MakeVirtual, SwapCard, UnblockCard
from pos_agent.protocol_staff import SignIn
from sync.card_numbers_talk import AHEAD, CardNumbersTalk
from tests.one_port import Server
from tests.pos_agent.joined import ALENKA, Here, Till, later
from tests.staffed import OLGA, staff_in

ANNA = "2600000000017"
BLANKS = ("2600000000116", "2600000000123")
TEA = BasketLine(id="1", name="Чай", price="400.00", category="tea")


@pytest.fixture
def here(tmp_path: Path, server: Server) -> Iterator[Here]:
    here = Here(tmp_path, server)
    here.hub.within(lambda writer: keep_store(writer, StoreRow("7")))
    here.join("anna", ANNA, 500)
    yield here
    here.close()


@pytest.fixture
def tills(here: Here) -> tuple[Till, Till]:
    both = here.till("t1", "7"), here.till("t2", "7")
    here.hub.within(_where_they_stand)
    _all_hear(*both)
    return both


def _where_they_stand(writer: Writer) -> None:
    stand = [replace(till_of(row), store="7").row for row in writer.all_tills()]
    writer.write(Rows(tills=stand))


def _all_hear(*tills: Till) -> None:
    for till in (*tills, *tills):  # what the first heard of the second, it hears in the second round
        till.sync()


def _ahead(till: Till) -> None:
    """The till's own talk with the hub of what it can give out."""
    CardNumbersTalk(till.cache, till._client, "alenka", lambda: till.here.now).step(0.0)


def _bought(till: Till, number: str, *commands: Any) -> Reply:
    for command in (SetBasket(sale=number, day="2026-03-02", lines=(TEA,)), *commands):
        reply = _do(till, command)
        assert reply.ok, reply
    return _do(till, Pay(sale=number, day="2026-03-02"))


def _do(till: Till, command: Command) -> Reply:
    """What the hub says of somebody meanwhile comes in between."""
    reply = till.agent.asked(command)
    while not reply.done():
        till.step()
    return reply.result()


def _cards(here: Here, member: str = "anna") -> dict[str, str]:
    with here.hub.store.reading() as reader:
        return {card.number: card.status for card in reader.cards_of([member])}


def _live(cards: dict[str, str]) -> list[str]:
    return [number for number, status in cards.items() if status != "replaced"]


def _lots(here: Here) -> list[tuple[int, Any]]:
    with here.hub.store.reading() as reader:
        return [(lot.remaining, lot.expires_at) for lot in reader.lots_of(["anna"])]


def _opened(here: Here) -> list[tuple[str, str]]:
    with here.hub.store.reading() as reader:
        return [(case.kind, case.note) for case in reader.all_cases()]


def test_a_card_in_place_of_another_has_the_balance_the_lots_and_their_ends(
    here: Here, tills: tuple[Till, Till]
) -> None:
    """A29, A30: here at once, there as soon as it syncs."""
    one, two = tills
    before = _lots(here)
    assert _bought(one, "1", Code(text=ANNA), ReissueCard(new_card=BLANKS[0])).ok
    assert _do(one, Code(text=ANNA)).code == "card_replaced" and _do(one, Code(text=BLANKS[0])).code == "member_found"
    assert _do(two, Code(text=ANNA)).code == "member_found", "it has not heard"
    two.step()  # what the hub says of him beside its feed
    later(here, 1)
    _all_hear(one, two)
    assert _do(two, Code(text=ANNA)).code == "card_replaced"
    assert _cards(here) == {ANNA: "replaced", BLANKS[0]: "active"}
    assert _lots(here)[: len(before)] == before and one.points("anna") == two.points("anna") == here.points("anna")


def test_what_is_blocked_without_the_hub_spends_nothing_elsewhere_once_it_is_heard(
    here: Here, tills: tuple[Till, Till], tmp_path: Path
) -> None:
    one, two = tills
    one.online = False
    assert _do(one, BlockCard(card=ANNA, reason="lost")).ok
    one.online = True
    _all_hear(one, two)
    assert _cards(here) == {ANNA: "blocked"} and _do(two, BlockCard(card=ANNA)).code == "card_blocked_already"
    two.checkout.house.staff = staff_in(tmp_path)
    assert _do(two, SignIn(badge=OLGA.badge)).ok
    assert _do(two, UnblockCard(card=ANNA, reason="found")).ok
    _all_hear(two, one)
    assert _cards(here) == {ANNA: "active"} == {ANNA: str(two.cache.members.cards("anna")[0].status)}


def test_two_tills_replace_one_card_without_the_hub_and_one_card_lives(here: Here, tills: tuple[Till, Till]) -> None:
    one, two = tills
    for till, blank in zip(tills, BLANKS, strict=True):
        till.online = False
        assert _bought(till, f"{till.cache.till}-1", Code(text=ANNA), ReissueCard(new_card=blank)).ok
        till.online = True
    _all_hear(one, two)
    assert _cards(here) == {ANNA: "replaced", BLANKS[0]: "active"}
    assert _opened(here) == [("refused", "card_already_replaced")]
    for till in tills:
        assert _live({card.number: card.status for card in till.cache.members.cards("anna")}) == [BLANKS[0]]
        assert _do(till, Code(text=BLANKS[1])).code == "unknown_card"
    assert one.points("anna") == two.points("anna") == here.points("anna")


def test_virtual_numbers_are_each_till_s_own_and_last_without_the_hub(here: Here, tills: tuple[Till, Till]) -> None:
    one, two = tills
    for till in (*tills, *tills):  # asked again, it is told the same
        _ahead(till)
    assert [till.cache.card_numbers.free(here.now) for till in tills] == [AHEAD, AHEAD]
    given = set()
    for till in tills:
        till.online = False
        for number in range(3):
            assert _bought(till, str(number), IssueVirtual()).ok
        given |= set(_issued(till))
    assert len(given) == 6
    assert _do(one, MakeVirtual(card=ANNA)).ok
    for till in tills:
        till.online = True
    _all_hear(one, two)
    assert _opened(here) == []
    with here.hub.store.reading() as reader:
        assert set(reader.cards(given)) == given
    for till in tills:
        _ahead(till)
        assert till.cache.card_numbers.free(here.now) == AHEAD
        assert not given & set(_all_numbers(till))
    assert len(_live(_cards(here))) == 1 and ANNA not in _live(_cards(here))


def _issued(till: Till) -> list[str]:
    with till.cache.file.reading() as connection:
        rows = connection.execute("SELECT number FROM cards WHERE member LIKE ?", (f"{till.cache.till}-%",)).fetchall()
    return [number for (number,) in rows]


def _all_numbers(till: Till) -> list[str]:
    with till.cache.file.reading() as connection:
        return [number for (number,) in connection.execute("SELECT number FROM virtual_numbers").fetchall()]


def test_a_copy_of_the_till_s_file_gives_out_none_of_its_numbers(here: Here, tills: tuple[Till, Till]) -> None:
    one, _ = tills
    _ahead(one)
    one.cache.leases.fork()
    assert one.cache.card_numbers.free(here.now) == 0


def test_blanks_are_counted_as_they_go_out_and_are_spoiled(here: Here, tills: tuple[Till, Till]) -> None:
    one, two = tills
    _ahead(one)
    assert one.cache.card_numbers.blanks().left is None, "nobody counts them"
    numbers = here.hub.within(
        lambda writer: make(writer, ALENKA, 6, id="b-1", draw=_counting(), now=here.now, by="olga")
    )
    here.hub.within(lambda writer: receive(writer, "b-1", "7", here.now, "ivan"))
    _ahead(one)
    assert one.cache.card_numbers.blanks() == (6, here.now)
    assert _bought(one, "1", IssueCard(card=numbers[0]), SwapCard(card=numbers[1])).ok
    assert one.cache.card_numbers.blanks().left == 4
    assert _do(one, SetBasket(sale="2", lines=(TEA,))).ok
    assert _do(one, IssueCard(sale="2", card=numbers[0])).code == "card_spoiled"
    _all_hear(one, two)
    for till in tills:
        _ahead(till)
        assert till.cache.card_numbers.blanks().left == 4
    with here.hub.store.reading() as reader:
        assert reader.blanks([numbers[0]])[numbers[0]].state == "spoiled"
    assert one.cache.card_numbers.untold(9) == [] and _opened(here) == []
    assert _bought(two, "1", IssueCard(card=numbers[0])).ok
    _all_hear(two, one)
    assert _opened(here) == [("odd_blank", "spoiled")], "the customer has it, and people look at it"


def _counting() -> Any:
    drawn = iter(range(1_000, 2_000, 7))
    return lambda below: next(drawn)


def test_a_hub_that_knows_no_numbers_is_there_all_the_same(here: Here, tills: tuple[Till, Till]) -> None:
    """An older one: what was told before stands."""
    one, _ = tills
    _ahead(one)
    talk = CardNumbersTalk(one.cache, one._client, "another-programme", lambda: here.now)
    assert talk.step(0.0) is False
    assert one.cache.card_numbers.free(here.now) == AHEAD
    later(here, 1)
    assert utc_text(here.now) > utc_text(one.cache.card_numbers.blanks().at or here.now)
