"""What was typed, or stands in the address."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs

from web.body import TooLarge

FIELDS_MAX: Final = 500


class Form(dict[str, list[str]]):
    def one(self, name: str, otherwise: str = "") -> str:
        """Without spaces around it."""
        return self.get(name, [otherwise])[-1].strip()


def form_of(text: str) -> Form:
    """Of a query, or of a form's body. Raises TooLarge."""
    try:
        return Form(parse_qs(text, keep_blank_values=True, max_num_fields=FIELDS_MAX))
    except ValueError as error:
        raise TooLarge from error
