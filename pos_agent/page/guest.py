"""What the guest sees of the till: his own purchase, in his own language, and nothing of the shop's inside. Pure.

The display faces whoever stands there. A card in hand is its owner's; a phone is known to his family and to whoever
heard it once, so behind a phone stands no balance unless the shop says so (`balance_by_phone`). How many points may pay
is said all the same: without that nothing could be chosen, and the cashier says it aloud anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final, Literal

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from drivers.life import DeviceState
from loyalty.money import format_kopecks, parse_kopecks
from loyalty.programme import Language
from pos_agent.agent import Front
from pos_agent.answers import ToldSale
from pos_agent.page.guest_words import COUPONS, EXTRAS, LIMITS, say_guest
from pos_agent.protocol import Prepare, Redeem
from pos_agent.protocol_codes import EnterCode, SendCode
from pos_agent.questions import BY_CODE_ALONE
from pos_agent.status import Revised, ShownDone, ShownMember, ShownVisit, State
from pos_agent.visit import VisitState

THANKS_S: Final = 30.0  # to read three lines and put the purse away; whatever happens next ends it at once
SOLD: Final = ("recorded", "recorded_before", "no_member")  # the answers to a payment
BOTH: Final = (VisitState.READY.value, VisitState.RESERVING.value)  # goods and a member
CAMERA: Final = "camera:"  # how the URL of a scanner begins whose frames may be looked at

Moment = Literal["welcome", "shopping", "choose", "pay", "thanks"]


class GuestLine(msgspec.Struct, frozen=True, kw_only=True):
    """What points take off stands in no line: it is one sum below all of them."""

    id: str
    name: str
    quantity: str
    unit: str
    price: str
    net: str  # with the discounts of the POS and of coupons, before points


class GuestCoupon(msgspec.Struct, frozen=True, kw_only=True):
    """What it takes off or adds, or `why` nothing, in words."""

    campaign: str
    discount: str
    points: int
    why: str


class GuestMember(msgspec.Struct, frozen=True, kw_only=True):
    card: str | None  # masked
    by: str  # card, phone
    balance: int | None
    active: int | None
    blocked: bool = False


class GuestCodeAsked(msgspec.Struct, frozen=True, kw_only=True):
    """A code that was sent to his phone, which is masked."""

    to: str
    digits: int
    tries: int


class GuestThanks(msgspec.Struct, frozen=True, kw_only=True):
    """For a sale; `at` is its own moment."""

    at: str
    to_pay: str
    redeemed: int
    accrued: int
    member: bool
    balance: int | None


class GuestState(Revised, frozen=True, kw_only=True):
    """`turn` and `quote`: what a command of the guest's names. `may_say_who`: a card or a phone would be taken now;
    `may_choose`: how many points are spent; `may_prove`: with a code he could spend some. `changed`: the sum is another
    than he was told, and he is asked whether to go on; `person_asked`: a question is open that only a person of the
    shop may answer (a self-checkout shows both)."""

    turn: str
    moment: Moment
    training: bool
    offline: str | None  # in words
    lines: tuple[GuestLine, ...]
    coupons: tuple[GuestCoupon, ...]
    quote: str | None
    total: str
    to_pay: str
    redeemed: int
    redeemed_amount: str
    accrued: int
    limit_points: int
    limit_text: str
    stickers: str
    decided: bool
    prepared: bool
    may_say_who: bool
    may_choose: bool
    may_prove: bool
    code: GuestCodeAsked | None
    member: GuestMember | None
    thanks: GuestThanks | None
    changed: bool
    person_asked: bool
    camera: bool


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """What the till's settings choose of the guest's side."""

    language: Language
    balance_by_phone: bool = False
    idle_s: float = 1_800.0  # after which the till puts a receipt aside, with the next command


def guest_state(state: State, front: Front, side: Side, now: datetime) -> GuestState:
    """`front` is of the same moment as the state's visit. One that nobody touched for long is not shown to whoever
    comes next, and nothing is taken for it."""
    left = was_left(front, side, now)
    if left:
        state = replace(state, visit=ShownVisit(state=VisitState.IDLE.value), done=None)
    visit, told = state.visit, state.visit.told or None
    idle, retold = visit.state == VisitState.IDLE.value, visit.state == VisitState.RETOLD.value
    thanks = _thanks(state.done, now) if idle and state.done is not None and _just_sold(state) else None
    limit = _number(visit.limit_points)
    may_choose = visit.state in BOTH and limit > 0 and not visit.prepared and bool(visit.quote)
    return GuestState(
        turn=front.turn,
        moment=_moment(visit, front, may_choose=may_choose, thanked=thanks is not None),
        training=state.status.training,
        offline=None if state.status.hub.online else say_guest("offline", side.language),
        lines=tuple(_lines(visit, side.language)),
        coupons=tuple(_coupons(visit, side.language)),
        quote=visit.quote or None,
        total=_total(told) if told else "0.00",
        to_pay=told.to_pay if told else "0.00",
        redeemed=_number(visit.redeemed_points),
        redeemed_amount=told.redeemed.amount if told else "0.00",
        accrued=_number(visit.accrued_points),
        limit_points=limit,
        limit_text=_limit_text(visit, side),
        stickers=_stickers(visit, side),
        decided=front.decided,
        prepared=visit.prepared,
        may_say_who=not visit.prepared and not retold and thanks is None and not left,
        may_choose=may_choose,
        may_prove=_may_prove(visit, front) and state.status.hub.online,
        code=_code(visit),
        member=_member(visit.member, side) if visit.member else None,
        thanks=thanks,
        changed=_changed(state),
        person_asked=_person_asked(state),
        camera=any(
            each.url.startswith(CAMERA) and each.state == DeviceState.READY.value for each in state.status.scanners
        ),
    )


def was_left(front: Front, side: Side, now: datetime) -> bool:
    """By whoever began it: he has gone, and his goods and his balance are not for the next one to see."""
    if not front.touched_at:
        return False
    return (now - datetime.fromisoformat(front.touched_at)).total_seconds() > side.idle_s


def thanks_go_on(at: str, now: datetime) -> bool:
    """By the sale's own moment; a clock that was set back shows none."""
    return 0 <= (now - datetime.fromisoformat(at)).total_seconds() < THANKS_S


