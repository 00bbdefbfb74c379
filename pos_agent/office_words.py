"""What the commands say on the terminal, in Russian and English, by code. The till's own language is in its settings.

What the hub and the drivers say of a fault is for the technician, in English, and stands in `pos-agent status --json`.
"""

from __future__ import annotations

from loyalty.programme import Language

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
    # status
    "till": ("касса    {till} ({programme}, версия {version})", "till     {till} ({programme}, version {version})"),
    "till_in_store": (
        "касса    {till} в магазине {store} ({programme}, версия {version})",
        "till     {till} in store {store} ({programme}, version {version})",
    ),
    "hub_online": ("хаб      {url} на связи", "hub      {url} online"),
    "hub_offline": ("хаб      {url} НЕТ СВЯЗИ: {why}", "hub      {url} OFFLINE: {why}"),
    "clock": ("часы     {off} с, чтобы идти по часам хаба", "clock    {off} s, so that it is as late as the hub's"),
    "outbox": ("очередь  ждут хаба: {count}", "outbox   {count} waiting for the hub"),
    "operation_refused": (
        "ОТКАЗ    операция {operation}: {reason}",
        "REFUSED  operation {operation}: {reason}",
    ),
    "printer": ("принтер  {url} {text}", "printer  {url} {text}"),
    "no_printer": ("принтер  не настроен", "printer  none"),
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
    "scanner": ("сканер   {name} {url} {state}", "scanner  {name} {url} {state}"),
    # why the hub is away
    "hub_not_asked": ("ещё не спрашивали", "not asked yet"),
    "hub_unreachable": ("хаб не ответил", "the hub did not answer"),
    "hub_older": (
        "хаб старше кассы: продажи записываются и ждут здесь, обновите хаб",
        "the hub is older than this till: sales are recorded and wait here, upgrade the hub",
    ),
    "hub_unclear": ("ответ хаба не понять", "the hub's answer cannot be understood"),
    "hub_disk": ("диск кассы не принял запись", "the till's disk did not take what came"),
    "hub_refused": ("хаб не принял запрос ({code})", "the hub did not take the request ({code})"),
    # states
    "paper_queued": ("в очереди", "queued"),
    "paper_sending": ("отправляются", "sending"),
    "paper_sent": ("отправлены", "sent"),
    "paper_printed": ("напечатаны", "printed"),
    "paper_interrupted": ("прерваны", "interrupted"),
    "paper_unknown": ("под вопросом", "unknown"),
    "device_absent": ("отсутствует", "absent"),
    "device_connecting": ("подключается", "connecting"),
    "device_ready": ("готов", "ready"),
    "device_faulted": ("неисправен", "faulted"),
    "visit_idle": ("никого", "idle"),
    "visit_member": ("карта без чека", "member"),
    "visit_basket": ("чек без карты", "basket"),
    "visit_ready": ("чек с картой", "ready"),
    "visit_retold": ("повторяют записанный чек", "retold"),
    # a scanner's counters
    "scan_scans": ("считано {count}", "{count} scans"),
    "scan_flagged": ("неуверенно {count}", "{count} flagged"),
    "scan_refused": ("отброшено {count}", "{count} refused"),
    "scan_duplicates": ("повторов {count}", "{count} duplicates"),
    "scan_lost": ("потеряно {count}", "{count} lost"),
    "scan_losses": ("связь терялась {count} раз", "connection lost {count} times"),
}


def say_office(code: str, language: Language, /, **facts: str) -> str:
    """The line for a code."""
    return _WORDS[code][0 if language == "ru" else 1].format(**facts)


def office_codes() -> frozenset[str]:
    return frozenset(_WORDS)
