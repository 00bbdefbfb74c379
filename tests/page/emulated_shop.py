"""The shop with a camera on its counter, and a till whose settings have [emulator]: for the guest's page, and for the
page from which all its devices are moved."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from config.programmes import load_programme
from drivers.control import Control
from loyalty.programme import Language
from pos_agent.demo.carried import carried
from pos_agent.demo.cast import Cast
from pos_agent.demo.processes import Process
from pos_agent.page.wallet import Guest, Wallet
from tests.page.shop import ANNA, BORIS, Shop

PEOPLE: Final[dict[Language, tuple[Guest, ...]]] = {
    "ru": (
        Guest(name="Анна", card=ANNA, phone="+7 916 123-45-67", note="покупает часто"),
        Guest(name="Борис", card=BORIS, note="копит на большую покупку"),
    ),
    "en": (
        Guest(name="Anna", card=ANNA, phone="+7 916 123-45-67", note="comes often"),
        Guest(name="Boris", card=BORIS, note="saves up for something large"),
    ),
}


class EmulatedShop(Shop):
    """Its cable to the hub takes orders too, as its devices do."""

    def __init__(self, folder: Path, language: Language) -> None:
        (folder / "counter").mkdir(parents=True)
        (folder / "wallet.json").write_bytes(msgspec.json.encode(_wallet(language)))
        self.folder = folder
        self._controls: dict[str, str] = {}
        self._cable: Control | None = None
        self.camera = self._emulated("camera", [str(folder / "counter")])
        super().__init__(folder, language)

    def _emulated(self, device: str, more: list[str], lines: int = 1) -> Process:
        printer = device == "printer"  # its page takes its orders, and tells its own address
        process = super()._emulated(device, [*more, "--web" if printer else "--control", "0"], 2 if printer else lines)
        self._controls[device] = str(process.told[0]["url"] if process.told else process.ready["control"])
        return process

    def _agent(self) -> Process:
        if self._cable is None:
            self._cable = Control(self.wire, 0)
            self._cable.start()
            self._controls["network"] = f"http://127.0.0.1:{self._cable.port}"
        return super()._agent()

    def _settings(self) -> str:
        controls = "".join(f'{device} = "{control}"\n' for device, control in self._controls.items())
        camera = f'[[scanners]]\nname = "camera"\nurl = "{self.camera.ready["url"]}"\n'
        top = f'receipt_language = "{self.language}"\n'  # the guest's page is of it too
        return top + super()._settings() + camera + f'[emulator]\nwallet = "wallet.json"\n{controls}'

    def close(self) -> None:
        super().close()
        self.camera.stop()
        if self._cable is not None:
            self._cable.stop()

    def calm(self) -> None:
        self.camera.type_line("!empty")
        super().calm()


def _wallet(language: Language) -> Wallet:
    """The demo's baskets and blank cards; the people are those whom the shop's hub knows."""
    programme = load_programme("alenka")
    return replace(carried(programme, Cast(programme, None), language), people=PEOPLE[language])
