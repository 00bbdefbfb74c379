"""What is off at a till, as sentences for the cashier: what to do, and what is still possible.

A pure function of what the status says, so that the page, a POS and a terminal read the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from msgspec import UNSET, UnsetType

from drivers.life import DeviceState
from drivers.printer.status import PrinterStatus
from drivers.printer.turns import JOB_S_MAX
from loyalty.paper.words import PaperWords
from loyalty.programme import Language, Programme
from loyalty.wording import number_text, points_text
from pos_agent.cards_state import CERTIFICATES_FEW, CardsHere
from pos_agent.case_words import say_cases
from pos_agent.damage_state import fresh
from pos_agent.guard_words import day_of
from pos_agent.refusal_words import why_refused
from pos_agent.settings_words import said_of
from pos_agent.shown_words import say_shown
from pos_agent.status import (
    Bootstrap,
    DamagedFile,
    DiskStatus,
    HubStatus,
    LostOperations,
    OfficeSettingsState,
    OpenCases,
    PrinterState,
    ProgrammeInForce,
    ProgrammeVersion,
    RefusedOperation,
    RowsSetAside,
    ScannerState,
    Trouble,
)
from pos_agent.words import say
from sync.protocol import NOT_HEARD

AWAY = (DeviceState.ABSENT.value, DeviceState.FAULTED.value)
REFUSED_SHOWN_MAX = 3  # the newest; `pos-agent status` has them all
ASIDE_SHOWN_MAX = 3  # `pos-agent status` has more
NOT_YET = "not_asked"
OF_DISK = "disk"  # the till's own did not take what the hub said
SLOW_SHOWN = timedelta(minutes=10)  # a question that had no answer before that says nothing of the hub now
JOIN_FAILED = "join_failed"  # its cause is in the cashier's words
STILL_SAID = ("older", "newer_operation", "bad_cursor", "strange_hub", JOIN_FAILED)  # also of a till that is not proven
OF_HUB = {
    "older": "hub_older",
    "newer_operation": "hub_older",
    "bad_cursor": "hub_bad_cursor",
    "not_joined": "hub_not_joined",
    "no_key": "hub_not_joined",
    "strange_hub": "hub_strange",
    **dict.fromkeys(NOT_HEARD, "hub_not_heard"),
}


def troubles(
    words: PaperWords,
    hub: HubStatus,
    outbox: int,
    refused: Sequence[RefusedOperation],
    printer: PrinterState | None,
    scanners: Sequence[ScannerState],
    *,
    disk: DiskStatus | UnsetType = UNSET,
    set_aside: RowsSetAside | UnsetType = UNSET,
    cases: OpenCases | UnsetType = UNSET,
    in_force: ProgrammeInForce | UnsetType = UNSET,
    damaged: Sequence[DamagedFile] = (),
    lost: Sequence[LostOperations] = (),
    settings: OfficeSettingsState | UnsetType = UNSET,
    cards: CardsHere | UnsetType = UNSET,
    now: datetime,
    clock_tolerance_s: int,
) -> tuple[Trouble, ...]:
    """The nearest to the customer first. `words` speak the cashier's language."""
    return (
        *_of_printer(words.language, printer),
        *_of_scanners(words, scanners),
        *_of_disk(words.language, disk, hub),
        *_of_hub(words, hub, outbox, now),
        *_of_members(words.language, hub),
        *_of_clock(words, hub, clock_tolerance_s),
        *_of_programme(words, in_force, now),
        *_of_refused(words, refused),
        *_of_file(words, *fresh(damaged, lost, now), now),
        *_of_set_aside(words.language, set_aside),
        *_of_cases(words.language, cases),
        *_of_cards(words, cards),
        *_of_settings(words.language, settings),
    )


def _of_printer(language: Language, printer: PrinterState | None) -> Iterator[Trouble]:
    """A printer that nobody has asked yet is not in trouble."""
    if printer is not None and printer.share and printer.share.turn == "waits":
        text = say_shown("share_waits", language, limit=f"{JOB_S_MAX:.0f}")
        yield Trouble(of="printer", code="share_waits", text=text)
    if printer is None or printer.state in (PrinterStatus.READY.value, PrinterStatus.UNKNOWN.value):
        return
    low = printer.state == PrinterStatus.PAPER_LOW.value
    yield Trouble(of="printer", code=printer.state, text=printer.text, stops=not low)


