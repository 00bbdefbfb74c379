"""The pages of the account, in the order of its menu: a new one is a module of `pages/` and a row here."""

from __future__ import annotations

from typing import Final

from account.pages.cards import CARDS
from account.pages.confirm import CONFIRM
from account.pages.door import DOOR
from account.pages.first import FIRST
from account.pages.home import HOME
from account.pages.installed import INSTALLED
from account.pages.password import PASSWORD
from account.pages.register import REGISTER
from account.pages.social import SOCIAL
from account.pages.who import WHO
from account.visit import Page

PAGES: Final[tuple[Page, ...]] = (REGISTER, HOME, CARDS, DOOR, WHO, PASSWORD, FIRST, CONFIRM, SOCIAL, INSTALLED)
