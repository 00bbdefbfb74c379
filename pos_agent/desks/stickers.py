"""Stickers are exchanged on a receipt, and kept for another time after all. They are spent when it is paid."""

from __future__ import annotations

from dataclasses import replace as replace_done

from msgspec.structs import replace

from loyalty.programme import StickerOffer
from loyalty.stickers import NotExchangeable, chosen, offer_named
from pos_agent.counter import Counter, Done
from pos_agent.desks.purchase import without_card_too_dear
from pos_agent.protocol_stickers import DropStickers, ExchangeStickers
from pos_agent.refused import Refused
from pos_agent.stickers import collection_now, exchanged, free_stickers, name_of, refusal_of, stickers_elsewhere
from pos_agent.telling import Told, retell, told_quote, work_out
from pos_agent.visit import Exchange, Visit, VisitEvent, allow
from pos_agent.words import as_typed


def exchange(counter: Counter, visit: Visit, command: ExchangeStickers) -> Done:
    """Without a connection as far as this till knows of stickers: what was spent twice becomes a case at the hub."""
    allow(visit, VisitEvent.STICKERS_EXCHANGED)
    member = _who_may(counter, visit)
    one = _chosen(counter, visit, command.offer)
    offers = (*exchanged(visit), one.offer.id)
    changed, of_card = without_card_too_dear(counter, replace(visit, exchange=Exchange(member=member, offers=offers)))
    _must_give(counter, one, work_out(counter, changed, ""))
    fresh, told = retell(counter, changed)
    facts = _facts(counter, one, fresh)
    done = Done(visit=fresh, code="stickers_exchanged", facts=facts, told=told_quote(told) if told else None)
    return replace_done(done, more=of_card)


def _who_may(counter: Counter, visit: Visit) -> str:
    """The member whose stickers they are. Raises Refused: a phone that was only said spends nobody's."""
    who = visit.who
    assert who is not None, "the visit has a member"
    if who.member is None or not counter.is_known(who):
        raise Refused("stickers_unknown_member")
    if who.identified_by == "phone" and not (who.second_factor or who.vouched):
        raise Refused("stickers_need_card")
    return who.member


def _chosen(counter: Counter, visit: Visit, id: str) -> StickerOffer:
    """Raises Refused."""
    rule = collection_now(counter)
    if rule is None:
        raise Refused("stickers_no_collection")
    one = offer_named(rule, id)
    if one is None:
        raise Refused("stickers_no_such_offer", field="offer", offer=as_typed(id))
    if id in exchanged(visit):
        raise Refused("stickers_offer_taken", name=name_of(one, counter.language))
    free = free_stickers(counter, visit, rule)
    try:
        return chosen(counter.programme, id, free, counter.programme.day(counter.latest))
    except NotExchangeable as few:
        name, needed, has = name_of(one, counter.language), str(one.stickers), str(max(0, free))
        if stickers_elsewhere(counter, visit, rule) >= few.missing:
            raise Refused("stickers_too_few", words="stickers_held", name=name, needed=needed, has=has) from None
        missing = str(few.missing)
        raise Refused("stickers_too_few", name=name, needed=needed, missing=missing, has=has) from None


def _must_give(counter: Counter, one: StickerOffer, told: Told) -> None:
    """Nobody's stickers are taken for nothing. Raises Refused."""
    why = refusal_of(told.sale, one.offer.id)
    if why is None:
        return
    name = name_of(one, counter.language)
    words = "stickers_give_nothing"
    if why == "basket_too_small":
        least = counter.amount(one.offer.min_basket_kopecks)
        raise Refused("stickers_give_nothing", words="stickers_give_basket_too_small", name=name, least=least)
    if why == "members_only":
        words = "stickers_give_members_only"
    elif why == "another_is_better":
        words = "stickers_give_another_is_better"
    raise Refused("stickers_give_nothing", words=words, name=name)


def _facts(counter: Counter, one: StickerOffer, visit: Visit) -> dict[str, str]:
    rule = collection_now(counter)
    assert rule is not None, "something was chosen of it"
    left = str(free_stickers(counter, visit, rule))
    return {"name": name_of(one, counter.language), "needed": str(one.stickers), "left": left}


def drop_stickers(counter: Counter, visit: Visit, command: DropStickers) -> Done:
    """One offer, or all of them."""
    allow(visit, VisitEvent.STICKERS_DROPPED)
    there = exchanged(visit)
    kept = tuple(id for id in there if command.offer not in (None, id))
    if kept == there:
        raise Refused("no_stickers_exchanged")
    member = visit.who.member if visit.who is not None else None
    exchange = Exchange(member=member or "", offers=kept) if kept else None
    fresh, told = retell(counter, replace(visit, exchange=exchange))
    return Done(visit=fresh, code="stickers_kept", told=told_quote(told) if told else None)
