"""What stands on the emulated till's page. Each: Russian, English. Of devices, what pages of their own call it."""

from __future__ import annotations

from drivers.printer.emulator.words import BUTTONS, STATES

_PAGE: dict[str, tuple[str, str]] = {
    "title": ("Эмулируемая касса", "Emulated till"),
    "about": (
        "Гости с картами, лента чеков и устройства, которые можно сломать. Касса — настоящая.",
        "Guests with their cards, the paper, and devices that you may break. The till is a real one.",
    ),
    "to_cashier": ("Страница кассира", "The cashier's page"),
    "to_guest": ("Экран гостя", "The guest's display"),
    # what guests carry
    "guests": ("У прилавка", "At the counter"),
    "people": ("Гости и их карты", "Guests and their cards"),
    "coupons": ("Купоны", "Coupons"),
    "blank_cards": ("Пустые карты", "Blank cards"),
    "blank_card": ("Ещё ничья", "Nobody's yet"),
    "any_code": ("Любой код", "Any code"),
    "any_code_label": ("Цифры или текст кода", "Digits or text of the code"),
    "upload": ("Показать снимок", "Show a picture"),
    "upload_about": (
        "Сфотографируйте карту или купон: камера кассы увидит снимок.",
        "A photo of a card or a coupon: the till's camera sees it.",
    ),
    "choose": ("Выбрать снимок…", "Choose a picture…"),
    "phone_is": ("телефон", "phone"),
    "scan": ("Сканером", "Scan"),
    "show": ("Камере", "To camera"),
    "scan_what": ("{what}: прочитать сканером", "{what}: read with the scanner"),
    "show_what": ("{what}: показать камере", "{what}: show to the camera"),
    "wallet_missing": (
        "У этой кассы нет файла с гостями: назовите его в настройках, [emulator] wallet.",
        "This till has no file of guests: name one in its settings, [emulator] wallet.",
    ),
    # what a POS does
    "pos": ("Кассовая программа", "The POS"),
    "pos_about": ("Пробить товары, как это делает касса магазина.", "Ring goods up, as the shop's POS does."),
    "pay": ("Оплачено", "Paid"),
    "cancel": ("Отменить чек", "Cancel the receipt"),
    # the till
    "till_says": ("Касса отвечает", "The till says"),
    "till_silent": ("Пока ничего не произошло. Покажите карту или пробейте товары.",
                    "Nothing has happened yet. Show a card, or ring some goods up."),
    "receipt": ("Чек {number}", "Receipt {number}"),
    "no_receipt": ("Чека нет", "No receipt"),
    "to_pay": ("к оплате {sum}", "{sum} to pay"),
    "of_card": ("карта {card}", "card {card}"),
    "paper": ("Лента принтера", "The printer's paper"),
    "paper_empty": ("Лента пуста.", "The paper is empty."),
    "camera_sees": ("Что видит камера", "What the camera sees"),
    "camera_empty": ("Пустой прилавок.", "An empty counter."),
    "camera_card": ("Перед камерой лежит карта или снимок.", "A card or a picture lies before the camera."),
    "take_away": ("Убрать", "Take it away"),
    # devices
    "unread_scanner": (
        'Касса не слушает этот сканер: добавьте в её настройки [[scanners]] с url = "{url}" и запустите её заново.',
        'The till does not read this scanner: add [[scanners]] with url = "{url}" to its settings and restart it.',
    ),
    "unread_camera": (
        'Касса не смотрит в эту камеру: добавьте в её настройки [[scanners]] с url = "{url}" и запустите её заново.',
        'The till does not read this camera: add [[scanners]] with url = "{url}" to its settings and restart it.',
    ),
    "devices": ("Устройства", "Devices"),
    "printer": ("Принтер", "Printer"),
    "scanner": ("Сканер", "Scanner"),
    "camera": ("Камера", "Camera"),
    "network": ("Связь с хабом", "Network to the hub"),
    "works": ("Исправен", "Works"),
    "works_camera": ("Исправна", "Works"),
    "works_network": ("Есть", "There"),
    "device_gone": ("Эмулятор остановлен. Поднимется — появится здесь.",
                    "The emulator is stopped. It shows here when it is back."),
    "gone_order": ("Эмулятор не отвечает: подождите, пока он поднимется.",
                   "The emulator does not answer: wait until it is back."),
    "nobody_listens": (
        "Код пропал: сканер выдернут, или касса его не слушает.",
        "The code is lost: the scanner is pulled, or the till does not listen to it.",
    ),
    "undrawable": (
        "Такой код на карту не поместится или не рисуется. Возьмите короче.",
        "Such a code does not fit on a card, or cannot be drawn. Take a shorter one.",
    ),
    "code_long": ("Код длиннее, чем бывает.", "The code is longer than codes are."),
    "port_taken": (
        "Вставить не вышло: его место занято. Попробуйте ещё раз.",
        "It cannot be plugged in: its place is taken. Try once more.",
    ),
    "refused": ("Эмулятор отказался: {text}", "The emulator refused: {text}"),
    "wallet_broken": ("Файл с гостями не читается: {text}", "The file of guests cannot be read: {text}"),
    "picture_unread": ("Это не снимок: нужен PNG, JPEG или WebP.", "That is no picture: PNG, JPEG or WebP are read."),
    "picture_large": ("Снимок слишком велик даже уменьшенный.", "The picture is too large even when shrunk."),
}  # fmt: skip

# by the device and the order: what stands on its button
_BUTTONS: dict[str, tuple[str, str]] = {
    **{f"printer {order}": words for order, words in BUTTONS.items()},
    "printer at line 5 paper out": ("Бумага кончится в следующем чеке", "Paper ends in the next receipt"),
    "scanner !unplug": ("Выдернуть сканер", "Pull the scanner"),
    "scanner !plug": ("Вставить сканер", "Plug the scanner in"),
    "camera !unplug": ("Выдернуть камеру", "Pull the camera"),
    "camera !plug": ("Вставить камеру", "Plug the camera in"),
    "camera !hang": ("Камера зависла", "Hang the camera"),
    "camera !recover": ("Разбудить камеру", "Wake the camera"),
    "camera !tear": ("Порвать один кадр", "Tear one frame"),
    "camera !cut": ("Оборвать на кадре", "Break off in a frame"),
    "network cut": ("Оборвать связь", "Cut the network"),
    "network mend": ("Восстановить связь", "Mend the network"),
}
# by the device and what its state has
_STATES: dict[str, tuple[str, str]] = {
    **{f"printer is {name}": words for name, words in STATES.items()},
    "scanner is unplugged": ("Выдернут", "Pulled"),
    "camera is unplugged": ("Выдернута", "Pulled"),
    "camera is hung": ("Зависла", "Hung"),
    "network is unplugged": ("Оборвана", "Cut"),
}
# how what an emulator says begins → what the page says instead, in its own language
REFUSALS: dict[str, str] = {
    "nobody listens": "nobody_listens",
    "that is no picture": "picture_unread",
    "the picture has more": "picture_large",
    "pos-agent: drawing": "undrawable",
    "that is longer": "code_long",
    "an order is one short line": "code_long",
    "cannot do that": "port_taken",
    "pos-agent: listening": "port_taken",
    "listening": "port_taken",
    "making the port": "port_taken",
}
EMULATED_WORDS: dict[str, tuple[str, str]] = _PAGE | _BUTTONS | _STATES
