"""What stays open behind the demo for whoever wants to play on: the office's desk, the members' accounts, an online
shop, and the services outside that all of them ask, emulated."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pos_agent.demo.office import Office, StoryFailed
from pos_agent.demo.processes import Process, start

SERVICES: Final = ("partner", "payment", "fiscal")
PARTNERS: Final = ("litres", "s7")  # of the programmes that ship with it
CLERK: Final = "olga"
SHOP: Final = "demo"
SHOP_STORE: Final = "online-1"
SCOPES: Final = "quote,order,return,members,catalogue"
GOODS: Final = {  # by programme: what the online shop sells
    "alenka": """article,name,price,category
D101,Шоколад «Алёнка» 90 г,89.90,chocolate
D102,Шоколад «Алёнка» с фундуком 90 г,99.90,chocolate
D103,Конфеты «Мишка косолапый» 200 г,248.50,sweets
D104,Конфеты «Красная шапочка» 200 г,239.00,sweets
D105,Набор конфет «Вдохновение» 450 г,899.00,gifts
D106,Чай чёрный байховый 100 пакетиков,412.50,tea
""",
    "perekrestok": """article,name,price,category
P101,Хлеб бородинский,45.50,bread
P102,Йогурт питьевой 290 г,54.90,dairy
P103,Творог 5 % 200 г,89.90,dairy
P104,Яблоки сезонные,129.99,vegetables
P105,Гречка 800 г,99.90,grocery
""",
}
STORES: Final = (  # name, city, address, latitude, longitude
    ("msk-1", "На Тверской", "Москва", "Тверская, 1", "55.7577", "37.6136"),
    ("spb-1", "На Невском", "Санкт-Петербург", "Невский проспект, 20", "59.9360", "30.3230"),
)
_PIN: Final = re.compile(r"^PIN: (\S+)", re.MULTILINE)


class Services:
    """The partner, the payments and the fiscal documents, each a process. `file`: what the hub reads of them."""

    def __init__(self, out: Path) -> None:
        self.file = out / "services.toml"
        self._processes = [
            start(name, ["hub", "emulate", name, "--port", "0"], out / f"{name}.log") for name in SERVICES
        ]
        urls = {process.name: str(process.ready["url"]) for process in self._processes}
        tables = {"payment": urls["payment"], "fiscal": urls["fiscal"]}
        tables |= {f"partner.{one}": urls["partner"] for one in PARTNERS}
        text = "\n".join(f'[{name}]\nurl = "{url}"\n' for name, url in tables.items())
        self.file.write_text(text, encoding="utf-8")

    def close(self) -> None:
        for process in self._processes:
            process.stop()


class Club:
    """`pin`: of the clerk at the office's desk; `shop_url`: of the online shop, for browsers."""

    def __init__(self, out: Path, office: Office, programmes: Sequence[str], language: str) -> None:
        added = office.do("staff", "add", CLERK, "--name", "Olga", "--role", "office", "--pin")
        self.pin = _pin_in(added)
        self._stock(out, office, programmes)
        self._shop = self._open_shop(out, office, programmes[0], language)
        self.shop_url = str(self._shop.ready["url"])

    def close(self) -> None:
        self._shop.stop()

    @staticmethod
    def _stock(out: Path, office: Office, programmes: Sequence[str]) -> None:
        for store, name, city, address, latitude, longitude in STORES:
            place = ("--latitude", latitude, "--longitude", longitude, "--hours", "daily 9:00-22:00")
            office.do("store", "add", store, "--name", name, "--city", city, "--address", address, *place)
        for programme in programmes:
            goods = out / f"goods-{programme}.csv"
            goods.write_text(GOODS[programme], encoding="utf-8")
            office.do("goods", "import", str(goods))

    @staticmethod
    def _open_shop(out: Path, office: Office, programme: str, language: str) -> Process:
        """Where browsers come back to is known once it listens."""
        add = ("shop", "add", SHOP, "--store", SHOP_STORE, "--programme", programme)
        office.do("store", "add", SHOP_STORE, "--format", "online")
        office.do(*add)
        key = out / "shop.key"
        key.write_text(office.do("shop", "key", SHOP, "--scopes", SCOPES).split()[0], encoding="ascii")
        where = ("--hub-shop", office.shop_url, "--account", office.accounts[programme], "--key-file", str(key))
        command = ["example_shop", "serve", *where, "--port", "0", "--data", str(out / "shop.db")]
        shop = start("example shop", command, out / "shop.log")
        office.do(*add, "--back", str(shop.ready["back"]))
        return shop


def _pin_in(told: str) -> str:
    """Raises StoryFailed."""
    found = _PIN.search(told)
    if found is None:
        raise StoryFailed(f"pos-hub staff add told no PIN: {told}")
    return found[1]
