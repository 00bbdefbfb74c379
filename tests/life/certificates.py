"""Gift certificates in the random walk: sold, used in parts by two tills, returned onto, refunded, blocked, replaced,
given by the office; with and without the hub. Rubles are neither made nor lost."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from hub.desk.acts import ACTS, ActRefused, Asked
from hub.desk.certificate_acts import CertificateOrdered, CertificatePaper, GiveAsked, RefundAsked
from hub.store.records import Place
from loyalty.bodies import (
    Body,
    CertificateEnded,
    CertificateRefunded,
    CertificateReplaced,
    CertificateSold,
    Return,
    Sale,
    Tender,
)
from pos_agent.errands import Errand, HubSaid
from pos_agent.protocol import BasketLine, Code, Command, SetBasket
from pos_agent.protocol_certificates import (
    BlockCertificate,
    DropCertificate,
    LookAtCertificate,
    RefundCertificate,
    ReplaceCertificate,
    UseCertificate,
)
from sync.certificates import (
    BLOCK,
    GIVE,
    HOLD,
    REFUND,
    REPLACE,
    CertificateHeld,
    CertificateHoldAsked,
    CertificateInstead,
)
from tests.life.kept import Kept

if TYPE_CHECKING:
    from tests.life.walk import Walk
    from tests.life.walking import WalkingTill

FACES: Final = ("200.00", "500.00", "1000.00")
IN_HANDS_MAX: Final = 4  # of which people show one; the oldest are forgotten in a drawer
BEYOND: Final = "certificate_beyond"


class Had(NamedTuple):
    number: str
    text: str
    pin: str


class Held(NamedTuple):
    """By the hub's word: so much of it, until then."""

    kopecks: int
    until: datetime


