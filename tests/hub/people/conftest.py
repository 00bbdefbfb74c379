"""Three members of whom the office knows something."""

from __future__ import annotations

import pytest

from hub.people.orders import Order
from tests.hub.conftest import Office

OLGA = Order(by="Olga")
P1, P2 = "+79161234567", "+79167654321"


@pytest.fixture
def people(office: Office) -> Office:
    office.join("anna", points=150, phone=P1, name="Анна Петрова", birthday="1990-05-17", favourites=("чай",))
    office.join("boris", points=40, phone=P2, name="Борис Ильин")
    office.join("vera", registered=False)
    return office
