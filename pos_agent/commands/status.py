"""`pos-agent status`: what a running agent believes of itself and its world."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec
from msgspec import UNSET, UnsetType

from loyalty.wording import number_text
from pos_agent.commands.options import config_option
from pos_agent.office_words import say_office
from pos_agent.refusal_words import why_refused
from pos_agent.settings_words import said_of
from pos_agent.shown_words import say_shown
from pos_agent.status import (
    Bootstrap,
    DiskStatus,
    Neighbours,
    OpenCases,
    ProgrammeInForce,
    ProgrammeVersion,
    RowsSetAside,
    ShareState,
)
from sync.protocol import KNOWS_ANOTHER, NOT_HEARD

if TYPE_CHECKING:
    from loyalty.programme import Language
    from pos_agent.status import HubStatus, ScannerState, Status

JOIN_FAILED = "join_failed"  # its cause is in the till's language
WEAKER_PROOFS = ("gs_r", "person")
# said in the till's language; any other is told as it is
HUB_CODES = (
    *("not_asked", "unreachable", "busy", "older", "unclear", "disk", "bad_cursor", "newer_operation"),
    *("not_joined", "no_key", "strange_hub", "runs_elsewhere", *NOT_HEARD, *KNOWS_ANOTHER),
)


@click.command(name="status")
@config_option
@click.option("--json", "as_json", is_flag=True, help="The whole answer as JSON.")
def command(path: Path, as_json: bool) -> None:
    """Show the devices, the hub, the outbox and the papers of the agent that runs with these settings."""
    from config.settings import load_settings
    from pos_agent.client import AgentClient, AgentUnreachable

    settings = load_settings(path)
    try:
        status = AgentClient.of_data(settings.api.port, Path(settings.data)).status()
    except AgentUnreachable as error:
        sys.exit(f"pos-agent: {error.text(settings.language)}")
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(status), indent=2).decode())
    else:
        _show(status, settings.language)


def _show(status: Status, language: Language) -> None:
    for line in _lines(status, language):
        click.echo(line.rstrip())


def _lines(status: Status, language: Language) -> Iterator[str]:
    def say(code: str, **facts: str) -> str:
        return say_office(code, language, **facts)

    till = {"till": status.till, "programme": status.programme, "version": status.programme_version}
    yield say("till_in_store", store=status.store, **till) if status.store else say("till", **till)
    yield from _in_force(status.in_force, language)
    if status.training:
        yield say("training")
    yield from _hub(status.hub, str(status.outbox), language)
    yield from _neighbours(status.neighbours, language)
    if isinstance(status.disk, DiskStatus):
        yield say(f"disk_{status.disk.state}", free=str(status.disk.free_mb))
    yield say("outbox", count=str(status.outbox))
    for refused in status.refused:
        yield say("operation_refused", operation=str(refused.sequence), reason=why_refused(refused.reason, language))
    yield from damage_lines(status, language)
    yield from _set_aside(status.set_aside, language)
    yield from _cases(status.cases, language)
    yield from (text for _, text in said_of(status.settings, language))
    printer = status.printer
    yield say("printer", url=printer.url, text=printer.text) if printer else say("no_printer")
    yield from _share(printer.share if printer else UNSET, language)
    for state, count in status.papers.items():
        yield say("papers", count=str(count), state=say(f"paper_{state}"))
    if printer is None and status.papers.get("queued"):
        yield say("papers_no_printer")
    for proof in WEAKER_PROOFS:
        if weaker := status.proofs.get(proof):
            yield say(f"proof_{proof}", count=str(weaker))
    if status.question:
        yield say("asked", question=status.question)
    visit = say(f"visit_{status.visit.state}")
    if status.last_reply:
        yield say("visit", state=visit, text=status.last_reply.text)
    else:  # since the start nothing was said; what stands in front may be from before it
        yield say("visit_silent", state=visit)
    for scanner in status.scanners:
        yield from _scanner(scanner, language)


def _in_force(rules: ProgrammeInForce | UnsetType, language: Language) -> Iterator[str]:
    """What there is to say of its rules besides their version."""
    if not isinstance(rules, ProgrammeInForce):
        return
    since = (
        say_office("rules_since", language, since=_local(rules.since))
        if rules.since
        else say_office("rules_own", language)
    )
    yield say_office("rules", language, hash=rules.hash[:16], since=since)
    for what, one in (("missing", rules.missing), ("coming", rules.coming), ("differs", rules.differs)):
        if isinstance(one, ProgrammeVersion):
            facts = {"version": one.version, "hash": one.hash[:16], "since": _local(one.since) if one.since else ""}
            yield say_office(f"rules_{what}", language, **facts)
    if isinstance(rules.coming, ProgrammeVersion) and not rules.coming.here:
        yield say_office("rules_not_here", language)


def _local(text: str) -> str:
    """By this machine's clock."""
    return f"{datetime.fromisoformat(text).astimezone():%d.%m.%Y %H:%M}"


