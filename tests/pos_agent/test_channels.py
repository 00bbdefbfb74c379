"""In which channel a sale is made: by the token of whoever tells the basket; and what no self-checkout may do alone."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, get_args

import pytest
from msgspec.structs import replace

from config.programmes import load_programme
from loyalty.bodies import SaleNumber
from loyalty.operation import Channel
from pos_agent.agent import Agent
from pos_agent.answers import Reply
from pos_agent.channels import BY_A_PERSON
from pos_agent.commands.token import CHANNELS
from pos_agent.protocol import (
    Code,
    IssueCard,
    OpenDrawer,
    PaperAnswer,
    Pay,
    Redeem,
    ReissueCard,
    ReturnGoods,
    Said,
    SetBasket,
    SoldReceipt,
)
from pos_agent.protocol_cards import BlockCard, CardOnPhone, IssueVirtual, MakeVirtual, SwapCard, UnblockCard
from pos_agent.protocol_certificates import BlockCertificate, RefundCertificate, ReplaceCertificate
from pos_agent.protocol_office import Correct, FindMember, SettleCase, ShowMember
from pos_agent.protocol_receipts import ClaimSale, LookAtClaim, MemberPurchases
from pos_agent.protocol_registration import (
    ChangePhone,
    ChangeProfile,
    ConfirmForm,
    LinkCard,
    MergeMembers,
    Register,
    TakeForm,
)
from pos_agent.tokens import Asker, asker_of, make_token, pos_token_in, token_in
from tests.pos_agent.conftest import Desk
from tests.there import there

TEA = Desk.SWEETS


def tell(desk: Desk, command: Any, pos: str = "kiosk", channel: Channel | None = "self") -> Reply:
    return desk.checkout.handle(command, desk.now, 0, pos, channel)


def recorded_in(desk: Desk, sale: str, pos: str = "kiosk") -> Channel:
    stored = there(desk.cache.sale(SaleNumber(day=desk.DAY, number=sale, pos=pos)))
    return stored.operations[-1].channel


def test_a_sale_is_of_the_channel_in_which_it_was_told(desk: Desk) -> None:
    """The scanner is nobody's, and the cashier's page that helps out does not make it a sale of the shop's."""
    tell(desk, SetBasket(lines=(TEA,), sale="1", day=desk.DAY))
    desk.code(desk.ANNA)
    desk.do(Code(text=desk.ANNA))
    assert tell(desk, Pay(sale="1", day=desk.DAY)).ok
    assert recorded_in(desk, "1") == "self"


def test_the_promise_keeps_it_whoever_pays(desk: Desk) -> None:
    quote = there(tell(desk, SetBasket(lines=(TEA,), sale="1", day=desk.DAY)).told).quote
    assert tell(desk, Pay(sale="1", day=desk.DAY, quote=quote), channel="shop").ok
    assert recorded_in(desk, "1") == "self"


def test_the_next_customer_of_another_pos_is_of_another_channel(desk: Desk) -> None:
    tell(desk, SetBasket(lines=(TEA,), sale="1", day=desk.DAY), "site", "online")
    tell(desk, SetBasket(lines=(TEA,), sale="2", day=desk.DAY), "cash", "shop")
    assert tell(desk, Pay(sale="2", day=desk.DAY), "cash", "shop").ok and recorded_in(desk, "2", "cash") == "shop"
    assert tell(desk, Pay(sale="1", day=desk.DAY), "site", "online").ok and recorded_in(desk, "1", "site") == "online"


def test_what_the_power_took_is_of_whoever_says_it(desk: Desk) -> None:
    said = Said(lines=(replace(TEA, quantity="1"),))
    assert tell(desk, Pay(sale="1", day=desk.DAY, quote="gone", said=said)).ok
    assert recorded_in(desk, "1") == "self"


def test_a_return_is_of_the_channel_of_whoever_takes_the_goods_back(desk: Desk) -> None:
    tell(desk, SetBasket(lines=(TEA,), sale="1", day=desk.DAY))
    tell(desk, Pay(sale="1", day=desk.DAY))
    back = ReturnGoods(of=SoldReceipt(sale="1", day=desk.DAY), whole=True, paid=True, sale="r1", day=desk.DAY)
    assert tell(desk, back, channel="shop").ok
    found = there(desk.cache.return_numbered(SaleNumber(day=desk.DAY, number="r1", pos="kiosk")))
    assert found.channel == "shop"


