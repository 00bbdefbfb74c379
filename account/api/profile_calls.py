"""What is known of a member, what he agreed to, and all of it for him."""

from __future__ import annotations

from typing import Final

from account.api.call import Call, act_call
from sync.account.connect import AskConnected, ConnectedTold, Disconnect, Disconnected
from sync.account.consents import AskConsents, ConsentsHere, GiveConsent, WithdrawConsent
from sync.account.mine import ActsMine, AskActs, AskLeaving, AskMine, Leaving, Mine
from sync.account.profile import AskProfile, ChangeBirthday, Changed, ChangeEmail, ChangeName, ProfileHere
from sync.account.whose import ConfirmPhone, PhoneConfirmed

PROFILE_CALLS: Final[tuple[Call, ...]] = (
    act_call("GET", "/profile", "What is known of him", "profile", AskProfile, ProfileHere),
    act_call(
        "POST",
        "/profile/name",
        "He is called otherwise",
        "profile_name",
        ChangeName,
        Changed,
        "bad_name",
        name="Анна Петрова",
    ),
    act_call(
        "POST",
        "/profile/birthday",
        "When he was born; once",
        "profile_birthday",
        ChangeBirthday,
        Changed,
        "bad_birthday birthday_known too_young",
        birthday="17.05.1990",
    ),
    act_call(
        "POST",
        "/profile/email",
        "Where letters go to, by a code that came there",
        "profile_email",
        ChangeEmail,
        Changed,
        "bad_email code_not_proved",
        email="",
    ),
    act_call(
        "GET",
        "/consents",
        "What he agreed to and may agree to, with what is read then",
        "consents",
        AskConsents,
        ConsentsHere,
    ),
    act_call(
        "POST",
        "/consents/give",
        "He agrees to a document in this version",
        "consent_give",
        GiveConsent,
        Changed,
        "consent_unknown email_missing",
        what="mailing_sms",
        version="2026-11-30",
    ),
    act_call(
        "POST",
        "/consents/withdraw",
        "He agrees no more",
        "consent_withdraw",
        WithdrawConsent,
        Changed,
        "consent_closes",
        what="mailing_sms",
    ),
    act_call("GET", "/mine", "All that is kept of him, but for his operations", "mine", AskMine, Mine),
    act_call("GET", "/mine/acts", "His operations, oldest first, in parts", "mine_acts", AskActs, ActsMine, after=0),
    act_call("GET", "/leaving", "What goes with him if he leaves", "leaving", AskLeaving, Leaving),
    act_call(
        "POST",
        "/profile/phone/confirm",
        "He has his phone in his hand: a form on paper that waited is good",
        "confirm_phone",
        ConfirmPhone,
        PhoneConfirmed,
        "code_not_proved",
        proof="c0ffee",
    ),
    act_call(
        "GET", "/shops", "Online shops that he signs in to by this account", "connected", AskConnected, ConnectedTold
    ),
    act_call(
        "POST",
        "/connected/end",
        "One of them does not know him any more",
        "disconnect",
        Disconnect,
        Disconnected,
        "no_shop_link",
        link="5f2c1d9e0b7a4c36",
    ),
)
