"""What the till says of gift certificates."""

from __future__ import annotations

from typing import Final

CERTIFICATE_WORDS: dict[str, tuple[str, str]] = {
    "certificate": (
        "Это подарочный сертификат, а не карта: он оплачивает чек.",
        "That is a gift certificate and no card: it pays a receipt.",
    ),
    # one that pays
    "certificate_taken": (
        "Сертификат {number}: спишется {takes}, на нём останется {left}. К оплате {to_pay}.",
        "Certificate {number}: {takes} of it are used, {left} stay on it. {to_pay} to pay.",
    ),
    "certificate_taken_here": (
        "Сертификат {number} продан здесь, офис о нём ещё не знает: спишется {takes}, останется {left}. К оплате "
        "{to_pay}.",
        "Certificate {number} was sold here, the office does not know yet: {takes} are used, {left} stay on it. "
        "{to_pay} to pay.",
    ),
    "certificate_taken_offline": (
        "Сертификат {number} настоящий; связи нет, без неё берём не больше {most}. Спишется {takes}, к оплате "
        "{to_pay}.",
        "Certificate {number} is genuine; there is no connection, and {most} is the most without one. {takes} of "
        "it are used, {to_pay} to pay.",
    ),
    "certificate_waits": (
        "Сертификат {number}, на нём {left}. Он оплатит товар, когда его пробьют.",
        "Certificate {number}, {left} on it. It pays once goods are rung up.",
    ),
    "certificate_told": ("На сертификате {number} {left}.", "There is {left} on certificate {number}."),
    "certificate_told_until": (
        "На сертификате {number} {left}. Он подарен и действует по {until}.",
        "There is {left} on certificate {number}. It was given, and is taken until {until}.",
    ),
    "certificate_dropped": ("Сертификат убран с чека.", "The certificate is off the receipt."),
    "certificate_shown": ("Этот сертификат уже в чеке.", "This certificate is on the receipt already."),
    "no_such_certificate": ("Такого сертификата в чеке нет.", "No such certificate is on the receipt."),
    "certificate_too_many": (
        "Сертификатов в чеке уже {count}: остальные — другим чеком.",
        "There are {count} certificates on the receipt already: the others with another receipt.",
    ),
    "certificate_for_certificate": (
        "Сертификат сертификатом не оплачивают: возьмите за него деньги.",
        "A certificate does not pay for a certificate: take money for it.",
    ),
    "certificate_not_for_certificate": (
        "В чеке есть сертификат, и другим сертификатом такой чек не оплатить: продайте его отдельно.",
        "A certificate is sold on this receipt, and no other one pays such a receipt: sell it by itself.",
    ),
    "changed_certificate": (
        "С сертификатом стало иначе: теперь к оплате {to_pay}. Скажите покупателю.",
        "The certificate has changed: now {to_pay} to pay. Tell the customer.",
    ),
    "certificate_used": (
        "С сертификата {number} списано {takes}, осталось {left}.",
        "{takes} of certificate {number} were used, {left} stay on it.",
    ),
    "certificate_used_offline": (
        "С сертификата {number} списано {takes}.",
        "{takes} of certificate {number} were used.",
    ),
    # one that does not
    "certificate_unknown": ("Такого сертификата нет.", "There is no such certificate."),
    "certificate_empty": ("На сертификате ничего не осталось.", "Nothing is left on the certificate."),
    "certificate_blocked": (
        "Сертификат заблокирован: им не платят. Позовите управляющего.",
        "The certificate is blocked: nobody pays with it. Call the manager.",
    ),
    "certificate_ended": ("Срок подаренного сертификата истёк.", "The time of this given certificate is over."),
    "certificate_not_sold": (
        "Этот сертификат ещё не продан, на нём ничего нет.",
        "This certificate has not been sold: there is nothing on it.",
    ),
    "certificate_replaced": (
        "Вместо этого сертификата выдан другой. Попросите новый.",
        "Another one was given in place of this certificate. Ask for that one.",
    ),
    "certificate_held": (
        "Этим сертификатом сейчас платят на другом чеке. Повторите через минуту.",
        "Another receipt has this certificate just now. Try again in a minute.",
    ),
    "certificate_pin": ("ПИН сертификата не подходит. Осталось попыток: {tries}.", "Not its PIN. {tries} tries left."),
    "certificate_pin_tries": (
        "ПИН сертификата набирали слишком много раз. Считайте его QR.",
        "Its PIN was tried too often. Scan its QR.",
    ),
    "certificate_no_pin": (
        "По номеру нужен и ПИН: он на бумаге под номером. Или считайте QR.",
        "A number needs its PIN: it is on the paper under the number. Or scan the QR.",
    ),
    "bad_certificate": (
        "«{number}» — не номер сертификата: в нём 16 цифр.",
        "“{number}” is no number of a certificate: it has 16 digits.",
    ),
    "certificate_misspelt": (
        "Номер сертификата набран с ошибкой. Проверьте цифры или считайте QR.",
        "A digit of the certificate's number is wrong. Check it, or scan the QR.",
    ),
    "certificate_forged": (
        "Сертификат поддельный или испорчен: подпись не сходится.",
        "The certificate is forged or damaged.",
    ),
    "certificate_malformed": (
        "Это не сертификат: код не разобрать.",
        "That is no certificate: the code cannot be read.",
    ),
    "certificate_other_programme": ("Сертификат другой программы.", "The certificate is of another programme."),
    "certificate_unknown_key": (
        "Сертификат не проверить: касса ещё не получила ключ хаба.",
        "The certificate cannot be checked: the till has no hub key yet.",
    ),
    "certificate_offline_denied": (
        "Связи нет, без неё сертификаты не принимаем. Возьмите деньги или подождите связи.",
        "There is no connection, and without one no certificate is taken. Take money, or wait for it.",
    ),
    "certificate_offline_number": (
        "ПИН сейчас не проверить. Сертификат принимаем только по QR.",
        "The PIN cannot be checked now: the certificate is taken by its QR alone.",
    ),
    "certificate_offline_spent": (
        "Связи нет: без неё с этого сертификата уже взято {most}, больше нельзя.",
        "There is no connection: without one {most} of this certificate were taken already, and no more is.",
    ),
    "certificate_practice": (
        "Учебный режим: настоящие сертификаты здесь не принимаем.",
        "Training: real certificates are not taken here.",
    ),
    # one that comes back
    "return_certificates": (
        "Сертификат {numbers} погашен: им больше не платят.",
        "Certificate {numbers} is taken back: nobody pays with it any more.",
    ),
    "return_certificates_will": (
        "Будет погашен сертификат {numbers}.",
        "Certificate {numbers} will be taken back.",
    ),
    "return_to_certificate": (
        "На сертификат {number} вернётся {back}.",
        "{back} go back to certificate {number}.",
    ),
    "certificate_not_whole": (
        "Сертификат {number} не вернуть целиком: с него уже платили или его заменили. Остаток можно вернуть деньгами "
        "отдельно.",
        "Certificate {number} does not come back whole: it was used or replaced. What is left of it can be refunded by "
        "itself.",
    ),
    "certificate_which": (
        "Какие сертификаты вернули? В чеке: {numbers}. Назовите концы номеров.",
        "Which certificates came back? On the receipt: {numbers}. Say the ends of their numbers.",
    ),
    "certificate_return_there": (
        "Сертификат продан на другой кассе. Остаток с него можно вернуть здесь деньгами: «Возврат сертификата».",
        "The certificate was sold at another till. What is left on it can be refunded here: “Refund a certificate”.",
    ),
    "certificate_needs_hub": (
        "Нет связи: цел ли сертификат, знает только офис. Повторите, когда она будет.",
        "There is no connection: only the office knows whether the certificate is whole. Try again once there is.",
    ),
    "certificate_unsent": (
        "Офис ещё не знает, что этим сертификатом платили. Повторите через минуту.",
        "The office has not heard yet what this certificate paid. Try again in a minute.",
    ),
    # at the desk
    "certificate_refund_told": (
        "На сертификате {number} {left}. Отдайте эти деньги покупателю, потом подтвердите.",
        "There is {left} on certificate {number}. Give this money to the customer, then confirm.",
    ),
    "certificate_is_refunded": (
        "С сертификата {number} возвращено {left} деньгами.",
        "{left} of certificate {number} were refunded in money.",
    ),
    "certificate_refund_first": (
        "Сначала узнайте, сколько на сертификате: деньги отдают по сумме офиса.",
        "First ask how much is on the certificate: money is given by the office's sum.",
    ),
    "certificate_given": (
        "Сертификат подарен магазином, за него не платили: деньгами его не возвращают.",
        "The shop gave this certificate, nobody paid for it: it is not refunded in money.",
    ),
    "certificate_is_blocked": (
        "Сертификат {number} заблокирован: им больше не платят.",
        "Certificate {number} is blocked: nobody pays with it any more.",
    ),
    "certificate_is_replaced": (
        "Вместо сертификата {number} выдан {into}, на нём {left}. Отдайте бумагу покупателю.",
        "Certificate {into} is given in place of {number}, {left} on it. Give its paper to the customer.",
    ),
    "certificate_is_replaced_by": (
        "Вместо сертификата {number} выдан {into}, на нём {left}: принтера нет, бумагу напечатает офис.",
        "Certificate {into} is given in place of {number}, {left} on it: there is no printer, the office prints its "
        "paper.",
    ),
    # one that is sold
    "no_certificate_numbers": (
        "Сертификатов в чеке {need}, а номеров на кассе {have}: новые придут со связью. Пока уберите их из чека.",
        "There are {need} certificates on the receipt, and the till has {have} numbers: more come with the connection. "
        "Take them off till then.",
    ),
    "certificate_face": (
        "Сертификаты продают от {least} до {most}: с «{names}» сертификата не будет.",
        "Certificates are sold from {least} to {most}: no certificate comes with “{names}”.",
    ),
    "certificates_sold": (
        "Продан сертификат {numbers}: отдайте бумагу с ним покупателю.",
        "Certificate {numbers} is sold: give its paper to the customer.",
    ),
    "certificates_sold_by": (
        "Продан сертификат {numbers}: принтера нет, бумагу напечатает офис.",
        "Certificate {numbers} is sold: there is no printer, the office prints its paper.",
    ),
    "certificates_not_made": (
        "Деньги за сертификаты взяты, а номеров не хватило: не выдано {count}. Позовите управляющего, офис выдаст их.",
        "Money was taken for certificates and there were no numbers: {count} not given. Call the manager, the office "
        "gives them.",
    ),
}

