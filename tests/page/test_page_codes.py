"""A27, R14, N13: whoever only says a phone spends with a code that comes to it: by the POS, by the cashier, by the
guest himself. Hub, till, outbox and browser are real."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import expect

from hub.sender.file_sender import lines_in
from loyalty.card_numbers import make_number
from tests.page.shop import BLANKS, CARDS, CHOCOLATE, POLL_S, WAIT_S, Shop
from tests.page.till import GUEST, SHOWN_MS, Till

PHONES: Final = tuple(f"916765432{n}" for n in range(8))  # one for each story: a phone gets one code a minute


@pytest.fixture(autouse=True)
def members(shop: Shop) -> None:
    """Everybody with a phone; once for the shop."""
    file = shop.folder / "phones.csv"
    if file.exists():
        return
    rows = [f"alenka,{make_number(CARDS, 700 + n)},+7{phone},1500,yes,," for n, phone in enumerate(PHONES)]
    file.write_text("programme,card,phone,points,registered,birthday,favourites\n" + "\n".join(rows) + "\n")
    shop.office.do("import", str(file))
    deadline = time.monotonic() + WAIT_S
    while not shop.ask("balance", phone=PHONES[-1])["ok"]:
        assert time.monotonic() < deadline, "waited in vain for the members"
        time.sleep(POLL_S)


def by_phone(shop: Shop, phone: str, sale: str) -> dict[str, Any]:
    shop.do("basket", sale=sale, lines=[CHOCOLATE])
    return shop.do("phone", sale=sale, number=phone)


def code_of(shop: Shop, sent: int) -> str:
    """What went to the phone, once so many were sent."""
    deadline = time.monotonic() + WAIT_S
    while len(lines := lines_in(shop.office.outbox)) < sent:
        assert time.monotonic() < deadline, "waited in vain for a message"
        time.sleep(POLL_S)
    return lines[-1].code


def sent_before(shop: Shop) -> int:
    return len(lines_in(shop.office.outbox))


def another(code: str) -> str:
    return "0000" if code != "0000" else "1111"


def test_a27_a_pos_asks_for_the_code_and_gives_its_digits(shop: Shop) -> None:
    before = sent_before(shop)
    found = by_phone(shop, PHONES[0], "900")
    assert found["told"]["limit"]["reason"] == "second_factor_missing"
    wanted = shop.do("redeem", sale="900", points=None)
    send = wanted["ask"]["answers"][0]["command"]
    assert send["do"] == "send_code"
    sent = shop.do(**send)
    typed = sent["ask"]["answers"][0]
    assert typed["prompt"] == {"field": "code", "digits": 4} and "··-20" in sent["text"]
    code = code_of(shop, before + 1)
    wrong = shop.ask(**typed["command"] | {"code": another(code)})
    assert (wrong["code"], wrong["ask"]["answers"][0]["prompt"]["digits"]) == ("code_wrong", 4)
    right = shop.do(**typed["command"] | {"code": code})
    limit = right["told"]["limit"]["points"]
    assert limit > 0 and right["ask"]["answers"][0]["command"]["do"] == "redeem"
    redeemed = shop.do("redeem", sale="900", points=100)
    assert redeemed["told"]["redeemed"]["points"] == 100
    assert shop.ask("enter_code", sale="900", code=code)["code"] == "code_not_needed"
    paid = shop.do("prepare", sale="900")
    shop.do("pay", sale="900", quote=paid["told"]["quote"])
    seen = shop.sold()[-1]["body"]["seen"]
    assert (seen["identified_by"], seen["second_factor"], len(seen["proof"])) == ("phone", True, 32)

    shop.do("basket", sale="950", lines=[CHOCOLATE])  # R14: it was for that receipt alone
    again = shop.do("phone", sale="950", number=PHONES[0])
    assert again["told"]["limit"]["reason"] == "second_factor_missing"
    assert shop.ask("enter_code", sale="950", code=code)["code"] == "code_unknown"


def test_three_wrong_ones_and_the_purchase_goes_on_without_redeeming(shop: Shop) -> None:
    before = sent_before(shop)
    by_phone(shop, PHONES[1], "901")
    shop.do("send_code", sale="901")
    assert shop.ask("send_code", sale="901")["code"] == "code_too_early"
    code = code_of(shop, before + 1)
    codes = [shop.ask("enter_code", sale="901", code=another(code))["code"] for _ in range(5)]
    assert codes == ["code_wrong"] * 4 + ["code_no_tries"]
    assert shop.ask("enter_code", sale="901", code=code)["code"] == "code_no_tries"
    assert shop.ask("send_code", sale="901")["code"] == "code_no_tries"
    assert shop.ask("enter_code", sale="901", code="47")["code"] == "bad_code"
    paid = shop.do("prepare", sale="901")
    assert shop.do("pay", sale="901", quote=paid["told"]["quote"])["told"]["redeemed"]["points"] == 0


def test_without_a_connection_no_code_is_checked(shop: Shop) -> None:
    by_phone(shop, PHONES[2], "902")
    shop.wire.cut()
    shop.wait("the hub to be gone", lambda status: not status["hub"]["online"])
    refused = shop.ask("send_code", sale="902")
    assert (refused["code"], refused["status"]) == ("code_needs_link", 409)
    assert shop.ask("enter_code", sale="902", code="1234")["code"] == "code_needs_link"
    shop.mend()
    shop.wait("the hub", lambda status: status["hub"]["online"])


def test_n13_a_card_is_reissued_by_phone_with_a_code(shop: Shop) -> None:
    before = sent_before(shop)
    by_phone(shop, PHONES[3], "903")
    assert shop.ask("reissue_card", sale="903", new_card=BLANKS[7])["code"] == "reissue_needs_manager"
    shop.do("send_code", sale="903")
    code = code_of(shop, before + 1)
    wrong = shop.ask("reissue_card", sale="903", new_card=BLANKS[7], second_factor=another(code))
    assert wrong["code"] == "code_wrong"
    done = shop.do("reissue_card", sale="903", new_card=BLANKS[7], second_factor=code)
    assert done["code"] == "card_will_be_reissued"
    shop.do("cancel", sale="903")


def test_a_code_of_the_account_is_as_good(shop: Shop) -> None:
    by_phone(shop, PHONES[4], "904")
    code = shop.office.do("member", "code", f"+7{PHONES[4]}")
    assert shop.do("enter_code", sale="904", code=code)["code"] == "code_right"


def test_the_cashier_types_the_code(shop: Shop, till: Till) -> None:
    before = sent_before(shop)
    by_phone(shop, PHONES[5], "905")
    expect(till.page.locator("#side")).to_contain_text("by phone", timeout=SHOWN_MS)
    till.press("F3")
    till.region("panel").get_by_role("button", name="Send a code").click()
    expect(till.page.locator("#code-again")).to_contain_text("Send another in 0:", timeout=SHOWN_MS)
    code = code_of(shop, before + 1)
    till.type(another(code))
    till.press("Enter")
    expect(till.region("panel")).to_contain_text("Tries left: 4", timeout=SHOWN_MS)
    till.type(code)
    till.press("Enter")
    expect(till.region("answers")).to_contain_text("Redeem 134 bonuses?", timeout=SHOWN_MS)
    assert code not in str(till.page.evaluate("JSON.stringify(localStorage)"))
    till.press("Enter")
    expect(till.page.locator("#to-pay")).to_contain_text("135.70", timeout=SHOWN_MS)


def test_the_guest_types_the_code_himself(shop: Shop, till: Till, opened: Callable[..., Till]) -> None:
    before = sent_before(shop)
    guest = opened(shop, face=GUEST)
    by_phone(shop, PHONES[6], "906")
    guest.page.locator("#send_code").wait_for()
    guest.page.locator("#send_code").click()
    code = code_of(shop, before + 1)
    for digit in another(code):
        guest.page.locator(f'#pad button:text-is("{digit}")').click()
    expect(till.region("panel")).to_contain_text("The customer is typing", timeout=SHOWN_MS)
    guest.page.locator("#done:enabled").click()
    expect(guest.page.locator("#message")).to_contain_text("Код другой", timeout=SHOWN_MS)
    for digit in code:
        guest.page.locator(f'#pad button:text-is("{digit}")').click()
    guest.page.locator("#done:enabled").click()
    guest.page.locator("#all").wait_for()
    expect(till.page.locator("#status")).to_contain_text("The code is right", timeout=SHOWN_MS)
    assert code not in till.page.content() and code not in str(shop.status())


def test_the_code_is_in_no_log_and_in_no_file_of_the_till(shop: Shop) -> None:
    before = sent_before(shop)
    by_phone(shop, PHONES[7], "907")
    shop.do("send_code", sale="907")
    code = code_of(shop, before + 1)
    shop.do("enter_code", sale="907", code=code)
    folder = shop.folder
    for path in [*folder.glob("*.log"), *shop.data.rglob("*")]:
        if path.is_file() and path.suffix in (".log", ".json", ".toml", ""):
            assert f'"{code}"' not in path.read_text(encoding="utf-8", errors="replace"), path
        if path.is_file():
            assert f"+7{PHONES[7]}".encode() not in path.read_bytes(), path
