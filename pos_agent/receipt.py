"""The paper of a sale as a document for any printer; what stands on it is composed in loyalty/paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from drivers.printer.document import QR, Block, Columns, Cut, Document, Rule, Text
from loyalty.operation import Operation, hash_operation, write_operation
from loyalty.paper.parts import Code, Line, Part, Row, Title
from loyalty.paper.sale import NOTHING_KNOWN as NOTHING_KNOWN
from loyalty.paper.sale import BalanceNow as BalanceNow
from loyalty.paper.sale import gross_kopecks as gross_kopecks
from loyalty.paper.sale import has_member as has_member
from loyalty.paper.sale import is_strangers as is_strangers
from loyalty.paper.sale import mark_of, sale_parts, shop_titles
from loyalty.paper.sale import masked as masked
from loyalty.paper.sale import points_rows as points_rows
from loyalty.paper.words import PaperWords
from loyalty.programme import Language, Programme

QR_SIZE: Final = 4  # dots a module: half a millimetre, which every camera reads, and less paper than more


def receipt(
    operations: Sequence[Operation],
    programme: Programme,
    language: Language,
    balance: BalanceNow | None,
    *,
    lines: bool = False,
    left: Mapping[str, int] = NOTHING_KNOWN,
    claims: bool = False,
) -> Document:
    """As `sale_parts` says."""
    digest = digest_of(operations[-1])
    parts = sale_parts(operations, programme, language, balance, digest, lines=lines, left=left, claims=claims)
    return Document((*blocks_of(parts), Cut()))


def blocks_of(parts: Iterable[Part]) -> list[Block]:
    return [_block(part) for part in parts]


def _block(part: Part) -> Block:
    match part:
        case Row(left, right, bold):
            return Columns(left, right, bold=bold) if right else Text(left, bold=bold)
        case Title(text, bold, double):
            return Text(text, align="center", bold=bold, double=double)
        case Code(text):
            return QR(text, size=QR_SIZE)
        case Line():
            return Rule()


def shop_header(words: PaperWords) -> list[Block]:
    return blocks_of(shop_titles(words))


def operation_mark(operation: Operation) -> str:
    return mark_of(operation, digest_of(operation))


def digest_of(operation: Operation) -> str:
    return hash_operation(write_operation(operation))
