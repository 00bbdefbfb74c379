"""Anna buys a certificate, before the hub's acts of the account; everybody outside is there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from hub.account.act import AccountAsked
from hub.account.acts import ACCOUNT_ACTS
from hub.certificate_orders.order import CertificateOrder, order_of
from hub.desk.act import ActRefused
from hub.desk.acts import ACTS, Asked
from hub.store.errand_records import ErrandRow
from tests.certificate_shop import Outside
from tests.certificate_shop import fiscal_server as fiscal_server
from tests.certificate_shop import outside as outside
from tests.certificate_shop import payment_server as payment_server
from tests.certificate_shop import post_office as post_office
from tests.hub.conftest import Office

FORM: dict[str, Any] = {
    "kopecks": 100_000,
    "design": "winter",
    "to_name": "Борис <b>",
    "to_mail": "boris@mail.example",
    "mail": "anna@mail.example",
    "words": "С днём рождения & счастья",
    "back": "https://club.example/certificates/",
}


class Buyer:
    def __init__(self, office: Office, outside: Outside) -> None:
        self.office, self.outside = office, outside
        self.keys = iter(range(10_000))

    def act(self, act: str, member: str = "anna", key: str = "", **body: Any) -> Any:
        """What it says, or the code under which it is refused."""
        asked = AccountAsked(member, "alenka", key or f"k{next(self.keys)}")
        found = ACCOUNT_ACTS[act]
        try:
            return found.do(self.office.hub, asked, msgspec.convert(body, found.takes))
        except ActRefused as refused:
            return refused.code

    def order(self, **changes: Any) -> str:
        return str(self.act("certificate_order", **(FORM | changes)).id)

    def bought(self, **changes: Any) -> str:
        """Ordered and paid, and everybody did his part."""
        id = self.order(**changes)
        self.walk()
        self.outside.pay()
        self.act("certificate_order_look", id=id)
        self.walk()
        return id

    def desk(self, act: str, **body: Any) -> Any:
        asked = Asked(person="p1", by="Olga", till="", store="", programme="", key=f"d{next(self.keys)}")
        try:
            return ACTS[act].do(self.office.hub, asked, msgspec.convert(body, ACTS[act].takes))
        except ActRefused as refused:
            return refused.code

    def walk(self) -> None:
        self.outside.walk(self.office.hub)

    def later(self, **how: float) -> None:
        self.office.now += timedelta(**how)
        self.walk()

    def row(self, id: str) -> ErrandRow:
        with self.office.hub.store.reading() as reader:
            return reader.errands([id])[id]

    def kept(self, id: str) -> CertificateOrder:
        return order_of(self.row(id))

    def state(self, id: str) -> str:
        return self.row(id).state

    def rubles(self) -> int:
        """Kopecks on all certificates."""
        return int(self.office.rows("SELECT COALESCE(SUM(remaining), 0) FROM certificates")[0][0])

    def check(self) -> None:
        """Of what was paid and did not go back, all is on certificates, and has its documents."""
        sums = self.outside.fiscal.sums
        assert self.outside.money == self.rubles() == sums["sale"] - sums["refund"]
        verdict = self.office.verdict()
        assert not verdict.faults, verdict.faults


@pytest.fixture
def buyer(office: Office, outside: Outside) -> Buyer:
    office.join("anna")
    outside.served(office.hub)
    return Buyer(office, outside)
