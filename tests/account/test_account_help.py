"""Help without people (P35): the hotline, questions answered with the programme's own figures; links to apps (P23)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from click.testing import CliRunner

from account.app import account_app
from account.cli import cli
from account.figures import figures_in_words
from account.questions import FOLDER, BadFaq, answered, joined, looked_for, named_in, ours, questions_in
from account.settings import NO_SETTINGS, BadSettings, Settings, settings_in
from loyalty.programme import Grants, Life
from sync.account.help import AskFigures, FiguresTold
from tests.account.conftest import Account, account_over
from tests.account.homely import in_force
from tests.account.test_account_cards_pages import fits, text_of
from tests.browser import needs_browser
from tests.hub.conftest import PROGRAMMES, Office
from tests.one_port import Server
from web.language import Language

if TYPE_CHECKING:
    from playwright.sync_api import Page

FILE: Final = """
map = "yandex:0123abcd-map-key"
mail = "club@alenka.example"
shop_url = "https://shop.alenka.example/"
faq = "faq.toml"
[hotline]
phones = ["8-800-200-95-55"]
hours = "ежедневно 8:00-22:00"
[apps]
appstore = "https://apps.apple.com/ru/app/club/id1"
google_play = "https://play.google.com/store/apps/details?id=club"
rustore = "https://www.rustore.ru/catalog/app/club"
"""
FAQ: Final = """
[[question]]
id = "parking"
ru = "Есть ли парковка?"
en = "Is there parking?"
answer_ru = "У всех магазинов, {brand} платит за час."
answer_en = "At all shops; {brand} pays for an hour."
[[question]]
id = "leave"
[[question]]
id = "worth"
ru = "Курс?"
en = "The rate?"
answer_ru = "Как всегда."
answer_en = "As ever."
"""


@pytest.fixture
def said(tmp_path: Path) -> Settings:
    (tmp_path / "faq.toml").write_text(FAQ, encoding="utf-8")
    (tmp_path / "club.toml").write_text(FILE, encoding="utf-8")
    return settings_in(tmp_path / "club.toml")


def serve(account: Account, server: Server, settings: Settings) -> None:
    server.app = account_app(account.desk, account.store, now=lambda: account.office.now, settings=settings)


@needs_browser
def test_p35_p23_help_is_found_without_people_and_the_apps_with_it(
    account: Account, phone: Callable[..., Page], account_server: Server, said: Settings
) -> None:
    serve(account, account_server, said)
    page = phone()  # nobody is signed in
    page.get_by_role("link", name="Помощь").click()
    fits(page)
    hotline = page.get_by_label("Горячая линия").get_by_role("link", name="8 800 200-95-55")
    assert hotline.get_attribute("href") == "tel:+78002009555"
    assert "ежедневно 08:00–22:00" in text_of(page) and "Открыто до 22:00" in text_of(page)  # at 15:00 in Moscow
    page.get_by_label("О чём спросить").fill("потерялась картой")
    page.get_by_role("button", name="Найти ответ").click()
    page.get_by_text("Новый пластик в магазине: 50 ₽").wait_for()
    assert page.locator("details").count() == 1
    fits(page)
    page.get_by_label("О чём спросить").fill("парковку")
    page.get_by_role("button", name="Найти ответ").click()
    page.get_by_text("Алёнка платит за час").wait_for()
    page.get_by_role("link", name="Все вопросы").click()
    page.get_by_text("Сколько можно списать?").click()
    page.get_by_text("До 50 % суммы").first.wait_for()
    links = {name: page.get_by_role("link", name=name) for name in ("App Store", "Google Play", "RuStore")}
    assert [str(link.get_attribute("href")).split("/")[2] for link in links.values()] == [
        "apps.apple.com",
        "play.google.com",
        "www.rustore.ru",
    ]


@needs_browser
def test_p23_without_settings_there_are_no_apps_no_hotline_and_no_map(
    account: Account, phone: Callable[..., Page]
) -> None:
    account.office.join("anna")
    page = phone("anna")
    foot = page.locator(".foot").inner_text()
    assert "Помощь" in foot and "App Store" not in foot
    page.get_by_role("link", name="Помощь").click()
    assert "Горячая линия" not in text_of(page) and "Как позвонить" not in text_of(page)


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("сгорают бонусы", "life"),
        ("сколько спишется", "spend"),
        ("потерянную карту", "lost-card"),
        ("не приходит СМС", "no-code"),
        ("день рожденья", "birthday"),
        ("вернула товар", "returns"),
        ("отпишите от рассылок", "adverts"),
    ],
)
def test_p35_what_is_looked_for_is_found_whatever_its_endings(account: Account, asked: str, first: str) -> None:
    found = looked_for(told(account), asked)
    assert found and found[0].id == first, [one.id for one in found]


def told(account: Account, language: Language = "ru", settings: Settings = NO_SETTINGS) -> list:  # type: ignore[type-arg]
    figures = account.desk.ask("figures", AskFigures(), FiguresTold)
    programme = account.desk.programme_told()
    words = figures_in_words(figures, programme, settings, language)
    return answered(joined(ours(programme.id), settings.questions), words, language)


def test_answers_are_the_programmes_own_and_what_it_has_not_is_not_asked(
    account: Account, monkeypatch: pytest.MonkeyPatch, said: Settings
) -> None:
    answers = {one.id: one.answer.replace("\xa0", " ") for one in told(account)}
    assert answers["earn"].startswith("2 % от суммы чека, от 1 500 ₽ — 3 %, от 3 000 ₽ — 5 %.")
    assert "150 бонусов" in answers["welcome"] and "12 месяцев" in answers["life"]
    assert answers["worth"] == "1 бонус = 1 ₽."
    assert not {"endless", "favourites", "call"} & answers.keys()
    assert "8 800 200-95-55" in {one.id: one.answer for one in told(account, "ru", said)}["call"]
    rules = PROGRAMMES["alenka"]
    endless = replace(rules.points, life=Life(kind="never"))
    in_force(monkeypatch, account.hub, grants=Grants(), points=endless)
    now = {one.id for one in told(account)}
    assert "endless" in now and not {"welcome", "life"} & now


def test_the_other_programme_has_answers_of_its_own(
    office: Office, tmp_path: Path, hub_server: Server, account_server: Server
) -> None:
    other = account_over(office, tmp_path, hub_server, account_server, "perekrestok")
    answers = {one.id: one.answer.replace("\xa0", " ") for one in told(other)}
    assert answers["worth"] == "10 баллов = 1 ₽." and "welcome" not in answers
    assert answers["earn"].startswith("1 балл за каждые полные 10 ₽")
    assert "ещё 4 балла за каждые полные 10 ₽" in answers["favourites"] and "99 %" in answers["spend"]
    assert "считая месяц начисления" in answers["life"] and "20 дней" in answers["form-wait"]
    assert len({one.id for one in told(other, "en")}) == len(answers)
    other.store.close()


def test_questions_that_ship_can_be_read_and_name_only_what_there_is(account: Account, said: Settings) -> None:
    figures = account.desk.ask("figures", AskFigures(), FiguresTold)
    known = figures_in_words(figures, account.desk.programme_told(), said, "ru").keys()
    sometimes = {"endless", "spend_min", "form_days", "favourites_max", "favourite_more"}
    for file in FOLDER.glob("*.toml"):
        for one in questions_in(file):
            for text in (one.ru, one.en, one.answer_ru, one.answer_en):
                assert named_in(text) <= known | sometimes, one.id
            assert figures_of(one.ru + one.answer_ru) == figures_of(one.en + one.answer_en), one.id


def figures_of(text: str) -> set[str]:
    """How points are called is said where a language needs it."""
    return {name for name in named_in(text) if "currency" not in name.casefold()}


def test_a_shops_own_questions_replace_add_and_take_away(account: Account, said: Settings) -> None:
    answers = {one.id: one.answer for one in told(account, "ru", said)}
    assert answers["worth"] == "Как всегда." and "leave" not in answers
    assert answers["parking"] == "У всех магазинов, Алёнка платит за час."


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('[[question]]\nid = "a"\nru = "А?"', "both languages"),
        ('[[question]]\nid = "a"\nru = "А"\nen = "A"\nanswer_ru = "{"\nanswer_en = "A"', "'a'"),
        ('[[question]]\nid = "a"\nru = "А"\nen = "A"\nanswer_ru = "{x!r}"\nanswer_en = "A"', "brace"),
        ('[[question]]\nid = "a"\n[[question]]\nid = "a"', "an id of its own"),
        ('[[question]]\nid = "a"\nanswer = "?"', "answer"),
        ("question = 1", "question"),
    ],
)
def test_a_file_of_questions_that_is_wrong_is_told_where(tmp_path: Path, text: str, wrong: str) -> None:
    file = tmp_path / "faq.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadFaq, match=r"faq\.toml") as told:
        questions_in(file)
    assert wrong in str(told.value)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('map = "google:1"', "yandex:KEY"),
        ('map = "yandex:<script>"', "yandex:KEY"),
        ('mail = "nobody"', "mail"),
        ('shop_url = "http://shop.example"', "https://"),
        ('faq = "none.toml"', "none.toml"),
        ("[hotline]\nphones = []", "from one to"),
        ('[hotline]\nphones = ["12"]', "hotline"),
        ('[hotline]\nphones = ["8 800 200-95-55"]\nhours = "пн 9-99"', "no such time"),
        ('[apps]\nappstore = "https://evil.example/apps.apple.com"', "apps.apple.com"),
        ('[apps]\nrustore = "http://www.rustore.ru/app"', "https://www.rustore.ru"),
        ('[apps]\nrustore = "https://www.rustore.ru@evil.example/"', "https://www.rustore.ru"),
        ('[apps]\nnokia = "https://nokia.example"', "nokia"),
        ("hotlin = 1", "hotlin"),
        ("map =", "club.toml"),
    ],
)
def test_settings_that_are_wrong_are_told_before_anybody_is_served(tmp_path: Path, text: str, wrong: str) -> None:
    file = tmp_path / "club.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadSettings, match=r"club\.toml") as told:
        settings_in(file)
    assert wrong in str(told.value)
    words = ["serve", "--hub", "http://127.0.0.1:1", "--data", str(tmp_path), "--programme", "alenka"]
    assert isinstance(CliRunner().invoke(cli, [*words, "--settings", str(file)]).exception, BadSettings)
