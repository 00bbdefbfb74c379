"""The pages of the account, in the order of its menu: a new one is a module of `pages/` and a row here."""

from __future__ import annotations

from typing import Final

from account.pages.card_orders import CARD_ORDERS
from account.pages.cards import CARDS
from account.pages.certificates import CERTIFICATES
from account.pages.charity import CHARITY
from account.pages.claim import CLAIM
from account.pages.confirm import CONFIRM
from account.pages.connect import CONNECT, CONNECTED
from account.pages.consents import CONSENTS
from account.pages.contacts import CONTACTS
from account.pages.coupons import COUPONS
from account.pages.devices import DEVICES
from account.pages.door import DOOR
from account.pages.favourites import FAVOURITES
from account.pages.first import FIRST
from account.pages.help import HELP
from account.pages.home import HOME
from account.pages.installed import INSTALLED
from account.pages.leave import LEAVE
from account.pages.messages import MESSAGES
from account.pages.mine import MINE
from account.pages.more import MORE
from account.pages.offers import OFFERS
from account.pages.partners import PARTNERS
from account.pages.password import PASSWORD
from account.pages.password import SIGN_IN as BY_PASSWORD
from account.pages.points import POINTS
from account.pages.profile import PROFILE
from account.pages.register import REGISTER
from account.pages.shops import SHOPS
from account.pages.social import SOCIAL
from account.pages.tickets import TICKETS
from account.pages.who import WHO
from account.visit import Page

PAGES: Final[tuple[Page, ...]] = (
    HOME,
    POINTS,
    CARDS,
    MESSAGES,
    PROFILE,
    MORE,
    SHOPS,
    HELP,
    OFFERS,
    COUPONS,
    FAVOURITES,
    CARD_ORDERS,
    CHARITY,
    CERTIFICATES,
    CLAIM,
    CONFIRM,
    CONNECT,
    CONNECTED,
    CONSENTS,
    CONTACTS,
    DEVICES,
    FIRST,
    LEAVE,
    MINE,
    PARTNERS,
    PASSWORD,
    BY_PASSWORD,
    REGISTER,
    SOCIAL,
    TICKETS,
    WHO,
    DOOR,
    INSTALLED,
)
# those on the page "More", in its order; one that is not there stands nowhere
BESIDES: Final = (
    "/offers",
    "/coupons",
    "/favourites",
    "/shops",
    "/partners",
    "/charity",
    "/certificates",
    "/claim",
    "/help",
    "/help/tickets",
)
