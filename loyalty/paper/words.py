"""The words on papers, Russian and English. Each is short enough to stay one line on 58 mm paper (32 columns)."""

from __future__ import annotations

from datetime import datetime

from loyalty.operation import Store, zone_of
from loyalty.points_life import last_day_of
from loyalty.programme import Language, Programme
from loyalty.wording import amount_text, points_text

TRAINING = {"ru": "УЧЕБНЫЙ РЕЖИМ", "en": "TRAINING"}  # at the top of all that a till prints on which people practise

_TEXTS: dict[str, tuple[str, str]] = {
    # our paper beside the fiscal receipt: none of that one's words
    "card_information": ("Информация по карте", "Card information"),
    "not_a_receipt": ("Не кассовый чек", "Not a cash receipt"),
    "receipt": ("К чеку {number}", "For receipt {number}"),
    "till": ("Касса {till}", "Till {till}"),
    "online_shop": ("Интернет-магазин", "Online shop"),
    "card": ("Карта {card}", "Card {card}"),
    "by_phone": ("По телефону", "By phone"),
    # lines and sums
    "each": ("  {quantity} x {price}", "  {quantity} x {price}"),
    "kg": ("кг", "kg"),
    "line_discount": ("  скидка", "  discount"),
    "line_redeemed": ("  списание", "  redeemed"),
    "sum": ("Сумма", "Sum"),
    "discounts": ("Скидки", "Discounts"),
    "redeemed_worth": ("Списано: {points}", "Redeemed: {points}"),
    "sum_after_discounts": ("С учётом скидок", "After discounts"),
    "sum_after_points": ("С учётом баллов", "After points"),
    "by_certificate": ("  сертификатом", "  by certificate"),
    # points
    "redeemed": ("Списано", "Redeemed"),
    "worth": ("  на сумму", "  worth"),
    "accrued": ("Начислено", "Accrued"),
    "by_favourite": ("  за любимое", "  for favourites"),
    "by_birthday": ("  ко дню рождения", "  for the birthday"),
    "by_promotion": ("  по акции", "  by promotion"),
    "by_coupon": ("  по купону", "  by coupon"),
    "valid_to": ("  действуют по {to}", "  valid to {to}"),
    "valid_from": ("  действуют с {start}", "  valid from {start}"),
    "valid_from_to": ("  с {start} по {to}", "  from {start} to {to}"),
    "balance": ("Баланс", "Balance"),
    "balance_at": ("Баланс на {at}", "Balance at {at}"),
    "owed": ("Долг", "Owed"),
    "owed_at": ("Долг на {at}", "Owed at {at}"),
    "owed_why": ("Потрачено дважды или снято", "Spent twice, or taken back"),
    "expiring": ("Сгорит {day}", "Expiring {day}"),
    "coupon": ("Купон: {name}", "Coupon: {name}"),
    "stranger": ("Карта здесь пока неизвестна", "The card is not known here yet"),
    "stranger_points": ("Баллы придут, когда её найдут", "Points come once it is found"),
    "offline": ("Без связи: баланс уточнится", "Offline: balance may change"),
    "held_elsewhere": ("Уточнится: есть другой чек", "May change: another receipt"),
    # gift certificates
    "certificate_information": ("Информация по сертификату", "Certificate information"),
    "gift_certificate": ("ПОДАРОЧНЫЙ СЕРТИФИКАТ", "GIFT CERTIFICATE"),
    "certificate": ("Сертификат {number}", "Certificate {number}"),
    "certificate_left": ("  на нём осталось", "  left on it"),
    "certificate_back": ("На сертификат {number}", "To certificate {number}"),
    "for_whom": ("Для кого: {name}", "For {name}"),
    "pin": ("ПИН {pin}", "PIN {pin}"),
    "instead_of": ("Вместо сертификата {number}", "In place of {number}"),
    "certificate_how": ("Покажите QR на кассе", "Show the QR at the till"),
    "certificate_no_end": ("Срока нет. Можно по частям", "It never ends. Also in parts"),
    "certificate_refund": ("Возврат за сертификат", "A certificate refunded"),
    "certificates_sold": ("Продано сертификатов", "Certificates sold"),
    "certificates_used": ("Оплат сертификатом", "Paid by certificate"),
    "certificates_back": ("Возвратов на сертификат", "Put back on certificates"),
    "certificates_refunded": ("Сертификатов возвращено", "Certificates refunded"),
    "certificates_blocked": ("Сертификатов заблокировано", "Certificates blocked"),
    "certificates_replaced": ("Сертификатов заменено", "Certificates replaced"),
    "certificates_worth": ("  на сумму", "  worth"),
    # points of a purchase without a card
    "claim_information": ("Карту не показали?", "No card this time?"),
    "claim_points": ("Можно получить", "Yours to get"),
    "claim_until": ("по {day} включительно:", "until {day}:"),
    "claim_at_till": ("на кассе: этот чек и карта", "at a till: this and your card"),
    "claim_by_code": ("или в личном кабинете: QR-код", "or in your account: the QR code"),
    "claim_fiscal": ("или в личном кабинете: QR чека", "or in your account: its QR code"),
    # goods that came back
    "return": ("Возврат товара", "Goods returned"),
    "points_back": ("Вернулось", "Given back"),
    "points_taken_back": ("Снято начисленное", "Taken back"),
    "balance_later": ("Баланс уточнится", "The balance may change"),
    "debt": ("Долг погасят новые покупки", "New purchases pay the debt"),
    "coupon_back": ("Купон снова ваш: {name}", "Coupon is yours again: {name}"),
    "withheld": ("Удержана скидка", "Discount kept"),
    "refund_money": ("Возвращено деньгами", "Refunded in money"),
    "refund_certificate": ("На сертификат", "To the certificate"),
    # stickers
    "stickers_given": ("Наклейки за покупку", "Stickers given"),
    "stickers_spent": ("За наклейки ({count}): {name}", "For {count} stickers: {name}"),
    "stickers_balance": ("Наклеек всего", "Stickers in all"),
    "stickers_owed": ("Долг наклеек", "Stickers owed"),
    "stickers_next": ("До «{name}» ещё", "Missing to “{name}”"),
    "stickers_back": ("Наклейки снова ваши", "Stickers are yours again"),
    "stickers_taken_back": ("Сняты наклейки", "Stickers taken back"),
    # cards
    "issued": ("Выдана карта {card}", "Card {card} issued"),
    "reissued": ("Вместо карты {card}", "Instead of card {card}"),
    "card_issued": ("Для списания нужна регистрация", "Register the card to redeem"),
    "card_pending": ("Анкета карты ещё проверяется", "The form is still being checked"),
    "card_blocked": ("Карта заблокирована", "The card is blocked"),
    # forms to sign
    "form": ("Анкета участника", "Member's form"),
    "reissue_form": ("Заявление о замене карты", "Request to replace a card"),
    "consent_card": ("Карта ______________", "Card ______________"),
    "document": ("Документ {version}", "Document {version}"),
    "agree": ("[   ] Согласен", "[   ] I agree"),
    "needed": ("Без него не регистрируют", "Needed to be registered"),
    "optional": ("По желанию, карта не зависит", "As you like, the card is yours"),
    "form_days": ("Проверка до {days} дней", "Checked within {days} days"),
    "form_by_hand": ("Заполните и отдайте кассиру", "Fill in, give to the cashier"),
    "new_card": ("Новая карта", "New card"),
    "old_card": ("Утраченная карта", "Lost card"),
    "virtual_card": ("Виртуальная карта", "Virtual card"),
    "virtual_how": ("Покажите QR или назовите номер", "Show the QR, or say the number"),
    "replaced_card": ("Вместо карты", "Instead of card"),
    "balance_kept": ("Баланс карты сохраняется.", "The old card's balance is kept."),
    "field_card": ("Номер карты", "Card number"),
    "field_name": ("Фамилия, имя, отчество", "Full name"),
    "field_phone": ("Телефон", "Phone"),
    "field_birthday": ("Дата рождения", "Date of birth"),
    "field_signature": ("Дата и подпись", "Date and signature"),
    # the report of a shift
    "points_report": ("Отчёт по баллам за смену", "Points report of the shift"),
    "made_at": ("Составлен", "Made at"),
    "sales": ("Продаж с картой", "Sales with a card"),
    "sales_total": ("На сумму", "For a total of"),
    "sales_paid": ("Оплачено деньгами", "Paid in money"),
    "cards_issued": ("Выдано карт", "Cards issued"),
    "cards_reissued": ("Заменено карт", "Cards replaced"),
    "cards_made_virtual": ("Карт стало виртуальными", "Cards made virtual"),
    "cards_blocked": ("Заблокировано карт", "Cards blocked"),
    "cards_unblocked": ("Разблокировано карт", "Cards unblocked"),
    "guesses": ("Набрано неизвестных номеров", "Unknown numbers typed"),
    "strangers": ("Неизвестных здесь карт", "Cards not known here"),
    "sales_without_card": ("Продаж без карты", "Sales without a card"),
    "returns": ("Возвратов", "Returns"),
    "coupons_returned": ("Возвращено купонов", "Coupons given back"),
    "report_stickers_given": ("Выдано наклеек", "Stickers given"),
    "report_stickers_spent": ("Обменяно наклеек", "Stickers exchanged"),
    "report_stickers_restored": ("Возвращено наклеек", "Stickers given back"),
    "report_stickers_taken_back": ("Снято наклеек", "Stickers taken back"),
    "coupons_used": ("Погашено купонов", "Coupons used"),
    "made_offline": ("Без связи с хабом", "Made offline"),
    "offline_worth": ("  списано без связи", "  redeemed offline"),
    "by_cashier": ("По кассирам: чеков, оплачено", "By cashiers: receipts, paid"),
    "receipts_paid": ("{count}, {paid}", "{count}, {paid}"),
    "earned_spent": ("  начислено / списано", "  earned / redeemed"),
    "nobody": ("Без имени", "Nobody named"),
    "refused_here": ("Отказы кассы", "Refused at the till"),
    "unknown_goods": ("Неизвестные товары", "Goods nobody knows"),
    "unknown_goods_more": ("  и ещё артикулов", "  and more articles"),
    "law_known_to": ("Мин. цены алкоголя до", "Alcohol prices to"),
    "waiting_for_hub": ("Ждут отправки на хаб", "Waiting for the hub"),
    "refused_by_hub": ("Отклонены хабом", "Refused by the hub"),
    "accrued_refused": ("  хаб не принял", "  hub refused"),
    "redeemed_refused": ("  хаб не принял", "  hub refused"),
    "refused_sale": ("  к чеку {number}", "  for receipt {number}"),
    "papers_waiting": ("Не напечатаны", "Not printed"),
    "papers_in_question": ("Напечатаны ли, неясно", "Printed or not: unclear"),
}


