"""The scenes with coupons: honoured once; and one that a member makes himself, shown on his phone."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from loyalty.programme import Programme
from loyalty.wording import points_text
from pos_agent.demo.cashier import Cashier, Step
from pos_agent.demo.cast import Cast, Person
from pos_agent.demo.office import StoryFailed
from pos_agent.demo.papers import text_of
from pos_agent.demo.shop import Shop
from pos_agent.demo.teller import Teller
from pos_agent.status import Status


class Stage(Protocol):
    """On which a scene is played, and who is there."""

    shop: Shop
    cashier: Cashier
    programme: Programme
    cast: Cast
    teller: Teller

    def scene(self, en: str, ru: str) -> None: ...

    def basket(self, name: str) -> None: ...

    def visit(self, whose: Person, sale: str, *steps: Step) -> None: ...

    def drain(self) -> None: ...


def coupon_once(story: Stage) -> None:
    anna = story.cast.anna
    story.scene(
        "A QR coupon is honoured once and refused twice.", "QR-купон принимается один раз и дважды отклоняется."
    )
    words = ("--programme", story.programme.id, "--campaign", "ten-percent")
    coupon = story.shop.office.do("coupon", "mint", *words)
    expired = story.shop.office.do("coupon", "mint", *words, "--days", "-1")
    story.visit(
        anna,
        "104",
        lambda: story.cashier.scan(anna.card, "member_found"),
        lambda: story.basket("usual"),
        lambda: story.cashier.scan(coupon, "coupon_taken"),
    )
    for _ in range(2):
        story.teller.line("The same coupon comes again.", "Тот же купон предъявляют снова.")
        story.cashier.look(lambda: story.basket("usual"), lambda: story.cashier.scan(coupon, "coupon_used"))
    story.teller.line(
        "Another coupon comes without a card: it is used up all the same.",
        "Другой купон приходит без карты: он тоже гасится.",
    )
    cardless = story.shop.office.do("coupon", "mint", *words)
    story.cashier.visit("111", lambda: story.basket("usual"), lambda: story.cashier.scan(cardless, "coupon_taken"))
    story.cashier.look(lambda: story.basket("usual"), lambda: story.cashier.scan(cardless, "coupon_used"))
    story.teller.line("A forged one and an expired one come.", "Предъявляют поддельный и просроченный.")
    middle = len(coupon) // 2
    forged = coupon[:middle] + ("A" if coupon[middle] != "A" else "B") + coupon[middle + 1 :]
    story.cashier.look(lambda: story.basket("usual"), lambda: story.cashier.scan(forged, "coupon_forged"))
    story.cashier.look(lambda: story.basket("usual"), lambda: story.cashier.scan(expired, "coupon_expired"))


def coupon_from_a_phone(story: Stage) -> None:
    """P32, where the chain lets its members make coupons: from the act at the hub to the receipt."""
    rules = story.programme.member_made
    if rules is None:
        return
    boris, (campaign, *_) = story.cast.boris, rules.campaigns
    offer = story.programme.coupon(campaign)
    assert offer is not None, "the programme's file is checked"
    currency = story.programme.currency
    story.scene(
        f"Boris makes himself a coupon for {points_text(rules.price_points, currency, 'en')},"
        " and holds his phone before the camera.",
        f"Борис делает себе купон за {points_text(rules.price_points, currency, 'ru')} и показывает телефон камере.",
    )
    words = ("--programme", story.programme.id, "--campaign", campaign, "--for", boris.card)
    before = story.cashier.balance(boris.card) or 0
    made = story.shop.office.ask("coupon", "make", *words)
    phone = _phone(story, made["token"])
    story.teller.line(
        f"At the hub: “{offer.en}”. On his phone: {phone}", f"На хабе: «{offer.ru}». На телефоне: {phone}"
    )
    left = before - rules.price_points
    story.shop.wait("its price at the till", lambda status: story.cashier.balance(boris.card) == left)
    story.visit(
        boris,
        "113",
        lambda: story.cashier.scan(boris.card, "member_found"),
        lambda: story.basket("usual"),
        lambda: story.cashier.show(phone, made["token"], "coupon_taken"),
    )
    _look_at_receipt(story, "113", offer.ru if story.teller.language == "ru" else offer.en)
    story.drain()
    uses = story.shop.office.ask("coupon", "show", made["serial"])["uses"]
    if len(uses) != 1:
        raise StoryFailed(f"the hub was to know one use of the coupon, and knows {len(uses)}")
    story.teller.line("pos-hub coupon show: used 1 of 1.", "pos-hub coupon show: использован, 1 из 1.")


def _phone(story: Stage, token: str) -> Path:
    """A picture of it, with the coupon on its screen."""
    from drivers.scanner.emulator.phone import phone_with

    path = story.shop.out / "phone.png"
    path.write_bytes(phone_with(token, "qr", seed=7))
    return path


def _look_at_receipt(story: Stage, sale: str, name: str) -> None:
    """The printer's window takes a moment longer than the printer."""

    def tells(_: Status) -> bool:
        paper = text_of(story.shop.papers, sale)
        return paper is not None and name in " ".join(paper.split())

    story.shop.wait(f"the coupon on the receipt of sale {sale}", tells)
    story.teller.line("The receipt tells of it.", "Купон стоит в чеке.")
