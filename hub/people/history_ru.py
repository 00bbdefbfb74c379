"""What happened to a member, in Russian: the same sentences as in history.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from loyalty.consents import WORDS as CONSENTS
from loyalty.wording import amount_text

FIELDS: Final[Mapping[str, str]] = {
    "phone": "телефон",
    "birthday": "день рождения",
    "name": "имя",
    "favourites": "любимые категории",
}

# why points were given, where it is no person's word
GIVEN: Final[Mapping[str, str]] = {
    "import": "перенесены из прежней системы",
    "welcome": "приветственные",
    "birthday": "ко дню рождения",
}


def in_russian(kind: str, body: Any) -> str | None:
    """None: there are no words for it here."""
    say = _WORDS.get(kind)
    return say(body) if say is not None else None


def _sale(body: Any) -> str:
    parts = [f"чек {body.sale.number} на {_rubles(body.total_kopecks)}"]
    parts += [f"списано {body.redeemed.points}"] if body.redeemed.points else []
    parts += [f"начислено {body.accrued.points}"] if body.accrued.points else []
    if body.stickers is not None:
        parts += [f"наклеек выдано {body.stickers.given}"] if body.stickers.given else []
        parts += [f"наклеек {one.count} за {one.offer}" for one in body.stickers.spent]
    return ", ".join(parts)


def _return(body: Any) -> str:
    of = f" по чеку {body.of_sale.number}" if body.of_sale else ""
    said, stickers = f"возврат на {_rubles(body.refund_kopecks)}{of}", body.stickers
    if stickers is None:
        return said
    taken = f", наклеек снято {stickers.taken_back}" if stickers.taken_back else ""
    return f"{said}{taken}" + (f", наклеек возвращено {stickers.restored}" if stickers.restored else "")


def _rubles(kopecks: int) -> str:
    return amount_text(kopecks, "ru")


def _because(body: Any) -> str:
    return f": {body.reason}" if body.reason else ""


def _profile_changed(body: Any) -> str:
    if body.forgotten:
        return f"забыт по его просьбе{_because(body)}"
    return f"изменено: {', '.join(FIELDS.get(one, one) for one in body.changed)}"


def _units(body: Any) -> str:
    return _rubles(body.units) if body.unit == "kopecks" else f"{body.units} миль"


def _turnover(body: Any) -> str:
    since = f"с {body.since} " if body.since else ""
    return f"перенесены покупки на {_rubles(body.kopecks)} {since}до {body.until}"


_WORDS: Final[Mapping[str, Callable[[Any], str]]] = {
    "sale": _sale,
    "earlier_sale": lambda body: (
        f"перенесён чек {body.sale.number} от {body.sale.day} на {_rubles(body.total_kopecks)}"
    ),
    "return": _return,
    "return_completed": lambda body: (
        f"чек {body.of_sale.number} вернули в нескольких кассах: использованное им снова свободно"
    ),
    "sale_claimed": lambda body: f"чек {body.of_sale.number} от {body.of_sale.day} добавлен потом{_because(body)}",
    "hold_voided": lambda body: "отложенные баллы отпущены" + (" офисом" if body.reason == "freed" else ""),
    "card_issued": lambda body: f"выдана карта {body.card}",
    "card_reissued": lambda body: f"карта {body.old_card} заменена на {body.new_card}",
    "card_made_virtual": lambda body: f"карта {body.old_card} стала виртуальной {body.new_card}",
    "card_blocked": lambda body: f"карта {body.card} заблокирована{_because(body)}",
    "card_unblocked": lambda body: f"карта {body.card} разблокирована{_because(body)}",
    "card_linked": lambda body: f"добавлена карта {body.card}",
    "member_joined": lambda body: f"вступил с картой {body.card}" if body.card else "вступил",
    "member_registered": lambda body: "зарегистрирован",
    "member_merged": lambda body: f"участник {body.member} объединён с {body.into}",
    "profile_changed": _profile_changed,
    "consent_given": lambda body: (
        f"согласие: {CONSENTS[body.what][0]}" + (", и отозвал его" if body.withdrawn_at else "")
    ),
    "consent_withdrawn": lambda body: f"отозвал согласие: {CONSENTS[body.what][0]}",
    "turnover_brought": _turnover,
    "grant": lambda body: GIVEN.get(body.reason, f"подарено{_because(body)}"),
    "adjustment": lambda body: f"исправлено{_because(body)}",
    "expiry": lambda body: "сгорело",
    "coupon_made": lambda body: f"сделан купон акции {body.campaign}",
    "points_to_partner": lambda body: f"обмен у партнёра {body.partner}: {_units(body)}{_because(body)}",
    "points_to_charity": lambda body: (
        f"передано в {body.fund}: {_rubles(body.kopecks)}, и {_rubles(body.matched_kopecks)} от сети"
    ),
    "coupon_revoked": lambda body: f"купон {body.serial} отозван{_because(body)}",
}
