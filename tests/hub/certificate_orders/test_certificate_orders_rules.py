"""P16: what may be ordered, by whom it is seen, the buyer's own picture, money back, and who is forgotten."""

from __future__ import annotations

import base64
from io import BytesIO

import pytest

from hub.accounting.certificates import owed_at
from hub.people.orders import Order
from hub.people.profile import erase
from tests.hub.certificate_orders.conftest import FORM, Buyer
from tests.hub.certified import paid_with

LATER = "2026-03-10T10:00"


def jpeg(side: int = 600, colour: str = "#336699") -> str:
    from PIL import Image

    written = BytesIO()
    Image.new("RGB", (side, side), colour).save(written, "JPEG")
    return base64.b64encode(written.getvalue()).decode()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"kopecks": 19_900}, "certificate_sum"),
        ({"kopecks": 300_100}, "certificate_sum"),
        ({"kopecks": 20_050}, "certificate_sum"),
        ({"to_name": " "}, "certificate_to"),
        ({"to_name": "a" * 61}, "certificate_to"),
        ({"to_mail": "boris"}, "certificate_to_mail"),
        ({"mail": "a@b"}, "certificate_mail"),
        ({"words": "x" * 161}, "certificate_words"),
        ({"words": "a\u202eb"}, "certificate_words"),
        ({"at": "2026-09-01T10:00"}, "certificate_time"),
        ({"at": "2026-02-27T10:00"}, "certificate_time"),
        ({"at": "soon"}, "certificate_time"),
        ({"design": "own"}, "certificate_picture"),
        ({"design": "own", "picture": base64.b64encode(b"GIF89a").decode()}, "certificate_picture"),
    ],
)
def test_p16_what_is_not_ordered(buyer: Buyer, wrong: dict[str, object], code: str) -> None:
    assert buyer.act("certificate_order", **(FORM | wrong)) == code


def test_p16_both_edges_are_sold_and_five_wait_at_most(buyer: Buyer) -> None:
    ids = [buyer.order(kopecks=kopecks) for kopecks in (20_000, 300_000)]
    ids += [buyer.order() for _ in range(3)]
    assert len(set(ids)) == 5 and buyer.act("certificate_order", **FORM) == "certificate_many"
    buyer.act("certificate_order_cancel", id=ids[0])
    assert buyer.state(ids[0]) == "unpaid" and buyer.order()


def test_p16_another_s_order_is_as_none(buyer: Buyer) -> None:
    buyer.office.join("boris")
    id = buyer.bought()
    for act in ("one", "look", "cancel", "resend"):
        found = [buyer.act(f"certificate_order_{act}", "boris", id=one) for one in (id, "0" * 16)]
        assert found == ["no_certificate_order"] * 2
    assert buyer.act("certificate_order_design", "boris", id=id, design="plain") == "no_certificate_order"
    assert buyer.act("certificate_design", "boris", id=id) == "no_certificate_order"
    assert buyer.act("certificates", "boris").orders == () and len(buyer.act("certificates").orders) == 1


def test_p16_without_the_services_they_are_sold_in_shops(buyer: Buyer) -> None:
    from hub.outside.known import note_services
    from hub.outside.services import NO_SERVICES

    buyer.office.hub.within(lambda writer: note_services(writer, NO_SERVICES))
    assert not buyer.act("certificates").sells
    assert buyer.act("certificate_order", **FORM) == "certificate_no_payment"