class Certificates:
    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.had: list[Had] = []
        self.shown: Had | None = None  # last, at whichever till
        self.refunding: dict[str, Had] = {}  # by till: somebody was told there how much is on it
        self.held: dict[tuple[str, str], Held] = {}
        self.paid: dict[str, list[tuple[Place, str, int, datetime]]] = {}  # by a till that the hub had kept them for
        self.sure: Counter[tuple[Place, str]] = Counter()  # kopecks that came to the hub while it kept them

    # what happens

    def any(self, till: WalkingTill, name: dict[str, Any]) -> Command:
        chance = self.walk.chance
        luck = chance.random()
        if not self.had or luck < 0.2:
            return self._sell(name)
        one = chance.choice(self.had[-IN_HANDS_MAX:])
        if luck < 0.65:
            if self.shown is not None and chance.random() < 0.5:
                one = self.shown  # at both tills within minutes
            self.shown = one
            return self._use(one, name)
        if luck < 0.71:
            return DropCertificate(certificate=chance.choice((None, one.number[-4:])), **name)
        if luck < 0.83:
            return self._refund(till, one)
        if luck < 0.86:
            return BlockCertificate(text=chance.choice((one.text, one.number)), reason="украден")
        if luck < 0.9:
            return ReplaceCertificate(text=one.text, reason="украден")
        if luck < 0.95:
            self._order(one)
        return LookAtCertificate(text=one.number, pin=chance.choice((one.pin, one.pin, "000000", "")))

    def same(self, name: dict[str, Any]) -> Command:
        asked = Asked("", "office", "", "", self.walk.programme, f"{self.walk.chance.getrandbits(60):015x}")
        told = ACTS[GIVE].do(self.walk.hub, asked, GiveAsked(kopecks=20_000, reason="подарок"))
        assert isinstance(told, CertificatePaper)
        self.shown = Had(told.number, told.text, told.pin)
        self.had.append(self.shown)
        return Code(text=self.shown.text, **name)

    def _sell(self, name: dict[str, Any]) -> SetBasket:
        """One or two of one face, with other goods or without."""
        chance = self.walk.chance
        sold = BasketLine(
            id="c",
            name="Сертификат",
            price=chance.choice((*FACES, "150.00")),  # one of them is too small to be one
            quantity=chance.choice(("1", "1", "2")),
            category="gift_certificate",
        )
        goods = BasketLine(id="g", name="Товар", price="90.50", category=None)
        return SetBasket(lines=(sold, goods) if chance.random() < 0.5 else (sold,), **name)

    def _use(self, one: Had, name: dict[str, Any]) -> Command:
        chance = self.walk.chance
        if chance.random() < 0.3:
            return UseCertificate(text=one.number, pin=chance.choice((one.pin, one.pin, one.pin, "999999")), **name)
        return chance.choice((Code, UseCertificate))(text=one.text, **name)

    def _refund(self, till: WalkingTill, one: Had) -> RefundCertificate:
        """First it is asked how much that is, then that was given; now and then something else comes."""
        asked = self.refunding.pop(till.name, None)
        if asked is None or self.walk.chance.random() < 0.1:
            self.refunding[till.name] = one
            return RefundCertificate(text=one.text, reason="не нужен")
        return RefundCertificate(text=asked.text, paid=True, reason="не нужен")

    def _order(self, one: Had) -> None:
        """At the office."""
        chance = self.walk.chance
        asked = Asked("", "office", "", "", self.walk.programme, f"{chance.getrandbits(60):015x}")
        act, body = chance.choice(
            (
                (GIVE, GiveAsked(kopecks=chance.choice((20_000, 50_000)), reason="подарок")),
                (GIVE, GiveAsked(kopecks=30_000, reason="подарок")),
                (REFUND, RefundAsked(certificate=one.number, reason="не нужен", kopecks=chance.choice((None, 100)))),
                (BLOCK, CertificateOrdered(certificate=one.number, reason="украден")),
                (REPLACE, CertificateOrdered(certificate=one.number, reason="украден")),
            )
        )
        try:
            told = ACTS[act].do(self.walk.hub, asked, body)
        except ActRefused as refused:
            self.walk.counts[refused.code] += 1
            return
        self.walk.counts[f"office {act}"] += 1
        if isinstance(told, CertificatePaper):
            self.had.append(Had(told.number, told.text, told.pin))

    # what is heard

    def heard(self, till: WalkingTill, errand: Errand, said: HubSaid) -> None:
        if said.body is None:
            return
        if errand.act == HOLD:
            asked = msgspec.json.decode(errand.body, type=CertificateHoldAsked)
            told = msgspec.json.decode(said.body, type=CertificateHeld)
            self.held[till.name, asked.number] = Held(told.kopecks, datetime.fromisoformat(told.until))
            with self.walk.hub.store.reading() as reader:
                left = reader.certificates([asked.number])[asked.number].left
                holds = reader.certificate_holds_of([asked.number])
            assert sum(one.kopecks for one in holds if one.until > self.walk.now) <= left, "kept twice"
        if errand.act == REPLACE:
            instead = msgspec.json.decode(said.body, type=CertificateInstead)
            self.had.append(Had(instead.number, instead.text, instead.pin))

    def recorded(self, till: WalkingTill, place: Place, body: Body) -> None:
        if isinstance(body, CertificateSold):
            number, hub = body.certificate, self.walk.hub
            text = hub.coupon_signer().certificate(number, self.walk.programme)
            self.had.append(Had(number, text, hub.certificate_pins.of(number)))
        if isinstance(body, Sale):
            for number, kopecks in _tendered(body.tenders).items():
                held = self.held.pop((till.name, number), None)
                if held is not None and kopecks <= held.kopecks:
                    self.paid.setdefault(till.name, []).append((place, number, kopecks, held.until))

    def synced(self, till: WalkingTill) -> None:
        for place, number, kopecks, until in self.paid.pop(till.name, ()):
            if self.walk.now < until:
                self.sure[place, number] = kopecks

    # what must hold

    def check(self, kept: Kept) -> None:
        family = _families(kept)
        moved = _Moved(kept)
        self._conserved(kept, family, moved)
        self._beyond(kept, moved)
        self._sure(kept, family, moved)
        self._back_as_paid(kept)
        for name in ("sold", "used", "back", "refunded"):
            self.walk.counts[f"certificates {name}"] += sum(getattr(moved, name).values()) // 100

    def _conserved(self, kept: Kept, family: dict[str, str], moved: _Moved) -> None:
        """Of each and of what it was replaced by: what is left is what was put on it, less what went off."""
        left: Counter[str] = Counter()
        due: Counter[str] = Counter()
        for row in kept.reader.all_certificates():
            assert row.left >= 0 and row.beyond >= 0, row
            left[family.get(row.number, row.number)] += row.left - row.beyond
        for number in moved.numbers:
            due[family.get(number, number)] += moved.left(number)
        assert {one: count for one, count in left.items() if count} == {one: n for one, n in due.items() if n}

    def _beyond(self, kept: Kept, moved: _Moved) -> None:
        """What one did not have is somebody's case, with its cost."""
        named = {part.rpartition(":")[2] for case in kept.cases_of(BEYOND) for part in case.note.split(",")}
        for row in kept.reader.all_certificates():
            assert not row.beyond or row.number in named, row
        beyond = sum(row.beyond for row in kept.reader.all_certificates())
        assert beyond <= sum(case.cost_kopecks for case in kept.cases_of(BEYOND))
        self.walk.counts["certificates beyond"] += len(kept.cases_of(BEYOND))

    def _sure(self, kept: Kept, family: dict[str, str], moved: _Moved) -> None:
        """What the hub kept for receipts until they came is never more than was on it."""
        sure: Counter[str] = Counter()
        for (_, number), kopecks in self.sure.items():
            sure[family.get(number, number)] += kopecks
        had: Counter[str] = Counter()
        for number in moved.numbers:
            had[family.get(number, number)] += moved.sold[number] + moved.back[number]
        assert all(kopecks <= had[one] for one, kopecks in sure.items()), "the hub has kept the same rubles twice"
        self.walk.counts["certificates sure"] += len(self.sure)

    def _back_as_paid(self, kept: Kept) -> None:
        """When all is back, and nothing of it twice, each has its rubles again; never more than it gave."""
        for place, returns in kept.returns.items():
            sale, used = kept.sales[place], _tendered(kept.sales[place].tenders)
            restored: Counter[str] = Counter()
            for _, one in returns:
                restored.update(_tendered(one.tenders))
            assert all(kopecks <= used[number] for number, kopecks in restored.items()), "more than it gave"
            if used and kept.is_back_at_one_till(place):
                assert restored == used, "what a certificate paid goes back onto it"
                assert sum(one.refund_kopecks for _, one in returns) == sale.total_kopecks
                self.walk.counts["certificates whole again"] += 1


