"""What a desk makes of a command: the visit as it is now, and what is said."""

from __future__ import annotations

from dataclasses import dataclass, field

from pos_agent.answers import ToldBalance, ToldCard, ToldReturn, ToldSale
from pos_agent.answers_receipts import ToldClaimed, ToldPurchases
from pos_agent.holds import Reserve
from pos_agent.inquiry import Inquiry
from pos_agent.protocol_certificates import ToldCertificate
from pos_agent.protocol_day import ToldAudit, ToldDay
from pos_agent.told_member import ToldMember
from pos_agent.told_office import ToldOffice
from pos_agent.visit import Visit, Who

Remarks = tuple[tuple[str, dict[str, str]], ...]  # sentences by code, each with its facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a command made of the visit, and what to say. `told`: the quote or the record that the POS gets with it.
    `ok` False: it was answered and is not what was asked for."""

    visit: Visit
    code: str
    facts: dict[str, str] = field(default_factory=dict)
    told: ToldSale | None = None
    returned: ToldReturn | None = None
    balance: ToldBalance | None = None
    day: ToldDay | None = None
    audit: ToldAudit | None = None
    purchases: ToldPurchases | None = None
    claimed: ToldClaimed | None = None
    card: ToldCard | None = None
    member: ToldMember | None = None
    office: ToldOffice | None = None
    certificate: ToldCertificate | None = None
    ok: bool = True
    waiting: Who | None = None  # a member for the next receipt
    inquiry: Inquiry | None = None  # whom the hub is asked about, and nobody waits for it
    more: Remarks = ()  # what is said after it
    words: str = ""  # the words, where the code has several
    short: str = ""  # the short ones, likewise
    aside: Remarks = ()  # what only the short words say besides, as far as there is room; the text has it already
    reserve: Reserve | None = None  # nothing is said yet: this must be asked first
    spent: str | None = None  # the hold that a recorded sale names


def remark(code: str, **facts: str) -> tuple[str, dict[str, str]]:
    return code, facts
