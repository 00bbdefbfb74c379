"""What all commands of the till's face have in common (pos_agent/protocol.py and the files beside it)."""

from __future__ import annotations

import msgspec


class CommandBase(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="do", forbid_unknown_fields=True, omit_defaults=True
):
    """Told apart by `do`."""


class OfReceiptBase(CommandBase, frozen=True, kw_only=True):
    """`sale` names the receipt that the command is about, with its `day` (YYYY-MM-DD) or `shift` where the POS knows
    them. Without a name it is about the receipt in front. `pos`: whose receipt it is, where the till's own page says
    it; a POS with a name of its own means its own."""

    sale: str | None = None
    day: str | None = None
    shift: str | None = None
    pos: str | None = None
