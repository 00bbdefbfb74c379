"""What a programme's mailings go by, as the office has set it: kept in the ledger's settings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

import msgspec

from hub.store.rows import Rows
from hub.store.seam import Reader, Writer

RULES: Final = "mailing_rules/"  # settings: by programme
Hour = Annotated[int, msgspec.Meta(ge=0, le=24)]
Service = Literal[
    "phone_changed", "email_changed", "card_blocked", "card_virtual", "card_ready", "points_die", "ticket_answered"
]


class MailingRules(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`most_a_month`: advertising to one member, whatever the channel. Quiet from one hour to another, by the
    programme's clock; the same twice: never. `second_over`: more receivers than so many are started by two persons.
    `service`: of what members are told by SMS too, not in their account alone. `account_url`: how links to the
    programme's account begin."""

    most_a_month: Annotated[int, msgspec.Meta(ge=0, le=100)] = 4
    quiet_from: Hour = 21
    quiet_until: Hour = 9
    second_over: Annotated[int, msgspec.Meta(ge=0)] = 1_000
    service: tuple[Service, ...] = ()
    account_url: Annotated[str, msgspec.Meta(max_length=200)] = ""


def rules_of(reader: Reader, programme: str) -> MailingRules:
    kept = reader.setting(RULES + programme)
    return msgspec.json.decode(kept, type=MailingRules) if kept else MailingRules()


def set_rules(writer: Writer, programme: str, rules: MailingRules) -> None:
    writer.write(Rows(settings={RULES + programme: msgspec.json.encode(rules).decode()}))


def allowed_from(rules: MailingRules, zone: ZoneInfo, now: datetime) -> datetime:
    """When advertising may go out: now, or when the quiet hours are over."""
    there = now.astimezone(zone)
    if not is_quiet(rules, there.hour):
        return now
    until = there.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(hours=rules.quiet_until)
    if until <= there:
        until += timedelta(days=1)
    return until.astimezone(now.tzinfo)


def is_quiet(rules: MailingRules, hour: int) -> bool:
    if rules.quiet_from <= rules.quiet_until:
        return rules.quiet_from <= hour < rules.quiet_until
    return hour >= rules.quiet_from or hour < rules.quiet_until