def _hub(hub: HubStatus, outbox: str, language: Language) -> Iterator[str]:
    if hub.online:
        yield say_office("hub_online", language, url=hub.url)
    else:
        yield say_office("hub_offline", language, url=hub.url, why=_why_away(hub, language))
        if hub.next_at is not None:
            left = datetime.fromisoformat(hub.next_at) - datetime.now(UTC)
            yield say_office("hub_next", language, seconds=str(max(0, round(left.total_seconds()))))
    if isinstance(hub.unproven, str):
        yield say_office("unproven", language, why=say_shown(f"unproven_{hub.unproven}", language, outbox=outbox))
    if hub.unanswered_at is not None:
        yield say_office("hub_slow", language, count=str(hub.unanswered), at=_hour(hub.unanswered_at))
    if isinstance(hub.bootstrap, Bootstrap):
        facts = {"done": number_text(hub.bootstrap.done, language), "of": number_text(hub.bootstrap.of, language)}
        yield say_office("members_coming", language, **facts)
    if hub.clock_off_s:
        yield say_office("clock", language, off=f"{hub.clock_off_s:+}")
    if isinstance(hub.uncovered_since, str):
        yield say_office("uncovered", language, since=_local(hub.uncovered_since), backup="pos-hub backup")


def damage_lines(status: Status, language: Language) -> Iterator[str]:
    """One for each file and each hole."""
    for file in status.damaged:
        facts = {"file": file.file, "at": _local(file.at), "taken": str(file.taken), "unread": str(len(file.unread))}
        yield say_office("file_damaged", language, **facts)
    for lost in status.lost:
        numbers = {"first": f"{lost.generation}.{lost.first}", "last": f"{lost.generation}.{lost.last}"}
        yield say_office("operations_lost", language, count=str(lost.count), at=_local(lost.at), **numbers)


def _neighbours(shop: Neighbours | UnsetType, language: Language) -> Iterator[str]:
    if not isinstance(shop, Neighbours):
        return
    states, all_of_them = [till.state for till in shop.tills], str(len(shop.tills))
    if set(states) <= {"not_asked"}:
        yield say_office("neighbours_not_asked", language, all=all_of_them)
    else:
        yield say_office("neighbours", language, there=str(states.count("there")), all=all_of_them)
    for till in shop.tills:
        facts = {"till": till.till or till.at, "at": _hour(till.asked_at) if till.asked_at else ""}
        if till.state == "silent":
            yield say_office("neighbour_silent", language, **facts)
        elif till.state == "refused":
            yield say_office("neighbour_refused", language, why=till.why, **facts)
    if shop.strangers:
        yield say_office("neighbours_strangers", language, count=str(shop.strangers))


def _hour(at: str) -> str:
    """By the clock of this machine, which is the till."""
    return datetime.fromisoformat(at).astimezone().strftime("%H:%M:%S")


def _set_aside(aside: RowsSetAside | UnsetType, language: Language) -> Iterator[str]:
    if isinstance(aside, RowsSetAside):
        yield say_office("set_aside", language, count=str(aside.count))
        for row in aside.rows:
            why = say_office(f"aside_{row.reason}", language)
            yield say_office(f"aside_of_{row.kind}", language, key=row.key or "?", why=why)


def _cases(cases: OpenCases | UnsetType, language: Language) -> Iterator[str]:
    if isinstance(cases, OpenCases):
        yield say_office("cases", language, count=str(cases.count))
        for case in cases.newest:
            yield say_office("case", language, id=case.case, text=case.text)


def _why_away(hub: HubStatus, language: Language) -> str:
    """In words; the technician finds the whole of it in `--json`."""
    if hub.code == JOIN_FAILED:
        return hub.cause
    if hub.code in HUB_CODES:
        return say_office(
            f"hub_{hub.code}", language, add="pos-hub till add", join="pos-agent join", doctor="pos-agent doctor"
        )
    return say_office("hub_refused", language, code=hub.code)


def _scanner(scanner: ScannerState, language: Language) -> Iterator[str]:
    state = say_office(f"device_{scanner.state}", language)
    line = say_office("scanner", language, name=scanner.name, url=scanner.url, state=state)
    in_english = language == "en"  # as the drivers say why
    yield f"{line} {scanner.cause}" if in_english else line
    yield f"         {counted(msgspec.structs.asdict(scanner.counts), scanner.losses, language)}"
    if in_english:
        yield from (f"         refused {times} times: {reason}" for reason, times in scanner.refused.items())
    yield from _share(scanner.share, language)


def _share(share: ShareState | UnsetType, language: Language) -> Iterator[str]:
    """The shop's POS at a device of ours; what never happened is not told."""
    if isinstance(share, ShareState):
        counts = [
            say_office(f"share_{what}", language, count=str(count)) for what, count in share.counts.items() if count
        ]
        pos = say_office(f"pos_{share.pos}", language)
        yield say_office("share", language, door=share.door, pos=pos, counts="".join(f", {one}" for one in counts))


def counted(counts: Mapping[str, int], losses: int, language: Language = "en") -> str:
    """A scanner's counters in one line; what never happened is not told."""
    told = [
        say_office(f"scan_{what}", language, count=str(number))
        for what, number in counts.items()
        if number or what == "scans"
    ]
    if losses:
        told.append(say_office("scan_losses", language, count=str(losses)))
    return ", ".join(told)
