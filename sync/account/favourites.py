"""A member's favourite categories (P24): acts `favourites`, `favourites_change`."""

from __future__ import annotations

from typing import Annotated

import msgspec

from sync.account.programme import Pair

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]


class AskFavourites(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `favourites`: says nothing."""


class ToLike(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    title: Pair
    chosen: bool = False


class FavouritesTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`points` more for each full `step_kopecks` of what is chosen. `most` 0: the programme has no favourites. A choice
    stands for `change_days`; `next_day`: the first on which it may be changed, "": now."""

    categories: tuple[ToLike, ...] = ()
    most: int = 0
    points: int = 0
    step_kopecks: int = 0
    change_days: int = 0
    next_day: str = ""


class ChangeFavourites(msgspec.Struct, frozen=True, kw_only=True):
    """By their ids, in no order. Refused: favourites_none, favourites_unknown, favourites_too_many, favourites_wait."""

    categories: Annotated[tuple[Id, ...], msgspec.Meta(max_length=100)]
