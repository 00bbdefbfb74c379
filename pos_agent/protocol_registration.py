"""Commands about members at a desk: registered by a form, on the screen or on paper; changed; joined. All but the paper
form need the hub, and nothing that names a person stays at the till."""

from __future__ import annotations

from typing import Literal

import msgspec

from loyalty.consents import ConsentTo
from pos_agent.command import CommandBase
from pos_agent.protocol_staff import Second


class ReadConsent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """He agreed to this, having read that version of its document."""

    what: ConsentTo
    document: str


class RegistrationForm(CommandBase, frozen=True, kw_only=True, tag="registration_form"):
    """What a member is asked for, and the documents that he reads and agrees to, each by itself; nothing is done."""


class PhoneCode(CommandBase, frozen=True, kw_only=True, tag="phone_code"):
    """A code goes to this phone: who types it has the phone. `purpose`: to register, or to change a member's."""

    phone: str
    purpose: Literal["register", "phone"] = "register"


class ConfirmPhone(CommandBase, frozen=True, kw_only=True, tag="confirm_phone"):
    """The code that went to a phone (`sent`: which, as `phone_code` told it), as it was typed. It holds for half an
    hour, and for one order."""

    sent: str
    code: str


class Register(CommandBase, frozen=True, kw_only=True, tag="register"):
    """The member who has `card` is registered: he may redeem from now on (A26), and is welcomed once. `sent`: the code
    by which his phone was confirmed. `same_person`: another member has the phone, and whoever may, or a `second`
    person, answers for it that the two are one."""

    card: str
    phone: str
    name: str
    birthday: str = ""
    consents: tuple[ReadConsent, ...] = ()
    sent: str = ""
    same_person: bool = False
    second: Second | None = None


class TakeForm(CommandBase, frozen=True, kw_only=True, tag="take_form"):
    """He filled a form in on paper and signed it (P19): the same without a code, and good when the programme's days are
    over."""

    card: str
    phone: str
    name: str
    birthday: str = ""
    consents: tuple[ReadConsent, ...] = ()


class ConfirmForm(CommandBase, frozen=True, kw_only=True, tag="confirm_form"):
    """Somebody has looked at the paper of whoever has this card: it is good now."""

    card: str


class PrintForm(CommandBase, frozen=True, kw_only=True, tag="print_form"):
    """The paper form, with each consent on a sheet of its own, to be filled in by hand; also without a connection."""

    card: str = ""


class ChangePhone(CommandBase, frozen=True, kw_only=True, tag="change_phone"):
    """The member who has `card` has this phone now. `sent`: as for `register`."""

    card: str
    phone: str
    sent: str = ""


class ChangeProfile(CommandBase, frozen=True, kw_only=True, tag="change_profile"):
    """What is known of the member who has `card` is another: his name, or his birthday."""

    card: str
    field: Literal["name", "birthday"]
    value: str


class LinkCard(CommandBase, frozen=True, kw_only=True, tag="link_card"):
    """A card that nobody has becomes one more of the member who has `to`."""

    card: str
    to: str


class MergeMembers(CommandBase, frozen=True, kw_only=True, tag="merge_members"):
    """The members who have these two cards are one person: all that `gone` has goes to `into`. Without `agreed`, only
    what it would be: it cannot be undone. Over the till's limit of points a `second` person answers for it too."""

    gone: str
    into: str
    reason: str = ""
    agreed: bool = False
    second: Second | None = None


OfMember = (
    RegistrationForm
    | PhoneCode
    | ConfirmPhone
    | Register
    | TakeForm
    | ConfirmForm
    | PrintForm
    | ChangePhone
    | ChangeProfile
    | LinkCard
    | MergeMembers
)
