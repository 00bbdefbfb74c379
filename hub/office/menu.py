"""The pages of the office's desk, in the order of its menu: a new one is a module of `pages/` and a row here."""

from __future__ import annotations

from typing import Final

from hub.office.pages.forms import FORMS
from hub.office.pages.tills import TILLS
from hub.office.visit import Page

PAGES: Final[tuple[Page, ...]] = (FORMS, TILLS)
