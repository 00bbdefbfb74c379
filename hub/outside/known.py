"""Which services the hub that serves this ledger has, for whoever offers what needs them: kept in the ledger's
settings, because another process may ask."""

from __future__ import annotations

from typing import Final, Literal

from hub.outside.services import Services
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer

SERVICES: Final = "services"  # a setting: their names
Known = Literal["payment", "fiscal", "letters"]


def note_services(writer: Writer, services: Services) -> None:
    there = {"payment": services.payment, "fiscal": services.fiscal, "letters": services.letters}
    said = " ".join(name for name, service in there.items() if service is not None)
    if (writer.setting(SERVICES) or "") != said:
        writer.write(Rows(settings={SERVICES: said}))


def has_services(reader: Reader, *names: Known) -> bool:
    return set(names) <= set((reader.setting(SERVICES) or "").split())
