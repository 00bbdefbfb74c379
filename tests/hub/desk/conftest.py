"""The desk's acts, as a till or somebody in the office asks for them."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from hub.codes.checking import Told, check
from hub.codes.code import Code, with_code
from hub.desk.acts import ACTS, ActRefused, Asked
from hub.store.office_records import CodeRow
from hub.store.rows import Rows
from loyalty.utc import utc_text
from tests.hub.conftest import Office

P1, P2, P3 = "+79161234567", "+79167654321", "+79160000003"
KEYS = itertools.count()
FORMS = {"personal_data": "АЛ-ПДн-2026-11", "mailing_sms": "АЛ-SMS-2026-11"}


def proof(office: Office, phone: str, purpose: str = "register", till: str = "t1", programme: str = "alenka") -> str:
    """A code has come to the phone and was told back. It is the test's own: a message is nobody's business here."""
    id, now, hub = f"p{next(KEYS)}", office.hub.now(), office.hub
    code = Code(
        purpose=purpose,  # type: ignore[arg-type]
        programme=programme,
        digest=hub.codes.digest(id, "1234"),
        ends_at=utc_text(now + timedelta(minutes=5)),
        tries_max=3,
        digits=4,
        till=till,
    )
    row = with_code(CodeRow(id=id, made_at=now, phone=hub.codes.phone(phone), member="", body=""), code)
    hub.within(lambda writer: writer.write(Rows(codes=[row])))
    return check(hub, Told("1234", programme, f"k{id}", id=id, till=till)).id


class Desk:
    def __init__(self, office: Office) -> None:
        self.office = office

    def ask(self, act: str, *, till: str = "t1", key: str = "", programme: str = "alenka", **body: Any) -> Any:
        """The reply; raises ActRefused."""
        asked = Asked("", "Olga", till, "s1" if till else "", programme, key or f"{till}/{next(KEYS)}")
        return ACTS[act].do(self.office.hub, asked, msgspec.convert(body, ACTS[act].takes))

    def refusal(self, act: str, **asked: Any) -> str:
        with pytest.raises(ActRefused) as refused:
            self.ask(act, **asked)
        return refused.value.code

    def form(self, card: str = "blank", phone: str = P3, *consents: str, proven: bool = True, **more: Any) -> Any:
        agreed = [{"what": what, "document": FORMS[what]} for what in consents or ("personal_data",)]
        form = {"card": card, "phone": phone, "name": "Глеб Сомов", "consents": agreed}
        return form | ({"proof": proof(self.office, phone)} if proven else {}) | more


@pytest.fixture
def desk(office: Office) -> Desk:
    """Anna and Boris are registered, and a blank card has gone out."""
    office.join("anna", points=150, phone=P1, name="Анна Петрова", birthday="1990-05-17")
    office.join("boris", points=40, phone=P2, name="Борис Ильин")
    office.take(office.issued("blank", "gleb"))
    return Desk(office)