CERTIFICATE_SHORT: dict[str, tuple[str, str]] = {
    "certificate": ("Это сертификат, не карта", "A certificate, no card"),
    "certificate_taken": ("Сертификат: спишем {takes}\nК оплате {to_pay}", "Certificate: {takes}\nTo pay {to_pay}"),
    "certificate_taken_here": ("Сертификат: {takes}\nК оплате {to_pay}", "Certificate: {takes}\nTo pay {to_pay}"),
    "certificate_taken_offline": ("Без связи: спишем {takes}\nК оплате {to_pay}", "Offline: {takes}\nTo pay {to_pay}"),
    "certificate_waits": ("Сертификат: {left}\nПробейте товар", "Certificate: {left}\nRing goods up"),
    "certificate_told": ("Сертификат {number}\nНа нём {left}", "Certificate {number}\n{left} on it"),
    "certificate_told_until": ("На нём {left}\nДействует по {until}", "{left} on it\nTaken until {until}"),
    "certificate_dropped": ("Сертификат убран с чека", "The certificate is off"),
    "certificate_shown": ("Сертификат уже в чеке", "The certificate is on already"),
    "no_such_certificate": ("Такого сертификата в чеке нет", "No such certificate here"),
    "certificate_too_many": ("Сертификатов уже {count}\nОстальные другим чеком", "{count} already\nAnother receipt"),
    "certificate_for_certificate": ("За сертификат\nтолько деньги", "No certificate for one\nTake money"),
    "certificate_not_for_certificate": ("Сертификат продайте\nотдельным чеком", "Sell a certificate\nby itself"),
    "changed_certificate": ("Сертификат даёт иначе\nК оплате {to_pay}", "Certificate changed\nTo pay {to_pay}"),
    "certificate_used": ("Сертификат: списано {takes}\nОсталось {left}", "Certificate: {takes} used\n{left} left"),
    "certificate_used_offline": ("Сертификат: списано {takes}", "Certificate: {takes} used"),
    "certificate_unknown": ("Такого сертификата нет", "No such certificate"),
    "certificate_empty": ("На сертификате пусто", "The certificate is empty"),
    "certificate_blocked": ("Сертификат заблокирован\nПозовите управляющего", "It is blocked\nCall the manager"),
    "certificate_ended": ("Срок сертификата истёк", "Its time is over"),
    "certificate_not_sold": ("Сертификат ещё не продан", "It has not been sold"),
    "certificate_replaced": ("Сертификат заменён\nНужен новый", "It was replaced\nAsk for the new one"),
    "certificate_held": ("Им платят на другом чеке\nПовторите", "Another receipt has it\nTry again"),
    "certificate_pin": ("ПИН не подходит\nПопыток: {tries}", "Not its PIN\nTries left: {tries}"),
    "certificate_pin_tries": ("Попыток больше нет\nСчитайте QR", "No tries left\nScan its QR"),
    "certificate_no_pin": ("Нужен и ПИН\nИли считайте QR", "The PIN too\nOr scan the QR"),
    "bad_certificate": ("Это не номер сертификата\nВ нём 16 цифр", "No certificate's number\nIt has 16 digits"),
    "certificate_misspelt": ("Ошибка в номере сертификата", "A digit is wrong"),
    "certificate_forged": ("Сертификат поддельный", "The certificate is forged"),
    "certificate_malformed": ("Это не сертификат", "That is no certificate"),
    "certificate_other_programme": ("Сертификат не этой программы", "Of another programme"),
    "certificate_unknown_key": ("Сертификат не проверить", "It cannot be checked"),
    "certificate_offline_denied": ("Без связи сертификат не берём\nВозьмите деньги", "Not when offline\nTake money"),
    "certificate_offline_number": ("ПИН не проверить\nСчитайте QR", "PIN not checked\nScan its QR"),
    "certificate_offline_spent": ("Без связи больше нельзя", "No more without a connection"),
    "certificate_practice": ("Учебный режим\nСертификат настоящий", "Training\nA real certificate"),
    "return_certificates": ("Сертификат погашен:\n{numbers}", "Certificate taken back:\n{numbers}"),
    "return_certificates_will": ("Погасим сертификат:\n{numbers}", "Will be taken back:\n{numbers}"),
    "return_to_certificate": ("На {number} вернём {back}", "To {number}: {back}"),
    "certificate_not_whole": ("Не цел: {number}\nВернуть можно остаток", "{number} is not whole\nRefund the rest"),
    "certificate_which": ("Какие сертификаты вернули?", "Which certificates?"),
    "certificate_return_there": ("Продан на другой кассе\nВернуть можно остаток", "Of another till\nRefund the rest"),
    "certificate_needs_hub": ("Нет связи\nПовторите позже", "No connection\nTry again later"),
    "certificate_unsent": ("Офис ещё не знает\nПовторите позже", "Not sent yet\nTry again later"),
    "certificate_refund_told": ("Отдайте {left}\nи подтвердите", "Give {left}\nand confirm"),
    "certificate_is_refunded": ("Возвращено {left}", "Refunded {left}"),
    "certificate_refund_first": ("Сначала узнайте остаток", "Ask what is left first"),
    "certificate_given": ("Сертификат подарен\nДеньгами не вернуть", "It was given\nNot refunded"),
    "certificate_is_blocked": ("Сертификат {number}\nзаблокирован", "Certificate {number}\nis blocked"),
    "certificate_is_replaced": ("Вместо {number} выдан {into}", "{into} in place of {number}"),
    "certificate_is_replaced_by": (
        "Вместо {number} выдан {into}\nБумагу даст офис",
        "{into} for {number}\nPaper: office",
    ),
    "no_certificate_numbers": ("Нет номеров сертификатов\nУберите их из чека", "No certificate numbers\nTake them off"),
    "certificate_face": ("Сертификата на такую сумму нет", "No certificate of that sum"),
    "certificates_sold": ("Сертификат {numbers}\nОтдайте бумагу", "Certificate {numbers}\nGive its paper"),
    "certificates_sold_by": ("Сертификат {numbers}\nБумагу даст офис", "Certificate {numbers}\nPaper: office"),
    "certificates_not_made": ("Сертификат не выдан\nПозовите управляющего", "Certificate not given\nCall the manager"),
}
# codes of the hub's desk that have words here; {tries}: that are left
CERTIFICATE_REFUSALS: Final = (
    *("certificate_unknown", "certificate_empty", "certificate_blocked", "certificate_ended", "certificate_not_sold"),
    *("certificate_replaced", "certificate_held", "certificate_pin", "certificate_pin_tries", "certificate_given"),
)
