"""R32: cards at the desk of a till, on its real file: the table of a card's life walked by commands; a spoiled blank; a
card without a blank; a plastic card that becomes a virtual one."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from config.printers import load_printer
from drivers.printer.document import from_json
from drivers.printer.preview import render
from loyalty.bodies import CardBlocked, CardIssued, CardMadeVirtual, CardReissued, CardUnblocked, SaleNumber
from loyalty.cards import STATUSES, TRANSITIONS, CardEvent, CardStatus
from loyalty.operation import Key, read_operation
from loyalty.snapshot import CardSnapshot, MemberSnapshot
from loyalty.utc import utc_text
from offline_cache.packed import unpack
from offline_cache.records import Page
from pos_agent.counter import Counter
from pos_agent.proof import Why
from pos_agent.protocol import Balance, BasketLine, Code, IssueCard, Pay, Prepare, Redeem, ReissueCard, SetBasket
from pos_agent.protocol_cards import BlockCard, IssueVirtual, MakeVirtual, SwapCard, UnblockCard
from pos_agent.protocol_staff import Second, SignIn
from tests.pos_agent.conftest import NOW, PHONE_KEY, Desk, member
from tests.staffed import ANNA, OLGA, staff_in
from tests.there import there

# pytest gives `desk` (conftest.py): a Checkout on a real file, programme alenka, cashier's language English.

VIRTUAL = ("2600000007009", "2600000007016", "2600000007023")
TEA = BasketLine(id="1", name="Чай", price="400.00", category="tea")
STEPS: dict[CardEvent, tuple[str, str]] = {
    "blocked": ("card_is_blocked_now", "card_blocked_already"),
    "unblocked": ("card_is_free", "card_not_blocked"),
    "replaced": ("card_is_virtual", ""),
}


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """With virtual numbers that the hub gave."""
    desk.cache.card_numbers.keep(VIRTUAL, 30, NOW)
    return desk


@pytest.fixture
def managed(stocked: Desk, tmp_path: Path) -> Desk:
    """And the office keeps a list of staff; a manager has signed in."""
    stocked.checkout.house.staff = staff_in(tmp_path)
    assert stocked.do(SignIn(badge=OLGA.badge)).ok
    return stocked


def done(desk: Desk) -> list[Any]:
    return [read_operation(text).body for _, text in desk.cache.outbox(50)]


def status(desk: Desk, number: str) -> str:
    return there(desk.cache.members.card(number)).status_at(desk.now)


def papers(desk: Desk) -> list[str]:
    with desk.cache.file.reading() as connection:
        rows = connection.execute("SELECT document FROM print_jobs ORDER BY job").fetchall()
    return ["\n".join(render(from_json(unpack(kept)), load_printer("default"), "ru")) for (kept,) in rows]


# the table of a card's life


@pytest.mark.parametrize("was", STATUSES)
@pytest.mark.parametrize("event", STEPS)
def test_every_step_of_the_table_is_done_and_every_other_refused_in_words(
    managed: Desk, was: CardStatus, event: CardEvent
) -> None:
    """Of what a till can do to a card by itself; whose it is, the office says."""
    _tell(managed, was)
    command = {
        "blocked": BlockCard(card="2600000000116", reason="lost"),
        "unblocked": UnblockCard(card="2600000000116"),
        "replaced": MakeVirtual(card="2600000000116"),
    }[event]
    reply = managed.do(command)
    becomes = TRANSITIONS[was].get(event)
    if becomes is not None:
        assert (reply.ok, reply.code, status(managed, "2600000000116")) == (True, STEPS[event][0], becomes)
        assert len(done(managed)) == 1 and there(reply.card).status == status(managed, _alive(managed))
    else:
        why = "card_replaced" if was == "replaced" else STEPS[event][1]
        assert (reply.ok, reply.code, status(managed, "2600000000116"), done(managed)) == (False, why, was, [])
        assert len(reply.say) == 2 and "****0116" in reply.text


def _tell(desk: Desk, status: CardStatus) -> None:
    at = utc_text(NOW + timedelta(days=3)) if status == "pending" else None
    card = CardSnapshot(number="2600000000116", status=status, active_from=at)
    _page(desk, MemberSnapshot(member="vera", cards=(card,)))


def _page(desk: Desk, *members: MemberSnapshot, cursor: str = "6") -> None:
    desk.cache.changes.apply(
        Page(
            members=list(members),
            used_coupons=[],
            coupon_keys={},
            phone_hash_key=PHONE_KEY,
            watermark=Key(1, 0),
            cursor=cursor,
            pulled_at=NOW,
        )
    )


def _alive(desk: Desk) -> str:
    """Vera's card that is not replaced."""
    return next(card.number for card in desk.cache.members.cards("vera") if card.status != "replaced")


