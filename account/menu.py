"""The pages of the account, in the order of its menu: a new one is a module of `pages/` and a row here."""

from __future__ import annotations

from typing import Final

from account.pages.card_orders import CARD_ORDERS
from account.pages.cards import CARDS
from account.pages.door import DOOR
from account.pages.home import HOME
from account.pages.installed import INSTALLED
from account.pages.password import PASSWORD
from account.pages.social import SOCIAL
from account.visit import Page

PAGES: Final[tuple[Page, ...]] = (HOME, CARDS, CARD_ORDERS, DOOR, PASSWORD, SOCIAL, INSTALLED)
