"""Five thousand goods of the chain of docs/month.md, as its accountant's program writes them: the same on every run.

python docs/examples/goods_of_rodnik.py > goods.csv
"""

GOODS = 5_000
HEAD = "Артикул;Штрихкод;Наименование;Группа;Ед. изм.;Вид;Крепость, %;Объём, л;Цена"
BY_THE_LAW = (
    "Сигареты «Родник»;Табак;пач;;;;189,00",
    "Водка «Родниковая»;Крепкий алкоголь;шт;водка;40;0,5;449,00",
    "Игристое «Родник» брют;Игристое вино;шт;игристое вино;11,5;0,75;599,00",
)
# group, what is in it, rubles of the cheapest
GROUPS = (
    ("Шоколад", "Шоколад молочный", 80),
    ("Конфеты", "Конфеты в коробке", 250),
    ("Печенье", "Печенье овсяное", 60),
    ("Чай и кофе", "Чай чёрный", 120),
    ("Подарочные наборы", "Набор подарочный", 900),
    ("Мёд", "Мёд цветочный", 340),
)
STEP_RUBLES = 5  # within a group each is so much dearer than the one before it,
STEPS = 40  # up to so many times


def with_check_digit(digits):
    odd, even = sum(map(int, digits[::2])), sum(map(int, digits[1::2]))
    return f"{digits}{-(odd + 3 * even) % 10}"


def rest(number):
    """All but article and barcode. The first three are what the law speaks of."""
    if number <= len(BY_THE_LAW):
        return BY_THE_LAW[number - 1]
    row, place = divmod(number - len(BY_THE_LAW) - 1, len(GROUPS))
    group, name, rubles = GROUPS[place]
    return f"{name} № {row + 1};{group};шт;;;;{rubles + row % STEPS * STEP_RUBLES},00"


if __name__ == "__main__":
    print(HEAD)
    for number in range(1, GOODS + 1):
        print(f"{number};{with_check_digit(f'460{number:09}')};{rest(number)}")