# blocked, and free again


def test_a_blocked_card_spends_nothing_here_at_once_with_or_without_the_hub(managed: Desk) -> None:
    desk = managed
    desk.online[0] = False
    assert desk.do(BlockCard(card=desk.ANNA, reason="lost")).code == "card_is_blocked_now"
    assert done(desk) == [CardBlocked(member="anna", card=desk.ANNA, reason="lost")]
    desk.code(desk.ANNA)
    reply = desk.basket()
    assert "card is blocked" in reply.text, reply.text
    assert desk.do(UnblockCard(card=desk.ANNA, reason="found")).code == "card_is_free"
    assert done(desk)[1:] == [CardUnblocked(member="anna", card=desk.ANNA, reason="found")]


def test_a_card_that_is_blocked_while_it_is_on_the_receipt_spends_nothing_any_more(managed: Desk) -> None:
    """Its points were promised; before the money they are not, and it is said why, though the sum is the same."""
    desk = managed
    desk.code(desk.BORIS)
    before = there(desk.basket(TEA).told)
    assert desk.do(BlockCard(card=desk.BORIS)).ok
    reply = desk.do(Prepare(quote=before.quote))
    told = there(reply.told)
    assert (reply.code, told.redeemed.points, told.to_pay) == ("changed_card", 0, before.to_pay)
    assert reply.text.startswith("The card is blocked") and desk.checkout.visit.lines
    assert desk.do(UnblockCard(card=desk.BORIS)).ok
    reply = desk.do(Prepare())  # it names no quote: it heard the one of the blocked card
    assert (reply.code, there(reply.told).accrued) == ("changed_card", before.accrued), "told anew"
    assert "free again" in reply.text and desk.do(Prepare()).code == "prepared"


@pytest.mark.parametrize("points", [100, 0])
def test_what_was_promised_before_a_card_was_blocked_is_said_as_it_is_recorded(managed: Desk, points: int) -> None:
    """The cashier was told "without points" while the paper had them. The balance is not said: it may be a finder."""
    desk = managed
    desk.code(desk.BORIS)
    desk.basket(TEA)
    told = there(desk.do(Redeem(points=points)).told)
    assert (told.redeemed.points, told.accrued.points) == (points, 6 if points else 8)
    assert desk.do(BlockCard(card=desk.BORIS)).ok
    reply = desk.do(Pay(sale="7", quote=told.quote))
    sums = "6 bonuses accrued, 100 bonuses redeemed" if points else "8 bonuses accrued, 0 bonuses redeemed"
    assert reply.text == f"Receipt 7 is recorded as promised: {sums}. Card ****0024 is blocked now."
    assert reply.say == ("Redeemed 100 bonuses" if points else "Earned 8 bonuses", "The card is blocked")


def test_a_lost_card_is_blocked_by_its_member_s_phone(desk: Desk) -> None:
    assert desk.do(BlockCard(phone="8 916 123-45-67")).code == "card_is_blocked_now"
    assert status(desk, desk.ANNA) == "blocked"


def test_of_several_cards_the_last_digits_say_which(desk: Desk) -> None:
    _page(desk, member("anna", 150, (desk.ANNA, "active"), (desk.BLANK, "issued"), (desk.LOST, "replaced")))
    assert desk.do(BlockCard()).code == "which_card"
    for ending in (None, "7", "0031", "9999"):
        reply = desk.do(BlockCard(phone="+7 916 123-45-67", card=ending))
        assert (reply.code, "****0017, ****0116" in reply.text, done(desk)) == ("several_cards", True, [])
    assert desk.do(BlockCard(phone="+7 916 123-45-67", card="0116")).ok
    assert (status(desk, desk.BLANK), status(desk, desk.ANNA)) == ("blocked", "active")