class _Moved:
    """Kopecks by number, as operations say."""

    def __init__(self, kept: Kept) -> None:
        self.sold: Counter[str] = Counter()
        self.used: Counter[str] = Counter()
        self.back: Counter[str] = Counter()
        self.refunded: Counter[str] = Counter()
        for _, _, body in kept.applied:
            if isinstance(body, CertificateSold):
                self.sold[body.certificate] += body.kopecks
            elif isinstance(body, CertificateRefunded | CertificateEnded):
                self.refunded[body.certificate] += body.kopecks
            elif isinstance(body, Sale):
                self.used.update(_tendered(body.tenders))
            elif isinstance(body, Return):
                self.back.update(_tendered(body.tenders))
        self.numbers = {*self.sold, *self.used, *self.back, *self.refunded}

    def left(self, number: str) -> int:
        return self.sold[number] - self.used[number] + self.back[number] - self.refunded[number]


def _families(kept: Kept) -> dict[str, str]:
    """The last that one was replaced by, by number."""
    into = {one.certificate: one.into for _, one in kept.of(CertificateReplaced)}
    last = {}
    for number in into:
        at = number
        while at in into:
            at = into[at]
        last[number] = at
    return last


def _tendered(tenders: tuple[Tender, ...]) -> Counter[str]:
    return Counter({one.id: one.kopecks for one in tenders if one.kind == "certificate" and one.id is not None})
