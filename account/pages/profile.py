"""My profile (P9, P22): who I am, where I am reached, what I am written, and how the account looks."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from account.entering import CONFIRM, PROVED
from account.pages.consents import consents_of
from account.pages.profile_words import WORDS
from account.visit import THEMES, Link, Page, View, Visit
from loyalty.consents import ConsentTo
from sync.account.profile import AskProfile, ChangeBirthday, Changed, ChangeName, ProfileHere

MAILINGS: Final[frozenset[ConsentTo]] = frozenset(("mailing_sms", "mailing_email", "mailing_push"))
TYPED_MAX: Final = 300
CONTACTS: Final = "/profile/contacts"
SOCIAL: Final = "/profile/social"


def _profile(visit: Visit) -> Response:
    """`first`: he has just come in for the first time (P22)."""
    known = visit.ask("profile", AskProfile(), ProfileHere)
    return visit.show(
        "profile.html",
        title="profile",
        known=known,
        is_first=visit.typed.one("first") == "1",
        mailings=[one for one in consents_of(visit).consents if one.what in MAILINGS],
        themes=("", *THEMES),
        more=_more(visit),
    )


def _more(visit: Visit) -> list[Link]:
    """The pages below that have no other place here and something to do; the phone's last."""
    hidden = {CONTACTS} | (set() if visit.house.networks.all else {SOCIAL}) | (set() if _waits(visit) else {CONFIRM})
    shown = [link._replace(title=visit.say(link.title)) for link in visit.below if link.path not in hidden]
    return sorted(shown, key=lambda link: link.path == CONFIRM)


def _waits(visit: Visit) -> bool:
    """A code to his phone would change something: he has told none in this session, or a form on paper waits for it."""
    return not visit.remembered(PROVED) or any(card.status == "pending" for card in visit.me().cards)


def _name(visit: Visit) -> Response:
    done = visit.ask("profile_name", ChangeName(name=visit.typed.one("name")[:TYPED_MAX]), Changed)
    return visit.go("/profile", visit.say("profile_name_done") if done.changed else "")


def _birthday(visit: Visit) -> Response:
    done = visit.ask("profile_birthday", ChangeBirthday(birthday=visit.typed.one("birthday")[:TYPED_MAX]), Changed)
    return visit.go("/profile", visit.say("profile_birthday_done") if done.changed else "")


def _theme(visit: Visit) -> Response:
    chosen = visit.typed.one("theme")
    visit.remember(theme=chosen if chosen in THEMES else "")
    return visit.go("/profile", visit.say("profile_theme_done"))


PROFILE: Final = Page(
    path="/profile",
    title="profile",
    icon="profile",
    words=WORDS,
    views=(
        View("GET", "/profile", _profile),
        View("POST", "/profile/name", _name),
        View("POST", "/profile/birthday", _birthday),
        View("POST", "/profile/theme", _theme),
    ),
)
