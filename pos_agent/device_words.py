"""What the till says of its devices and of what they print."""

from __future__ import annotations

DEVICE_WORDS: dict[str, tuple[str, str]] = {
    "scanner_ready": ("Сканер {name} готов.", "Scanner {name} is ready."),
    "scanner_connecting": ("Сканер {name}: подключаемся.", "Scanner {name}: connecting."),
    "scanner_away": (
        "Сканер {name} не отвечает: проверьте кабель. Номер карты можно набрать руками.",
        "Scanner {name} does not answer: check its cable. Card numbers can be typed.",
    ),
    "scanner_unread": (
        "Камера {name} видит код, но не может прочитать: поднесите ближе, уберите блик.",
        "Camera {name} sees a code and cannot read it: hold it closer, out of the glare.",
    ),
    "link_away": (
        "Хаб {url} не отвечает: продажи записываются и ждут здесь. Проверьте сеть и адрес хаба.",
        "The hub at {url} does not answer: sales are recorded and wait here. Check the network and the hub's address.",
    ),
    "till_joined": (
        "Касса подключена к хабу {url}, файл {file} использован и удалён.",
        "The till has joined the hub at {url}; file {file} is used up and removed.",
    ),
    "till_joined_file_stays": (
        "Касса подключена к хабу {url}. Файл {file} использован, но не удаляется ({why}): удалите его.",
        "The till has joined the hub at {url}. File {file} is used up and cannot be removed ({why}): delete it.",
    ),
    "till_not_joined": (
        "Касса не подключилась, продажи записываются и ждут здесь. {why}",
        "The till has not joined; sales are recorded and wait here. {why}",
    ),
    "link_not_joined": (
        "Касса не подключена к хабу {url}: продажи записываются и ждут здесь. Позовите управляющего.",
        "This till has not joined the hub at {url}: sales are recorded and wait here. Call the manager.",
    ),
    "link_no_key": (
        "Ключ этой кассы не прочитать: продажи записываются и ждут здесь. Позовите управляющего.",
        "This till's key cannot be read: sales are recorded and wait here. Call the manager.",
    ),
    "link_strange": (
        "По адресу {url} отвечает чужой хаб: ему не верим, продажи записываются и ждут здесь. Позовите управляющего.",
        "What answers at {url} is not this till's hub and is not believed: sales are recorded and wait here. Call the "
        "manager.",
    ),
    "link_not_heard": (
        "Хаб {url} не слушает эту кассу: её могли отключить в офисе. Продажи записываются и ждут здесь, баллы не "
        "списать. Позовите управляющего.",
        "The hub at {url} does not hear this till: the office may have sent it away. Sales are recorded and wait here, "
        "and no points are redeemed. Call the manager.",
    ),
    "link_stopped": (
        "Хаб {url} не слушает эту кассу: под её именем работает или работала другая. Продажи записываются и ждут "
        "здесь, баллы не списать. Позовите управляющего.",
        "The hub at {url} does not hear this till: another works, or has worked, under its name. Sales are recorded "
        "and wait here, no points can be redeemed. Call the manager.",
    ),
    "link_back": ("Связь с хабом есть.", "The hub is online."),
    # the disk
    "disk_low": (
        "Диск кассы почти полон: осталось {free} МБ. Продажи идут. Позовите управляющего: освободить место.",
        "The till's disk is nearly full: {free} MB left. Sales go on. Call the manager, to make room on it.",
    ),
    "disk_full": (
        "Диск кассы полон (осталось {free} МБ): чеки по карте не записать, баланс виден. Продавайте без баллов. "
        "Позовите управляющего: освободить место, дальше касса продолжит сама.",
        "The till's disk is full ({free} MB left): no sale can be recorded, balances can be seen. Sell without points. "
        "Call the manager, to make room on it; the till then goes on by itself.",
    ),
    "disk_good": ("На диске кассы снова есть место.", "The till's disk has room again."),
    "disk_fails": (
        "Диск кассы не принимает записи: чеки могут не записаться. Позовите управляющего.",
        "The till's disk does not take what is written: sales may not be recorded. Call the manager.",
    ),
    # paper
    "paper_answered": ("Понятно.", "Understood."),
    "copy_queued": (
        "Копия «Информации по карте» к чеку {sale} печатается.",
        "A copy of the “Card information” for receipt {sale} is being printed.",
    ),
    "claim_queued": (
        "Печатается бумага к чеку {sale}: сколько по нему можно получить и до какого дня.",
        "A paper for receipt {sale} is being printed: what it can give, and until when.",
    ),
    "copy_not_out": (
        "Копия «Информации по карте» к чеку {sale} уже ждёт принтера.",
        "A copy of the “Card information” for receipt {sale} is waiting for the printer already.",
    ),
    "no_receipt_yet": (
        "«Информация по карте» на этой кассе ещё не печаталась.",
        "This till has printed no “Card information” yet.",
    ),
    "receipt_long_ago": (
        "Чек {sale} за {day} старше срока возврата: его бумаги касса уже не помнит. Баланс и баллы есть в хабе.",
        "Receipt {sale} of {day} is too old: the till has its paper no longer. The hub has its points.",
    ),
    "day_long_ago": (
        "Операции за {day} старше срока возврата, и касса их уже не помнит. Они есть в хабе: {report}.",
        "What was done on {day} is too old, and the till has it no longer. The hub has it: {report}.",
    ),
    "no_such_receipt": (
        "Чека {sale} за {day} на этой кассе нет. Проверьте номер и день.",
        "This till has no receipt {sale} of {day}. Check the number and the day.",
    ),
    "sale_without_paper": (
        "По чеку {sale} бумаги не было: он пробит без карты.",
        "There was no paper of receipt {sale}: it was sold without a card.",
    ),
    "paper_is_tail": (
        "Баллы здесь печатает касса, в конце своего чека: повторите чек на кассе.",
        "Here the POS prints the points, at the end of its own receipt: print that one again at the POS.",
    ),
    "receipt_not_out": (
        "«Информация по карте» к чеку {sale} ещё не напечатана: она ждёт принтера и выйдет сама.",
        "The “Card information” for receipt {sale} is not printed yet: it waits for the printer and comes by itself.",
    ),
    "receipt_in_question": (
        "Сначала ответьте, вышла ли «Информация по карте» к чеку {sale}.",
        "First answer whether the “Card information” for receipt {sale} came out.",
    ),
    "report_queued": ("Отчёт по баллам за {day} печатается.", "The points report of {day} is being printed."),
    "report_shown": ("Отчёт по баллам:\n{report}", "Points report:\n{report}"),
    "no_paper_question": ("Про чек никто не спрашивал.", "Nothing was asked about a receipt."),
}
