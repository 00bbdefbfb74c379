"""E-mail addresses as people type them."""

from __future__ import annotations

import re
from typing import Final

LETTERS_MAX: Final = 254
LOCAL: Final = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII | re.IGNORECASE)
LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
LOCAL_MAX: Final = 64


class BadEmail(ValueError):
    """A text that is no address."""


def parse_email(text: str) -> str:
    """As letters are sent to it: the name as it was typed, the host in small letters, a Russian one as xn--… Raises
    BadEmail."""
    name, _, host = text.strip().rpartition("@")
    try:
        plain = host.casefold().encode("idna").decode()
    except UnicodeError:
        plain = ""
    labels = plain.split(".")
    good = len(name) <= LOCAL_MAX and LOCAL.fullmatch(name) and len(labels) > 1 and all(map(LABEL.fullmatch, labels))
    if not good or labels[-1].isdigit() or len(name) + 1 + len(plain) > LETTERS_MAX:
        raise BadEmail("is no e-mail address; write it like anna@mail.ru")
    return f"{name}@{plain}"


def shown_email(email: str) -> str:
    """As whoever asks may read it: `a···@mail.ru`."""
    name, _, host = email.partition("@")
    return f"{name[:1]}···@{host}"
