"""Tills with a real hub behind them, in one process, while a sticker collection runs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from config.programmes import load_programme
from drivers.printer.document import Columns, from_json
from hub.audit.verify import verify
from hub.build import build_hub
from hub.hub import Hub
from hub.importing import import_members
from hub.members import NewMember
from loyalty.bodies import Sale, SaleNumber
from loyalty.programme import Offer, Programme, StickerOffer, Stickers
from offline_cache.cache import Cache
from pos_agent.answers import Reply
from pos_agent.checkout import Checkout
from pos_agent.protocol import BasketLine, Code, Pay, Prepare, ReturnedGoods, ReturnGoods, SetBasket, SoldReceipt
from pos_agent.protocol_stickers import ExchangeStickers
from sync.hub_port import HubUnreachable
from sync.worker import SyncWorker
from tests.hub_here import HubHere
from tests.listed import listed

BEGIN = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
ANNA = "2700000000014"
PEREKRESTOK = load_programme("perekrestok")
KNIFE = StickerOffer(
    stickers=20,
    offer=Offer(id="knife", ru="Нож", en="Knife", kind="amount_off", amount_kopecks=50_000, categories=("household",)),
)
CUP = StickerOffer(
    stickers=8,
    offer=Offer(id="cup", ru="Чашка", en="Cup", kind="percent_off", percent_bp=1_000, min_basket_kopecks=100_000),
)
DOUBLE = StickerOffer(stickers=5, offer=Offer(id="double", ru="Вдвое", en="Double", kind="multiplier", times=2))
CLUB = replace(
    PEREKRESTOK,
    stickers=Stickers(
        step_kopecks=20_000,
        per_step=1,
        first_day=date(2026, 9, 1),
        last_day=date(2027, 2, 28),
        offers=(KNIFE, CUP, DOUBLE),
    ),
)
AUTUMN = "2026-09-01"


def goods(rubles: int, category: str = "grocery", pieces: int = 1) -> BasketLine:
    return BasketLine(
        id=f"{category}-{rubles}", name="Goods", price=f"{rubles}.00", category=category, quantity=str(pieces)
    )


class Till:
    def __init__(self, shop: Shop, name: str, *, training: bool = False) -> None:
        self.shop = shop
        self.online = True
        self.cache = Cache(shop.folder / f"{name}.db", name, training=training)
        self.worker = SyncWorker(
            self.cache,
            HubHere(shop.hub, self._linked),
            programme="perekrestok",
            jitter=lambda: 0.0,
            clock=lambda: shop.now,
        )
        self.checkout = Checkout(
            self.cache, shop.programme, language="en", receipt_language="en", is_online=lambda: self.online
        )

    def _linked(self) -> None:
        if not self.online:
            raise HubUnreachable("The link is cut.")

    def sync(self) -> None:
        while self.worker.step(0.0) == 0.0:
            pass

    def do(self, command: Any) -> Reply:
        return listed(command, self.checkout.handle(command, self.shop.now))

    def show(self, *lines: BasketLine, card: str = ANNA) -> Reply:
        self.do(SetBasket(lines=lines))
        return self.do(Code(text=card))

    def exchange(self, offer: str) -> Reply:
        return self.do(ExchangeStickers(offer=offer))

    def pay(self) -> Reply:
        self.shop.sales += 1
        assert self.do(Prepare()).ok
        return self.do(Pay(sale=str(self.shop.sales)))

    def sell(self, *lines: BasketLine, exchange: tuple[str, ...] = ()) -> Sale:
        self.show(*lines)
        for offer in exchange:
            assert self.exchange(offer).ok
        paid = self.pay()
        assert paid.code == "recorded", paid
        return self.sale(self.shop.sales)

    def sale(self, number: int) -> Sale:
        day = self.shop.programme.day(self.shop.now).isoformat()
        stored = self.cache.sale(SaleNumber(day=day, number=str(number)))
        assert stored is not None
        body = stored.operations[-1].body
        assert isinstance(body, Sale)
        return body

    def give_back(self, sale: int, *lines: tuple[str, int], day: str | None = None) -> Reply:
        """So many pieces of each line, told and paid."""
        some = tuple(ReturnedGoods(id=id, quantity=str(pieces)) for id, pieces in lines)
        of = SoldReceipt(sale=str(sale), day=day)
        told = self.do(ReturnGoods(of=of, lines=some, whole=not some, reason="spoiled"))
        assert told.returned is not None, told
        self.shop.sales += 1
        return self.do(ReturnGoods(quote=told.returned.quote, paid=True, sale=f"r{self.shop.sales}"))

    def stickers(self, collection: str = AUTUMN) -> int:
        """As this till knows them."""
        found = self.cache.members.member("anna")
        assert found is not None
        return found.standing(self.shop.programme).stickers.get(collection, 0)

    def paper(self) -> dict[str, str]:
        job = self.cache.print_jobs.last_receipt()
        assert job is not None
        return {block.left: block.right for block in from_json(job.document).blocks if isinstance(block, Columns)}


@dataclass
class Shop:
    folder: Path
    programme: Programme = CLUB
    now: datetime = BEGIN
    sales: int = 0
    is_new: bool = True
    tills: list[Till] = field(default_factory=list)
    hub: Hub = field(init=False)

    def __post_init__(self) -> None:
        programmes = {"perekrestok": self.programme}
        self.hub = build_hub(self.folder / "hub.db", programmes, serving=False, now=lambda: self.now)
        anna: dict[str, Any] = {"line": 2, "phone": "+79161234567", "points": 0, "birthday": None, "favourites": ()}
        one = NewMember(programme="perekrestok", card=ANNA, member="anna", registered=True, **anna)
        assert not self.is_new or list(import_members(self.hub, [one])) == [1]

    def till(self, name: str = "t1", **how: Any) -> Till:
        self.tills.append(Till(self, name, **how))
        self.tills[-1].sync()
        return self.tills[-1]

    def stickers(self, collection: str = AUTUMN) -> int:
        """As the hub knows them."""
        with self.hub.store.reading() as reader:
            return {row.collection: row.stickers for row in reader.stickers_of(["anna"])}.get(collection, 0)

    def cases(self) -> list[tuple[str, int]]:
        with self.hub.store.reading() as reader:
            return [(case.kind, case.cost_kopecks) for case in reader.all_cases()]

    def close(self) -> None:
        faults = verify(self.hub.store, self.hub.zone_of).faults
        for till in self.tills:
            till.cache.close()
        self.hub.close()
        assert faults == ()
