"""Who may come in at the online shops' face: by a key of the office's, and members by what they agreed to."""

from __future__ import annotations

from hub.hub import Hub
from hub.people.orders import NotDone
from hub.shop.call import Shop
from hub.shop.keys import caller_of
from hub.shop.links import member_linked


class KeyDoor:
    """As the ledger has keys and links at each look: who was revoked is out at the next request."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def shop_of(self, key: str) -> Shop | None:
        """Whose key it is; None: nobody's, or no longer."""
        with self._hub.store.reading() as reader:
            caller = caller_of(reader, key)
        if caller is None:
            return None
        shop = caller.shop
        return Shop(
            shop.name,
            shop.store,
            shop.programme,
            frozenset(caller.key.scopes),
            caller.key.id,
            pay_minutes=shop.pay_minutes,
        )

    def member_of(self, shop: Shop, token: str) -> str | None:
        """Who has linked himself with this shop under the token, as he stands now; None: nobody, or no longer."""
        try:
            with self._hub.store.reading() as reader:
                return member_linked(reader, shop.name, token, self._hub.now()).person.member
        except NotDone:
            return None
