"""The one table of what files may bring besides members. A new kind is one file beside this one, with its headings, its
row, how rows are judged and counted, and one row here; `pos-hub import --as NAME` offers it then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hub.brought.cards import CARDS
from hub.brought.consents import CONSENTS
from hub.brought.kind import Kind
from hub.brought.lots import LOTS
from hub.brought.receipts import RECEIPTS
from hub.brought.turnover import TURNOVER_KIND

BROUGHT: Final[Mapping[str, Kind[Any]]] = {kind.name: kind for kind in (LOTS, TURNOVER_KIND, CARDS, CONSENTS, RECEIPTS)}
