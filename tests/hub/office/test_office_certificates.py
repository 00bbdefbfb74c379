"""The office's page of certificates: looked up, given, blocked, replaced, refunded, by whoever may."""

from __future__ import annotations

import re
from collections.abc import Callable

import zxingcpp

from tests.hub.certified import ONE, paid_with, sold, standing, take
from tests.hub.conftest import Office
from tests.hub.office.desk import ANTON, OLEG, VERA, Desk
from tests.hub.office.test_office_pages import in_as, key_in

Open = Callable[[], Desk]
R = 100


def test_a_certificate_is_looked_up_and_put_right(office: Office, desk: Open) -> None:
    take(office, office.pen, sold(), paid_with(office, (ONE, 300 * R)))
    oleg = in_as(desk, OLEG)
    look = oleg.get("/certificates", params={"certificate": f"{ONE[:8]} {ONE[8:]}"})
    assert "700,00" in look.text and "продан за 1000.00" in look.text and "оплачено 300.00" in look.text
    typed = {"certificate": ONE, "key": key_in(look.text), "reason": "украли"}
    assert "заблокирован" in oleg.post("/certificates/block", **typed).text
    assert standing(office) == (700 * R, 0, "blocked")
    assert oleg.post("/certificates/refund", **(typed | {"key": "k1"})).status_code == 409, "it is blocked"
    papers = [oleg.post("/certificates/replace", **(typed | {"key": "k2"})).text for _ in range(2)]
    numbers = {number for text in papers for number in re.findall(r"Сертификат (\d{16})", text)}
    (number,) = numbers
    assert standing(office, number)[0] == 700 * R and office.hub.certificate_pins.of(number) in papers[0]
    assert office.hub.certificate_text(number, "alenka") in papers[0].replace("&#43;", "+")
    assert "заменён на" in oleg.get("/certificates", params={"certificate": ONE}).text
    typed |= {"certificate": number, "key": "k3", "sum": "200,00"}
    assert "возвращены" in oleg.post("/certificates/refund", **typed).text and standing(office, number)[0] == 500 * R
    given = oleg.post("/certificates/give", programme="alenka", sum="150", reason="извинение", key="k4").text
    assert "Новый сертификат" in given
    assert office.verdict().faults == ()


def test_what_is_wrong_is_said_in_words(office: Office, desk: Open) -> None:
    oleg = in_as(desk, OLEG)
    for path, typed, words in (
        ("/certificates/block", {"certificate": ONE, "reason": "x"}, "Такого сертификата нет"),
        ("/certificates/block", {"certificate": ONE}, "Напишите, почему"),
        ("/certificates/give", {"programme": "alenka", "sum": "x", "reason": "x"}, "Сумму пишут так"),
        ("/certificates/give", {"programme": "alenka", "sum": "9000", "reason": "x"}, "на такую сумму нет"),
    ):
        answer = oleg.post(path, **typed)
        assert answer.status_code == 409 and words in answer.text, path
    assert "Такого сертификата нет" in oleg.get("/certificates", params={"certificate": "17"}).text


def test_each_sees_the_orders_that_are_his(office: Office, desk: Open) -> None:
    take(office, office.pen, sold())
    seen = {}
    for who in (ANTON, VERA, OLEG):
        text = in_as(desk, who).get("/certificates", params={"certificate": ONE}).text
        seen[who.role] = set(re.findall(r'action="/certificates/(\w+)"', text))
    assert seen == {
        "auditor": set(),
        "manager": {"block", "replace", "refund"},
        "office": {"block", "replace", "refund", "give"},
    }


def test_the_picture_of_its_qr_is_what_a_scanner_reads(office: Office) -> None:
    from hub.certificates.picture import qr_path

    text = office.hub.certificate_text(ONE, "alenka")
    size, path = qr_path(text)
    import numpy as np

    pixels = np.full((size * 4, size * 4), 255, dtype="uint8")
    for found in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path):
        x, y, count = map(int, found)
        pixels[y * 4 : y * 4 + 4, x * 4 : (x + count) * 4] = 0
    assert [one.text for one in zxingcpp.read_barcodes(pixels)] == [text]
