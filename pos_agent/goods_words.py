"""What the till says of goods and of the law's prices, beside the sum of the receipt."""

from __future__ import annotations

GOODS_WORDS: dict[str, tuple[str, str]] = {
    "unlawful_discount": (
        "{names}: со скидкой кассы дешевле, чем разрешает закон. Проверьте цену, позовите управляющего.",
        "{names}: with the POS's discount cheaper than the law allows. Check the price, call the manager.",
    ),
    "goods_unknown": (
        "Касса не знает, что за товар «{name}»: скидок и списания на него нет. Скажите управляющему; все такие товары "
        "в отчёте за смену.",
        "The till does not know what goods «{name}» is: no discounts, and points may not pay for it. Tell the manager; "
        "the report of the shift lists all such goods.",
    ),
    "unlawful_price": (
        "{names}: цена кассы ниже наименьшей по закону, и без всякой скидки. Проверьте цену, позовите управляющего.",
        "{names}: the POS's price is below the law's least one, without any discount. Check it, call the manager.",
    ),
    "least_price_unlikely": (
        "{names}: такой низкой наименьшей цены, как прислала касса, не бывает, поэтому скидок и списания нет. Скажите "
        "управляющему.",
        "{names}: no such goods have a least price as low as the POS told, so no discounts, and points may not pay. "
        "Tell the manager.",
    ),
}
