"""The printer of a till's settings, with its thread's work and its turn among the shop's programs."""

from __future__ import annotations

from config.settings import Settings
from drivers.printer.printer import Printer
from offline_cache.cache import Cache
from pos_agent.parts import profile_of
from pos_agent.printing import Printing
from pos_agent.sharing import Sharing


def printing_of(settings: Settings, cache: Cache, sharing: Sharing) -> Printing | None:
    if settings.printer is None:
        return None
    profile, turn = profile_of(settings.printer), sharing.printer(settings.printer)
    printer = Printer(turn.url if turn is not None else settings.printer.url, profile)
    return Printing(cache, printer, language=settings.language, receipt_language=settings.receipt_language, turn=turn)
