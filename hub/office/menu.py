"""The pages of the office's desk, in the order of its menu: a new one is a module of `pages/` and a row here."""

from __future__ import annotations

from typing import Final

from hub.office.pages.campaigns import CAMPAIGNS
from hub.office.pages.card_orders import CARD_ORDERS
from hub.office.pages.cases import CASES
from hub.office.pages.certificate_orders import CERTIFICATE_ORDERS
from hub.office.pages.certificates import CERTIFICATES
from hub.office.pages.claims import CLAIMS
from hub.office.pages.day import DAY
from hub.office.pages.designs import DESIGNS
from hub.office.pages.exchanges import EXCHANGES
from hub.office.pages.forms import FORMS
from hub.office.pages.gifts import GIFTS
from hub.office.pages.mailings import MAILINGS
from hub.office.pages.members import MEMBERS
from hub.office.pages.second import SECOND
from hub.office.pages.sent import SENT
from hub.office.pages.shops import SHOPS
from hub.office.pages.staff import STAFF
from hub.office.pages.tickets import TICKETS
from hub.office.pages.tills import TILLS
from hub.office.visit import Page

PAGES: Final[tuple[Page, ...]] = (
    *(CASES, TICKETS, MEMBERS, FORMS, CARD_ORDERS, CLAIMS, CERTIFICATES, CERTIFICATE_ORDERS, DESIGNS, SECOND, GIFTS),
    *(CAMPAIGNS, MAILINGS, EXCHANGES, DAY, SHOPS, TILLS, SENT, STAFF),
)
