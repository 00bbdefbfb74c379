"""A hub's certificates in a test: sold, used and returned by tills, and what must always hold of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from loyalty.bodies import (
    CertificateSold,
    OperationRef,
    Return,
    ReturnedLine,
    Sale,
    SaleNumber,
    Tender,
)
from loyalty.certificate_numbers import certificate_number
from loyalty.operation import utc_text
from tests.hub.conftest import DAY, NOW, Office, Pen

ONE, OTHER, THIRD = (certificate_number(n) for n in (1, 2, 3))


def sold(number: str = ONE, kopecks: int = 100_000, **more: Any) -> CertificateSold:
    return CertificateSold(certificate=number, kopecks=kopecks, **more)


def paid_with(office: Office, *parts: tuple[str, int], **more: Any) -> Sale:
    """A receipt of nobody, paid with so much of these."""
    tenders = tuple(Tender(kind="certificate", kopecks=kopecks, id=number) for number, kopecks in parts)
    total = sum(kopecks for _, kopecks in parts)
    return office.sale(None, tenders=tenders, total_kopecks=total, paid_kopecks=total, qualifying_kopecks=0, **more)


def back_of(sequence: int, *parts: tuple[str, int], till: str = "t1") -> Return:
    """Goods of the till's operation of that number come back, and so much goes onto these again."""
    kopecks = sum(part for _, part in parts)
    return Return(
        of=OperationRef(chain=till, generation=1, sequence=sequence),
        sold_at=utc_text(NOW),
        of_sale=SaleNumber(day=DAY, number="1"),
        lines=(ReturnedLine(id="1", quantity_m=1000, refund_kopecks=kopecks),),
        refund_kopecks=kopecks,
        tenders=tuple(Tender(kind="certificate", kopecks=part, id=number) for number, part in parts),
    )


def take(office: Office, pen: Pen, *bodies: Any) -> list[str]:
    return office.take(*bodies, pen=pen, at=office.now)


def standing(office: Office, number: str = ONE) -> tuple[int, int, str]:
    """What is on it, what the shop bears of it, its state."""
    rows = office.rows(f"SELECT remaining, beyond, state FROM certificates WHERE number = '{number}'")
    return rows[0] if rows else (0, 0, "none")


def entries(office: Office, *numbers: str) -> Counter[str]:
    """Sums of all entries by account, of these or of all."""
    where = f" WHERE certificate IN ({', '.join(map(repr, numbers))})" if numbers else ""
    rows = office.rows(f"SELECT account, sum(kopecks) FROM certificate_entries{where} GROUP BY account")
    return Counter(dict(rows))


def cases(office: Office, kind: str = "certificate_beyond") -> list[tuple[str, int]]:
    """Note and cost of each."""
    return office.rows(f"SELECT note, cost_kopecks FROM cases WHERE kind = '{kind}' ORDER BY chain, sequence")


def check_conserved(office: Office, numbers: Iterable[str] = ()) -> None:
    """What was sold and given is what is left, used (less what came back), refunded and ended; what a receipt used
    beyond it the shop bears. No entry of an operation stands alone."""
    sums = entries(office, *numbers)
    into = -sums["sold"] - sums["given"]
    assert into - sums["beyond"] == sums["certificate"] + sums["used"] + sums["refunded"] + sums["ended"]
    held, borne = office.rows("SELECT coalesce(sum(remaining), 0), coalesce(sum(beyond), 0) FROM certificates")[0]
    if not numbers:
        assert (sums["certificate"], -sums["beyond"]) == (held, borne)
    assert not office.rows(
        "SELECT 1 FROM certificate_entries GROUP BY chain, generation, sequence HAVING sum(kopecks) <> 0"
    )
