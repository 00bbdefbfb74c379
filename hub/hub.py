"""The hub: takes operations once, answers each for ever, and tells every till what changed.

Everything it knows is in its store (hub/store/seam.py). It decides in `books/intake.py`, tells in `feed.py`, knows its
tills in `tills/book.py` and makes operations of its own in `bearing.py`; here they are joined with what is the hub's
own: its clock, its secrets, the programmes in force.
"""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar
from zoneinfo import ZoneInfo

from hub import feed, taking_up
from hub.asked import member_now
from hub.bearing import Asking, Said, Where, behind, settle, tell_anew
from hub.books.coupon_rows import CouponRules
from hub.books.holds import reserve
from hub.books.intake import Intake, Taken, answer_of, held_end
from hub.card_phones.keys import keys_now
from hub.cases.other_file import case_due, open_case, other_files
from hub.certificates.pins import CertificatePins
from hub.codes.secrets import CodeSecrets
from hub.coupon_keys import CouponSigner, coupon_signer, told_coupon_keys
from hub.epochs import EPOCH, EPOCH_BYTES
from hub.keys import Keys, new_keys
from hub.outside.services import NO_SERVICES
from hub.phone_keys import phone_key_now
from hub.programmes import Programmes, rules_of
from hub.staff.pepper import pepper_now
from hub.store.errors import StoreOff
from hub.store.office_records import ProgrammeRow
from hub.store.records import ProfileRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Store, Writer
from hub.stores import is_news, see
from hub.tills.book import TillBook
from loyalty.bodies import Body
from loyalty.certificate_text import open_certificate
from loyalty.coupon_token import CouponClaims
from loyalty.lots import Account, balance
from loyalty.operation import HUB_CHAIN, OWN_CHAINS
from loyalty.operation import Store as Shop
from loyalty.phones import phone_key
from loyalty.programme import CouponTerms, Programme
from loyalty.snapshot import MemberSnapshot
from loyalty.typed_codes import RANDOM_BITS, make_code
from sync.protocol import (
    CHAIN,
    ChangesPage,
    HoldReply,
    HoldRequest,
    MemberNow,
    MemberRequest,
    OperationAnswer,
)

CLASH_PAUSE_S = 0.005  # a transaction of somebody else lasts some hundredths of a second

_T = TypeVar("_T")


