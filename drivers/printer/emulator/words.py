"""What pages call the virtual printer's faults and states, and what became of its papers. Each: Russian, English."""

from __future__ import annotations

# order → what stands on its button, in Russian and in English.
BUTTONS: dict[str, tuple[str, str]] = {
    "paper out": ("Бумага кончилась", "Paper out"),
    "paper low": ("Бумаги мало", "Paper low"),
    "paper in": ("Вставить бумагу", "Put paper in"),
    "cover open": ("Открыть крышку", "Open the cover"),
    "cover close": ("Закрыть крышку", "Close the cover"),
    "cutter jam": ("Заклинить нож", "Jam the knife"),
    "cutter free": ("Освободить нож", "Free the knife"),
    "overheat on": ("Перегреть", "Overheat"),
    "overheat off": ("Остудить", "Cool down"),
    "power cycle": ("Выключить и включить", "Power off and on"),
    "power cycle kept": ("То же, буфер цел", "The same, buffer kept"),
    "silent on": ("Молчать", "Be silent"),
    "constant on": ("Всегда «всё хорошо»", "Always say all is well"),
    "silent off": ("Отвечать", "Answer again"),
    "constant off": ("Отвечать честно", "Answer honestly"),
    "unplug": ("Выдернуть кабель", "Pull the cable"),
    "plug": ("Вставить кабель", "Plug the cable in"),
    "tear": ("Оторвать бумагу", "Tear the paper off"),
    "baud 9600": ("Медленный кабель, 9600", "Slow cable, 9600"),
    "baud 0": ("Быстрый кабель", "Fast cable"),
}
STATES: dict[str, tuple[str, str]] = {
    "url": ("Адрес", "Address"),
    "offline": ("Не печатает", "Off line"),
    "paper_out": ("Нет бумаги", "Paper out"),
    "paper_low": ("Бумаги мало", "Paper low"),
    "cover_open": ("Крышка открыта", "Cover open"),
    "cutter_jam": ("Нож заклинило", "Knife jammed"),
    "overheat": ("Перегрев", "Overheated"),
    "silent": ("Молчит", "Silent"),
    "constant": ("Говорит, что всё хорошо", "Says all is well"),
    "buffered": ("Байт в буфере", "Bytes in the buffer"),
    "processed": ("Байт обработано", "Bytes processed"),
    "drawer_kicks": ("Открытий ящика", "Drawer kicks"),
    "unplugged": ("Кабель выдернут", "Cable pulled"),
    "slow": ("Кабель медленный", "Slow cable"),
}
# What the ledger says of a piece: states and causes (see ledger.py).
LEDGER_WORDS: dict[str, tuple[str, str]] = {
    "complete": ("целая", "complete"),
    "torn": ("оборвана", "torn"),
    "cleared": ("буфер очищен", "buffer cleared"),
    "power": ("пропало питание", "power lost"),
    "next ESC @": ("началось другое задание", "another job began"),
    "tear": ("бумагу оторвали", "torn off by hand"),
    "too long": ("лента без отреза слишком длинная", "too long without a cut"),
    "uncut at end": ("принтер остановлен до отреза", "stopped before the cut"),
}