def _of_scanners(words: PaperWords, scanners: Sequence[ScannerState]) -> Iterator[Trouble]:
    for scanner in scanners:
        if scanner.state in AWAY:
            text = say("scanner_away", words.language, name=scanner.name)
            yield Trouble(of=scanner.name, code="scanner_away", text=text, stops=True)
        elif scanner.unread:
            text = say("scanner_unread", words.language, name=scanner.name)
            yield Trouble(of=scanner.name, code="scanner_unread", text=text)
        elif scanner.share and (code := f"share_{scanner.share.pos}") in ("share_nobody", "share_not_read"):
            text = say_shown(code, words.language, name=scanner.name, door=scanner.share.door)
            yield Trouble(of=scanner.name, code=code, text=text, stops=code == "share_not_read")


def _of_disk(language: Language, disk: DiskStatus | UnsetType, hub: HubStatus) -> Iterator[Trouble]:
    """Before the first sale meets it. What of the hub's word could not be kept is not the hub's fault."""
    if isinstance(disk, DiskStatus):
        text = say(f"disk_{disk.state}", language, free=str(disk.free_mb))
        yield Trouble(of="disk", code=f"disk_{disk.state}", text=text, stops=disk.state == "full")
    elif hub.code == OF_DISK:
        yield Trouble(of="disk", code="disk_fails", text=say("disk_fails", language), stops=True)


def _of_hub(words: PaperWords, hub: HubStatus, outbox: int, now: datetime) -> Iterator[Trouble]:
    if hub.online and hub.unanswered_at is not None and now - datetime.fromisoformat(hub.unanswered_at) < SLOW_SHOWN:
        at = words.short_time(datetime.fromisoformat(hub.unanswered_at), now)
        yield Trouble(of="hub", code="hub_slow", text=say_shown("hub_slow", words.language, at=at))
    if isinstance(hub.unproven, str):
        text = say_shown(f"unproven_{hub.unproven}", words.language, outbox=str(outbox))
        yield Trouble(of="hub", code="unproven", text=text)
        if hub.code not in STILL_SAID:
            return
    if hub.online or hub.code in (NOT_YET, OF_DISK) or hub.forgotten:
        return
    if hub.code == JOIN_FAILED:
        yield Trouble(of="hub", code="till_not_joined", text=say("till_not_joined", words.language, why=hub.cause))
        return
    facts: dict[str, str] = {}
    code = OF_HUB.get(hub.code, "hub_never")
    if code == "hub_never" and hub.pulled_at is not None:
        as_of = words.short_time(datetime.fromisoformat(hub.pulled_at), now)
        code, facts = "hub_away", {"as_of": as_of, "redeeming": offline_text(words.programme, words)}
    yield Trouble(of="hub", code=code, text=say_shown(code, words.language, outbox=str(outbox), **facts))


def _of_members(language: Language, hub: HubStatus) -> Iterator[Trouble]:
    """Whom the till knows no more, or not for long, or not yet."""
    if isinstance(hub.bootstrap, Bootstrap):
        facts = {"done": number_text(hub.bootstrap.done, language), "of": number_text(hub.bootstrap.of, language)}
        yield Trouble(of="hub", code="members_coming", text=say_shown("members_coming", language, **facts))
    if isinstance(hub.forgotten, str):
        text = say(f"forgotten_{hub.forgotten}", language)
        yield Trouble(of="hub", code=f"forgotten_{hub.forgotten}", text=text)
    elif isinstance(hub.lease_ends_at, str):
        text = say("lease_ends", language, at=day_of(hub.lease_ends_at))
        yield Trouble(of="hub", code="lease_ends", text=text)


def offline_text(programme: Programme, words: PaperWords) -> str:
    """What may be redeemed without the hub."""
    rules = programme.offline
    if rules.mode == "deny":
        return say_shown("offline_denied", words.language)
    if rules.receipt_max_points is None:
        return say_shown("offline_free", words.language)
    most = points_text(rules.receipt_max_points, programme.currency, words.language)
    return say_shown("offline_capped", words.language, most=most)


