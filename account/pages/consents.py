"""What I agree to (P9, 152-FZ): each document by itself, given and withdrawn here, and what was read when."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from account.visit import Page, Refused, View, Visit
from loyalty.consents import CONSENTS as CONSENTS_TO
from loyalty.consents import ConsentTo
from sync.account.consents import AskConsents, ConsentsHere, GiveConsent, WithdrawConsent
from sync.account.profile import Changed
from web.language import Words

BACK: Final = ("/profile", "/profile/consents")


def consents_of(visit: Visit) -> ConsentsHere:
    return visit.ask("consents", AskConsents(), ConsentsHere)


def _consents(visit: Visit) -> Response:
    here = consents_of(visit)
    return visit.show("consents.html", title="consents", consents=here.consents, history=here.history)


def _give(visit: Visit) -> Response:
    body = GiveConsent(what=_named(visit), version=visit.typed.one("version")[:100] or "-")
    visit.ask("consent_give", body, Changed)
    return visit.go(_back(visit), visit.say("consents_given"))


def _withdraw(visit: Visit) -> Response:
    visit.ask("consent_withdraw", WithdrawConsent(what=_named(visit)), Changed)
    return visit.go(_back(visit), visit.say("consents_withdrawn"))


def _named(visit: Visit) -> ConsentTo:
    what = next((one for one in CONSENTS_TO if one == visit.typed.one("what")), None)
    if what is None:
        raise Refused("no_consent_unknown")
    return what


def _back(visit: Visit) -> str:
    here = visit.typed.one("back")
    return here if here in BACK else "/profile/consents"


WORDS: Final[Words] = {
    "consents": ("Согласия", "Consents"),
    "consents_how": (
        "Каждое согласие — отдельный документ. Отозвать его можно в любой день; что тогда будет, сказано рядом.",
        "Each consent is a document of its own. You may withdraw it any day; what happens then is said beside it.",
    ),
    "consents_stands": ("дано {at}", "given {at}"),
    "consents_not": ("не дано", "not given"),
    "consents_newer": ("есть новая редакция", "there is a new version"),
    "consents_read": ("Прочитать", "Read"),
    "consents_version": ("Документ {version}", "Document {version}"),
    "consents_give": ("Согласен", "I agree"),
    "consents_give_new": ("Согласен с новой редакцией", "I agree to the new version"),
    "consents_withdraw": ("Отозвать согласие", "Withdraw the consent"),
    "consents_then_mailing_sms": (
        "Отзовёте — SMS с рекламой больше не придут. Коды для входа приходить будут.",
        "Once withdrawn, no more advertising comes by text message. Codes still come.",
    ),
    "consents_then_mailing_email": (
        "Отзовёте — писем с рекламой больше не будет.",
        "Once withdrawn, no more advertising comes by e-mail.",
    ),
    "consents_then_mailing_push": (
        "Отзовёте — рекламных уведомлений больше не будет.",
        "Once withdrawn, no more advertising comes as notifications.",
    ),
    "consents_then_profiling": (
        "Отзовёте — оно сразу перестанет действовать. Карты и баллы останутся.",
        "Once withdrawn, it is good no more from that moment. Your cards and points stay.",
    ),
    "consents_closes": (
        "Отозвать его можно так, как сказано в документе, или здесь и сразу. Без него счёт вести нельзя: отозвать —"
        " значит закрыть кабинет и счёт.",
        "You may withdraw it as the document says, or here and at once. No account can be kept without it: to withdraw"
        " it is to close the account.",
    ),
    "consents_leave": ("Что будет, если закрыть", "What closing means"),
    "consents_lacks_phone": ("Сначала укажите телефон.", "Add a phone first."),
    "consents_lacks_email": ("Сначала укажите почту.", "Add an e-mail address first."),
    "consents_add": ("Указать", "Add"),
    "consents_given": ("Согласие записано.", "Your consent is noted."),
    "consents_withdrawn": ("Согласие отозвано.", "The consent is withdrawn."),
    "consents_history": ("Когда и на что вы соглашались", "When you agreed to what"),
    "consents_source_paper": ("на бумаге", "on paper"),
    "consents_source_site": ("в личном кабинете", "in the account"),
    "consents_source_app": ("в приложении", "in the application"),
    "consents_source_phone": ("по телефону", "by phone"),
    "consents_source_file": ("в прежней программе", "in the programme of before"),
    "consents_until": ("отозвано {at}", "withdrawn {at}"),
    "consents_was_read": ("Что было прочитано", "What was read"),
    "consents_no_text": ("Текст этой редакции не сохранился.", "The text of this version was not kept."),
    "no_consent_unknown": (
        "У этого документа появилась новая редакция. Прочитайте её и решите ещё раз.",
        "This document has a new version. Read it, and decide again.",
    ),
    "no_consent_closes": (
        "Это согласие отзывают вместе со счётом: откройте «Закрыть кабинет».",
        "This consent ends with the account: open «Close the account».",
    ),
    "no_phone_missing": ("Сначала укажите телефон в профиле.", "Add a phone to your profile first."),
    "no_email_missing": ("Сначала укажите почту в профиле.", "Add an e-mail address to your profile first."),
}

CONSENTS: Final = Page(
    path="/profile/consents",
    title="consents",
    words=WORDS,
    views=(
        View("GET", "/profile/consents", _consents),
        View("POST", "/profile/consents/give", _give),
        View("POST", "/profile/consents/withdraw", _withdraw),
    ),
)
