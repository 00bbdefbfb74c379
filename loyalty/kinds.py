"""The one table of operation kinds: its name, who may make it, what it moves, which paper it brings.

Whoever reads operations has a table of its own with a row for each kind that concerns it (`READERS`). A kind that one
of them forgets is a red test (tests/test_kinds.py), and the reader itself refuses it by name. Rows marked reserved
have a name and nothing else yet; every reader refuses them with one reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar

from loyalty import bodies as b
from loyalty.operation import ACCOUNT_CHAIN, HUB_CHAIN, OFFICE_CHAIN, ONLINE_CHAIN, Operation

Maker = Literal["till", "hub", "office", "account", "online"]
Moves = Literal[
    "points", "lot_ends", "tiers", "coupons", "cards", "members", "holds", "consents", "certificates", "stickers"
]
PaperOf = Literal["receipt", "form", "return"]

RESERVED_REASON = "kind_reserved"
SELLERS: Final[frozenset[Maker]] = frozenset({"till", "online"})  # whose sales somebody looks through
_OWN_MAKERS: Final[Mapping[str, Maker]] = {
    HUB_CHAIN: "hub",
    OFFICE_CHAIN: "office",
    ACCOUNT_CHAIN: "account",
    ONLINE_CHAIN: "online",
}

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`moves` points are points and debt alike; `paper` None: nothing is printed."""

    name: str
    makers: frozenset[Maker]
    moves: frozenset[Moves]
    paper: PaperOf | None = None
    reserved: bool = False


class KindReserved(ValueError):
    """The kind has a name and no meaning yet."""

    reason = RESERVED_REASON


class KindForgotten(LookupError):
    """A reader has no row for a kind: our own mistake."""


def _kind(
    body: type[Any],
    makers: set[Maker],
    moves: set[Moves],
    paper: PaperOf | None = None,
    *,
    reserved: bool = False,
) -> tuple[type[Any], Kind]:
    name = body.__struct_config__.tag
    return body, Kind(name=name, makers=frozenset(makers), moves=frozenset(moves), paper=paper, reserved=reserved)


KIND_OF: Final[Mapping[type[Any], Kind]] = dict(
    [
        _kind(b.Sale, {"till", "online"}, {"points", "tiers", "coupons", "certificates", "stickers"}, "receipt"),
        _kind(
            b.Return, {"till", "office", "online"}, {"points", "tiers", "coupons", "certificates", "stickers"}, "return"
        ),
        _kind(b.ReturnCompleted, {"hub"}, {"coupons", "certificates"}),
        _kind(b.EarlierSale, {"hub"}, set()),
        _kind(b.FiscalAdded, {"till"}, set()),
        _kind(b.SaleClaimed, {"hub", "office", "account"}, {"points", "tiers"}),
        _kind(b.HoldVoided, {"till", "office"}, {"holds"}),
        _kind(b.CardIssued, {"till"}, {"cards", "members"}, "form"),
        _kind(b.CardReissued, {"till"}, {"cards"}, "form"),
        _kind(b.CardMadeVirtual, {"till", "office", "account"}, {"cards"}, "form"),
        _kind(b.CardBlocked, {"till", "office", "account"}, {"cards"}),
        _kind(b.CardUnblocked, {"till", "office"}, {"cards"}),
        _kind(b.MemberJoined, {"hub", "office", "account"}, {"cards", "members"}),
        _kind(b.MemberRegistered, {"hub", "office", "account"}, {"cards", "members"}),
        _kind(b.CardLinked, {"office", "account"}, {"cards"}),
        _kind(b.ProfileChanged, {"office", "account"}, set()),
        _kind(b.MemberMerged, {"hub", "office", "account"}, {"points", "tiers", "cards", "members"}),
        _kind(b.ConsentGiven, {"hub", "office", "account"}, {"consents"}),
        _kind(b.ConsentWithdrawn, {"hub", "office", "account"}, {"consents"}),
        _kind(b.TurnoverBrought, {"hub", "office"}, {"tiers"}),
        _kind(b.Grant, {"hub", "office", "account"}, {"points"}),
        _kind(b.Adjustment, {"hub", "office"}, {"points", "lot_ends", "stickers"}),
        _kind(b.Expiry, {"hub"}, {"points"}),
        _kind(b.CouponMade, {"hub", "office", "account"}, {"points", "stickers", "coupons"}),
        _kind(b.CouponRevoked, {"hub", "office", "account"}, {"coupons"}),
        _kind(b.CertificateSold, {"till", "office", "account"}, {"certificates"}, "receipt"),
        _kind(b.CertificateRefunded, {"till", "office", "account"}, {"certificates"}, "return"),
        _kind(b.CertificateBlocked, {"till", "office"}, {"certificates"}),
        _kind(b.CertificateReplaced, {"till", "office"}, {"certificates"}, "receipt"),
        _kind(b.CertificateEnded, {"hub"}, {"certificates"}),
        _kind(b.PointsToPartner, {"office", "account"}, {"points", "holds"}),
        _kind(b.PointsToCharity, {"account"}, {"points"}),
    ]
)
KINDS: Final[Mapping[str, Kind]] = {kind.name: kind for kind in KIND_OF.values()}

# which kinds concern which reader
READERS: Final[Mapping[str, Callable[[Kind], bool]]] = {
    "standing": lambda kind: "till" in kind.makers and bool(kind.moves & {"points", "tiers", "stickers"}),
    "cache": lambda kind: "till" in kind.makers,
    "papers": lambda kind: "till" in kind.makers and kind.paper is not None,
    "report": lambda kind: "till" in kind.makers,
    "day": lambda kind: "till" in kind.makers,
    "bounds": lambda kind: True,
    "needs": lambda kind: True,
    "books": lambda kind: True,
    "verify": lambda kind: True,
    "accounting": lambda kind: "till" in kind.makers and bool(kind.moves & {"points", "certificates"}),
}


def forgotten(reader: str, table: Mapping[str, object], kinds: Mapping[str, Kind] = KINDS) -> list[str]:
    """Kinds that concern the reader and have no row in its table."""
    concerns = READERS[reader]
    return [name for name, kind in kinds.items() if not kind.reserved and concerns(kind) and name not in table]


def name_of(body: object) -> str:
    """The name of a body's kind."""
    return KIND_OF[type(body)].name


def kind_of(body: object) -> Kind:
    """The row of a body. Raises KindReserved."""
    kind = KIND_OF[type(body)]
    if kind.reserved:
        raise KindReserved(f"operations of the kind {kind.name} have no meaning yet")
    return kind


def row_for(reader: str, table: Mapping[str, _T], body: object) -> _T:
    """The reader's row for a body. Raises KindReserved, or KindForgotten when the reader should have one."""
    name = kind_of(body).name
    try:
        return table[name]
    except KeyError:
        raise KindForgotten(f"{reader} has no row for the kind {name}") from None


def maker_of(chain: str) -> Maker:
    """Who writes a chain: the hub, the office, the account, online shops, else a till."""
    return _OWN_MAKERS.get(chain, "till")


def may_make(operation: Operation) -> bool:
    """Is the operation of a kind that its chain's owner may make?"""
    return maker_of(operation.chain) in KIND_OF[type(operation.body)].makers
