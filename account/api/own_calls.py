"""Whose account it is, and what a member sees first."""

from __future__ import annotations

from typing import Final

from account.api.call import Call, act_call
from sync.account.entering import Enrolled, Register, Whose, WhoseTold
from sync.account.help import AskFigures, FiguresTold
from sync.account.home import AskHome, HomeTold
from sync.account.me import Me, MeTold
from sync.account.messages import AskMessages, MessagesTold, StopMailing, StopTold
from sync.account.programme import AskProgramme, ProgrammeTold
from sync.account.shops import AskShops, ShopsTold

OWN_CALLS: Final[tuple[Call, ...]] = (
    act_call(
        "GET",
        "/programme",
        "Whose account it is, and the documents that one agrees to",
        "programme",
        AskProgramme,
        ProgrammeTold,
        signed_in=False,
    ),
    act_call(
        "GET",
        "/stores",
        "The chain's shops: where they are, when they are open (P12)",
        "shops",
        AskShops,
        ShopsTold,
        signed_in=False,
    ),
    act_call(
        "GET",
        "/figures",
        "What the programme's rules come to: how points are earned, spent and die",
        "figures",
        AskFigures,
        FiguresTold,
        signed_in=False,
    ),
    act_call(
        "POST",
        "/whose",
        "Whose the phone is that a code has come to: before a session is begun, where several have it",
        "whose",
        Whose,
        WhoseTold,
        "code_not_proved bad_phone_told",
        signed_in=False,
        proof="c0ffee",
        phone="8 916 123-45-67",
    ),
    act_call(
        "POST",
        "/register",
        "A new member, by the proof that the phone is his (P17)",
        "register",
        Register,
        Enrolled,
        "bad_name bad_birthday birthday_missing too_young consent_needed consent_unknown card_not_found several_here",
        "code_not_proved",
        signed_in=False,
        proof="c0ffee",
        phone="8 916 123-45-67",
        name="Анна Петрова",
        birthday="17.05.1990",
    ),
    act_call("GET", "/me", "Who is signed in: points, what dies next, cards", "me", Me, MeTold),
    act_call("GET", "/home", "The first page: what waits, how points are earned, offers", "home", AskHome, HomeTold),
    act_call("GET", "/messages", "What he was written, the newest first", "messages", AskMessages, MessagesTold),
    act_call(
        "POST",
        "/messages/stop",
        "No more advertising by this way",
        "stop_mailing",
        StopMailing,
        StopTold,
        "no_such_channel",
        channel="sms",
    ),
)
