"""Members who are connected with an online shop: an errand of kind `shop_link`.

    offered ──exchanged──▶ linked ──▶ ended          offered ──▶ ended, a minute later

What a member's browser carries is a code, good once with the shop's own key; what the shop keeps is a token. Of both
the ledger has the hash. A link holds while its member is there with the phone that he had, and the key that made it
stands.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from hub.account.act import mark_of
from hub.errands.errand import Errand, errand_id, errands_of, his_errand
from hub.people.orders import NotDone
from hub.people.who import Person, is_erased, people
from hub.shop.keys import OnlineShop, hash_of, shop_named
from hub.store.errand_records import ErrandRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.utc import utc_text

if TYPE_CHECKING:
    from hub.hub import Hub
    from hub.outside.services import Services

KIND: Final = "shop_link"
OFFERED: Final = "offered"
LINKED: Final = "linked"
ENDED: Final = "ended"
CODE_LIVES: Final = timedelta(seconds=60)
TOKEN: Final = "pm1"  # how a member token begins
LETTERS_MAX: Final = 200


class LinkBody(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`mark`: of the phone that he had; `code`: the hash of it; `token`, `key`, `asked`: the hash of what the shop
    keeps, by which of its keys it came to it, and the hash of the key of that request; `until`: UTC."""

    shop: str
    mark: str
    code: str
    offered_at: str
    until: str
    token: str = ""
    key: str = ""
    asked: str = ""


class Linked(NamedTuple):
    """A link that holds."""

    id: str
    shop: OnlineShop
    person: Person
    body: LinkBody
    since: datetime


# at the account


def offer(
    writer: Writer,
    shop: OnlineShop,
    person: Person,
    key: str,
    now: datetime,
    random_text: Callable[[int], str] = secrets.token_urlsafe,
) -> str:
    """A code for the shop; the form that is sent twice has another each time, and only the last is good. Raises
    NotDone."""
    id = errand_id(KIND, person.member, key)
    before = writer.locked_errands([id]).get(id)
    if before is not None and before.state != OFFERED:
        raise NotDone("By this form he was connected already.", code="connect_done")
    code = f"{id}.{random_text(32)}"
    body = LinkBody(
        shop=shop.name,
        mark=mark_of(person),
        code=hash_of(code),
        offered_at=utc_text(now),
        until=utc_text(now + shop.link_time),
    )
    _write(writer, ErrandRow(id, KIND, person.member, shop.name, OFFERED, now + CODE_LIVES, now, ""), body)
    return code


def links_of(reader: Reader, member: str, now: datetime) -> list[Linked]:
    """Those that hold, the newest first."""
    return [held for row in errands_of(reader, KIND, member) if (held := _held(reader, row, now)) is not None]


def end_his(writer: Writer, member: str, id: str, now: datetime) -> str:
    """All that he has with the shop of this one, on each of his devices; which shop it was. Raises NotDone."""
    shop = his_errand(writer, KIND, member, id).about
    ids = [row.id for row in errands_of(writer, KIND, member) if row.about == shop and row.state != ENDED]
    writer.write(Rows(errands=[_ended(row, now) for row in writer.locked_errands(ids).values()]))
    return shop


# at the shop


def exchange(hub: Hub, shop: str, key: str, code: str, asked: str) -> tuple[str, Linked]:
    """The token for a code, once; the same request again, under the key `asked`, is answered again. Another shop's code
    is an unknown one. `key`: id of the shop's key with which it is asked. Raises NotDone: link_unknown, link_over,
    link_used."""
    return hub.within(lambda writer: _exchanged(hub, writer, shop, key, code, asked))


