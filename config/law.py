"""The law's least prices, and what fiscal receipts say of some lines: config/law/*.toml and config/law/tags/*.toml,
dated tables with their source, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from config.strict_table import BadKey, Table
from config.toml_file import read_toml
from loyalty.fiscal_tags import FiscalTags
from loyalty.least_price import LeastPrice

LAW = Path(__file__).parent / "law"
TAGS = LAW / "tags"
TAG_MAX = 99  # two digits


class LawError(ValueError):
    """A table that cannot be read: a mistake of whoever changed it, and never a till's."""


@cache
def load_law() -> tuple[LeastPrice, ...]:
    """Every table that ships, in order. Raises LawError."""
    return tuple(row for path in sorted(LAW.glob("*.toml")) for row in read_law(path))


def read_law(path: Path) -> tuple[LeastPrice, ...]:
    """One table; it is called as its file. Raises LawError."""
    try:
        return _rows(Table(read_toml(path)), path.stem)
    except BadKey as error:
        raise LawError(f"{path}: {error}") from None


def _rows(top: Table, name: str) -> tuple[LeastPrice, ...]:
    top.text("source")
    category, per_ml = top.text("category"), top.quantity_m("volume")
    first_day, last_day = top.day("first_day"), top.day("last_day")
    if not per_ml:
        raise top.bad("volume", "is nothing", 'write litres, like "0.5"')
    if last_day < first_day:
        raise top.bad("last_day", "lies before first_day", f"write {first_day} or later")
    rows = []
    for table in top.tables("prices"):
        rows.append(
            LeastPrice(
                table=name,
                kinds=table.texts("kinds"),
                category=category,
                kopecks=table.kopecks("price"),
                per_ml=per_ml,
                first_day=first_day,
                last_day=last_day,
                strength_over_bp=table.kopecks("strength_over", default=0),  # hundredths, as kopecks are
                strength_to_bp=table.kopecks("strength_to") if table.has("strength_to") else None,
            )
        )
        table.close()
    top.close()
    return tuple(rows)


def known_kinds() -> tuple[str, ...]:
    """Every kind that some table names."""
    return tuple(sorted({kind for row in load_law() for kind in row.kinds}))


@cache
def load_tags() -> tuple[FiscalTags, ...]:
    """Every table of tags that ships. Raises LawError."""
    return tuple(read_tags(path) for path in sorted(TAGS.glob("*.toml")))


def read_tags(path: Path) -> FiscalTags:
    """One table. Raises LawError."""
    try:
        return _tags(Table(read_toml(path)))
    except BadKey as error:
        raise LawError(f"{path}: {error}") from None


def _tags(top: Table) -> FiscalTags:
    top.text("source")
    tags = FiscalTags(
        category=top.text("category"),
        subject=top.whole("subject", 1, TAG_MAX),
        method=top.whole("method", 1, TAG_MAX),
        first_day=top.day("first_day"),
        last_day=top.day("last_day"),
    )
    if tags.last_day < tags.first_day:
        raise top.bad("last_day", "lies before first_day", f"write {tags.first_day} or later")
    top.close()
    return tags
