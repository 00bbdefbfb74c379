"""`pos-hub card …` and the page served by a process of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from click.testing import CliRunner, Result

from drivers.scanner.decode import decode, read_picture
from hub.cli import cli
from loyalty.rotating_code import phone_id
from tests.hub.card_phones.conftest import CARD, Phone
from tests.hub.conftest import Office


def say(office: Office, *words: str) -> Result:
    return CliRunner().invoke(cli, [*words, "--db", str(office.path)])


def test_a_link_is_made_listed_and_its_phone_forgotten(office: Office, page_url: str, tmp_path: Path) -> None:
    assert "No phone shows it" in say(office, "card", "phones", CARD).output
    picture = tmp_path / "link.png"
    made = say(office, "card", "phone", CARD, "--png", str(picture))
    (link,) = re.findall(re.escape(page_url) + r"/card/#[0-9a-f]{48}", made.stdout)
    assert [code.text for code in decode(read_picture(picture))] == [link]
    office.now = datetime.now(UTC)  # the command goes by the machine's clock
    phone = Phone(page_url)
    assert phone.post("certify", {"link": link[-48:], "key": phone.public, "name": "Android"}).ok
    name = phone_id(bytes.fromhex(phone.public))
    (told,) = map(json.loads, say(office, "card", "phones", CARD, "--json").output.splitlines())
    assert (told["phone"], told["name"], told["revoked_at"]) == (name, "Android", "")
    assert "was taken off card" in say(office, "card", "forget-phone", CARD, name).output
    assert "taken off 20" in say(office, "card", "phones", CARD).output
    for words in (("phone", "nobody"), ("forget-phone", CARD, "0" * 16)):
        wrong = say(office, "card", *words)
        assert wrong.exit_code == 1 and wrong.output.startswith("Error: No")


def test_keys_of_phones_are_rotated_by_hand(office: Office) -> None:
    assert say(office, "key", "rotate-cards").output.startswith("Key 2 certifies phones")
    assert "tills forget those of before" in say(office, "key", "rotate-cards", "--revoke").output


def test_the_hub_serves_the_page_beside_the_tills(office: Office, serve: Callable[..., Any]) -> None:
    office.join(card=CARD)
    missing = say(office, "card", "phone", CARD)
    assert missing.exit_code == 1 and "--card-page" in missing.output
    office.hub.close()
    served = serve(office.path, "--card-page", "127.0.0.1:0", "--card-page-url", "https://card.example.ru")
    office.open()
    page = requests.get(served.ready["card_page"])
    assert page.url.endswith("/card/") and "worker-src" not in page.text and "default-src 'none'" in str(page.headers)
    worker = requests.get(f"{served.ready['card_page']}/card/worker.js").text
    assert '"/card/static/card.js"' in worker and "EDITION" not in worker and "FILES" not in worker
    assert "https://card.example.ru/card/#" in say(office, "card", "phone", CARD).output