def _exchanged(hub: Hub, writer: Writer, shop: str, key: str, code: str, asked: str) -> tuple[str, Linked]:
    row, now = _row(writer.locked_errands, shop, code.partition(".")[0]), hub.now()
    body = _body(row) if row is not None else None
    if row is None or body is None or not secrets.compare_digest(body.code, hash_of(code)):
        raise NotDone("No member has agreed with this code.", code="link_unknown")
    if row.state == LINKED and body.asked != hash_of(asked):
        raise NotDone("The code was used: send the member to his account again.", code="link_used")
    if row.state == ENDED or now > datetime.fromisoformat(body.offered_at) + CODE_LIVES:
        raise NotDone("The code is good for a minute: send the member to his account again.", code="link_over")
    # of what the ledger has not: whoever reads it there makes no token of it
    token = f"{TOKEN}.{row.id}.{hub.codes.digest(f'{KIND}/{row.id}', code)}"
    linked = msgspec.structs.replace(body, token=hash_of(token), key=key, asked=hash_of(asked))
    due = datetime.fromisoformat(body.until)
    held = _held(writer, _write(writer, row._replace(state=LINKED, due_at=due, at=now), linked), now)
    if held is None:
        raise NotDone("The member is not there any more.", code="link_over")
    return token, held


def member_linked(reader: Reader, shop: str, token: str, now: datetime) -> Linked:
    """Whom this token means, for this shop. Raises NotDone (member_unknown): it is nobody's, was ended, or is
    another shop's."""
    begins, _, rest = token.partition(".")
    is_one = begins == TOKEN and len(token) <= LETTERS_MAX
    row = _row(reader.errands, shop, rest.partition(".")[0]) if is_one else None
    held = _held(reader, row, now) if row is not None else None
    if held is None or not secrets.compare_digest(held.body.token, hash_of(token)):
        raise NotDone("The member is not connected any more: send him to his account.", code="member_unknown")
    return held


def end_link(writer: Writer, shop: str, token: str, now: datetime) -> bool:
    """He has signed out there. False: it was none that held."""
    try:
        held = member_linked(writer, shop, token, now)
    except NotDone:
        return False
    _end(writer, writer.locked_errands([held.id])[held.id], now)
    return True


def _held(reader: Reader, row: ErrandRow, now: datetime) -> Linked | None:
    body, shop = _body(row), shop_named(reader, row.about)
    if shop is None or row.state != LINKED or datetime.fromisoformat(body.until) <= now:
        return None
    key = shop.key_called(body.key)
    if key is None or (key.revoked_at and not key.members_stay):
        return None
    found = people(reader, [row.member])
    if not found or found[0].row.programme != shop.programme or is_erased(reader, found[0].member):
        return None
    return Linked(row.id, shop, found[0], body, row.at) if mark_of(found[0]) == body.mark else None


def _row(looked: Callable[[Collection[str]], dict[str, ErrandRow]], shop: str, id: str) -> ErrandRow | None:
    """Of this shop."""
    row = looked([id]).get(id) if id.isascii() and id.isalnum() else None
    return row if row is not None and row.kind == KIND and row.about == shop else None


def _body(row: ErrandRow) -> LinkBody:
    return msgspec.json.decode(row.body, type=LinkBody)


def _write(writer: Writer, row: ErrandRow, body: LinkBody) -> ErrandRow:
    row = row._replace(body=msgspec.json.encode(body).decode())
    writer.write(Rows(errands=[row]))
    return row


def _end(writer: Writer, row: ErrandRow, now: datetime) -> None:
    writer.write(Rows(errands=[_ended(row, now)]))


# the errand


def _ended(row: ErrandRow, now: datetime) -> ErrandRow:
    """With nothing by which a code or a token could be known again."""
    body = msgspec.structs.replace(_body(row), mark="", code="", token="", asked="")
    return row._replace(state=ENDED, due_at=None, at=now, body=msgspec.json.encode(body).decode())


def _forget(writer: Writer, row: ErrandRow, now: datetime) -> ErrandRow:
    return _ended(row, now)._replace(member="")


def _step(hub: Hub, services: Services, row: ErrandRow) -> None:
    """Nobody came with the code, or the link has lived its days."""
    hub.within(lambda writer: _end(writer, writer.locked_errands([row.id])[row.id], hub.now()))


SHOP_LINK: Final = Errand(KIND, _forget, _step)