def _of_clock(words: PaperWords, hub: HubStatus, tolerance_s: int) -> Iterator[Trouble]:
    if abs(hub.clock_off_s) > tolerance_s:
        code = "clock_slow" if hub.clock_off_s > 0 else "clock_fast"
        minutes = str(round(abs(hub.clock_off_s) / 60))
        yield Trouble(of="clock", code=code, text=say(code, words.language, minutes=minutes))


def _of_programme(words: PaperWords, in_force: ProgrammeInForce | UnsetType, now: datetime) -> Iterator[Trouble]:
    """What the till goes by is not what the office has put in force."""
    if not isinstance(in_force, ProgrammeInForce):
        return
    missing, differs = in_force.missing, in_force.differs
    if isinstance(missing, ProgrammeVersion) and missing.since is not None:
        since = words.short_time(datetime.fromisoformat(missing.since), now)
        facts = {"version": missing.version, "since": since, "now": in_force.version}
        text = say_shown("programme_missing", words.language, **facts)
        yield Trouble(of="hub", code="programme_missing", text=text)
    if isinstance(differs, ProgrammeVersion) and in_force.since is None:
        text = say_shown("programme_differs", words.language, version=differs.version)
        yield Trouble(of="hub", code="programme_differs", text=text)


def _of_refused(words: PaperWords, refused: Sequence[RefusedOperation]) -> Iterator[Trouble]:
    for one in refused[-REFUSED_SHOWN_MAX:]:
        text = say(
            "hub_refused", words.language, operation=str(one.sequence), reason=why_refused(one.reason, words.language)
        )
        yield Trouble(of="hub", code="hub_refused", text=text)


def _of_file(
    words: PaperWords, damaged: Sequence[DamagedFile], lost: Sequence[LostOperations], now: datetime
) -> Iterator[Trouble]:
    for file in damaged:
        at = words.short_time(datetime.fromisoformat(file.at), now)
        facts = {"file": file.file, "at": at, "taken": str(file.taken), "unread": str(len(file.unread))}
        yield Trouble(of="file", code="damaged_file", text=say("damaged_file", words.language, **facts))
    for gone in lost:
        at = words.short_time(datetime.fromisoformat(gone.at), now)
        text = say("operations_lost", words.language, count=str(gone.count), at=at)
        yield Trouble(of="file", code="operations_lost", text=text)


def _of_set_aside(language: Language, aside: RowsSetAside | UnsetType) -> Iterator[Trouble]:
    """One for all: a hub that is ill may tell many of them."""
    if isinstance(aside, RowsSetAside):
        which = ", ".join(row.key or "?" for row in aside.rows[:ASIDE_SHOWN_MAX])
        text = say_shown("hub_set_aside", language, count=str(aside.count), which=which)
        yield Trouble(of="hub", code="hub_set_aside", text=text)


def _of_cases(language: Language, cases: OpenCases | UnsetType) -> Iterator[Trouble]:
    """The office's to settle; the cashier knows what is known."""
    if isinstance(cases, OpenCases):
        text = say_cases(cases.count, [case.text for case in cases.newest], language)
        yield Trouble(of="hub", code="cases", text=text)


def _of_cards(words: PaperWords, cards: CardsHere | UnsetType) -> Iterator[Trouble]:
    """Before the last one is given out."""
    if not isinstance(cards, CardsHere):
        return
    if cards.blanks is not None and cards.blanks <= words.programme.cards.blanks_few:
        yield Trouble(
            of="cards", code="blanks_few", text=say_shown("blanks_few", words.language, left=str(cards.blanks))
        )
    if cards.certificates is not None and cards.certificates <= CERTIFICATES_FEW:
        code = "certificates_few" if cards.certificates else "certificates_none"
        text = say_shown(code, words.language, left=str(cards.certificates))
        yield Trouble(of="certificates", code=code, text=text)


def _of_settings(language: Language, settings: OfficeSettingsState | UnsetType) -> Iterator[Trouble]:
    """The manager's to decide; the till works on."""
    for code, text in said_of(settings, language):
        yield Trouble(of="hub", code=code, text=text)
