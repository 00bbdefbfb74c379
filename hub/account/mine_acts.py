"""All that is kept of a member, for himself (152-FZ, article 14): never who in the shop did something, nor why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from hub import feed
from hub.account.act import AccountAct, AccountAsked, signed_in
from hub.account.card_order_acts import orders
from hub.account.connect_acts import connected
from hub.account.ticket_acts import told_of
from hub.codes.code import KEPT, code_of
from hub.errands.errand import errands_of
from hub.hub import Hub
from hub.messages.history import messages_of
from hub.people.history import Act, history
from hub.people.who import Person
from hub.store.records import ConsentRow, LotRow, Place
from hub.store.seam import Reader
from hub.tickets.ticket import KIND as TICKET
from loyalty.lots import balance
from loyalty.operation import ACCOUNT_CHAIN
from loyalty.points_life import last_day_of
from loyalty.programme import Programme
from loyalty.utc import utc_text
from sync.account.card_orders import AskOrders
from sync.account.connect import AskConnected
from sync.account.mine import ActMine, ActsMine, AskActs, AskMine, CardMine, CodeMine, ConsentMine, LotMine, Mine

AT_ONCE: Final = 1_000  # operations: some megabytes
ALL: Final = 100_000  # messages
OF_THE_SHOP: Final = frozenset(("by", "asked", "previous_hash"))  # of an operation, what says nothing of him


def mine(hub: Hub, asked: AccountAsked, body: AskMine) -> Mine:
    now, programme = hub.now(), hub.programmes[asked.programme]
    with hub.store.reading() as reader:
        person = signed_in(reader, asked)
        account = feed.accounts(reader, [person.member], now)[person.member]
        lots = sorted(reader.lots_of([person.member]), key=lambda lot: lot.active_from)
        consents = reader.consents_of([person.member])
        stickers = sum(row.stickers for row in reader.stickers_of([person.member]))
        codes = _codes(hub, reader, person)
        messages = messages_of(hub, reader, person.member, programme, most=ALL).messages
        tickets = errands_of(reader, TICKET, person.member)
    ordered = orders(hub, asked, AskOrders()).orders
    known = person.profile
    return Mine(
        member=person.member,
        programme=person.row.programme,
        at=utc_text(now),
        registered=person.row.registered,
        points=balance(account, now),
        debt=account.debt,
        name=known.name or "",
        phone=known.phone or "",
        email=known.email or "",
        birthday=known.birthday or "",
        favourites=known.favourites,
        stickers=stickers,
        cards=tuple(
            CardMine(number=card.number, status=card.status, replaced_by=card.successor or "") for card in person.cards
        ),
        lots=tuple(_lot(lot, programme) for lot in lots),
        consents=tuple(map(_consent, consents)),
        codes=codes,
        messages=messages,
        tickets=tuple(told_of(hub, row) for row in tickets),
        shops=connected(hub, asked, AskConnected()).shops,
        card_orders=tuple(msgspec.structs.replace(one, code="") for one in ordered),
    )


def _lot(lot: LotRow, programme: Programme) -> LotMine:
    return LotMine(
        granted=lot.granted,
        left=lot.remaining,
        active_from=utc_text(lot.active_from),
        expires_at=utc_text(lot.expires_at) if lot.expires_at else "",
        last_day=last_day_of(programme, lot.expires_at).isoformat() if lot.expires_at else "",
    )


def _consent(row: ConsentRow) -> ConsentMine:
    return ConsentMine(
        what=row.what,
        given_at=utc_text(row.given_at),
        document=row.document,
        source=row.source,
        withdrawn_at=utc_text(row.withdrawn_at) if row.withdrawn_at else "",
    )


def _codes(hub: Hub, reader: Reader, person: Person) -> tuple[CodeMine, ...]:
    his = {hub.codes.phone(one) for one in (person.profile.phone, person.profile.email) if one}
    rows = [row for row in reader.codes_since(hub.now() - KEPT) if row.member == person.member or row.phone in his]
    told = [(row, code_of(row)) for row in rows]
    return tuple(CodeMine(at=utc_text(row.made_at), purpose=code.purpose, to=code.to) for row, code in told)


def mine_acts(hub: Hub, asked: AccountAsked, body: AskActs) -> ActsMine:
    with hub.store.reading() as reader:
        person = signed_in(reader, asked)
        acts = history(reader, person.member, [card.number for card in person.cards], body.language)
        done = [act for act in acts if not act.refused]
        some = done[body.after : body.after + AT_ONCE]
        kept = reader.operations([_place(act) for act in some])
    texts = {one.place.id: one.text for one in kept.values()}
    return ActsMine(acts=tuple(_act(act, texts[act.id]) for act in some), more=len(done) > body.after + AT_ONCE)


def _place(act: Act) -> Place:
    chain, generation, sequence = act.id.rsplit("/", 2)
    return Place(chain, int(generation), int(sequence))


def _act(act: Act, text: str) -> ActMine:
    operation = msgspec.json.decode(text)
    return ActMine(
        at=act.at,
        kind=act.kind,
        words=_without_why(act.words, operation),
        points=act.points,
        kopecks=act.kopecks,
        kept=of_him(operation),
    )


def _without_why(words: str, operation: dict[str, Any]) -> str:
    """Why it was done is the office's."""
    reason = operation["body"].get("reason")
    return words.replace(f": {reason}", "") if reason else words


def of_him(operation: dict[str, Any]) -> dict[str, Any]:
    """Why somebody in the shop did it is the shop's; why he did it himself is his."""
    told = {name: value for name, value in operation.items() if name not in OF_THE_SHOP}
    if isinstance(told.get("body"), dict) and told.get("chain") != ACCOUNT_CHAIN:
        told["body"] = {name: value for name, value in told["body"].items() if name != "reason"}
    return told


MINE_ACTS: Final[Mapping[str, AccountAct]] = {
    "mine": AccountAct(takes=AskMine, do=mine),
    "mine_acts": AccountAct(takes=AskActs, do=mine_acts),
}
