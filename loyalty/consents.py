"""To what a person may agree, and how he may have said so: closed tables, with words in both languages.

Since 1 September 2025 consent to the use of personal data is a document of its own (152-FZ, article 9): one for each of
these, never a line among the rules of a programme.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

ConsentTo = Literal["personal_data", "mailing_sms", "mailing_email", "mailing_push", "profiling", "programme_rules"]
ConsentSource = Literal["paper", "site", "app", "phone", "file"]

WORDS: Final[Mapping[ConsentTo, tuple[str, str]]] = {
    "personal_data": ("обработка персональных данных", "use of personal data"),
    "mailing_sms": ("рассылка по SMS", "mailings by text message"),
    "mailing_email": ("рассылка по e-mail", "mailings by e-mail"),
    "mailing_push": ("уведомления в приложении", "messages in the application"),
    "profiling": ("персональные предложения", "offers of his own"),
    "programme_rules": ("правила программы", "the programme's rules"),
}
SOURCES: Final[Mapping[ConsentSource, tuple[str, str]]] = {
    "paper": ("бумажная анкета", "a form on paper"),
    "site": ("сайт", "the site"),
    "app": ("приложение", "the application"),
    "phone": ("по телефону", "by phone"),
    "file": ("из прежней программы", "told by a file"),
}
DOCUMENT_LETTERS_MAX: Final = 100  # a document's version, such as «ПДн-2025-09»: it names no person
# a till asks for no address, and who shows a card there takes the rules: the member's account asks for both
IN_ACCOUNT_ALONE: Final[frozenset[ConsentTo]] = frozenset(("mailing_email", "programme_rules"))
CONSENTS: Final[tuple[ConsentTo, ...]] = get_args(ConsentTo)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentText:
    """What is read and signed, in one language."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentDocument:
    """One document of a programme. `needed`: nobody is registered without it; all others are as he likes."""

    what: ConsentTo
    version: str
    needed: bool
    ru: ConsentText
    en: ConsentText