class Hub:
    """`now` is the hub's clock, `programmes` what ships with it, by id, `random_bytes` where its secrets come from.
    `read_programme` gives the programme in a file's text, None for what is none. `shop`: where operations of its own
    happen. `keys`: its own; without any they are as old as the process."""

    def __init__(
        self,
        store: Store,
        *,
        now: Callable[[], datetime],
        programmes: Mapping[str, Programme],
        read_programme: Callable[[str], Programme | None] = lambda source: None,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
        shop: Shop | None = None,
        keys: Keys | None = None,
    ) -> None:
        self.store = store
        self.known = Programmes(programmes, read_programme)
        self.now = now
        self._read_programme = read_programme
        self._random_bytes = random_bytes
        self._shop = shop
        self._intake = Intake(store, self.zone_of, _pause, now, CouponRules(self.coupon_terms, self.coupon_code_digest))
        self._shelf: set[str] = set()  # hashes of programmes that are known to be kept
        self._rules: dict[str, Programme] = {}  # of the shelf, read
        self.keys = keys or new_keys(random_bytes)
        self.codes = CodeSecrets(self.keys.phones, random_bytes)
        self.certificate_pins = CertificatePins(self.keys.phones)
        self.bell = threading.Event()  # there is something to send
        self.services = NO_SERVICES  # who is asked outside
        self.outbox: Path | None = None  # where what is sent may be read, of a trial's sender
        self.ledger = self._kept("ledger")
        self.epoch = self._kept(EPOCH)
        self.tills = TillBook(store, self._intake, now, ledger=self.ledger, keys=self.keys)
        self.look_at_programmes()

    @property
    def programmes(self) -> Mapping[str, Programme]:
        """What is in force now, by id, as far as was looked at."""
        return self.known.at(self.now())

    def look_at_programmes(self) -> None:
        """What was published meanwhile, by another process too. Not inside a transaction."""
        self.known.look(self.store, self.now())

    def zone_of(self, programme: str) -> ZoneInfo:
        return self.known.zone_of(programme)

    def close(self) -> None:
        self.store.close()

    def _kept(self, name: str) -> str:
        """A name of the ledger's own, made once: which it is, and which of its lives (each restore begins one)."""
        with self.store.reading() as reader:
            kept = reader.setting(name)
        return kept or self._intake.within(lambda writer: self._made(writer, name))

    def _made(self, writer: Writer, name: str) -> str:
        kept = writer.setting(name)
        if kept is None:
            kept = self._random_bytes(EPOCH_BYTES).hex()
            writer.write(Rows(settings={name: kept}))
        return kept

    # operations from tills

    def take(self, till: str, texts: Sequence[str]) -> Taken:
        """Answer each operation of a batch, oldest first, up to where it stops. Raises StoreOff, and then nothing was
        taken (OutcomeUnknown: or all)."""
        self.look_at_programmes()
        taken = self._intake.take(till, texts)
        self._note_files(till, filter(None, map(rules_of, texts[: len(taken.answers)])))
        applied = (text for text, one in zip(texts, taken.answers, strict=False) if one.result == "applied")
        taking_up.soon(self, applied)
        return taken

    # what tills ask while somebody waits

    def hold(self, request: HoldRequest) -> HoldReply:
        """Reserve points for a receipt, or as many as there are. Raises AskRefused, StoreOff."""
        return self._intake.within(lambda writer: reserve(writer, request, self.now()), first=True)

    def member_now(self, request: MemberRequest) -> MemberNow:
        """Who this card, phone or id is, as he is now; from now on he is seen in the till's store, if that can be
        written. Raises AskRefused, StoreOff."""
        self.look_at_programmes()
        rules = self.programmes.get(request.programme)
        with self.store.reading() as reader:
            now, hashed = self.now(), self._hashes_phones(reader, request.programme)
            told = member_now(reader, request, now=now, phone_key=hashed, rules=rules)
            found = told.member.member if told.member else None
            news = found is not None and is_news(reader, request.store, found, now)
        if found is not None and news:
            with suppress(StoreOff):  # he waits, and is answered; he is seen when he buys
                self._intake.within(lambda writer: see(writer, request.store, [found], now), first=True)
        return told

    # the shelf of programmes

    def programmes_wanted(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Hashes of the rules that these operations were made under and that are not on the shelf."""
        hashes = dict.fromkeys(filter(None, map(rules_of, texts)))
        unknown = [one for one in hashes if one not in self._shelf]
        if not unknown:
            return ()
        with self.store.reading() as reader:
            self._shelf.update(reader.programmes(unknown))
        return tuple(one for one in unknown if one not in self._shelf)

    def keep_programmes(self, sources: Mapping[str, str], till: str = "") -> None:
        """Files that a till sent, or that came with this hub. One that is not what its hash says is left out; one that
        is another than what is known under its id and version is kept, and a case of the till's."""
        read = {hash: self._read_programme(source) for hash, source in sources.items()}
        good = {hash: found for hash, found in read.items() if found is not None and found.content_hash == hash}
        if good:
            kept = [ProgrammeRow(hash, sources[hash]) for hash in good]
            self._intake.within(lambda writer: writer.write(Rows(programmes=kept)))
        self._note_files(till, good)

    def _note_files(self, till: str, hashes: Iterable[str]) -> None:
        """Under which the till works."""
        for file in other_files(till, hashes, self.known, self.rules):
            with self.store.reading() as reader:
                due = case_due(reader, file, self.now())
            if due is not None:
                self._intake.within(partial(open_case, file=file, now=self.now()))

    def published_source(self, content_hash: str) -> str | None:
        """The file of a programme that is published; None: there is none of this hash."""
        self.look_at_programmes()
        return self.programme_source(content_hash) if self.known.published(content_hash) else None

    def programme_source(self, content_hash: str) -> str | None:
        """The file of a programme that operations were made under."""
        with self.store.reading() as reader:
            return reader.programmes([content_hash]).get(content_hash)

    def rules(self, content_hash: str) -> Programme | None:
        """The programme that operations were made under; None where nobody has sent it."""
        in_force = {programme.content_hash: programme for programme in self.programmes.values()}
        known = in_force.get(content_hash) or self._rules.get(content_hash)
        if known is None and (source := self.programme_source(content_hash)) is not None:
            known = self._read_programme(source)
            if known is not None:
                self._rules[content_hash] = known
        return known

    # operations born here

    def bear(
        self,
        programme: str,
        *bodies: Body,
        chain: str = HUB_CHAIN,
        asked: str | None = None,
        by: str | None = None,
        profiles: Sequence[ProfileRow] = (),
        settings: Mapping[str, str] = MappingProxyType({}),
    ) -> list[OperationAnswer]:
        """Make and post operations of the hub's own (its jobs, the office, the account), all in one transaction, with
        the profiles of those members who are there in the end."""
        said = Said(bodies, profiles, settings)
        return self.bear_after(programme, lambda reader: said, chain=chain, asked=asked, by=by)

    def bear_after(
        self,
        programme: str,
        decide: Callable[[Writer], Said],
        *,
        chain: str = HUB_CHAIN,
        asked: str | None = None,
        by: str | None = None,
        at: datetime | None = None,
        ahead: bool = False,
        place: Where | None = None,
    ) -> list[OperationAnswer]:
        """The same after a look at the ledger in the same transaction. `decide` may be asked again, when somebody else
        wrote meanwhile; it may hold members, for the chain is held before. `at`: when they happened, if not now.
        `ahead`: all is decided before the turn comes, so that nobody waits for that. `place`: where they happen, if not
        in the hub's own shop under today's rules."""
        assert chain in OWN_CHAINS, "tills make their own"
        self.look_at_programmes()

        def decided(writer: Writer) -> Rows:
            end = held_end(writer, chain)
            said = decide(writer)
            common = Asking(
                programme=programme,
                programme_hash=place.rules if place else self.programmes[programme].content_hash,
                at=at or self.now(),
                shop=place.shop if place else self._shop,
                channel=place.channel if place else "shop",
                asked=asked,
                by=by,
            )
            written = behind(end, said.bodies, common)
            rows, ledger = self._intake.bear(writer, written)
            rows.profiles = [profile for profile in said.profiles if ledger.member(profile.member)]
            rows.settings = dict(said.settings)
            settle(rows, said.settled, whole=said.whole)
            rows.once += said.once
            rows.errands += said.errands
            tell_anew(writer, rows, programme, said.known, self.now())
            return rows

        written = self._intake.wrote(decided, ahead=ahead).operations
        taking_up.soon(self, (kept.text for kept in written if kept.reason is None))
        return [answer_of(kept) for kept in written]

    def within(self, work: Callable[[Writer], _T], *, first: bool = False) -> _T:
        """Work of the hub's own that needs no operation, in one transaction, when it is its turn. May be asked again,
        as `decide` is. `first`: before the operations that wait, because a customer does."""
        return self._intake.within(work, first=first)

    # the change feed

    def changes(
        self,
        *,
        till: str,
        programme: str,
        after: str,
        limit: int,
        generation: int = 1,
        store: str = "",
        scope: str = CHAIN,
        settings: str | None = None,
        staff: str | None = None,
    ) -> ChangesPage:
        """What changed after a cursor, as it is now, in one moment with the asking till's watermark. `store`:
        where it stands; `scope`: whom the feed of its cursor tells of; `settings`: the edition of the office's word
        that it has, `staff`: of who works there."""
        self.look_at_programmes()
        now = self.now()
        with self.store.reading() as reader:
            phones = phone_key_now(reader, self.keys.phones, programme)
            return feed.page(
                reader,
                now=now,
                programme=programme,
                rules=self.programmes.get(programme),
                till=till,
                generation=generation,
                after=after,
                limit=limit,
                phone_hash_key=phones.key,
                phones_change=phones.changes,
                coupon_keys=told_coupon_keys(reader, self.keys.coupons),
                rotating_keys=keys_now(reader, self.keys.phones).told,
                store=store,
                scope=scope,
                programmes=self.known.told(programme, now),
                epoch=self.epoch,
                settings=settings,
                staff=staff,
                pepper=pepper_now(reader, self.keys.phones),
            )

    @property
    def pepper(self) -> bytes:
        """Of PINs."""
        with self.store.reading() as reader:
            return pepper_now(reader, self.keys.phones)

    def phone_hash_key(self, programme: str) -> bytes:
        """With which phones are hashed for a programme's tills now."""
        with self.store.reading() as reader:
            return phone_key_now(reader, self.keys.phones, programme).key

    def _hashes_phones(self, reader: Reader, programme: str) -> feed.PhoneKey:
        key = phone_key_now(reader, self.keys.phones, programme).key
        return lambda phone: phone_key(key, phone)

    # coupons

    def mint(self, claims: CouponClaims) -> str:
        """The coupon's text, signed. Raises BadCouponKeys."""
        return self.coupon_signer().coupon(claims)

    def coupon_signer(self) -> CouponSigner:
        """Who signs coupons and certificates now. Inside a transaction: hub.coupon_keys.coupon_signer. Raises
        BadCouponKeys."""
        with self.store.reading() as reader:
            return coupon_signer(reader, self.keys.coupons)

    def coupon_terms(self, programme: str, campaign: str) -> CouponTerms | None:
        """Those in force now; None: there is no such campaign."""
        rules = self.programmes.get(programme)
        offer = rules.coupon(campaign) if rules is not None else None
        return offer.terms if offer is not None else None

    def coupon_code(self, serial: str) -> str:
        """What is typed for it."""
        return make_code(self.codes.coupon_bits(serial, RANDOM_BITS))

    def coupon_code_digest(self, serial: str) -> str:
        return self.codes.coupon_digest(self.coupon_code(serial))

    # certificates

    def certificate_text(self, number: str, programme: str) -> str:
        """What stands in its QR, signed. Raises BadCouponKeys."""
        return self.coupon_signer().certificate(number, programme)

    def certificate_number(self, text: str, programme: str) -> str:
        """Of what stands in a QR. Raises CertificateRefused."""
        with self.store.reading() as reader:
            keys = told_coupon_keys(reader, self.keys.coupons)
        return open_certificate(text, keys, programme)

    # looking

    def account(self, member: str, at: datetime) -> Account:
        """The member's lots and debt, as of a moment."""
        with self.store.reading() as reader:
            return feed.accounts(reader, [member], at)[member]

    def balances(self, programme: str) -> dict[str, int]:
        """Every member's balance, in points."""
        now = self.now()
        with self.store.reading() as reader:
            accounts = feed.accounts(reader, list(reader.members_of(programme)), now)
            return {member: balance(account, now) for member, account in accounts.items()}

    def snapshot(self, member: str) -> MemberSnapshot | None:
        """The member as tills may know him; None: there is none."""
        with self.store.reading() as reader:
            row = reader.members([member]).get(member)
            if row is None:
                return None
            rules, hashed = self.programmes.get(row.programme), self._hashes_phones(reader, row.programme)
            return feed.snapshots(reader, [member], self.now(), hashed, rules)[member]

    def member_of_card(self, number: str) -> MemberSnapshot | None:
        """The member who has, or had, this card."""
        with self.store.reading() as reader:
            card = reader.cards([number]).get(number)
        return self.snapshot(card.member) if card else None


def _pause(tries: int) -> None:
    """Never two for the same time."""
    time.sleep(CLASH_PAUSE_S * (tries + 1) * random.uniform(0.5, 1.5))