class PaperWords:
    """What the papers of one programme say in one language, by the clock of the shop."""

    def __init__(self, programme: Programme, language: Language, store: Store | None) -> None:
        self._zone = zone_of(store, programme.timezone)
        self.programme = programme.by_clock_of(self._zone)
        self.language: Language = language

    def say(self, key: str, **facts: str) -> str:
        return _TEXTS[key][0 if self.language == "ru" else 1].format(**facts)

    def rubles(self, kopecks: int) -> str:
        return amount_text(kopecks, self.language)

    def points(self, count: int) -> str:
        return points_text(count, self.programme.currency, self.language)

    def local(self, at: datetime) -> datetime:
        """The same moment by the shop's clock."""
        return at.astimezone(self._zone)

    def day(self, at: datetime) -> str:
        return self.local(at).strftime("%d.%m.%Y")

    def time(self, at: datetime) -> str:
        return self.local(at).strftime("%d.%m.%Y %H:%M")

    def short_time(self, at: datetime, now: datetime) -> str:
        """Without what is the same now: the day, or the year."""
        then, today = self.local(at), self.local(now)
        if then.date() == today.date():
            return then.strftime("%H:%M")
        return then.strftime("%d.%m %H:%M" if then.year == today.year else "%d.%m.%Y %H:%M")

    def start(self, at: datetime, now: datetime) -> str:
        """When points become active: a day if that is at midnight, else the hour too."""
        local = self.local(at)
        return local.strftime("%d.%m.%Y") if (local.hour, local.minute) == (0, 0) else self.short_time(at, now)

    def last_day(self, expires_at: datetime) -> str:
        """The last day on which points live."""
        return last_day_of(self.programme, expires_at).strftime("%d.%m.%Y")
