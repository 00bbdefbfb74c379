"""Campaigns of coupons: what was used of them, stopped and let go on; a member's coupons; one made for a member, shown
with its QR, revoked."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote, urlencode

from starlette.responses import Response

from hub.coupons.as_svg import svg
from hub.coupons.keeping import coupon_called
from hub.coupons.shown import slip
from hub.desk.coupon_acts import refusing
from hub.office.pages.cases import zone_of
from hub.office.visit import Page, Refused, View, Visit, Words
from loyalty.typed_codes import shown_code
from sync import coupons
from sync.coupons import CampaignsTold, CampaignTold, CouponMadeTold, CouponsMinted, CouponsOfMember, CouponState

WORDS: Final[Words] = {
    "campaigns": ("Купоны", "Coupons"),
    "campaigns_find_who": ("Чьи купоны: карта, телефон или номер участника", "Whose coupons: a card, a phone or an id"),
    "campaigns_find_coupon": ("Какой купон: серия или код", "Which coupon: its serial or code"),
    "campaigns_of": ("Акции", "Campaigns"),
    "campaigns_name": ("Акция", "Campaign"),
    "campaigns_used": ("Сработало", "Used"),
    "campaigns_used_of": ("{uses} из {most}", "{uses} of {most}"),
    "campaigns_held": ("отложено {held}", "held {held}"),
    "campaigns_took": ("Скидка", "Took off"),
    "campaigns_left": ("Осталось в бюджете", "Left of the budget"),
    "campaigns_state": ("Состояние", "State"),
    "campaigns_on": ("идёт", "goes on"),
    "campaigns_spent": ("бюджет исчерпан", "its budget is gone"),
    "campaigns_gone": ("нет в программе", "not in the programme"),
    "campaigns_stopped": ("остановлена: {by}, {at}. {why}", "stopped by {by}, {at}. {why}"),
    "campaigns_stop": ("Остановить", "Stop"),
    "campaigns_go_on": ("Продолжить", "Go on"),
    "campaigns_stop_done": ("Акция {campaign} остановлена.", "Campaign {campaign} is stopped."),
    "campaigns_go_on_done": ("Акция {campaign} продолжается.", "Campaign {campaign} goes on."),
    "campaigns_as_before": ("Ничего не изменилось: так уже и есть.", "Nothing changed: it is so already."),
    "campaigns_make": ("Сделать купон", "Make a coupon"),
    "campaigns_make_for": ("Для участника: карта, телефон или номер", "For the member: a card, a phone or an id"),
    "campaigns_make_days": ("Действует дней", "Valid for so many days"),
    "campaigns_make_own": ("За его баллы, как в кабинете", "For his points, as in his account"),
    "campaigns_make_do": ("Сделать", "Make"),
    "campaigns_made": ("Купон сделан.", "The coupon is made."),
    "campaigns_made_own": (
        "Купон сделан, списано баллов: {points}. В этом месяце можно ещё {left}.",
        "The coupon is made for {points} points. {left} more this month.",
    ),
    "campaigns_coupon": ("Купон", "Coupon"),
    "campaigns_serial": ("Серия", "Serial"),
    "campaigns_code": ("Код", "Code"),
    "campaigns_member": ("Участник", "Member"),
    "campaigns_anybody": ("кто предъявит", "whoever has it"),
    "campaigns_until": ("Действует до", "Valid until"),
    "campaigns_by": ("Кто сделал", "Made by"),
    "campaigns_times": ("{uses} из {allowed}", "{uses} of {allowed}"),
    "campaigns_receipts": ("Чеки", "Receipts"),
    "campaigns_again": ("Сверх того", "Beyond that"),
    "campaigns_revoked": ("отозван {at}. {why}", "revoked {at}. {why}"),
    "campaigns_revoke": ("Отозвать", "Revoke"),
    "campaigns_revoke_done": ("Купон отозван: кассы узнают об этом сами.", "It is revoked: tills hear of it."),
    "campaigns_his": ("Купоны участника", "The member's coupons"),
    "campaigns_none": ("Купонов нет.", "There are none."),
    "campaigns_why": ("Напишите причину.", "Say the reason."),
    "campaigns_which": ("Выберите акцию.", "Choose the campaign."),
    "campaigns_how_long": ("Дни пишут числом.", "Days are a number."),
    "no_no_coupon": ("Такого купона нет.", "There is no such coupon."),
    "no_unknown_campaign": ("Такой акции в программе нет.", "The programme has no such campaign."),
    "no_coupon_not_made": ("Такие купоны участники не делают.", "Members make no such coupons."),
    "no_coupon_month": ("В этом месяце он сделал все свои купоны.", "He has made all of this month's."),
    "no_coupon_no_points": ("Баллов на это не хватает.", "There are not enough points."),
    "no_nobody_found": ("Такого участника нет.", "There is no such member."),
}


def _list(visit: Visit) -> Response:
    who, called = visit.typed.one("who"), visit.typed.one("called")
    if called:
        told: CouponState = visit.do(coupons.STATE, {"called": called})
        return visit.go(address(told.serial))
    found: CampaignsTold = visit.do(coupons.CAMPAIGNS, {})
    his: CouponsOfMember | None = visit.do(coupons.OF_MEMBER, {"who": who}) if who else None
    return visit.show(
        "campaigns.html",
        title="campaigns",
        campaigns=found.campaigns,
        his=his,
        who=who,
        name=_name,
        path=_path,
        address=address,
        choices=[one for one in found.campaigns if one.ru],
        zone=zone_of(visit, ""),
    )


def _name(one: CampaignTold, language: str) -> str:
    return (one.ru if language == "ru" else one.en) or one.campaign


def _path(one: CampaignTold) -> str:
    return f"/campaigns/{quote(one.programme, safe='')}/{quote(one.campaign, safe='')}"


def _stop(visit: Visit) -> Response:
    reason = visit.typed.one("reason")
    if not reason:
        raise Refused("campaigns_why")
    return _changed(visit, coupons.STOP, {"reason": reason[:200]}, "campaigns_stop_done")


def _go_on(visit: Visit) -> Response:
    return _changed(visit, coupons.GO_ON, {}, "campaigns_go_on_done")


def _changed(visit: Visit, act: str, body: dict[str, Any], word: str) -> Response:
    campaign = visit.path["campaign"]
    done = visit.do(act, {"campaign": campaign, **body}, programme=visit.path["programme"])
    words = visit.say(word, campaign=campaign) if done.changed else visit.say("campaigns_as_before")
    return visit.go("/campaigns", words)


def _make(visit: Visit) -> Response:
    programme, _, campaign = visit.typed.one("campaign").partition("/")
    who = visit.typed.one("who")
    if not campaign:
        raise Refused("campaigns_which")
    if visit.typed.one("own"):
        own: CouponMadeTold = visit.do(
            coupons.MAKE, {"campaign": campaign, "card": who} if who else {"campaign": campaign}, programme=programme
        )
        words = visit.say("campaigns_made_own", points=own.price_points, left=own.left_this_month)
        return visit.go(address(own.coupon.serial), words)
    days = visit.typed.one("days", "30")
    if not (days.isascii() and days.isdecimal()):
        raise Refused("campaigns_how_long")
    body = {"campaign": campaign, "who": who or None, "days": int(days), "reason": visit.typed.one("reason")[:200]}
    minted: CouponsMinted = visit.do(coupons.MINT, body, programme=programme)
    return visit.go(address(minted.coupons[0].serial), visit.say("campaigns_made"))


def _one(visit: Visit) -> Response:
    told: CouponState = visit.do(coupons.STATE, {"called": visit.path["serial"]})
    return visit.show(
        "coupon.html",
        title="campaigns_coupon",
        one=told,
        code=shown_code(told.coupon.code) if told.coupon is not None else "",
        address=address,
        zone=zone_of(visit, ""),
    )


def _picture(visit: Visit) -> Response:
    """Its slip, as a picture that is sharp in print."""
    coupon = refusing(lambda: coupon_called(visit.hub, visit.path["serial"]))
    row = coupon.row
    if row is None or not coupon.made.at:
        raise Refused("no_no_coupon")
    drawing = refusing(lambda: slip(visit.hub, row, visit.language))
    return Response(svg(drawing), media_type="image/svg+xml", headers={"Cache-Control": "no-store"})


def _revoke(visit: Visit) -> Response:
    reason = visit.typed.one("reason")
    if not reason:
        raise Refused("campaigns_why")
    serial = visit.path["serial"]
    done = visit.do(coupons.REVOKE, {"serial": serial, "reason": reason[:200]})
    return visit.go(address(serial), visit.say("campaigns_revoke_done" if done.changed else "campaigns_as_before"))


def address(serial: str) -> str:
    return f"/campaigns/coupon/{quote(serial, safe='')}"


def address_of_member(who: str) -> str:
    return f"/campaigns?{urlencode({'who': who})}"


CAMPAIGNS: Final = Page(
    path="/campaigns",
    title="campaigns",
    right="see_campaigns",
    words=WORDS,
    views=(
        View("GET", "/campaigns", _list),
        View("POST", "/campaigns", _make, "keep_campaigns"),
        View("GET", "/campaigns/coupon/{serial}", _one),
        View("GET", "/campaigns/coupon/{serial}/slip.svg", _picture),
        View("POST", "/campaigns/coupon/{serial}/revoke", _revoke, "keep_campaigns"),
        View("POST", "/campaigns/{programme}/{campaign}/stop", _stop, "keep_campaigns"),
        View("POST", "/campaigns/{programme}/{campaign}/go-on", _go_on, "keep_campaigns"),
    ),
)
