"""The chain's shops, for whoever looks for one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hub.account.act import AccountAct, AccountAsked
from hub.hub import Hub
from hub.places.place import ShopPlace, is_for, place_of
from hub.store.office_records import StoreRow
from loyalty.programme import Programme
from sync.account.shops import AskShops, ShopHere, ShopsTold


def shops(hub: Hub, asked: AccountAsked, body: AskShops) -> ShopsTold:
    programme = hub.programmes[asked.programme]
    with hub.store.reading() as reader:
        rows = reader.stores().values()
    places = [(row, place_of(row)) for row in rows]
    here = [_here(programme, row, place) for row, place in places if is_for(place, programme.id)]
    return ShopsTold(shops=tuple(sorted(here, key=_in_order)))


def _here(programme: Programme, row: StoreRow, place: ShopPlace) -> ShopHere:
    return ShopHere(
        id=row.store,
        timezone=row.timezone or programme.timezone.key,
        name=place.name,
        city=place.city,
        address=place.address,
        phones=place.phones,
        hours=place.hours,
        latitude=place.latitude,
        longitude=place.longitude,
        closed=place.closed,
    )


def _in_order(shop: ShopHere) -> tuple[str, str, str]:
    return shop.city.casefold(), (shop.name or shop.address).casefold(), shop.id


SHOP_ACTS: Final[Mapping[str, AccountAct]] = {"shops": AccountAct(takes=AskShops, do=shops, signed_in=False)}
