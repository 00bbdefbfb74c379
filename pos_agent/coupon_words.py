"""What the till says of coupons."""

from __future__ import annotations

COUPON_WORDS: dict[str, tuple[str, str]] = {
    "coupon_taken": ("Купон принят: {name}.", "Coupon taken: {name}."),
    "coupon_used": ("Купон уже использован.", "The coupon was used already."),
    "coupon_shown": ("Этот купон уже в чеке.", "This coupon is on the receipt already."),
    "coupon_forged": ("Купон поддельный или испорчен: подпись не сходится.", "The coupon is forged or damaged."),
    "coupon_malformed": ("Это не купон: код не разобрать.", "That is no coupon: the code cannot be read."),
    "coupon_expired": ("Срок купона истёк.", "The coupon has expired."),
    "coupon_not_yet": ("Купон ещё не действует.", "The coupon is not valid yet."),
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
    "coupon_dropped": ("Купон убран из чека.", "The coupon is off the receipt."),
    "no_such_coupon": ("Такого купона в чеке нет.", "There is no such coupon on the receipt."),
}
