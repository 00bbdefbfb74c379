"""P16 at a till on its real file, without a hub: gift certificates that it sells by the numbers it has ahead, and those
that it takes by what it knows itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from config.printers import load_printer
from config.programmes import load_programme
from drivers.printer.document import from_json
from drivers.printer.preview import render
from loyalty.bodies import CertificateSold, Sale
from loyalty.certificate_numbers import certificate_number
from loyalty.certificate_text import seal_certificate
from loyalty.operation import read_operation
from offline_cache.cache import Cache
from offline_cache.certificates import Blank
from offline_cache.packed import unpack
from pos_agent.checkout import Checkout
from pos_agent.protocol import BasketLine, Code, Pay, PointsReport, Prepare, Reprint, ReturnGoods, SetBasket
from pos_agent.protocol_certificates import (
    BlockCertificate,
    CertificateGift,
    DropCertificate,
    LookAtCertificate,
    UseCertificate,
)
from pos_agent.protocol_receipts import SoldReceipt
from pos_agent.protocol_staff import SignIn
from tests.pos_agent.conftest import KEY, Desk
from tests.staffed import OLGA, staff_in
from tests.there import there

NUMBERS = tuple(certificate_number(drawn) for drawn in (10002000300040, 10002000300041, 10002000300042))
OTHER = certificate_number(55556666777788)
PIN = "482913"


def gift(pieces: int = 1, price: str = "1000.00", **told: Any) -> BasketLine:
    told = {"category": "gift_certificate"} | told
    return BasketLine(id="g", name="Сертификат", price=price, quantity=str(pieces), **told)


def blank(desk: Desk, number: str) -> Blank:
    return Blank(number, seal_certificate(number, "alenka", 1, desk.key.sign), PIN)


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """With numbers that the hub gave."""
    desk.cache.certificates.keep([blank(desk, number) for number in NUMBERS])
    return desk


def sold(desk: Desk, sale: str = "1", pieces: int = 1, **more: Any) -> Any:
    """A sale of certificates alone."""
    assert desk.do(SetBasket(sale=sale, day=desk.DAY, lines=(gift(pieces),))).ok
    assert desk.do(Prepare(sale=sale, day=desk.DAY)).ok
    reply = desk.do(Pay(sale=sale, day=desk.DAY, **more))
    assert reply.ok, reply
    return reply


def done(desk: Desk) -> list[Any]:
    return [read_operation(text).body for _, text in desk.cache.outbox(99)]


def papers(desk: Desk, kind: str | None = None) -> list[str]:
    with desk.cache.file.reading() as connection:
        rows = connection.execute("SELECT kind, document FROM print_jobs ORDER BY job").fetchall()
    return [
        "\n".join(render(from_json(unpack(kept)), load_printer("default"), "ru"))
        for named, kept in rows
        if kind in (None, named)
    ]


def tea(price: str = "300.00") -> BasketLine:
    return BasketLine(id="t", name="Чай", price=price, category="tea")


# sold


def test_each_piece_that_is_paid_becomes_a_certificate_in_the_transaction_of_its_sale(stocked: Desk) -> None:
    reply = sold(stocked, pieces=2)
    bodies = done(stocked)
    assert [type(body) for body in bodies] == [CertificateSold, CertificateSold, Sale]
    assert [(body.certificate, body.kopecks, body.paid, body.until) for body in bodies[:2]] == [
        (NUMBERS[0], 100_000, True, None),
        (NUMBERS[1], 100_000, True, None),
    ]
    assert bodies[0].sale == bodies[2].sale and stocked.cache.certificates.free() == 1
    told = reply.told
    assert [(one.certificate, one.face) for one in told.certificates] == [
        ("****0407", "1000.00"),
        ("****0410", "1000.00"),
    ]
    assert "****0407, ****0410" in reply.text
    assert NUMBERS[0] not in repr(reply)


def test_it_is_paper_with_its_qr_its_number_and_the_pin_under_it_and_for_whom(stocked: Desk) -> None:
    wishes = CertificateGift(design="С Новым годом!", recipient="Мария", wishes="Будь счастлива")
    sold(stocked, gifts=(wishes,))
    (paper,) = papers(stocked, "certificate")
    for words in (
        "ПОДАРОЧНЫЙ СЕРТИФИКАТ",
        "С Новым годом!",
        "Для кого: Мария",
        "Будь счастлива",
        "9100 0200 0300 0407",
    ):
        assert words in paper
    assert paper.index("9100 0200 0300 0407") < paper.index(f"ПИН {PIN}") and "QR" in paper
    certificate = done(stocked)[0]
    assert certificate.design == "С Новым годом!"
    for _, text in stocked.cache.outbox(9):
        assert "Мария" not in text and "счастлива" not in text and PIN not in text


def test_a_line_is_one_by_its_tags_too_and_its_positions_say_what_the_law_asks_for(stocked: Desk) -> None:
    """1214 = 3, 1212 = 10, also where the POS says nothing of them."""
    for line in (gift(), gift(category=None, subject=10, method=3)):
        reply = stocked.do(SetBasket(lines=(line,)))
        (position,) = there(reply.told).lines[0].positions
        assert (position.subject, position.method) == (10, 3)
    assert stocked.do(Pay(sale="1", day=stocked.DAY)).ok
    assert type(done(stocked)[0]) is CertificateSold


@pytest.mark.parametrize(
    "line",
    [
        gift(category="tea", subject=1, method=1),  # tea that was paid in advance
        gift(category=None, subject=1, method=2),
        gift(price="100.00"),  # no certificate costs so little
        gift(price="3000.01"),
    ],
)
def test_other_advances_are_no_certificates_and_what_none_costs_is_said(stocked: Desk, line: BasketLine) -> None:
    reply = stocked.do(SetBasket(lines=(line,)))
    assert ("Certificates are sold from" in reply.text) is (line.category == "gift_certificate")
    assert stocked.do(Prepare()).ok and stocked.do(Pay(sale="1", day=stocked.DAY)).ok
    assert [type(body) for body in done(stocked)] == [Sale] and stocked.cache.certificates.free() == 3


def test_that_there_are_too_few_numbers_is_said_before_the_money(stocked: Desk) -> None:
    reply = stocked.do(SetBasket(lines=(gift(4),)))
    assert reply.ok and "the till has 3 numbers" in reply.text
    assert stocked.do(Prepare()).code == "no_certificate_numbers"
    paid = stocked.do(Pay(sale="1", day=stocked.DAY))  # a fact
    assert paid.ok and "1 not given" in paid.text and len(there(paid.told).certificates) == 3
    (deviation,) = stocked.stored("1")[-1].deviations
    assert (deviation.kind, deviation.cost_kopecks, deviation.note) == ("certificates_not_made", 100_000, "1")


def test_seed_7002_a_till_that_may_be_a_copy_sells_none_for_the_other_has_the_same_numbers(stocked: Desk) -> None:
    stocked.checkout.house.unproven = lambda: "other_machine"
    assert "the till has 0 numbers" in stocked.do(SetBasket(lines=(gift(1),))).text
    assert stocked.do(Prepare()).code == "no_certificate_numbers"


def test_one_that_is_bought_earns_nothing_takes_no_points_and_counts_for_nothing(stocked: Desk) -> None:
    """rules.md: never bought with points, never earns twice; no tier, no least basket, no sticker."""
    stocked.code(stocked.BORIS)
    reply = stocked.do(SetBasket(lines=(gift(),)))
    told = there(reply.told)
    assert (there(told.limit).points, told.accrued.points, told.to_pay) == (0, 0, "1000.00")
    assert stocked.code(stocked.coupon()).code.startswith("coupon_waits")
    assert stocked.do(Pay(sale="1", day=stocked.DAY)).ok
    sale = stocked.stored("1")[-1]
    assert (sale.accrued.points, sale.qualifying_kopecks, sale.redeemed.points, sale.coupons) == (0, 0, 0, ())


def test_told_again_a_payment_sells_once_and_names_the_same_certificates(stocked: Desk) -> None:
    first = sold(stocked, gifts=(CertificateGift(recipient="Мария"),))
    again = stocked.do(Pay(sale="1", day=stocked.DAY, gifts=(CertificateGift(recipient="Мария"),)))
    assert again.code == "recorded_before" and there(again.told).certificates == there(first.told).certificates
    assert len(papers(stocked, "certificate")) == 1 and stocked.cache.certificates.free() == 2


def test_the_next_customer_and_the_next_day_get_other_numbers(stocked: Desk) -> None:
    sold(stocked)
    stocked.now += timedelta(hours=14)
    assert stocked.do(SetBasket(lines=(gift(),))).ok and stocked.do(Pay(sale="1")).ok
    numbers = [body.certificate for body in done(stocked) if isinstance(body, CertificateSold)]
    assert numbers == list(NUMBERS[:2])


def test_a_hub_that_gives_the_numbers_once_more_does_not_make_a_sold_one_free(stocked: Desk) -> None:
    sold(stocked)
    stocked.cache.certificates.keep([blank(stocked, number) for number in NUMBERS])
    assert stocked.cache.certificates.free() == 2


# what this till alone knows


def test_one_that_was_sold_here_a_minute_ago_pays_here_without_the_hub_in_parts(stocked: Desk) -> None:
    sold(stocked)
    stocked.online[0] = False
    text = blank(stocked, NUMBERS[0]).text
    for sale, price, left in (("2", "300.00", "700.00"), ("3", "450.00", "250.00"), ("4", "400.00", "0.00")):
        assert stocked.do(SetBasket(lines=(tea(price),))).ok
        reply = stocked.code(text)
        assert reply.code == "certificate_taken", reply
        (tender,) = there(reply.told).tenders
        assert (tender.certificate, tender.left, tender.tag) == ("****0407", left, 1215)
        paid = stocked.do(Pay(sale=sale, day=stocked.DAY))
        assert there(paid.told).tenders == (tender,) and NUMBERS[0] not in repr(paid)
    sale = stocked.stored("4")[-1]
    assert [(one.kind, one.kopecks, one.id) for one in sale.tenders] == [("certificate", 25_000, NUMBERS[0])]
    assert (sale.total_kopecks, sale.paid_kopecks) == (40_000, 15_000)
    assert stocked.do(SetBasket(lines=(tea(),))).ok and stocked.code(text).code == "certificate_empty"


def test_what_was_taken_and_what_is_left_stands_on_paper_and_in_the_tail_also_without_a_card(stocked: Desk) -> None:
    sold(stocked)
    assert stocked.do(SetBasket(lines=(tea(),))).ok
    assert stocked.code(blank(stocked, NUMBERS[0]).text).ok
    prepared = stocked.do(Prepare())
    paid = stocked.do(Pay(sale="2", day=stocked.DAY))
    for lines in (
        papers(stocked, "receipt")[0].split("\n"),
        there(there(prepared.told).tail),
        there(there(paid.told).tail),
    ):
        words = " ".join(" ".join(lines).split())
        assert "Сертификат ****0407 300.00" in words and "на нём осталось 700.00" in words
    assert "Информация по сертификату" in papers(stocked, "receipt")[0]


def test_several_pay_one_receipt_in_turn_and_any_goes_off_it_again(stocked: Desk) -> None:
    sold(stocked, pieces=2)
    one, other = (blank(stocked, number).text for number in NUMBERS[:2])
    assert stocked.do(SetBasket(lines=(tea("1500.00"),))).ok
    stocked.code(one)
    reply = stocked.code(other)
    assert [(one.amount, one.left) for one in there(reply.told).tenders] == [("1000.00", "0.00"), ("500.00", "500.00")]
    assert there(reply.told).to_pay == "0.00" and stocked.code(one).code == "certificate_shown"
    grown = stocked.do(SetBasket(lines=(tea("1800.00"),)))
    assert [one.amount for one in there(grown.told).tenders] == ["1000.00", "800.00"], "the basket has grown"
    assert stocked.do(DropCertificate(certificate="9999")).code == "no_such_certificate"
    reply = stocked.do(DropCertificate(certificate="****0407"))
    assert [(one.certificate, one.amount) for one in there(reply.told).tenders] == [("****0410", "1000.00")]
    assert there(stocked.do(DropCertificate()).told).tenders == () and stocked.do(Pay(sale="5", day=stocked.DAY)).ok
    assert stocked.stored("5")[-1].tenders == ()


def test_a_certificate_never_pays_for_another(stocked: Desk) -> None:
    sold(stocked)
    text = blank(stocked, NUMBERS[0]).text
    assert stocked.do(SetBasket(lines=(gift(),))).ok
    assert stocked.code(text).code == "certificate_for_certificate"
    assert stocked.do(SetBasket(lines=(tea(),))).ok and stocked.code(text).ok
    reply = stocked.do(SetBasket(lines=(tea(), gift())))
    assert there(reply.told).to_pay == "1300.00" and "no other one pays such a receipt" in reply.text
    assert stocked.do(Pay(sale="2", day=stocked.DAY)).ok and stocked.stored("2")[-1].tenders == ()


def test_before_there_is_a_receipt_it_is_only_looked_at(stocked: Desk) -> None:
    sold(stocked)
    text = blank(stocked, NUMBERS[0]).text
    for command in (Code(text=text), UseCertificate(text=text), LookAtCertificate(text=text)):
        reply = stocked.do(command)
        assert reply.code == "certificate_told" and (
            there(reply.certificate).certificate,
            there(reply.certificate).left,
        ) == (
            "****0407",
            "1000.00",
        )
    assert stocked.checkout.visit.certificates == ()


# without the hub


@pytest.mark.parametrize(("most", "code"), [(0, "certificate_offline_denied"), (20_000, "certificate_taken")])
def test_without_a_connection_the_programme_says_how_much_of_one_is_taken(stocked: Desk, most: int, code: str) -> None:
    _offline_max(stocked, most)
    stocked.online[0] = False
    other = seal_certificate(OTHER, "alenka", 1, stocked.key.sign)
    assert stocked.do(SetBasket(lines=(tea(),))).ok
    reply = stocked.code(other)
    assert reply.code == code
    if most:
        assert (there(reply.told).to_pay, there(reply.told).tenders[0].amount, there(reply.told).tenders[0].left) == (
            "100.00",
            "200.00",
            None,
        )
        assert stocked.do(Pay(sale="2", day=stocked.DAY)).ok
        assert stocked.do(SetBasket(lines=(tea(),))).ok and stocked.code(other).code == "certificate_offline_spent"


def _offline_max(desk: Desk, kopecks: int) -> None:
    programme = load_programme("alenka")
    rules = replace(programme.certificates, offline_max_kopecks=kopecks)
    desk.checkout.house.programme = replace(programme, certificates=rules)


def test_what_is_no_certificate_of_ours_is_refused_with_the_reason(stocked: Desk) -> None:
    _offline_max(stocked, 20_000)
    stocked.online[0] = False
    text = seal_certificate(OTHER, "alenka", 1, stocked.key.sign)
    assert stocked.do(SetBasket(lines=(tea(),))).ok
    refused = {
        "certificate_other_programme": seal_certificate(OTHER, "perekrestok", 1, stocked.key.sign),
        "certificate_unknown_key": seal_certificate(OTHER, "alenka", 7, stocked.key.sign),
        "certificate_forged": text[:-4] + "".join(sorted(text[-4:-1], reverse=True)) + "."
        if text[-4:-1] != "".join(sorted(text[-4:-1], reverse=True))
        else text[:-4] + "000.",
        "certificate_malformed": "PAC:what.",
    }
    for code, shown in refused.items():
        assert stocked.code(shown).code == code
    assert stocked.do(UseCertificate(text="12345")).code == "bad_certificate"
    assert stocked.do(UseCertificate(text=OTHER)).code == "certificate_no_pin"
    assert stocked.do(UseCertificate(text=OTHER, pin="1")).code == "certificate_offline_number"


def test_a_receipt_can_be_copied_and_the_certificate_itself_cannot(stocked: Desk) -> None:
    """Whoever has its paper has the money."""
    sold(stocked)
    reply = stocked.do(Reprint(sale="1", day=stocked.DAY))
    assert reply.code in ("sale_without_paper", "receipt_not_out", "no_such_receipt")
    assert len(papers(stocked, "certificate")) == 1 and not papers(stocked, "copy")


# the day


def test_the_report_of_the_shift_and_the_day_tell_of_certificates_in_rubles_of_their_own(
    stocked: Desk, tmp_path: Path
) -> None:
    sold(stocked, pieces=2)
    text = blank(stocked, NUMBERS[0]).text
    for sale in ("2", "3"):
        assert stocked.do(SetBasket(lines=(tea(),))).ok and stocked.code(text).ok
        assert stocked.do(Pay(sale=sale, day=stocked.DAY)).ok
    stocked.do(ReturnGoods(of=SoldReceipt(sale="3", day=stocked.DAY), whole=True, paid=True, sale="R1"))
    stocked.checkout.house.staff = staff_in(tmp_path)
    assert stocked.do(SignIn(badge=OLGA.badge)).ok
    assert stocked.do(BlockCertificate(text=blank(stocked, NUMBERS[1]).text)).ok
    told = " ".join(stocked.do(PointsReport(show=True)).text.split())
    for words in (
        "Certificates sold 2 worth 2000.00",
        "Paid by certificate 2 worth 600.00",
        "Put back on certificates 1 worth 300.00",
        "Certificates blocked 1",
        "Refunded in money 0.00",
    ):
        assert words in told
    counts = stocked.cache.days.of(stocked.DAY)[""]
    assert (counts["certificates_used_worth"], counts.get("refunded", 0)) == (60_000, 0)


# where people practise


@pytest.fixture
def training(tmp_path: Path) -> Iterator[Desk]:
    cache = Cache(tmp_path / "training.db", "till-1", training=True)
    checkout = Checkout(cache, load_programme("alenka"), language="en", receipt_language="ru", is_online=lambda: True)
    yield Desk(checkout=checkout, cache=cache, key=KEY)
    cache.close()


def test_where_people_practise_certificates_are_sold_and_taken_that_no_till_knows(training: Desk) -> None:
    assert training.do(SetBasket(lines=(gift(),))).ok and training.do(Prepare()).ok
    assert training.do(Pay(sale="1", day=training.DAY)).ok
    (paper,) = papers(training, "certificate")
    number = "".join(next(line for line in paper.split("\n") if line.strip().startswith("0000")).split())
    text = f"PAC:{number}."
    assert training.do(SetBasket(lines=(tea(),))).ok
    reply = training.code(text)
    assert reply.code == "certificate_taken" and there(reply.told).tenders[0].left == "700.00"
    assert training.do(Prepare()).ok and training.do(Pay(sale="2", day=training.DAY)).ok
    assert training.cache.outbox(9) == []
    real = seal_certificate(certificate_number(1), "alenka", 1, KEY.sign)
    assert training.do(SetBasket(lines=(tea(),))).ok
    assert training.code(real).code in ("certificate_practice", "certificate_unknown_key")


def test_no_till_takes_what_was_sold_where_people_practise(stocked: Desk) -> None:
    assert stocked.do(SetBasket(lines=(tea(),))).ok
    assert stocked.code("PAC:0000123456789012.").code == "certificate_malformed"
    assert stocked.do(UseCertificate(text="0000123456789012", pin="000000")).code == "bad_certificate"


def test_midnight_between_the_quote_and_the_money_changes_nothing_of_it(stocked: Desk) -> None:
    sold(stocked)
    stocked.now = stocked.now.replace(hour=20, minute=59)
    assert stocked.do(SetBasket(sale="2", day=stocked.DAY, lines=(tea(),))).ok
    told = stocked.do(Code(sale="2", day=stocked.DAY, text=blank(stocked, NUMBERS[0]).text))
    stocked.now += timedelta(minutes=2)
    assert stocked.do(Prepare(sale="2", day=stocked.DAY)).ok
    paid = stocked.do(Pay(sale="2", day=stocked.DAY))
    assert there(paid.told).tenders == there(told.told).tenders and stocked.stored("2")[-1].tenders[0].kopecks == 30_000
