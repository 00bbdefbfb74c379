"""Online shops that may speak to the hub, and their keys: each with what it may ask (its scopes).

    ps1.NAME.SECRET    a key, as it is shown once and sent as `Authorization: Bearer`

What is kept of a key is its hash. A shop with its keys is one setting of the ledger, `shop/NAME`; `shops` has their
names.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple, get_args
from urllib.parse import urlsplit

import msgspec

from hub.people.orders import NotDone
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.utc import utc_text

Scope = Literal["quote", "order", "return", "members", "catalogue", "prices"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
EDITION: Final = "ps1"
NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
TITLE_LETTERS_MAX: Final = 60
ADDRESS_LETTERS_MAX: Final = 300
PAY_MINUTES: Final = 60  # so long an order waits for its money, and its points with it
LINK_DAYS: Final = 180  # so long a member stays connected with a shop that says nothing else
PLACE: Final = re.compile(r"[A-Za-z0-9.:\[\]-]+")  # of an address: it stands in a header of the account's page
NAMES: Final = "shops"  # a setting
LOCAL: Final = frozenset(("localhost", "127.0.0.1", "::1"))


class ShopKey(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`revoked_at` "": it holds. `members_stay`: it was changed for another, and whoever was connected by it still
    is."""

    id: str
    hash: str
    scopes: tuple[Scope, ...]
    made_at: str
    by: str
    revoked_at: str = ""
    members_stay: bool = False


class OnlineShop(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`store`: under which its sales stand; `back`: addresses to which a member's browser is sent back, whole;
    `link_days`: so long a member stays connected; `pay_minutes`: so long an order waits for its money."""

    name: str
    title: str
    store: str
    programme: str
    back: tuple[str, ...] = ()
    link_days: int = LINK_DAYS
    pay_minutes: int = PAY_MINUTES
    keys: tuple[ShopKey, ...] = ()

    @property
    def link_time(self) -> timedelta:
        return timedelta(days=self.link_days)

    def key_called(self, id: str) -> ShopKey | None:
        return next((key for key in self.keys if key.id == id), None)


class Caller(NamedTuple):
    """Who asks, with which of its keys."""

    shop: OnlineShop
    key: ShopKey

    def may(self, scope: str) -> bool:
        return scope in self.key.scopes


# looking


def shop_named(reader: Reader, name: str) -> OnlineShop | None:
    """None also for what is no name."""
    said = reader.setting(_setting(name)) if NAME.fullmatch(name) else None
    return msgspec.json.decode(said, type=OnlineShop) if said else None


def shops(reader: Reader) -> list[OnlineShop]:
    """By name."""
    return [shop for name in _names(reader) if (shop := shop_named(reader, name)) is not None]


def caller_of(reader: Reader, text: str) -> Caller | None:
    """Whose key this is; None: nobody's, or it was revoked."""
    edition, _, rest = text.partition(".")
    name, _, secret = rest.partition(".")
    shop = shop_named(reader, name) if edition == EDITION and secret else None
    if shop is None:
        return None
    hidden = hash_of(text)
    key = next((one for one in shop.keys if secrets.compare_digest(one.hash, hidden)), None)
    return Caller(shop, key) if key is not None and not key.revoked_at else None


def hash_of(text: str) -> str:
    """What is kept of a key, a code or a token: they have 256 bits, and need no slow hash."""
    return hashlib.sha256(text.encode()).hexdigest()


# the office's orders


def add_shop(writer: Writer, shop: OnlineShop) -> OnlineShop:
    """A new one, or what is another now of one that is there: its keys stay. Raises NotDone."""
    _check(shop)
    before = shop_named(writer, shop.name)
    if before is not None and (before.programme, before.store) != (shop.programme, shop.store):
        raise NotDone(
            f"Shop {shop.name} sells in store {before.store} of {before.programme}: its sales stand there. Another"
            " store or programme is another shop.",
            code="shop_is_another",
        )
    kept = msgspec.structs.replace(shop, keys=before.keys if before is not None else ())
    _write(writer, kept)
    return kept


def new_key(
    writer: Writer,
    name: str,
    scopes: Iterable[Scope],
    by: str,
    now: datetime,
    random_text: Callable[[int], str] = secrets.token_urlsafe,
) -> str:
    """The key's text, which is kept nowhere. Raises NotDone."""
    shop = _there(writer, name)
    asked = tuple(one for one in SCOPES if one in set(scopes))
    if not asked:
        raise NotDone(f"Say what the key may ask: {', '.join(SCOPES)}.", code="no_scopes")
    text = f"{EDITION}.{name}.{random_text(32)}"
    made = ShopKey(id=f"k{len(shop.keys) + 1}", hash=hash_of(text), scopes=asked, made_at=utc_text(now), by=by)
    _write(writer, msgspec.structs.replace(shop, keys=(*shop.keys, made)))
    return text


def revoke_keys(writer: Writer, name: str, id: str | None, now: datetime, *, members_stay: bool = False) -> list[str]:
    """One key, or with `id` None all that hold; their ids. Whoever was connected by them is connected no more, unless
    `members_stay`. Raises NotDone."""
    shop = _there(writer, name)
    if id is not None and shop.key_called(id) is None:
        raise NotDone(f"Shop {name} has no key {id}.", code="no_key")
    gone = [key.id for key in shop.keys if not key.revoked_at and id in (None, key.id)]
    keys = [
        msgspec.structs.replace(key, revoked_at=utc_text(now), members_stay=members_stay) if key.id in gone else key
        for key in shop.keys
    ]
    _write(writer, msgspec.structs.replace(shop, keys=tuple(keys)))
    return gone


def _check(shop: OnlineShop) -> None:
    if not NAME.fullmatch(shop.name):
        raise NotDone("A shop is called by small letters, digits and dashes, at most 32.", code="bad_name")
    if not shop.title.strip() or len(shop.title) > TITLE_LETTERS_MAX or not shop.title.isprintable():
        raise NotDone(f"A shop's title has 1 to {TITLE_LETTERS_MAX} letters: members read it.", code="bad_title")
    for address in shop.back:
        if not _is_address(address):
            raise NotDone(
                f"{address} is no address to which members come back: https://…, whole and without #; http only on this"
                " machine.",
                code="bad_back",
            )


def _is_address(text: str) -> bool:
    """A browser sends a one-time code there: nobody on the way may read it."""
    if not text.isascii() or not text.isprintable() or len(text) > ADDRESS_LETTERS_MAX or {" ", "#"} & set(text):
        return False
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOCAL)
    return is_safe and PLACE.fullmatch(parts.netloc) is not None


def _there(reader: Reader, name: str) -> OnlineShop:
    shop = shop_named(reader, name)
    if shop is None:
        raise NotDone(f"There is no shop {name}: `pos-hub shop add` makes one.", code="no_shop")
    return shop


def _write(writer: Writer, shop: OnlineShop) -> None:
    names = sorted({*_names(writer), shop.name})
    settings = {_setting(shop.name): msgspec.json.encode(shop).decode(), NAMES: msgspec.json.encode(names).decode()}
    writer.write(Rows(settings=settings))


def _names(reader: Reader) -> list[str]:
    said = reader.setting(NAMES)
    return msgspec.json.decode(said, type=list[str]) if said else []


def _setting(name: str) -> str:
    return f"shop/{name}"
