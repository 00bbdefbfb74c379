"""What the till says of coupons."""

from __future__ import annotations

from typing import Final

COUPON_WORDS: dict[str, tuple[str, str]] = {
    "coupon_taken": ("Купон принят: {name}.", "Coupon taken: {name}."),
    "coupon_used": ("Купон уже использован.", "The coupon was used already."),
    "coupon_used_here": (
        "Купон уже использован здесь: чек {sale} от {day}.",
        "The coupon was used here already: receipt {sale} of {day}.",
    ),
    "coupon_used_elsewhere": (
        "Купон уже использован на другой кассе или отозван.",
        "The coupon was used at another till already, or was revoked.",
    ),
    "coupon_shown": ("Этот купон уже в чеке.", "This coupon is on the receipt already."),
    "coupon_forged": ("Купон поддельный или испорчен: подпись не сходится.", "The coupon is forged or damaged."),
    "coupon_malformed": ("Это не купон: код не разобрать.", "That is no coupon: the code cannot be read."),
    "coupon_expired": ("Срок купона истёк: он действовал по {day}.", "The coupon has expired: {day} was its last day."),
    "coupon_not_yet": (
        "Купон ещё не действует: он начинается {day}.",
        "The coupon is not valid yet: it begins {day}.",
    ),
    "coupon_other_programme": ("Купон другой программы.", "The coupon is of another programme."),
    "coupon_unknown_key": (
        "Купон не проверить: касса ещё не получила ключ хаба.",
        "The coupon cannot be checked: the till has no hub key yet.",
    ),
    "coupon_unknown_campaign": ("Такой купонной акции нет.", "There is no such coupon campaign."),
    "coupon_one_of_a_kind": (
        "Купон «{name}» в чеке уже есть: такой может быть один.",
        "There is a coupon “{name}” on the receipt already: only one of this kind.",
    ),
    "coupon_waits_basket_too_small": (
        "Купон «{name}» пока ничего не даёт: нужен чек от {least}. Он останется в чеке.",
        "The coupon “{name}” gives nothing yet: it needs a receipt of {least}. It stays on the receipt.",
    ),
    "coupon_waits_goods_not_counted": (
        "Купон «{name}» пока ничего не даёт: нужен чек от {least}, а табак, сертификаты, неизвестные товары и подобное "
        "не в счёт. Он останется в чеке.",
        "The coupon «{name}» gives nothing yet: it needs a receipt of {least}; tobacco, certificates, unknown goods "
        "and the like do not count. It stays on the receipt.",
    ),
    "coupon_waits_members_only": (
        "Купон «{name}» пока ничего не даёт: он для участников, нужна карта. Он останется в чеке.",
        "The coupon “{name}” gives nothing yet: it is for members, show a card. It stays on the receipt.",
    ),
    "coupon_waits_nothing_to_discount": (
        "Купон «{name}» пока ничего не даёт: в чеке нет товаров, на которые он действует.",
        "The coupon “{name}” gives nothing yet: nothing on the receipt may be discounted by it.",
    ),
    "coupon_waits_nothing_to_earn": (
        "Купон «{name}» пока ничего не даёт: в чеке нет товаров, за которые он добавил бы баллы. Он не гасится.",
        "The coupon “{name}” gives nothing yet: nothing on the receipt earns points by it. It is not used up.",
    ),
    "coupon_waits_another_is_better": (
        "Купон «{name}» ничего не даёт: другой купон выгоднее. Он не гасится.",
        "The coupon “{name}” gives nothing: another one gives more. It is not used up.",
    ),
    "coupon_waits_not_yet": (
        "Купон «{name}» ещё не действует.",
        "The coupon “{name}” is not valid yet.",
    ),
    "coupon_waits_over": ("Акция купона «{name}» закончилась.", "The campaign of the coupon «{name}» is over."),
    "changed_coupon": (
        "Купон теперь действует иначе: к оплате {to_pay}. Скажите покупателю.",
        "The coupon holds otherwise now: {to_pay} to pay. Tell the customer.",
    ),
    "changed_coupon_used": (
        "Купон использован на другой кассе: теперь к оплате {to_pay}. Скажите покупателю.",
        "The coupon was used at another till: now {to_pay} to pay. Tell the customer.",
    ),
    "coupon_dropped": ("Купон убран из чека.", "The coupon is off the receipt."),
    "no_such_coupon": ("Такого купона в чеке нет.", "There is no such coupon on the receipt."),
    "coupon_stopped": (
        "Акция этого купона остановлена: он больше ничего не даёт.",
        "The campaign of this coupon is stopped: it gives nothing any more.",
    ),
    "coupon_over": ("Срок купона «{name}» истёк.", "The coupon “{name}” has expired."),
    "coupon_revoked": ("Купон отозван.", "The coupon was revoked."),
    "coupon_wrong_store": ("Купон действует только в другом магазине.", "The coupon is good in another store only."),
    "coupon_wrong_channel": (
        "Купон не для этой кассы: он действует при другом способе покупки.",
        "The coupon is not for this kind of till.",
    ),
    "coupon_wrong_member": (
        "Купон именной и выпущен для другого участника: нужна карта того, чей купон.",
        "The coupon is personal and another member's: the card of its owner must be shown.",
    ),
    "coupon_wrong_member_whose": (
        "Купон именной и выпущен для другого участника: нужна карта {card}.",
        "The coupon is personal and another member's: card {card} must be shown.",
    ),
    "coupon_limit": ("Все купоны этой акции уже использованы.", "All coupons of this campaign are used up."),
    "coupon_limit_member": (
        "Этот участник уже использовал все свои купоны этой акции.",
        "This member has used all coupons of this campaign that he may.",
    ),
    "coupon_held": (
        "Купон сейчас в чеке на другой кассе. Уберите его там или подождите несколько минут.",
        "The coupon is on a receipt at another till just now. Take it off there, or wait some minutes.",
    ),
    "coupon_held_here": (
        "Купон сейчас в чеке {sale} на этой кассе. Уберите его там или отмените тот чек.",
        "The coupon is on receipt {sale} at this till just now. Take it off there, or cancel that receipt.",
    ),
    "coupon_needs_hub": (
        "Купон «{name}» принимается только со связью, а ответа сейчас нет.",
        "The coupon “{name}” is taken only with a connection, and there is no answer now.",
    ),
    "coupon_being_asked": (
        "Этот купон уже проверяется. Подождите секунду.",
        "This coupon is being checked already. Wait a second.",
    ),
    "coupon_overtaken": (
        "Пока купон проверялся, чек сменился. Если купон к этому чеку, считайте его ещё раз.",
        "The receipt changed while the coupon was checked. If it is for this one, scan it again.",
    ),
    "coupon_code_offline": (
        "Код купона проверяется только со связью, а ответа сейчас нет. Считайте QR-код купона.",
        "A coupon's code is checked only with a connection, and there is no answer now. Scan its QR.",
    ),
    "coupon_no_code": (
        "Купона с таким кодом нет. Проверьте буквы; осталось попыток: {tries}.",
        "No coupon has this code. Check the letters; tries left: {tries}.",
    ),
    "coupon_code_tries": (
        "Слишком много неверных кодов подряд. Подождите несколько минут или считайте QR-код.",
        "Too many wrong codes one after the other. Wait some minutes, or scan the QR.",
    ),
    "coupon_uses_left": ("Вместе с этим осталось применений: {left}.", "Uses left, this one counted: {left}."),
    "coupon_waits_no_member": (
        "Купон «{name}» именной: покажите карту того, чей он. Он останется в чеке.",
        "The coupon “{name}” is personal: show its owner's card. It stays on the receipt.",
    ),
    "coupon_waits_wrong_member": (
        "Купон «{name}» именной и другого участника: нужна карта того, чей он.",
        "The coupon “{name}” is personal and another member's: it needs its owner's card.",
    ),
    "coupon_waits_wrong_channel": (
        "Купон «{name}» не для этой кассы.",
        "The coupon “{name}” is not for this kind of till.",
    ),
    "coupon_waits_needs_hub": (
        "Купон «{name}» пока ничего не даёт: такую скидку должен подтвердить офис, а ответа нет. Он останется в чеке.",
        "The coupon “{name}” gives nothing yet: so large a discount needs the office's word, and no answer came. It "
        "stays on the receipt.",
    ),
    "coupon_waits_stopped": (
        "Акция купона «{name}» остановлена.",
        "The campaign of the coupon “{name}” is stopped.",
    ),
    "coupon_waits_expired": ("Срок купона «{name}» истёк.", "The coupon “{name}” has expired."),
}
COUPON_SHORT: dict[str, tuple[str, str]] = {
    "coupon_taken": ("Купон принят:\n{name}", "Coupon taken:\n{name}"),
    "coupon_used": ("Купон уже использован", "The coupon was used already"),
    "coupon_shown": ("Этот купон уже в чеке", "The coupon is on the receipt already"),
    "coupon_forged": ("Купон поддельный или испорчен", "The coupon is forged or damaged"),
    "coupon_malformed": ("Это не купон", "That is no coupon"),
    "coupon_expired": ("Срок купона истёк {day}", "The coupon was good until {day}"),
    "coupon_not_yet": ("Купон действует с {day}", "The coupon begins on {day}"),
    "coupon_other_programme": ("Купон другой программы", "The coupon is of another programme"),
    "coupon_unknown_key": ("Купон пока не проверить", "The coupon cannot be checked yet"),
    "coupon_unknown_campaign": ("Такой купонной акции нет", "There is no such coupon campaign"),
    "coupon_one_of_a_kind": ("Такой купон в чеке уже есть", "One such coupon is there already"),
    "coupon_waits_basket_too_small": ("Купон ждёт чека от\n{least}", "The coupon needs a receipt of\n{least}"),
    "coupon_waits_goods_not_counted": (
        "Купон ждёт чека от {least}\nТабак и подобное не в счёт",
        "The coupon needs {least}\nTobacco and the like do not count",
    ),
    "coupon_waits_members_only": ("Купон для участников\nПокажите карту", "The coupon is for members\nShow a card"),
    "coupon_waits_nothing_to_discount": ("Купону не на что действовать", "Nothing for this coupon here"),
    "coupon_waits_nothing_to_earn": ("Купону нет товаров для баллов", "Nothing here earns by this coupon"),
    "coupon_waits_another_is_better": ("Другой купон выгоднее\nЭтот не гасится", "Another coupon gives more"),
    "coupon_waits_not_yet": ("Купон ещё не действует", "The coupon is not valid yet"),
    "coupon_waits_over": ("Акция купона закончилась", "The coupon's campaign is over"),
    "coupon_dropped": ("Купон убран из чека", "The coupon is off the receipt"),
    "no_such_coupon": ("Такого купона в чеке нет", "No such coupon on the receipt"),
    "coupon_used_here": (
        "Купон использован здесь\nЧек {sale}, {day}",
        "The coupon was used here\n{sale}, {day}",
    ),
    "coupon_used_elsewhere": ("Купон использован\nна другой кассе", "The coupon was used\nat another till"),
    "coupon_stopped": ("Акция купона остановлена", "The coupon's campaign is stopped"),
    "coupon_over": ("Срок купона истёк:\n{name}", "The coupon has expired:\n{name}"),
    "coupon_revoked": ("Купон отозван", "The coupon was revoked"),
    "coupon_wrong_store": ("Купон другого магазина", "The coupon is for another store"),
    "coupon_wrong_channel": ("Купон не для этой кассы", "The coupon is not for this kind of till"),
    "coupon_wrong_member": ("Купон другого участника\nНужна его карта", "Another member's coupon\nShow that card"),
    "coupon_wrong_member_whose": ("Купон другого участника\nНужна карта {card}", "Another's coupon\nShow card {card}"),
    "coupon_limit": ("Все купоны акции использованы", "All coupons of it are used"),
    "coupon_limit_member": (
        "Покупатель уже использовал\nвсе такие купоны",
        "The member has used all\nof this kind",
    ),
    "coupon_held": ("Купон сейчас в чеке\nна другой кассе", "The coupon is on a receipt\nat another till"),
    "coupon_held_here": ("Купон в чеке {sale}\nна этой кассе", "The coupon is here\non receipt {sale}"),
    "coupon_needs_hub": ("Без связи купон не принять:\n{name}", "No connection for the coupon\n{name}"),
    "coupon_being_asked": ("Купон уже проверяется", "The coupon is being checked"),
    "coupon_overtaken": ("Чек уже другой\nСчитайте купон ещё раз", "Another receipt by now\nScan the coupon again"),
    "coupon_code_offline": ("Код не проверить без связи\nСчитайте QR", "No connection for codes\nScan the QR"),
    "coupon_no_code": (
        "Такого кода нет\nОсталось попыток: {tries}",
        "No such code\nTries left: {tries}",
    ),
    "coupon_code_tries": ("Много неверных кодов\nПодождите", "Too many wrong codes\nWait"),
    "coupon_uses_left": ("Осталось применений: {left}", "Uses left: {left}"),
    "coupon_waits_no_member": ("Купон именной\nПокажите карту", "A personal coupon\nShow its owner's card"),
    "coupon_waits_wrong_member": (
        "Купон другого участника\nНужна его карта",
        "Another member's coupon\nShow that card",
    ),
    "coupon_waits_wrong_channel": ("Купон не для этой кассы", "The coupon is not for this kind of till"),
    "coupon_waits_needs_hub": ("Скидка велика:\nкупону нужна связь", "A large discount:\nit needs the connection"),
    "coupon_waits_stopped": ("Акция купона остановлена", "The coupon's campaign is stopped"),
    "coupon_waits_expired": ("Срок купона истёк", "The coupon has expired"),
}
# what the hub says of a coupon; every other code of its desk is no word on it
COUPON_REFUSALS: Final = frozenset(
    (
        *("coupon_used", "coupon_revoked", "coupon_stopped", "coupon_limit", "coupon_limit_member", "coupon_held"),
        *("coupon_wrong_member", "coupon_wrong_store", "coupon_no_code", "coupon_code_tries"),
    )
)
