"""What the window says in which a second person answers for a step, on any page. Each: Russian, English."""

from __future__ import annotations

SECOND_WORDS: dict[str, tuple[str, str]] = {
    "desk_pin": ("ПИН-код", "PIN"),
    "role_cashier": ("кассир", "cashier"),
    "role_manager": ("управляющий", "manager"),
    "role_office": ("офис", "office"),
    "role_auditor": ("ревизор", "auditor"),
    "second_title": ("Нужен второй человек", "A second person is needed"),
    "second_near": ("Он здесь", "He is here"),
    "second_near_how": ("Его имя и ПИН-код, или бейдж.", "His name and PIN, or his badge."),
    "second_far": ("Он в офисе", "He is in the office"),
    "second_far_how": ("Прочтите офису запрос, наберите код из ответа.", "Read this to the office, type its code."),
    "second_until": ("до {time}, попыток: {tries}", "until {time}, tries: {tries}"),
    "second_code": ("Код офиса", "The office's code"),
    "second_do": ("Подтвердить", "Confirm"),
    "second_member": ("Или сам покупатель", "Or the customer himself"),
    "second_member_how": (
        "Код на его телефон: управляющий тогда не нужен.",
        "A code to his phone: no manager is needed then.",
    ),
}
