"""Points in the account: what came and went, receipts with their papers, lots with their lives."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec
import pypdfium2
import pytest
from PIL import Image

from account.hub_desk import HubSaysNo
from hub.people.cards import merge
from hub.people.claims import claim
from hub.people.orders import Order
from hub.people.points import correct
from hub.store.records import Place
from loyalty.bodies import (
    ClawedBack,
    CouponMade,
    Expiry,
    Grant,
    LotPoints,
    OperationRef,
    Redeemed,
    Restored,
    Return,
    ReturnedLine,
    Sale,
    Seen,
    SoldLine,
)
from loyalty.operation import utc_text
from loyalty.programme import Currency, PluralWords
from loyalty.wording import currency_text
from sync.account.me import Me, MeTold
from sync.account.points import (
    AskLot,
    AskLots,
    AskMoves,
    AskReceipt,
    AskTop,
    LotsTold,
    LotTold,
    Move,
    MovesTold,
    ReceiptTold,
    TopTold,
)
from tests.account.conftest import Account
from tests.browser import needs_browser
from tests.hub.conftest import AA, NOW, Office

if TYPE_CHECKING:
    from playwright.sync_api import Page

OLGA = Order(by="Olga", key="k1")


def goods(id: str, name: str, kopecks: int, off: int = 0) -> SoldLine:
    return SoldLine(
        id=id,
        name=name,
        unit="pc",
        price_kopecks=kopecks,
        quantity_m=1000,
        net_before_kopecks=kopecks,
        discount_kopecks=off,
        net_kopecks=kopecks - off,
    )


def sale(office: Office, member: str | None = "anna", *, earned: int = 0, spent: int = 0, **more: Any) -> Sale:
    """Chocolate, and tea that points have paid a part of."""
    lines = (goods("1", "Шоколад «Алёнка»", 8_990), goods("2", "Чай чёрный", 41_250, off=spent * 100))
    sums: dict[str, Any] = {"total_kopecks": 50_240 - spent * 100, "paid_kopecks": 50_240 - spent * 100, "lines": lines}
    redeemed = Redeemed(points=spent, kopecks=spent * 100)
    return office.sale(member, earned=earned, redeemed=redeemed, **(sums | more))


def back(office: Office, of: int, what: str, kopecks: int, *, member: str | None = "anna", **more: Any) -> Return:
    return Return(
        sale=office.number(),
        of=OperationRef(chain=office.pen.till, generation=1, sequence=of),
        sold_at=utc_text(NOW),
        member=member,
        lines=(ReturnedLine(id=what, quantity_m=1000, refund_kopecks=kopecks),),
        refund_kopecks=kopecks,
        **more,
    )


def asked(account: Account, member: str = "anna", **how: Any) -> MovesTold:
    return account.desk.ask("moves", AskMoves(**how), MovesTold, member=member)


def receipt(account: Account, id: str, member: str = "anna", language: Any = "ru") -> ReceiptTold:
    return account.desk.ask("receipt", AskReceipt(id=id, language=language), ReceiptTold, member=member)


def lot(account: Account, id: str, member: str = "anna") -> LotTold:
    return account.desk.ask("lot", AskLot(id=id), LotTold, member=member)


def months(office: Office) -> None:
    """Some of everything: bought, spent, came back, given, put right, died, and a coupon for points."""
    office.join("anna", phone="+79161234567", name="Анна")
    office.take(sale(office, earned=120, accrued_expires_at=utc_text(NOW + timedelta(days=200))))  # t1/1/1
    office.now = NOW + timedelta(days=1)
    office.take(sale(office, spent=100, earned=7), at=office.now)  # t1/1/2
    office.take(
        back(office, 2, "2", 31_250, restored=Restored(points=100), clawed_back=ClawedBack(points=5)), at=office.now
    )
    office.now = NOW + timedelta(days=40)
    grant: dict[str, Any] = {"member": "anna", "active_from": utc_text(office.now)}
    assert office.born(Grant(points=300, reason="welcome", **grant)) == "applied"
    ends = utc_text(office.now + timedelta(days=3))
    office.born(Grant(points=50, reason="for the long queue", expires_at=ends, **grant))
    correct(office.hub, "anna", -20, OLGA, "the cashier erred")


@pytest.fixture
def shop(account: Account) -> Account:
    months(account.office)
    return account


def test_p2_a28_all_that_moved_points_is_there_and_sums_to_the_balance(shop: Account) -> None:
    told = asked(shop)
    assert [(one.kind, one.came, one.went) for one in told.moves] == [
        ("adjustment", 0, 20),
        ("grant", 50, 0),
        ("grant", 300, 0),
        ("return", 100, 5),
        ("sale", 7, 100),
        ("sale", 120, 0),
    ]
    me = shop.desk.ask("me", Me(), MeTold, member="anna")
    assert sum(one.came - one.went for one in told.moves) == me.points == shop.office.balance()


def test_a7_nobody_in_the_office_and_no_reason_of_theirs_is_told(shop: Account) -> None:
    client = shop.client("anna")
    pages = [client.get(path) for path in ("/points", "/points/lots", "/points/moves.csv", "/points?lang=en")]
    assert all(page.status_code == 200 for page in pages)
    said = "".join(page.text for page in pages)
    assert not [word for word in ("Olga", "erred", "queue", "import") if word in said]
    assert "Приветственный подарок" in said and "Correction" in said


def test_p4_what_came_and_what_went_are_looked_at_apart(shop: Account) -> None:
    came, went = asked(shop, way="in").moves, asked(shop, way="out").moves
    assert [one.came for one in came] == [50, 300, 100, 7, 120]
    assert [one.went for one in went] == [20, 5, 100]


def test_pages_go_on_without_a_gap_and_months_end_by_the_programmes_clock(account: Account) -> None:
    office = account.office
    office.join("anna")
    moments = [NOW + timedelta(hours=hour) for hour in range(0, 24 * 40, 16)]
    for at in moments:
        office.now = at
        office.take(sale(office, earned=1), at=at)
    found: list[Move] = []
    after = ""
    while True:
        told = asked(account, most=7, after=after)
        found += told.moves
        after = told.after
        if not after:
            break
    assert [one.at for one in found] == [utc_text(at) for at in reversed(moments)]
    zone = account.hub.programmes["alenka"].timezone
    march = asked(account, since="2026-03-01T00:00:00+03:00", until="2026-04-01T00:00:00+03:00", most=500).moves
    assert len(march) == sum(at.astimezone(zone).month == 3 for at in moments)
    page = account.client("anna").get("/points?month=2026-04").text
    assert page.count("/points/receipt?") == sum(at.astimezone(zone).month == 4 for at in moments)
    assert account.client("anna").get("/points?month=2026-13").status_code == 404


def test_a_receipt_is_found_by_its_goods_its_number_and_its_sum(shop: Account) -> None:
    assert [one.id for one in asked(shop, words="шоколад").moves] == ["t1/1/2", "t1/1/1"]
    assert [one.id for one in asked(shop, words="402,40").moves] == ["t1/1/2"]
    assert asked(shop, words="шоколад водка").moves == ()
    assert "Ничего не нашлось" in shop.client("anna").get("/points?words=водка").text


def test_a_receipt_has_lines_and_what_came_back(shop: Account) -> None:
    told = receipt(shop, "t1/1/2")
    assert (told.earned, told.spent, told.restored, told.taken_back) == (7, 100, 100, 5)
    assert [(line.name, line.net_kopecks, line.points_kopecks, line.back_m) for line in told.lines] == [
        ("Шоколад «Алёнка»", 8_990, 0, 0),
        ("Чай чёрный", 31_250, 10_000, 1000),
    ]
    assert [paper.kind for paper in told.papers] == ["sale", "return"]
    rows = {(part.left.strip(), part.right.replace("\xa0", " ")) for part in told.papers[0].parts}
    assert {("Начислено", "7 бонусов"), ("Списано", "100 бонусов"), ("С учётом баллов", "402.40")} <= rows


def test_a_paper_is_a_picture_that_says_whence_it_is(shop: Account) -> None:
    client = shop.client("anna")
    page = client.get("/points/receipt?id=t1/1/2")
    assert '<h2 id="not-given-title">Мне не начислили</h2>' in page.text, "a place of its own"
    assert '<h2 id="not-given-title">Мне не начислили</h2>' in client.get("/points").text
    assert "ИЗ ЗАПИСИ" in page.text and "КОПИЯ" not in page.text and "Копия" not in page.text
    assert "могло не быть товаров" in page.text and "Снято начисленное" in page.text
    answer = client.get("/points/paper.png?id=t1/1/2&paper=1")
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("image/png", "no-store")
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.width == 848 and picture.height > picture.width and len(answer.content) < 60_000
    assert client.get("/points/paper.png?id=t1/1/2&paper=2").status_code == 404


def test_p10_a_lot_tells_when_it_dies_and_what_became_of_it(shop: Account) -> None:
    lots = shop.desk.ask("lots", AskLots(), LotsTold, member="anna").lots
    assert lots[0].points == 30, "what dies first was taken from first"
    assert lots[0].last_day == "2026-04-14"
    first = lot(shop, "t1/1/1")
    assert [(one.move.kind, one.points) for one in first.fates] == [("return", 100), ("sale", -100)]
    assert (first.lot.granted, first.lot.points) == (120, 120)


def test_p10_points_that_died_or_paid_a_debt_say_so(account: Account) -> None:
    office = account.office
    office.join("anna")
    office.take(sale(office, spent=30))  # a till without news: what no lot covers is a debt
    office.grant(100, days=5)
    made = office.rows("SELECT lot FROM lots")[0][0]
    office.now = NOW + timedelta(days=6)
    assert office.born(Expiry(member="anna", lots=(LotPoints(lot=made, points=70),))) == "applied"
    told = lot(account, asked(account, way="in").moves[0].id)
    assert (told.lot.granted, told.to_debt, told.lot.died, told.lot.points) == (100, 30, 70, 0)
    assert [(one.move.kind, one.points) for one in told.fates] == [("expiry", -70)]
    assert "Сгорели" in account.client("anna").get("/points?way=out").text


def test_who_went_into_another_took_his_history_along(account: Account) -> None:
    office = account.office
    for member in ("anna", "boris", "vera"):
        office.join(member)
        office.take(sale(office, member, earned=10))
    merge(office.hub, "vera", "boris", Order(by="Olga", key="k2"))
    merge(office.hub, "boris", "anna", Order(by="Olga", key="k3"))
    told = asked(account)
    assert [(one.id, one.came) for one in told.moves] == [("t1/1/3", 10), ("t1/1/2", 10), ("t1/1/1", 10)]
    assert asked(account, "vera").moves == told.moves, "who was signed in as the old one is the new one"
    assert receipt(account, "t1/1/3").earned == lot(account, "t1/1/3").lot.points == 10


def test_a_purchase_by_a_blocked_card_says_why_it_gave_nothing(account: Account) -> None:
    office = account.office
    office.join("anna")
    office.take(sale(office, seen=Seen(card_status="blocked")))
    office.take(sale(office, seen=Seen()))
    client = account.client("anna")
    assert client.get("/points").text.count("Карта была заблокирована: ничего не начислено") == 1
    blocked, good = (client.get(f"/points/receipt?id=t1/1/{number}").text for number in (1, 2))
    assert "Карта была заблокирована: ничего не начислено" in blocked and "заблокирована" not in good
    assert "+0" not in blocked + good and 'number plus">' not in blocked + good
    assert "The card was blocked: nothing was earned" in account.client("anna", "en").get("/points").text


def test_a_receipt_that_was_claimed_is_his(account: Account) -> None:
    office = account.office
    office.join("anna")
    office.pen.rules = account.hub.programmes["alenka"].content_hash
    office.take(sale(office, None))
    with pytest.raises(HubSaysNo):
        receipt(account, "t1/1/1")
    claim(office.hub, "anna", Place("t1", 1, 1), OLGA, "no card was shown")
    told = receipt(account, "t1/1/1")
    assert told.claimed and told.papers == () and told.earned == asked(account).moves[0].came > 0
    assert "Начислено по чеку позже" in account.client("anna").get("/points").text


def test_a_coupon_for_points_is_a_move_of_points(account: Account) -> None:
    office = account.office
    office.join("anna", points=100)
    made = CouponMade(
        serial=AA, campaign="c", valid_from=utc_text(NOW), valid_to=utc_text(NOW), member="anna", points=40
    )
    if office.born(made, chain="account") == "applied":
        assert [(one.kind, one.went) for one in asked(account, way="out").moves] == [("coupon_made", 40)]


def test_anothers_receipts_and_points_are_as_those_that_there_are_not(shop: Account) -> None:
    shop.office.join("boris")
    no_such = ("t1/1/1", "t1/1/99", "t1/1", "x", "", "hub/1/1", "t1/1/" + "9" * 30)
    for id in no_such:
        with pytest.raises(HubSaysNo) as refused:
            receipt(shop, id, "boris")
        assert refused.value.code == "unknown_receipt"
        with pytest.raises(HubSaysNo) as refused:
            lot(shop, id, "boris")
        assert refused.value.code == "unknown_lot"
    client = shop.client("boris")
    same = {client.get(f"/points/receipt?id={id}").text.replace(quote(id, ""), "") for id in ("t1/1/1", "t1/1/9")}
    assert len(same) == 1
    assert asked(shop, "boris").moves == () and asked(shop, "boris", after="~|t1/1/9").moves == ()


def test_a_cursor_that_is_none_is_refused(shop: Account) -> None:
    for how in ({"after": "x"}, {"after": "2026|x/1/y"}, {"since": "yesterday"}):
        with pytest.raises(HubSaysNo) as refused:
            asked(shop, **how)
        assert refused.value.code == "bad_page"
    assert shop.client("anna").get("/points?after=x").status_code == 409


def test_p3_what_he_buys_most_is_counted_without_what_came_back(shop: Account) -> None:
    told = shop.desk.ask("top", AskTop(since=utc_text(NOW)), TopTold, member="anna")
    assert [(row.name, row.times, row.kopecks) for row in told.often] == [
        ("Чай чёрный", 1, 41_250),
        ("Шоколад «Алёнка»", 2, 17_980),
    ][::-1]
    assert told.much[0].name == "Чай чёрный" and told.receipts == 2


def test_files_open_as_tables_and_as_paper(shop: Account) -> None:
    office = shop.office
    office.take(sale(office, earned=1, sale=office.number()), at=office.now)
    russian = shop.client("anna").get("/points/moves.csv")
    assert russian.content.startswith(b"\xef\xbb\xbf") and "attachment" in russian.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(russian.content.decode("utf-8-sig")), delimiter=";"))
    assert (
        rows[0] == ["Когда", "Что", "Магазин", "Сумма, ₽", "Пришло", "Ушло", "Чек"]
        and rows[-1][3:6] == ["502,40", "120", "0"]
        and len(rows) == 8
    )
    english = shop.client("anna", "en").get("/points/moves.csv?month=2026-03").text
    assert len(english.splitlines()) == 4 and ",502.40,120,0," in english
    office.now = office.now.replace(hour=22)  # it is the next day where the shops are
    pdf = shop.client("anna").get("/points/statement.pdf")
    assert 'filename="points-2026-04-12.pdf"' in pdf.headers["content-disposition"]
    words = pypdfium2.PdfDocument(pdf.content)[0].get_textpage().get_text_bounded()
    assert "Выписка по счёту бонусов" in words and "Анна" in words and "Приветственный подарок" in words
    assert "Olga" not in words


def test_points_are_called_as_the_programme_calls_them(account: Account) -> None:
    account.office.join("anna", points=100)
    said = {
        path: unescape(account.client("anna").get(path).text)
        for path in ("/", "/points", "/points/lots", "/cards", "/profile", "/profile/data", "/profile/leave")
    }
    assert ">Бонусы</a>" in said["/"] and "Сроки бонусов" in said["/points"] and "начислит бонусы" in said["/points"]
    assert not [path for path, page in said.items() if "балл" in page.casefold() or "currency}" in page]
    assert ">Bonuses</a>" in account.client("anna", "en").get("/points").text


def test_a_currency_is_named_without_a_number() -> None:
    def named(one: str, few: str, many: str) -> str:
        ru = PluralWords(one=one, few=few, many=many, other=few)
        return currency_text(Currency(kop_per_point=100, ru=ru, en=ru), "ru")

    assert named("бонус", "бонуса", "бонусов") == "бонусы" and named("балл", "балла", "баллов") == "баллы"
    assert named("рубль", "рубля", "рублей") == "рубли" and named("флажок", "флажка", "флажков") == "флажки"
    assert named("миля", "мили", "миль") == "мили" and named("монета", "монеты", "монет") == "монеты"


def test_no_cell_of_a_table_is_a_formula(account: Account) -> None:
    account.office.join("anna")
    number = account.office.number()
    evil = msgspec.structs.replace(number, number="=cmd|' /C calc'!A0")
    account.office.take(sale(account.office, earned=1, sale=evil))
    assert ";'=cmd|" in account.client("anna").get("/points/moves.csv").content.decode("utf-8-sig")


@needs_browser
def test_p2_p3_p4_p5_p10_a7_a28_a_member_looks_through_his_points(shop: Account, phone: Callable[..., Page]) -> None:
    page = phone("anna")
    page.get_by_role("link", name="Бонусы").click()
    assert "452 бонуса" in page.inner_text("main").replace("\xa0", " ")
    assert "Последние операции" in page.inner_text("main")
    page.get_by_role("link", name="Списания", exact=True).click()
    page.wait_for_url("**/points?way=out")
    assert "Приветственный" not in page.inner_text("main") and "Исправление" in page.inner_text("main")
    page.get_by_role("link", name="Поступления", exact=True).click()
    page.wait_for_url("**/points?way=in")
    page.get_by_text("Найти, или выбрать месяц").click()
    page.get_by_label("Товар, магазин").fill("шоколад")
    page.get_by_role("button", name="Найти").click()
    page.get_by_role("link", name="Покупка").first.click()
    assert "Возвращено за товар" in page.inner_text("main")
    for picture in page.locator("img").all():
        picture.scroll_into_view_if_needed()
        assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)") == 848
    page.get_by_role("link", name="Что стало с начисленным").click()
    assert "Возврат товара" in page.inner_text("main")
    page.get_by_role("link", name="Сроки бонусов").first.click()
    assert "по 14.04.2026 включительно" in page.inner_text("main")
    page.goto(f"{shop.url}/points/top")
    assert "Чай чёрный" in page.inner_text("main")
    for path in ("/points", "/points/receipt?id=t1/1/2", "/points/lots", "/points/lot?id=t1/1/1", "/points/top"):
        page.goto(shop.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
