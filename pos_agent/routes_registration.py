"""The calls about members at a desk (pos_agent/routes.py)."""

from __future__ import annotations

from typing import Final

from pos_agent import protocol_registration as p
from pos_agent.route import CARD, SECOND, Route, command_route
from pos_agent.routes_staff import PROOF

HUB: Final = "desk_hub_silent desk_refused not_done registration_offline another_programme member_erased"
THE_CARD: Final = "card_not_at_hub length"
FORM: Final = (
    "bad_phone_told bad_name bad_birthday consent_needed consent_unknown registered_already phone_taken card_not_ours"
)
PROVEN: Final = "phone_code_needed phone_not_proven"
AGREED: Final = {"what": "personal_data", "document": "АЛ-ПДн-2026-11"}
PHONE: Final = "8 916 123-45-67"
NAME: Final = "Анна Петрова"

REGISTRATION_ROUTES: Final[tuple[Route, ...]] = (
    command_route(
        p.RegistrationForm, "What a member is asked for, and the documents that he agrees to", "registration_form"
    ),
    command_route(
        p.PhoneCode,
        "A code goes to a member's phone",
        "phone_code_sent",
        f"{HUB} bad_phone_told phone_code_too_early phone_code_limit phone_code_nobody_sends",
        phone=PHONE,
    ),
    command_route(
        p.ConfirmPhone,
        "The code that went to a phone, as it was typed",
        "phone_confirmed",
        f"{HUB} {PROVEN} phone_code_wrong",
        sent="5f0c6a1e",
        code="1234",
    ),
    command_route(
        p.Register,
        "A member is registered on the screen",
        "registered registered_linked registered_before form_taken",
        f"{HUB} {THE_CARD} {FORM} {PROVEN} {SECOND} {PROOF}",
        card=CARD,
        phone=PHONE,
        name=NAME,
        consents=[AGREED],
        sent="5f0c6a1e",
    ),
    command_route(
        p.TakeForm,
        "A form on paper is taken",
        "form_taken registered registered_before",
        f"{HUB} {THE_CARD} {FORM}",
        card=CARD,
        phone=PHONE,
        name=NAME,
        consents=[AGREED],
    ),
    command_route(
        p.ConfirmForm,
        "A form on paper is good before its days are over",
        "form_confirmed form_confirmed_before",
        f"{HUB} {THE_CARD} no_form card_not_ours",
        card=CARD,
    ),
    command_route(
        p.PrintForm,
        "The paper form, also without a connection",
        "form_printed",
        "paper_without_printer card_not_ours length",
    ),
    command_route(
        p.ChangePhone,
        "A member has another phone",
        "phone_changed profile_as_it_was",
        f"{HUB} {THE_CARD} {PROVEN} bad_phone_told phone_taken card_not_ours",
        card=CARD,
        phone=PHONE,
        sent="5f0c6a1e",
    ),
    command_route(
        p.ChangeProfile,
        "A member's name or birthday is another",
        "profile_changed profile_as_it_was",
        f"{HUB} {THE_CARD} bad_name bad_birthday card_not_ours",
        card=CARD,
        field="birthday",
        value="17.05.1990",
    ),
    command_route(
        p.LinkCard,
        "One more card for a member",
        "card_linked card_linked_before",
        f"{HUB} {THE_CARD} card_of_another card_not_ours form_waits",
        card=CARD,
        to="2600000000024",
    ),
    command_route(
        p.MergeMembers,
        "Two members are one person: what it would be, then that it is",
        "merge_would_be members_merged",
        f"{HUB} {THE_CARD} same_member merge_needs_reason card_not_ours {SECOND} {PROOF}",
        gone="2600000000024",
        into=CARD,
        reason="две карты одного покупателя",
        agreed=True,
    ),
)