ALONE = [
    IssueCard(card=Desk.BLANK),
    ReissueCard(new_card=Desk.BLANK),
    ReissueCard(new_card=Desk.BLANK, manager=True, by="Иванова"),
    PaperAnswer(paper=1, came_out=False),
    OpenDrawer(),
    Redeem(manager=True),
    ReturnGoods(of=SoldReceipt(sale="1"), whole=True, tender="money", reason="брак"),
    ReturnGoods(of=SoldReceipt(id="t1/1/1"), whole=True, reason="чек потерян"),
    IssueVirtual(),
    SwapCard(card=Desk.BLANK),
    BlockCard(card=Desk.ANNA),
    UnblockCard(card=Desk.ANNA),
    MakeVirtual(card=Desk.ANNA),
    CardOnPhone(card=Desk.ANNA),
    RefundCertificate(text="1"),
    BlockCertificate(text="1"),
    ReplaceCertificate(text="1"),
    Register(card=Desk.BLANK, phone="1", name="А", sent="1"),
    TakeForm(card=Desk.BLANK, phone="1", name="А"),
    ConfirmForm(card=Desk.ANNA),
    ChangePhone(card=Desk.ANNA, phone="1", sent="1"),
    ChangeProfile(card=Desk.ANNA, field="name", value="А"),
    LinkCard(card=Desk.BLANK, to=Desk.ANNA),
    MergeMembers(gone=Desk.ANNA, into=Desk.BORIS),
    FindMember(text="Анна"),
    ShowMember(who=Desk.ANNA),
    MemberPurchases(who=Desk.ANNA),
    LookAtClaim(who=Desk.ANNA),
    ClaimSale(who=Desk.ANNA, reason="забыл"),
    Correct(who=Desk.ANNA, points=1, reason="спор"),
    SettleCase(id="debt/t1/1/1", remedy="wait"),
]


def test_every_command_that_needs_a_person_is_tried() -> None:
    assert {type(command) for command in ALONE} == set(BY_A_PERSON)


@pytest.mark.parametrize("command", ALONE, ids=lambda command: type(command).__name__)
@pytest.mark.parametrize("channel", [None, *get_args(Channel)])
def test_what_needs_a_person_calls_one_where_nobody_stands(desk: Desk, command: Any, channel: Channel | None) -> None:
    """Nobody makes a found card's account his own at a self-checkout (SEC9)."""
    agent = Agent(desk.checkout, load_programme("alenka"), "en", None)
    desk.basket()
    before = desk.checkout.receipts
    future = agent.asked(command, "kiosk" if channel else "", channel)
    while not future.done():  # also by way of the hub, of which nothing is heard here
        agent.step(there(agent.take()), desk.now)
    reply = future.result()
    assert (reply.code == "needs_person") == (channel == "self")
    if channel == "self":
        assert (reply.ok, desk.checkout.receipts) == (False, before)
        assert "call an assistant" in reply.text


def test_a_self_checkout_takes_a_declined_purchase_back_alone(desk: Desk) -> None:
    agent = Agent(desk.checkout, load_programme("alenka"), "en", None)
    future = agent.asked(ReturnGoods(of=SoldReceipt(sale="1"), whole=True), "kiosk", "self")
    while not future.done():
        agent.step(there(agent.take()), desk.now)
    assert future.result().code == "no_such_sale"


# tokens

OWN = "the-tills-own".ljust(32, ".")


def of(name: str) -> str:
    """A token as long as ours are."""
    return f"of-{name}".ljust(32, ".")


def test_a_tokens_file_says_the_channel(tmp_path: Path) -> None:
    make_token(token_in(tmp_path), lambda: OWN)
    channels: tuple[Channel, ...] = get_args(Channel)
    for channel in channels:
        make_token(pos_token_in(tmp_path, channel), partial(of, channel), channel)
    make_token(pos_token_in(tmp_path, "plain"), lambda: of("plain"))
    assert asker_of(tmp_path, OWN) == Asker("", None)
    assert [asker_of(tmp_path, of(channel)) for channel in channels] == [
        Asker(channel, channel) for channel in channels
    ]
    assert asker_of(tmp_path, of("plain")) == Asker("plain", "shop")
    assert asker_of(tmp_path, f"{of('self')}\nself") is None


def test_another_channel_keeps_the_token_and_no_channel_keeps_the_channel(tmp_path: Path) -> None:
    make_token(token_in(tmp_path))
    file = pos_token_in(tmp_path, "kiosk")
    token = make_token(file)
    assert make_token(file, channel="self") == make_token(file) == token
    assert asker_of(tmp_path, token) == Asker("kiosk", "self")
    assert file.stat().st_mode & 0o077 == 0
    make_token(file, channel="shop")
    assert file.read_text() == token and asker_of(tmp_path, token) == Asker("kiosk", "shop")


@pytest.mark.parametrize("text", ["", "\n\n", f"{OWN}\nmoon\n"])
def test_a_broken_file_opens_nothing(tmp_path: Path, text: str) -> None:
    make_token(token_in(tmp_path))
    file = pos_token_in(tmp_path, "kiosk")
    file.parent.mkdir()
    file.write_text(text)
    assert asker_of(tmp_path, OWN) is None and asker_of(tmp_path, "") is None


def test_the_command_knows_every_channel() -> None:
    assert get_args(Channel) == CHANNELS