def test_a_reason_is_one_line(desk: Desk) -> None:
    assert desk.do(BlockCard(card=desk.ANNA, reason="x" * 201)).code == "bad_reason" and done(desk) == []


def test_who_may_do_what_to_a_card(managed: Desk) -> None:
    """A cashier blocks a card that he has in hand; for a spoken phone, and to set one free, a manager answers."""
    anna = managed.ANNA
    managed.do(SignIn(badge=ANNA.badge))
    assert managed.do(BlockCard(phone="+79161234567")).code == "second_needed"
    assert managed.do(MakeVirtual(phone="+79161234567", manager=True)).code == "second_needed"
    assert managed.do(BlockCard(phone="+79161234567", second=Second(badge=ANNA.badge))).code == "second_same"
    assert done(managed) == []
    assert managed.do(BlockCard(phone="+79161234567", second=Second(badge=OLGA.badge))).ok
    assert managed.do(UnblockCard(card=anna)).code == "not_allowed"
    managed.do(SignIn(badge=OLGA.badge))
    assert managed.do(UnblockCard(card=anna, reason="found")).ok
    assert managed.do(MakeVirtual(phone="+79161234567", manager=True)).ok
    named = [read_operation(text).by for _, text in managed.cache.outbox(9)]
    assert named == [ANNA.name, OLGA.name, OLGA.name]


def test_a_look_says_which_card_it_would_be_and_does_nothing(managed: Desk) -> None:
    """A mistyped phone is a stranger's: his card is seen first, and his balance by nobody who may not find members."""
    phone = "+79161234567"
    for command in (
        BlockCard(phone=phone, look=True),
        MakeVirtual(phone=phone, look=True),
        BlockCard(card=managed.ANNA, look=True),
    ):
        reply = managed.do(command)
        assert (reply.code, done(managed)) == ("card_looked_at", [])
        assert reply.text == "Card ****0017, active. 150 bonuses on the account."
    managed.do(SignIn(badge=ANNA.badge))
    reply = managed.do(BlockCard(phone=phone, look=True))
    assert "****0017" in reply.text and "150" not in reply.text and done(managed) == []
    assert managed.do(BlockCard(card=managed.BLOCKED, look=True)).code == "card_blocked_already"


def test_a_virtual_card_becomes_none_again(stocked: Desk) -> None:
    number = there(there(stocked.do(MakeVirtual(card=stocked.ANNA)).card).number)
    for look in (True, False):
        assert stocked.do(MakeVirtual(card=number, look=look)).code == "card_virtual_already"
    stocked.basket(TEA)
    issued = there(there(stocked.do(IssueVirtual()).card).number)
    assert stocked.pay("1").ok
    assert stocked.do(MakeVirtual(card=issued)).code == "card_virtual_already"


# virtual (A31)


def test_a_plastic_card_becomes_virtual_free_and_without_a_purchase(stocked: Desk) -> None:
    reply = stocked.do(MakeVirtual(card=stocked.ANNA))
    number = there(there(reply.card).number)
    assert (reply.code, number) == ("card_is_virtual", VIRTUAL[0])
    assert done(stocked) == [CardMadeVirtual(member="anna", old_card=stocked.ANNA, new_card=number)]
    assert (status(stocked, stocked.ANNA), status(stocked, number)) == ("replaced", "active")
    assert stocked.points("anna") == 150 and stocked.do(Balance(text=number)).balance is not None
    assert stocked.code(stocked.ANNA).code == "card_replaced" and stocked.code(number).code == "member_found"
    (paper,) = papers(stocked)
    assert "Виртуальная карта" in paper and number in paper and stocked.ANNA not in paper
    assert len(there(reply.card).qr) == len(there(reply.card).qr[0]) >= 21
    again = stocked.do(MakeVirtual(card=stocked.ANNA))
    assert (again.code, len(done(stocked))) == ("card_replaced", 1)


