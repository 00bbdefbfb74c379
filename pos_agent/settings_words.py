"""What the till says of settings that the office proposes: on its pages, in its status, and by `pos-agent settings`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import UnsetType

from loyalty.programme import Language
from pos_agent.status import OfficeSettingsState

SETTINGS_WORDS: Final[dict[str, tuple[str, str]]] = {
    # on the pages
    "settings_wait": (
        "Офис предлагает новые настройки ({names}). Касса работает по прежним. Управляющему: pos-agent settings.",
        "New settings wait ({names}), and the till goes by those of before. For the manager: pos-agent settings.",
    ),
    "settings_restart": (
        "Новые настройки приняты и подействуют, когда агент кассы запустят заново.",
        "New settings are accepted, and hold when the till's agent is started again.",
    ),
    "settings_aside": (
        "Офис предлагает настройки, которых эта версия кассы не понимает ({names}). Они не действуют. "
        "Обновите кассу или скажите офису.",
        "The office proposes settings that this version of the till cannot take ({names}). They do not hold. "
        "Upgrade the till, or tell the office.",
    ),
    # the command
    "proposed": (
        "Офис предлагает изменить настройки кассы {till}:",
        "The office proposes to change the settings of till {till}:",
    ),
    "refused_before": (
        "От этого здесь отказались {at}. Офис по-прежнему предлагает:",
        "This was refused here on {at}. The office still proposes:",
    ),
    "change": (
        "  {name}: сейчас {now}, предлагается {then} ({by}, {at}, {whom})",
        "  {name}: now {now}, proposed {then} ({by}, {at}, {whom})",
    ),
    "change_back": (
        "  {name}: сейчас {now}, по файлу кассы {then} (офис больше ничего не предлагает)",
        "  {name}: now {now}, the till's own file says {then} (the office says nothing of it any more)",
    ),
    "to_all": ("всем магазинам", "to all stores"),
    "to_store": ("магазину {store}", "to store {store}"),
    "aside": (
        "  {name}: эта версия кассы такого не понимает ({why}), ничего не изменится",
        "  {name}: this version of the till cannot take it ({why}), and nothing changes",
    ),
    "aside_unread": ("не прочитать", "it cannot be read"),
    "how": (
        "Принять: pos-agent settings accept. Отказаться: pos-agent settings refuse.",
        "To take it: pos-agent settings accept. To leave it: pos-agent settings refuse.",
    ),
    "nothing_waits": (
        "Офис ничего не предлагает изменить в настройках кассы {till}.",
        "The office proposes no change to the settings of till {till}.",
    ),
    "holds": (
        "  {name} = {value}: принято от офиса, сильнее файла кассы ({own})",
        "  {name} = {value}: accepted from the office, over the till's own file ({own})",
    ),
    "accepted": (
        "Принято. Подействует, когда агента запустят заново. Вернуться к файлу кассы: pos-agent settings refuse --all.",
        "Accepted. It holds when the agent is started again. Back to the till's own file: "
        "pos-agent settings refuse --all.",
    ),
    "refused": (
        "Отказано: всё остаётся как есть, пока офис не скажет другого.",
        "Refused: all stays as it is until the office says something else.",
    ),
    "refused_all": (
        "Отказано, и принятого раньше больше нет: с нового запуска агента действует файл кассы {file}.",
        "Refused, and what was accepted before is gone: from the agent's next start the till's own file {file} counts.",
    ),
    "training": (
        "Учебная касса берёт настройки только из своего файла.",
        "A till where people practise goes by its own file alone.",
    ),
    "not_written": (
        "{folder}: решение не записать ({why}), ничего не изменилось. Запустите от имени пользователя агента.",
        "{folder}: the decision cannot be written ({why}), and nothing has changed. Run it as the agent's user.",
    ),
}


def say_settings(code: str, language: Language, /, **facts: str) -> str:
    russian, english = SETTINGS_WORDS[code]
    return (russian if language == "ru" else english).format(**facts)


def said_of(settings: OfficeSettingsState | UnsetType, language: Language) -> Iterator[tuple[str, str]]:
    """What whoever only looks is told of it, as code and text."""
    if not isinstance(settings, OfficeSettingsState):
        return
    if settings.waiting:
        yield "settings_wait", say_settings("settings_wait", language, names=", ".join(settings.waiting))
    if settings.aside:
        yield "settings_aside", say_settings("settings_aside", language, names=", ".join(settings.aside))
    if settings.restart:
        yield "settings_restart", say_settings("settings_restart", language)