def test_p16_an_own_picture_is_looked_at_before_it_goes(buyer: Buyer) -> None:
    id = buyer.bought(design="own", picture=jpeg())
    assert buyer.state(id) == "picture" and buyer.rubles() == 0 and not buyer.outside.mailbox.letters
    shown = buyer.desk("certificate_design_picture", id=id).jpeg
    assert shown.startswith(b"\xff\xd8\xff") and buyer.act("certificate_design", id=id).picture[1:4] == b"PNG"
    buyer.desk("certificate_design_decide", id=id, goes=False, reason="На ней чужой логотип.")
    told = buyer.act("certificate_order_one", id=id)
    assert (told.state, told.declined) == ("redraw", "На ней чужой логотип.")
    assert buyer.desk("certificate_design_decide", id=id, goes=True) == "certificate_order_step"
    buyer.act("certificate_order_design", id=id, design="own", picture=jpeg(300, "#993366"))
    buyer.walk()
    assert buyer.state(id) == "picture" and buyer.desk("certificate_design_picture", id=id).jpeg != shown
    buyer.desk("certificate_design_decide", id=id, goes=True)
    buyer.walk()
    assert buyer.state(id) == "delivered" and len(buyer.outside.fiscal.done) == 1
    other = buyer.bought(design="own", picture=jpeg())
    buyer.desk("certificate_design_decide", id=other, goes=False, reason="Нет.")
    buyer.act("certificate_order_design", id=other, design="party")
    buyer.walk()
    assert buyer.state(other) == "delivered", "a design that ships needs no look"
    third = buyer.bought(design="own", picture=jpeg())
    buyer.desk("certificate_design_decide", id=third, goes=False, reason="Нет.")
    buyer.act("certificate_order_cancel", id=third)
    buyer.walk()
    assert buyer.state(third) == "refunded"
    with buyer.office.hub.store.reading() as reader:
        assert {of for _, of in reader.pictures_of([id, other, third])} == {id}
        assert owed_at(reader, buyer.office.now) == {"alenka": {"": 200_000}}
    buyer.check()


def test_p16_one_that_was_used_gives_no_money_back(buyer: Buyer) -> None:
    id, other = buyer.bought(), buyer.bought(at=LATER)
    assert buyer.act("certificate_order_cancel", id=id) == "certificate_order_step", "whoever has it may use it"
    office = buyer.office
    office.take(paid_with(office, (buyer.row(id).about, 30_000)))
    assert buyer.act("certificate_order_one", id=id).left_kopecks == 70_000
    back = {"do": "back", "reason": "передумал"}
    assert buyer.desk("certificate_order_settle", id=id, **back) == "certificate_used"
    buyer.act("certificate_order_cancel", id=other)
    buyer.walk()
    assert buyer.state(other) == "refunded" and not buyer.outside.mailbox.letters[1:]
    assert buyer.outside.money - 30_000 == buyer.rubles() == 70_000 and not office.verdict().faults


def test_p16_what_the_office_did_to_it_meanwhile(buyer: Buyer) -> None:
    """Replaced: the new one goes out. Blocked: nothing does, and the buyer sees it."""
    replaced, blocked = buyer.bought(at=LATER), buyer.bought(at=LATER)
    new = buyer.desk("certificate_replace", certificate=buyer.row(replaced).about, reason="утечка").number
    buyer.desk("certificate_block", certificate=buyer.row(blocked).about, reason="спор")
    buyer.later(days=9)
    assert (buyer.state(replaced), buyer.state(blocked)) == ("delivered", "undelivered")
    (letter,) = buyer.outside.mailbox.letters
    assert new[-4:] in str(letter.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert buyer.act("certificate_order_one", id=replaced).ending == new[-4:]


def test_p16_who_was_erased_and_who_is_forgotten_in_time(buyer: Buyer) -> None:
    gone, later = buyer.bought(), buyer.bought(at=LATER)
    waits, unpaid = buyer.bought(design="own", picture=jpeg()), buyer.order()
    buyer.walk()
    erase(buyer.office.hub, "anna", Order(by="Olga"), "asked")
    buyer.later(days=9)
    states = [buyer.state(one) for one in (gone, later, waits, unpaid)]
    assert states == ["delivered", "delivered", "delivered", "unpaid"] or states[3] == "ending"
    rows = [buyer.row(one) for one in (gone, later, waits, unpaid)]
    assert not any(row.member or "anna@" in row.body or "С днём" in row.body for row in rows)
    assert "boris" not in rows[0].body and len(buyer.outside.mailbox.letters) == 3
    buyer.later(days=31)
    assert not any("boris" in buyer.row(one).body for one in (gone, later, waits))
    assert buyer.office.rows("SELECT COUNT(*) FROM pictures") == [(0,)]
    buyer.check()