def _may_prove(visit: ShownVisit, front: Front) -> bool:
    """Until he has said that he spends none."""
    has_tries = visit.asked_code is UNSET or visit.asked_code.tries > 0
    by_code = visit.limit_reason in BY_CODE_ALONE and visit.state in BOTH
    return by_code and has_tries and not visit.prepared and not front.decided


def _code(visit: ShownVisit) -> GuestCodeAsked | None:
    asked = visit.asked_code
    return None if asked is UNSET else GuestCodeAsked(to=asked.to, digits=asked.digits, tries=asked.tries)


def _moment(visit: ShownVisit, front: Front, *, may_choose: bool, thanked: bool) -> Moment:
    if visit.state == VisitState.IDLE.value:
        return "thanks" if thanked else "welcome"
    if visit.prepared or visit.state == VisitState.RETOLD.value:
        return "pay"
    if may_choose:
        return "pay" if front.decided else "choose"
    return "shopping"


def _just_sold(state: State) -> bool:
    """Nothing was answered since: else the next customer, who began and gave up, would be told the balance of the one
    before."""
    return state.reply is not None and state.reply.code in SOLD


def _thanks(done: ShownDone, now: datetime) -> GuestThanks | None:
    if done.kind != "sale" or not thanks_go_on(done.at, now):
        return None
    return GuestThanks(
        at=done.at,
        to_pay=done.to_pay,
        redeemed=done.redeemed,
        accrued=done.accrued,
        member=done.card is not None or bool(done.redeemed or done.accrued),
        balance=done.balance,
    )


def _lines(visit: ShownVisit, language: Language) -> Iterator[GuestLine]:
    told = visit.told or None
    nets = {line.id: line.net_before for line in told.lines} if told else {}
    for line in visit.lines:
        yield GuestLine(
            id=line.id,
            name=line.name,
            quantity=line.quantity,
            unit=line.unit,
            price=line.price,
            net=nets.get(line.id, line.price),
        )
    for extra in told.extras if told else ():
        name = next((words for begins, words in EXTRAS.items() if extra.id.startswith(begins)), EXTRAS[""])
        yield GuestLine(
            id=extra.id,
            name=name[0 if language == "ru" else 1],
            quantity="1",
            unit="pc",
            price=extra.net_before,
            net=extra.net_before,
        )


def _coupons(visit: ShownVisit, language: Language) -> Iterator[GuestCoupon]:
    told = visit.told or None
    for one in (told.coupons if told is not None else visit.coupons) or ():
        why = COUPONS.get(one.refusal, COUPONS[""]) if one.refusal is not None else None
        yield GuestCoupon(
            campaign=one.campaign,
            discount=one.discount or "0.00",
            points=one.points or 0,
            why=why[0 if language == "ru" else 1] if why is not None else "",
        )


def _member(member: ShownMember, side: Side) -> GuestMember:
    hidden = _is_hidden(member, side)
    return GuestMember(
        card=member.card,
        by=member.identified_by,
        balance=None if hidden else member.balance,
        active=None if hidden else member.active,
        blocked=member.status == "blocked",
    )


def _is_hidden(member: ShownMember, side: Side) -> bool:
    """Behind a spoken phone, and of a blocked card, whose finder may stand there."""
    return member.status == "blocked" or (member.identified_by != "card" and not side.balance_by_phone)


def _limit_text(visit: ShownVisit, side: Side) -> str:
    """Why so many. What bounds them may be the account itself, and then it tells the balance."""
    if visit.member is None or visit.limit_text_guest is UNSET:
        return ""
    if visit.limit_reason in LIMITS:
        return say_guest(str(visit.limit_reason), side.language)
    return "" if _is_hidden(visit.member, side) else visit.limit_text_guest


def _stickers(visit: ShownVisit, side: Side) -> str:
    """Theirs is a balance too."""
    if visit.member is None or visit.stickers_guest is UNSET or _is_hidden(visit.member, side):
        return ""
    return visit.stickers_guest


def _changed(state: State) -> bool:
    """The question of the last reply: whatever changes the sum brings another."""
    reply = state.reply
    asks = reply is not None and reply.ask is not None and isinstance(reply.ask.answers[0].command, Prepare)
    return asks and reply is not None and reply.code.startswith("changed_")


def _person_asked(state: State) -> bool:
    if state.question is not None:
        return True
    ask = state.reply.ask if state.reply is not None else None
    return ask is not None and not isinstance(ask.answers[0].command, Redeem | Prepare | SendCode | EnterCode)


def _total(told: ToldSale) -> str:
    """Before points: what they pay stands below it."""
    return format_kopecks(parse_kopecks(told.to_pay) + parse_kopecks(told.redeemed.amount))


def _number(points: int | UnsetType) -> int:
    return 0 if points is UNSET else points
