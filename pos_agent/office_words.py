"""What the commands say on the terminal, in Russian and English, by code. The till's own language is in its settings.

What the hub and the drivers say of a fault is for the technician, in English, and stands in `pos-agent status --json`.
"""

from __future__ import annotations

from loyalty.programme import Language
from sync.protocol import KNOWS_ANOTHER, NOT_HEARD

_WORDS: dict[str, tuple[str, str]] = {
    # the agent does not answer
    "agent_has_no_token": (
        "Не прочитать {file}. Агент с этими настройками запускался?",
        "{file} cannot be read. Has the agent run with these settings?",
    ),
    "agent_away": ("По адресу {url} агент не отвечает. Он запущен?", "No agent answers at {url}. Is it running?"),
    "agent_refused": ("Агент по адресу {url} отказал: {why}", "The agent at {url} refused: {why}"),
    # token
    "token_lies": ("Токен лежит в файле {file}.", "It lies in {file}."),
    "token_not_made": ("Не записать {file}.", "{file} cannot be written."),
    "bad_pos_name": (
        "«{name}» не годится как имя кассовой программы: латинские буквы, цифры, - и _, до 32 знаков.",
        "“{name}” cannot name a POS: use Latin letters, digits, - and _, at most 32.",
    ),
    # page
    "link_lies": (
        "Ссылка одноразовая, живёт 15 минут. Откройте её в браузере на этом же компьютере.",
        "The link works once, for 15 minutes. Open it in a browser on this machine.",
    ),
    "link_of_tablet": (
        "Та же ссылка для планшета в сети магазина: открывается одна из двух. Связь не шифруется.",
        "The same link for a tablet in the shop's network: one of the two opens. Nothing there is encrypted.",
    ),
    "link_not_made": ("Не записать в {folder}: {why}.", "{folder} cannot be written: {why}."),
    "no_browser": (
        "Chromium не найден. Установите его (apt-get install chromium) или откройте ссылку сами: {link}",
        "No Chromium is installed. Install it (apt-get install chromium), or open the link yourself: {link}",
    ),
    "pages_forgotten": ("Забыто входов и ссылок: {count}.", "Forgotten, browsers and links: {count}."),
    # status
    "uncovered": (
        "Ни в одной копии хаба нет операций этой кассы с {since}: они не сворачиваются, и файл кассы растёт. Сделайте "
        "копию: {backup}.",
        "No copy of the hub has this till's operations since {since}: none is trimmed, and the till's file grows. Make "
        "one: {backup}.",
    ),
    "till": ("касса    {till} ({programme}, версия {version})", "till     {till} ({programme}, version {version})"),
    "till_in_store": (
        "касса    {till} в магазине {store} ({programme}, версия {version})",
        "till     {till} in store {store} ({programme}, version {version})",
    ),
    "training": (
        "УЧЕБНЫЙ РЕЖИМ: всё остаётся на этой кассе, хаб ничего не получит",
        "TRAINING: all stays at this till, the hub gets nothing",
    ),
    "hub_online": ("хаб      {url} на связи", "hub      {url} online"),
    "hub_offline": ("хаб      {url} НЕТ СВЯЗИ: {why}", "hub      {url} OFFLINE: {why}"),
    "unproven": ("         НЕ ПОДТВЕРЖДЕНА: {why}", "         NOT CONFIRMED: {why}"),
    "hub_next": ("         спросим снова через {seconds} с", "         asked again in {seconds} s"),
    "hub_slow": (
        "         ОТВЕЧАЕТ МЕДЛЕННО: без ответа о баллах подряд {count}, последний раз в {at}",
        "         ANSWERS SLOWLY: {count} questions for points in a row had no answer, the last at {at}",
    ),
    "neighbours": ("соседи   отвечают {there} из {all}", "tills    {there} of {all} answer"),
    "neighbours_not_asked": (
        "соседи   {all}, спросим их без хаба",
        "tills    {all}, to be asked when the hub is away",
    ),
    "neighbour_silent": ("         {till} не отвечает, спрошена в {at}", "         {till} is silent, asked at {at}"),
    "neighbour_refused": (
        "         {till}: другой секрет или часы, в {at} ({why})",
        "         {till}: another secret or clock, at {at} ({why})",
    ),
    "neighbours_strangers": (
        "         вопросов с чужим секретом: {count}",
        "         {count} questions came with another secret",
    ),
    "members_coming": (
        "         участники приходят: {done} из {of}",
        "         members are coming: {done} of {of}",
    ),
    "members_here": ("Участники на месте.", "The members are here."),
    "members_bar": ("Участники", "Members"),
    "clock": ("часы     {off} с, чтобы идти по часам хаба", "clock    {off} s, so that it is as late as the hub's"),
    "outbox": ("очередь  ждут хаба: {count}", "outbox   {count} waiting for the hub"),
    "file_damaged": (
        "ФАЙЛ     был повреждён {at}: лежит как {file}, спасено операций {taken}, не прочитать {unread}",
        "FILE     was damaged {at}: it lies as {file}, operations rescued {taken}, not readable {unread}",
    ),
    "file_why": ("         причина: {why}", "         why: {why}"),
    "file_unread": (
        "         операция {operation}: ни здесь, ни у хаба",
        "         operation {operation}: not here, nor at the hub",
    ),
    "operations_lost": (
        "ПРОПАЛО  операций {count} из {first}…{last}, последняя от {at}: ни здесь, ни у хаба",
        "LOST     {count} operations of {first}…{last}, the last of {at}: not here, nor at the hub",
    ),
    "nothing_damaged": (
        "Файл кассы не повреждён, ничего не пропало.",
        "The till's file is whole, and nothing is lost.",
    ),
    "operation_refused": (
        "ОТКАЗ    операция {operation}: {reason}",
        "REFUSED  operation {operation}: {reason}",
    ),
    "set_aside": (
        "ОТЛОЖЕНО {count} из того, что прислал хаб: действует прежнее",
        "ASIDE    {count} of what the hub sent cannot be kept: what was known before holds",
    ),
    "aside_of_member": ("         участник {key}: {why}", "         member {key}: {why}"),
    "aside_of_coupon": ("         купон {key}: {why}", "         coupon {key}: {why}"),
    "rules": ("правила  {hash}, {since}", "rules    {hash}, {since}"),
    "rules_since": ("опубликованы, действуют с {since}", "published, in force from {since}"),
    "rules_own": ("из настроек этой кассы", "from this till's settings"),
    "rules_missing": (
        "         действует с {since}, но сюда не пришла: версия {version}, {hash}",
        "         in force from {since}, and not here: version {version}, {hash}",
    ),
    "rules_coming": (
        "         следующая: версия {version}, с {since}, {hash}",
        "         the next: version {version}, from {since}, {hash}",
    ),
    "rules_not_here": ("         её файл ещё не пришёл", "         its file has not come yet"),
    "rules_differs": (
        "         у хаба под версией {version} другой файл: {hash}",
        "         the hub has another file of version {version}: {hash}",
    ),
    "aside_of_coupon_key": ("         ключ купонов {key}: {why}", "         coupon key {key}: {why}"),
    "cases": ("дела     {count} у офиса", "cases    {count} at the office"),
    "case": ("         дело {id}: {text}", "         case {id}: {text}"),
    "aside_unreadable": ("не прочитать", "cannot be read"),
    "aside_impossible": ("такого не бывает", "cannot be so"),
    "aside_not_told": ("хаб не смог рассказать", "the hub could not tell it"),
    "aside_not_kept": ("касса не смогла записать", "the till could not keep it"),
    "printer": ("принтер  {url} {text}", "printer  {url} {text}"),
    "no_printer": ("принтер  не настроен", "printer  none"),
    "papers_no_printer": (
        "         принтера нет: напечатаются, когда он появится",
        "         no printer: they come out when there is one",
    ),
    "papers": ("бумаги   {state}: {count}", "papers   {count} {state}"),
    "proof_gs_r": (
        "         из них {count} по слабому слову принтера: данные прочитаны (GS r)",
        "         {count} of the printed on the printer's weaker word: it has read them (GS r)",
    ),
    "proof_person": (
        "         из них {count} по слову человека",
        "         {count} of the printed on a person's word",
    ),
    "asked": ("ВОПРОС   {question}", "ASKED    {question}"),
    "visit": ("визит    {state}; сказано: {text}", "visit    {state}; last said: {text}"),
    "visit_silent": ("визит    {state}", "visit    {state}"),
    "scanner": ("сканер   {name} {url} {state}", "scanner  {name} {url} {state}"),
    "share": ("         касса: {door}, {pos}{counts}", "         POS: {door}, {pos}{counts}"),
    "pos_there": ("на связи", "there"),
    "pos_nobody": ("никто не слушает", "nobody listens"),
    "pos_not_read": ("не читает", "does not read"),
    "share_to_pos": ("ей {count}", "{count} to it"),
    "share_to_agent": ("нам {count}", "{count} to us"),
    "share_late": ("не дождались агента {count}", "{count} waited for the agent in vain"),
    "share_nobody": ("потеряно без кассы {count}", "{count} lost with no POS"),
    "share_not_read": ("потеряно, не прочитано {count}", "{count} lost unread"),
    "share_forced": ("печатали посреди её чека {count} раз", "printed {count} times into its unfinished receipt"),
    # why the hub is away
    "hub_not_asked": ("ещё не спрашивали", "not asked yet"),
    "hub_unreachable": ("хаб не ответил", "the hub did not answer"),
    "hub_busy": ("у хаба очередь, касса спросит ещё раз", "the hub has a queue, this till asks again"),
    "hub_older": (
        "хаб старше кассы: продажи записываются и ждут здесь, обновите хаб",
        "the hub is older than this till: sales are recorded and wait here, upgrade the hub",
    ),
    "hub_not_joined": (
        "касса не подключена: офис даёт код ({add}), потом, остановив агента, здесь {join}",
        "this till has not joined: the office gives a code ({add}), then, with the agent stopped, {join} here",
    ),
    "hub_no_key": (
        "ключ кассы не прочитать: причину и что помогает покажет {doctor}",
        "this till's key cannot be read: {doctor} says why, and what helps",
    ),
    "hub_strange_hub": (
        "отвечает не тот хаб, к которому подключена касса, и ему не верим: проверьте его адрес в настройках",
        "what answers is not the hub that this till has joined, and is not believed: check its address in the settings",
    ),
    **dict.fromkeys(
        (f"hub_{code}" for code in NOT_HEARD),
        (
            "хаб не слушает эту кассу: офис даёт новый код ({add}), потом, остановив агента, здесь {join}",
            "the hub does not hear this till: a new code from the office ({add}), then, with the agent stopped, {join}",
        ),
    ),
    "hub_runs_elsewhere": (
        "касса только что работала: её прежний запуск или другой компьютер",
        "this till was heard seconds ago: its last start, or another machine",
    ),
    **dict.fromkeys(
        (f"hub_{code}" for code in KNOWS_ANOTHER),
        (
            "под именем этой кассы работает или работала другая",
            "another works, or has worked, under this till's name",
        ),
    ),
    "hub_unclear": ("ответ хаба не понять", "the hub's answer cannot be understood"),
    "disk_low": ("диск     почти полон: свободно {free} МБ", "disk     nearly full: {free} MB free"),
    "disk_full": ("диск     полон: свободно {free} МБ", "disk     full: {free} MB free"),
    "hub_disk": ("диск кассы не принял запись", "the till's disk did not take what came"),
    "hub_bad_cursor": (
        "хаб не узнаёт, докуда касса его прочла: его базу могли заменить",
        "the hub does not know how far this till has read: its ledger may be another",
    ),
    "hub_newer_operation": (
        "касса новее хаба: операции ждут здесь, обновите хаб",
        "this till is newer than the hub: its operations wait here, upgrade the hub",
    ),
    "hub_refused": ("хаб не принял запрос ({code})", "the hub did not take the request ({code})"),
    # states
    "paper_queued": ("в очереди", "queued"),
    "paper_sending": ("отправляются", "sending"),
    "paper_sent": ("отправлены", "sent"),
    "paper_printed": ("напечатаны", "printed"),
    "paper_interrupted": ("прерваны", "interrupted"),
    "paper_unknown": ("под вопросом", "unknown"),
    "paper_dropped": ("отменены", "dropped"),
    "device_absent": ("отсутствует", "absent"),
    "device_connecting": ("подключается", "connecting"),
    "device_ready": ("готов", "ready"),
    "device_faulted": ("неисправен", "faulted"),
    "visit_idle": ("никого", "idle"),
    "visit_member": ("карта без чека", "member"),
    "visit_basket": ("чек без карты", "basket"),
    "visit_ready": ("чек с картой", "ready"),
    "visit_reserving": ("баллы резервируются", "points are being reserved"),
    "visit_retold": ("повторяют записанный чек", "retold"),
    # a scanner's counters
    "scan_scans": ("считано {count}", "{count} scans"),
    "scan_flagged": ("неуверенно {count}", "{count} flagged"),
    "scan_refused": ("отброшено {count}", "{count} refused"),
    "scan_duplicates": ("повторов {count}", "{count} duplicates"),
    "scan_lost": ("потеряно {count}", "{count} lost"),
    "scan_losses": ("связь терялась {count} раз", "connection lost {count} times"),
    # programme
    "row_id": ("код", "id"),
    "row_name": ("название", "name"),
    "row_version": ("версия", "version"),
    "version_since": ("{version}, с {day}, хеш {hash}", "{version}, from {day}, hash {hash}"),
    "row_zone": ("часовой пояс", "time zone"),
    "row_worth": ("цена", "worth"),
    "row_redemption": ("списание", "redemption"),
    "up_to": ("до {percent} {base}, шаг {step}", "up to {percent} of {base}, in steps of {step}"),
    "of_eligible": ("от товаров, которые можно оплатить баллами", "eligible goods"),
    "of_receipt": ("от чека", "the receipt"),
    "row_money": ("  остаётся деньгами", "  stays in money"),
    "row_floor": ("  наименьшая цена", "  price floor"),
    "each": ("{money} за штуку", "{money} each"),
    "row_most": ("  на чек, на день", "  per receipt, day"),
    "row_card_alone": ("  на чек по одной карте", "  per receipt, card alone"),
    "no_limit": ("без предела", "no limit"),
    "row_registration": ("  регистрация", "  registration"),
    "needed": ("нужна", "needed"),
    "not_needed": ("не нужна", "not needed"),
    "row_by_phone": ("  по названному телефону", "  by spoken phone"),
    "phone_allow": ("можно", "allow"),
    "row_phone_recheck": ("  телефон молчит, месяцев", "  phone silent, months"),
    "phone_second_factor": ("с кодом", "second factor"),
    "phone_deny": ("нельзя", "deny"),
    "row_offline": ("  без связи", "  offline"),
    "denied": ("нельзя", "denied"),
    "most_offline": ("на чек {receipt}, на день {day}", "per receipt {receipt}, per day {day}"),
    "row_accrual": ("начисление", "accrual"),
    "tier": ("{rate} от {money}", "{rate} from {money}"),
    "metric_receipt": ("по чеку", "receipt"),
    "metric_accumulated": ("по накопленной сумме", "accumulated"),
    "per_step": ("{points} за каждые {step}", "{points} per {step}"),
    "row_favourites": ("любимые категории", "favourites"),
    "favourites": (
        "ещё {points} за каждые {step}, категорий до {most}",
        "{points} more per {step}, up to {most} categories",
    ),
    "row_birthday": ("день рождения", "birthday"),
    "birthday": ("дней до: {before}, дней после: {after}", "{before} days before to {after} after"),
    "row_life": ("срок баллов", "life of points"),
    "life_never": ("бессрочно", "for ever"),
    "life_date": ("по {day}", "to {day}"),
    "life_days": ("дней: {count}", "{count} days"),
    "life_months": ("месяцев: {count}", "{count} months"),
    "life_month_end": ("до конца календарного месяца {count}", "to the end of calendar month {count}"),
    "life_birthday": ("до конца дней рождения", "to the end of the birthday window"),
    "grant_welcome": ("приветственные", "welcome grant"),
    "grant_birthday": ("ко дню рождения", "birthday grant"),
    "grant_manual": ("вручную", "manual grant"),
    "row_cards": ("карты", "cards"),
    "row_card_purchase": ("  с покупкой от", "  with a purchase of"),
    "row_card_fees": ("  выдача, замена", "  issue, reissue"),
    "row_never": ("баллами не оплатить", "points never pay for"),
    "row_coupons": ("купоны", "coupons"),
    "row_promotions": ("акции", "promotions"),
    "row_partners": ("партнёры", "partners"),
    "none": ("нет", "none"),
}


def say_office(code: str, language: Language, /, **facts: str) -> str:
    """The line for a code."""
    return _WORDS[code][0 if language == "ru" else 1].format(**facts)


def office_codes() -> frozenset[str]:
    return frozenset(_WORDS)