def test_a_spoken_phone_alone_makes_no_virtual_card(stocked: Desk) -> None:
    """A27: the account would go to whoever knows the number."""
    assert stocked.do(MakeVirtual(phone="+79161234567")).code == "reissue_needs_manager"
    assert stocked.do(MakeVirtual(phone="+79161234567", manager=True, by="Olga")).ok
    (_, text), *_ = stocked.cache.outbox(1)
    assert read_operation(text).by == "Olga"


def test_a_card_on_the_receipt_stays_what_it_is_until_that_is_over(stocked: Desk) -> None:
    stocked.code(stocked.ANNA)
    assert stocked.do(MakeVirtual(card=stocked.ANNA)).code == "card_on_receipt" and done(stocked) == []


def test_without_numbers_nothing_becomes_virtual(desk: Desk) -> None:
    assert desk.do(MakeVirtual(card=desk.ANNA)).code == "no_virtual_numbers"
    desk.basket(TEA)
    assert desk.do(IssueVirtual()).code == "no_virtual_numbers"


def test_seed_7002_a_till_that_may_be_a_copy_gives_out_no_number_from_those_ahead(stocked: Desk) -> None:
    """Its disk ran on two machines, without a connection: both had the same numbers ahead, and two members got one."""
    why: list[Why | None] = ["other_machine"]
    stocked.checkout.house.unproven = lambda: why[0]
    assert stocked.do(MakeVirtual(card=stocked.ANNA)).code == "virtual_unproven"
    stocked.basket(TEA)
    said = stocked.do(IssueVirtual())
    assert said.code == "virtual_unproven" and "plastic card" in said.text
    assert stocked.do(IssueCard(card=stocked.BLANK)).ok and stocked.pay("1").ok
    assert stocked.cache.card_numbers.free(stocked.now) == len(VIRTUAL)
    why[0] = None
    assert stocked.do(MakeVirtual(card=stocked.ANNA)).ok


def test_a_number_that_was_promised_goes_out_whatever_became_of_the_till_since(stocked: Desk) -> None:
    stocked.basket(TEA)
    number = there(there(stocked.do(IssueVirtual()).card).number)
    stocked.checkout.house.unproven = lambda: "runs_elsewhere"
    assert stocked.pay("1").ok
    (issued,) = [body for body in done(stocked) if isinstance(body, CardIssued)]
    assert (issued.card, issued.virtual) == (number, True)


def test_a_number_is_used_once_and_comes_back_where_nobody_paid(stocked: Desk) -> None:
    stocked.basket(TEA)
    first = there(there(stocked.do(IssueVirtual()).card).number)
    assert stocked.cache.card_numbers.free(stocked.now) == 2
    stocked.do(SetBasket(sale="2", day=stocked.DAY, lines=(TEA,)))
    second = there(there(stocked.do(IssueVirtual(sale="2")).card).number)
    assert first != second
    assert stocked.pay("2").ok and stocked.stored("2")[0] == CardIssued(
        sale=SaleNumber(day=stocked.DAY, number="2"), member="till-1-2026-03-02-2", card=second, virtual=True
    )
    assert second in papers(stocked)[-1] and "Виртуальная карта" in papers(stocked)[-1]
    assert stocked.cache.card_numbers.blanks().left == 30, "no blank went out"
    assert stocked.cache.card_numbers.free(stocked.now + timedelta(days=2)) == 2


# a spoiled blank


def test_a_spoiled_blank_is_swapped_and_can_never_be_issued(stocked: Desk) -> None:
    stocked.basket(TEA)
    assert stocked.do(SwapCard(card=stocked.BLANK)).code == "nothing_to_swap"
    stocked.do(IssueCard(card=stocked.BLANK))
    assert stocked.do(SwapCard(card=stocked.BLANK)).code == "card_is_the_spoiled_one"
    reply = stocked.do(SwapCard(card=stocked.BLANK_2))
    assert (reply.code, "****0123" in reply.text) == ("card_swapped", True)
    assert stocked.pay("1").ok and stocked.stored("1")[0].card == stocked.BLANK_2
    assert stocked.cache.card_numbers.blanks().left == 28, "the spoiled one, and the one that went out"
    assert stocked.cache.card_numbers.untold(9) == [stocked.BLANK]
    stocked.basket(TEA)
    assert stocked.do(IssueCard(card=stocked.BLANK)).code == "card_spoiled"


