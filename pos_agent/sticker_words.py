"""What the till says of stickers, long and short."""

from __future__ import annotations

STICKER_WORDS: dict[str, tuple[str, str]] = {
    "stickers_exchanged": (
        "«{name}»: наклейки ({needed}) обменяются при оплате, останется {left}.",
        "“{name}”: {needed} stickers go when it is paid, {left} are left.",
    ),
    "stickers_kept": ("Обмен наклеек убран из чека.", "The stickers stay with the customer."),
    "no_stickers_exchanged": ("В этом чеке такого обмена нет.", "There is no such exchange on this receipt."),
    "stickers_unknown_member": (
        "Карта здесь пока неизвестна: сколько на ней наклеек, касса не знает. За покупку они начислятся.",
        "The card is not known here yet, nor how many stickers it has. It gets those of this purchase.",
    ),
    "stickers_need_card": (
        "По одному номеру телефона наклейки не меняют. Попросите карту или код.",
        "Stickers are not exchanged by a phone number alone. Ask for the card, or for the code.",
    ),
    "stickers_no_collection": ("Наклейки сейчас не собирают и не меняют.", "No sticker collection is running now."),
    "stickers_no_such_offer": (
        "За наклейки «{offer}» не дают: такого в коллекции нет.",
        "The collection has no offer “{offer}”.",
    ),
    "stickers_offer_taken": (
        "«{name}» в этом чеке уже есть: один раз на чек.",
        "“{name}” is on this receipt already: once on each.",
    ),
    "stickers_too_few": (
        "«{name}»: не хватает наклеек, ещё {missing}. Нужно {needed}, есть {has}.",
        "“{name}”: {missing} stickers are missing. It takes {needed}, there are {has}.",
    ),
    "stickers_held": (
        "«{name}»: наклейки уже меняют на другом чеке. Нужно {needed}, свободно {has}.",
        "“{name}”: another receipt takes the stickers. It takes {needed}, {has} are free.",
    ),
    "stickers_give_nothing": (
        "«{name}» ничего не даст: в чеке нет таких товаров. Наклейки остаются у покупателя.",
        "“{name}” gives nothing: no goods on the receipt are for it. The customer keeps the stickers.",
    ),
    "stickers_give_basket_too_small": (
        "«{name}» ничего не даст: нужен чек от {least}. Наклейки остаются у покупателя.",
        "“{name}” gives nothing: it needs a receipt of {least}. The customer keeps the stickers.",
    ),
    "stickers_give_members_only": (
        "«{name}» ничего не даст: карта не действует. Наклейки остаются у покупателя.",
        "“{name}” gives nothing: the card is not in force. The customer keeps the stickers.",
    ),
    "stickers_give_another_is_better": (
        "«{name}» ничего не даст: купон в чеке выгоднее. Наклейки остаются у покупателя.",
        "“{name}” gives nothing: a coupon on the receipt gives more. The customer keeps the stickers.",
    ),
    "changed_stickers": (
        "Наклейки действуют иначе: теперь к оплате {to_pay}. Скажите покупателю.",
        "The stickers hold otherwise now: {to_pay} to pay. Tell the customer.",
    ),
    "balance_stickers": ("Наклеек: {count}.", "Stickers: {count}."),
    # with the payment, and with goods that come back
    "recorded_stickers": ("Наклеек начислено: {given}, всего {left}.", "Stickers given: {given}, {left} in all."),
    "return_stickers_taken_back": ("Сняты наклейки: {count}.", "Stickers taken back: {count}."),
    "return_stickers_restored": ("Наклейки возвращены покупателю: {count}.", "Stickers given back: {count}."),
}
STICKER_SHORT: dict[str, tuple[str, str]] = {
    "stickers_exchanged": ("Обмен наклеек в чеке\nОстанется: {left}", "Stickers are exchanged\n{left} are left"),
    "stickers_kept": ("Обмен наклеек убран", "The stickers are kept"),
    "no_stickers_exchanged": ("Такого обмена в чеке нет", "No such exchange here"),
    "stickers_unknown_member": ("Карта здесь неизвестна\nНаклейки не обменять", "Card not known here\nNo exchange"),
    "stickers_need_card": ("По телефону не меняют\nНужна карта или код", "Not by phone alone\nAsk for card or code"),
    "stickers_no_collection": ("Наклейки сейчас не меняют", "No collection is running"),
    "stickers_no_such_offer": ("Такого за наклейки нет", "There is no such offer"),
    "stickers_offer_taken": ("Это в чеке уже есть", "It is on the receipt already"),
    "stickers_too_few": (
        "Не хватает наклеек: {missing}\nНужно {needed}, есть {has}",
        "{missing} are missing\n{needed} needed, {has} there",
    ),
    "stickers_held": (
        "Наклейки заняты другим чеком\nНужно {needed}, свободно {has}",
        "Another receipt has them\n{needed} needed, {has} free",
    ),
    "stickers_give_nothing": ("Нет товаров для этого\nНаклейки остаются", "No goods for it here\nStickers are kept"),
    "stickers_give_basket_too_small": ("Нужен чек от\n{least}", "It needs a receipt of\n{least}"),
    "stickers_give_members_only": ("Карта не действует\nНаклейки остаются", "Card not in force\nStickers are kept"),
    "stickers_give_another_is_better": ("Купон выгоднее\nНаклейки остаются", "A coupon gives more\nStickers are kept"),
    "changed_stickers": ("Наклейки иначе\nТеперь к оплате {to_pay}", "Stickers have changed\nNow to pay {to_pay}"),
    "balance_stickers": ("Наклеек: {count}", "Stickers: {count}"),
    "recorded_stickers": ("Наклейки: {given}, всего {left}", "Stickers: {given}, {left} in all"),
    "return_stickers_taken_back": ("Сняты наклейки: {count}", "Stickers taken back: {count}"),
    "return_stickers_restored": ("Наклейки возвращены: {count}", "Stickers given back: {count}"),
}
# for the customer, on his display
STICKER_SHOWN: dict[str, tuple[str, str]] = {
    "stickers_guest": ("Наклеек: {left}.", "Stickers: {left}."),
    "stickers_guest_given": ("Наклейки за покупку: {given}, станет {left}.", "Stickers: {given} more, {left} then."),
    "stickers_guest_next": ("До «{name}» ещё {missing}.", "{missing} more for “{name}”."),
}
