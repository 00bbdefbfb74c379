"""A cashier gives a card to its member's phone: the till asks the hub over HTTP, and shows what it made as a QR."""

from __future__ import annotations

import numpy as np
import pytest

from drivers.scanner.decode import decode
from hub.card_phones.certifying import take_link
from hub.card_phones.linking import tell_page
from hub.people.orders import Order
from hub.people.profile import change_phone
from hub.sender.file_sender import FileSender, lines_in
from hub.sender.posting import sending
from pos_agent.protocol_cards import BlockCard, CardOnPhone
from tests.pos_agent.test_members_desk import HIS, OTHERS, Shop, shop
from tests.staffed import ANNA as PETROVA

__all__ = ["shop"]


def read(rows: tuple[str, ...]) -> str:
    """What a phone's camera reads from the screen."""
    picture = np.array([[0 if module == "1" else 255 for module in row] for row in rows], dtype=np.uint8)
    (code,) = decode(np.pad(picture, 4, constant_values=255).repeat(5, axis=0).repeat(5, axis=1))
    return code.text


def test_a_card_in_hand_goes_to_a_phone(shop: Shop) -> None:
    assert shop.do(CardOnPhone(card=HIS)).code == "sign_in_needed"
    shop.sign_in(PETROVA)
    looked = shop.do(CardOnPhone(card=HIS, look=True))
    assert looked.code == "card_looked_at" and "5,000 bonuses" in looked.text
    assert shop.do(CardOnPhone(card=HIS)).code == "card_page_missing"
    tell_page(shop.hub, "https://card.example")
    told = shop.do(CardOnPhone(card=HIS), key="k1")
    assert told.code == "card_link_made" and told.card is not None and told.card.number is None
    url = read(told.card.qr)
    assert url.startswith("https://card.example/card/#") and url not in told.text
    assert take_link(shop.hub, url.partition("#")[2], bytes(32), "Android").card == HIS
    with shop.hub.store.reading() as reader:
        assert [row.card for row in reader.all_card_phones()] == [HIS]


def test_it_is_sent_to_the_members_own_number_alone(shop: Shop) -> None:
    shop.sign_in(PETROVA)
    tell_page(shop.hub, "https://card.example")
    assert shop.do(CardOnPhone(card=OTHERS, send=True)).code == "code_no_phone"
    change_phone(shop.hub, OTHERS, "+79161234567", Order(by="olga"))
    assert shop.do(CardOnPhone(card=OTHERS, send=True)).code == "second_factor_unavailable"
    with sending(shop.hub, FileSender(shop.outbox)):
        sent = shop.do(CardOnPhone(card=OTHERS, send=True))
        while not lines_in(shop.outbox):
            pass
    assert sent.code == "card_link_sent" and "+7 ··· ··-67" in sent.text and sent.card is not None
    assert sent.card.qr == () and lines_in(shop.outbox)[0].code.startswith("https://card.example/card/#")


def test_a_blocked_card_goes_to_no_phone(shop: Shop) -> None:
    shop.sign_in(PETROVA)
    tell_page(shop.hub, "https://card.example")
    assert shop.do(BlockCard(card=HIS)).ok
    assert shop.do(CardOnPhone(card=HIS)).code == "card_blocked_already"


@pytest.mark.parametrize("card", ["1", "PAR:NONE."])
def test_what_is_no_card_is_said_as_anywhere(shop: Shop, card: str) -> None:
    shop.sign_in(PETROVA)
    assert shop.do(CardOnPhone(card=card)).code in ("not_ours", "phone_code_malformed")
