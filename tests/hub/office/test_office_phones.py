"""The office gives a card to a phone: the link as a QR, which phones show it, and one taken off."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest

from hub.card_phones.certifying import NoPhone, take_link
from hub.card_phones.linking import tell_page
from tests.hub.conftest import Office
from tests.hub.office.desk import ANTON, OLEG, VERA, Desk

PAGE = "/members/anna/phones/cardanna"


def key_on(page: str) -> str:
    found = re.search(r'name="key" value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1]


def test_a_card_goes_to_a_phone_and_off_it_again(office: Office, desk: Callable[[], Desk]) -> None:
    office.join()
    vera = desk()
    vera.sign_in(VERA)
    assert f'href="{PAGE}"' in vera.get("/members/anna").text
    key = key_on(vera.get(PAGE).text)
    assert "Страницы карт у этого хаба нет" in vera.post(f"{PAGE}/link", key=key).text
    tell_page(office.hub, "https://card.example")
    shown = html.unescape(vera.post(f"{PAGE}/link", key=key).text)
    link = re.search(r"https://card\.example/card/#([0-9a-f]{48})", shown)
    assert link is not None and 'class="link"' in shown
    assert link[0] in vera.post(f"{PAGE}/link", key=key).text, "the same form is the same link"
    assert "У участника нет телефона" in vera.post(f"{PAGE}/link", key=key_on(vera.get(PAGE).text), send="1").text
    phone = bytes(32)
    take_link(office.hub, link[1], phone, "Android <b>")
    page = vera.get(PAGE).text
    assert "Android &lt;b&gt;" in page and "29.08.2026" in page
    (id,) = re.findall(r'name="phone" value="([0-9a-f]{16})"', page)
    gone = vera.post(f"{PAGE}/revoke", key=key_on(page), phone=id).text
    assert "Телефон отключён" in gone and "отключён 02.03.2026" in gone and 'name="phone"' not in gone
    with pytest.raises(NoPhone):
        take_link(office.hub, link[1], phone, "")


def test_who_only_looks_gives_no_card_away(office: Office, desk: Callable[[], Desk]) -> None:
    office.join()
    for who, status in ((ANTON, 403), (OLEG, 200)):
        one = desk()
        one.sign_in(who)
        assert one.get(PAGE).status_code == status
        assert (f'href="{PAGE}"' in one.get("/members/anna").text) is (status == 200)
