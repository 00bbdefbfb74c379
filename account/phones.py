"""Phones of shops and of the hotline, as people read them."""

from __future__ import annotations

from typing import Final

from loyalty.phones import phone_text

FREE: Final = "+7800"  # which Russia dials as 8 800, and no other country at all


def phone_shown(e164: str) -> str:
    text = phone_text(e164)
    return text.replace("+7", "8", 1) if e164.startswith(FREE) else text