def test_a_promise_of_before_the_swap_gives_out_the_card_in_hand(stocked: Desk) -> None:
    stocked.basket(TEA)
    promised = there(stocked.do(IssueCard(card=stocked.BLANK)).told).quote
    stocked.do(SwapCard(card=stocked.BLANK_2))
    assert stocked.do(Pay(sale="1", day=stocked.DAY, quote=promised)).ok
    assert stocked.stored("1")[0].card == stocked.BLANK_2 and stocked.cache.members.card(stocked.BLANK) is None


def test_a_blank_is_swapped_in_the_middle_of_a_reissue(stocked: Desk) -> None:
    stocked.code(stocked.ANNA)
    stocked.basket(TEA)
    stocked.do(ReissueCard(new_card=stocked.BLANK))
    assert stocked.do(SwapCard(card=stocked.BLANK_2)).ok
    assert stocked.pay("1").ok
    card = stocked.stored("1")[0]
    assert isinstance(card, CardReissued) and (card.old_card, card.new_card) == (stocked.ANNA, stocked.BLANK_2)
    assert card.fee_kopecks == 5_000 and status(stocked, stocked.BLANK_2) == "active"


def test_a_new_card_has_the_registration_of_its_member_without_the_hub(stocked: Desk) -> None:
    """Also where the old one was blocked here first, before it is paid and after; as the hub says it later."""
    stocked.online[0] = False
    assert stocked.do(BlockCard(card=stocked.ANNA, reason="lost")).ok
    stocked.code(stocked.ANNA)
    stocked.basket(TEA)
    assert stocked.do(ReissueCard(new_card=stocked.BLANK)).ok
    assert shown_visit(stocked) == "active"
    assert stocked.pay("1").ok
    assert status(stocked, stocked.BLANK) == "active", "by this till alone"
    assert stocked.do(BlockCard(card=stocked.BORIS)).ok
    assert stocked.do(MakeVirtual(card=stocked.BORIS)).ok
    assert status(stocked, VIRTUAL[0]) == "active"
    assert stocked.do(BlockCard(card=stocked.FRESH)).ok
    assert stocked.do(MakeVirtual(card=stocked.FRESH)).ok
    assert status(stocked, VIRTUAL[1]) == "issued", "nobody has seen him registered"
    stocked.online[0] = True
    _page(stocked, member("anna", 150, (stocked.BLANK, "active"), (stocked.ANNA, "replaced")))
    assert status(stocked, stocked.BLANK) == "active"


def shown_visit(desk: Desk) -> str:
    """Of its card in front."""
    return Counter(desk.checkout.house, desk.now).card_status(desk.checkout.visit)


# whatever is done


def test_no_member_ever_has_two_live_cards_by_reissue_and_none_loses_its_owner(managed: Desk) -> None:
    """R32."""
    desk = managed
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    desk.cache.card_numbers.keep([f"26000001{n:05d}" for n in range(40)], 100, NOW)
    numbers = [desk.ANNA, desk.BORIS, desk.FRESH, desk.BLOCKED]
    owners = {number: there(desk.cache.members.card(number)).member for number in numbers}
    for turn in range(60):
        card = chance.choice(list(owners))
        for command in _some(chance, card, turn):
            desk.do(command)
        for one_member in ("anna", "boris", "fresh", "blocked"):
            mine = desk.cache.members.cards(one_member)
            owners |= {one.number: one_member for one in mine}
            assert sum(one.status != "replaced" for one in mine) == 1, (seed, turn, mine)
        for number, owner in owners.items():
            assert there(desk.cache.members.card(number)).member == owner, (seed, turn, number)


def _some(chance: random.Random, card: str, turn: int) -> list[Any]:
    blank = f"26000002{turn:05d}"
    return chance.choice(
        [
            [BlockCard(card=card)],
            [UnblockCard(card=card)],
            [MakeVirtual(card=card)],
            [
                SetBasket(sale=f"s{turn}", lines=(TEA,)),
                Code(text=card),
                ReissueCard(new_card=blank),
                Pay(sale=f"s{turn}"),
            ],
            [Code(text=card), ReissueCard(new_card=blank), SwapCard(card=f"26000003{turn:05d}"), Pay(sale=f"r{turn}")],
        ]
    )
