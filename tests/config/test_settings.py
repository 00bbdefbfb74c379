"""A till's settings: what is right loads, what is wrong is told with file and key."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from config.device_urls import PRINTER_SCHEMES, SCANNER_SCHEMES
from config.printers import FOLDER
from config.programmes import SHIPPED, load_programme
from config.settings import Settings, SettingsError, load_settings
from drivers.errors import DeviceError
from drivers.printer.link import check_url
from drivers.scanner.scanner import open_scanner
from pos_agent.commands.run import command as run

RIGHT = """
till = "till-1"
programme = "alenka"
data = "data"
[hub]
url = "http://127.0.0.1:8070"
"""
TWO_SCANNERS = """
[[scanners]]
name = "a"
url = "camera:0"
[[scanners]]
name = "b"
url = "camera:1"
"""
SCANNERS = FOLDER.with_name("scanners")


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "pos-agent.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shortest_settings_load_with_defaults(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, RIGHT))
    assert (settings.till, settings.language, settings.api.port) == ("till-1", "ru", 8071)
    assert settings.data == str(tmp_path / "data")
    assert settings.printer is None
    assert (settings.paper, settings.receipt_lines, settings.tail_width) == ("receipt", False, 32)
    assert settings.scanners == ()


@pytest.mark.parametrize(
    "text, told",
    [
        (RIGHT.replace("till-1", "Till 1"), "till"),
        (RIGHT.replace("till-1", "hub"), "till"),
        (RIGHT.replace('programme = "alenka"', "programme = 5"), "programme"),
        (RIGHT.replace('data = "data"', ""), "data"),
        (RIGHT.replace("http://127.0.0.1:8070", "hub.example"), "hub.url"),
        (RIGHT + "\nprots = 1\n", "prots"),
        (RIGHT + "\n[api]\nport = 70000\n", "port"),
        (RIGHT + '\n[printer]\nmodel = "default"\n', "url"),
        (RIGHT + '\n[[scanners]]\nname="a"\nurl="x"\n[[scanners]]\nname="a"\nurl="y"\n', "same name"),
        (RIGHT + '\n[store]\nid = "s1"\ntimezone = "localtime"\n', "store.timezone"),
        (RIGHT + '\n[store]\nid = "s1"\ntimezone = "right/Europe/Moscow"\n', "store.timezone"),
        (RIGHT + '\n[store]\nid = "s1"\ntimezone = "Ekaterinburg"\n', "store.timezone"),
        ('language = "de"\n' + RIGHT, "language is 'de'; it may be 'ru' or 'en'"),
        ('paper = "none"\n' + RIGHT, "paper is 'none'; it may be 'receipt' or 'tail'"),
        ("tail_width = 15\n" + RIGHT, "tail_width"),
        ("tail_width = 65\n" + RIGHT, "tail_width"),
        ('receipt_lines = "yes"\n' + RIGHT, "receipt_lines"),
        ('slaes = "all"\n' + RIGHT, "`slaes` is no setting; perhaps `sales` is meant"),
        (RIGHT + '[printr]\nurl = "x"\n', "`printr` is no setting; perhaps `printer` is meant"),
        ("port = 8071\n" + RIGHT, "`port` is no setting; it stands under [api]"),
        (
            RIGHT + '[[scanners]]\nname = "a"\nurl = "b"\nmodle = "c"\n',
            "`scanners.modle` is no setting; perhaps `model` is meant",
        ),
        (RIGHT + "[xyzzy]\n", "`xyzzy` is no setting; there are: till, programme"),
        ("till = ", "not TOML"),
    ],
)
def test_wrong_settings_are_told_in_one_line_with_file_and_key(tmp_path: Path, text: str, told: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SettingsError) as error:
        load_settings(path)
    assert str(path) in str(error.value)
    assert told in str(error.value)
    assert "\n" not in str(error.value).strip()


def test_nothing_but_this_machine_is_listened_to_unless_an_address_is_named(tmp_path: Path) -> None:
    assert load_settings(written(tmp_path, RIGHT)).guest.address is None
    settings = load_settings(written(tmp_path, RIGHT + '[guest]\nlisten = "192.168.0.20:8072"\n'))
    assert settings.guest.address == ("192.168.0.20", 8072)


@pytest.mark.parametrize(
    "listen",
    [
        "",
        "8072",
        ":8072",
        "192.168.0.20",
        "192.168.0.20:",
        "192.168.0.20:0",
        "192.168.0.20:08072",
        "192.168.0.20:65536",
        "192.168.0.20:-1",
        "192.168.0.20:+8072",
        "192.168.0.20: 8072",
        "192.168.0.020:8072",
        "192.168.0.20:8072/guest",
        "http://192.168.0.20:8072",
        "till.local:8072",
        "0.0.0.0:8072",
        "224.0.0.1:8072",
        "[::]:8072",
        "192.168.0.20:٨٠٧٢",
    ],
)
def test_an_address_for_guests_is_one_and_written_in_one_way(tmp_path: Path, listen: str) -> None:
    """`Host` and `Origin` are compared with it whole."""
    with pytest.raises(SettingsError) as error:
        load_settings(written(tmp_path, RIGHT + f'[guest]\nlisten = "{listen}"\n'))
    told = str(error.value)
    assert "line 8" in told and "guest.listen" in told and "like 192.168.0.20:8072" in told


def test_a_missing_file_says_where_an_example_is(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"--help"):
        load_settings(tmp_path / "nothing.toml")


def test_the_goods_file_lies_beside_the_settings(tmp_path: Path) -> None:
    assert load_settings(written(tmp_path, RIGHT)).goods is None
    assert load_settings(written(tmp_path, 'goods = "goods.csv"\n' + RIGHT)).goods == str(tmp_path / "goods.csv")
    assert load_settings(written(tmp_path, 'goods = "/srv/goods.csv"\n' + RIGHT)).goods == "/srv/goods.csv"


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ('language = "de"\n' + RIGHT, 1, "language is 'de'; it may be 'ru' or 'en'"),
        (RIGHT.replace("till-1", "Till 1"), 2, "till is 'Till 1'; use small letters"),
        (RIGHT.replace('"alenka"', '"alenca"'), 3, "programme is 'alenca', which is none of ours; perhaps `alenka`"),
        (RIGHT.replace('"alenka"', '"mine.toml"'), 3, "programme is 'mine.toml'; there is no file"),
        (RIGHT.replace('"alenka"', "5"), 3, "programme is 5; write it as text in quotes"),
        (RIGHT.replace("http://127.0.0.1:8070", "hub.example"), 6, "hub.url is 'hub.example'; write it like http://"),
        (RIGHT.replace("[hub]", "[hubb]"), 5, "`hubb` is no setting; perhaps `hub` is meant"),
        (RIGHT.replace('url = "http', 'uri = "http'), 6, "`hub.uri` is no setting; perhaps `url` is meant"),
        (RIGHT.replace('url = "http://127.0.0.1:8070"', ""), 5, "`hub.url` is missing; add it"),
        ('hub = "x"\n' + RIGHT.partition("[hub]")[0], 1, "hub is 'x'; it is a table: write [hub]"),
        ("retell_hours = 49\n" + RIGHT, 1, "retell_hours is 49; write a whole number from 1 to 48"),
        ('retell_hours = "9"\n' + RIGHT, 1, "retell_hours is '9'; write a whole number from 1 to 48, without quotes"),
        ("retell_hours = true\n" + RIGHT, 1, "retell_hours is True; write a whole number"),
        ('training = "yes"\n' + RIGHT, 1, "training is 'yes'; write true or false, without quotes"),
        (RIGHT + '[api]\nport = "8071"\n', 8, "api.port is '8071'; write a whole number from 0 to 65535"),
        (RIGHT + '[printer]\nurl = "COM3"\n', 8, "printer.url is 'COM3'; serial://COM3 is how Windows would have it"),
        (RIGHT + '[printer]\nurl = "/dev/ttyUSB0"\n', 8, "write serial:///dev/ttyUSB0"),
        (RIGHT + '[printer]\nurl = "/dev/usb/lp0"\n', 8, "write file:///dev/usb/lp0"),
        (RIGHT + '[printer]\nurl = "192.168.0.20:9100"\n', 8, "write tcp://192.168.0.20:9100"),
        (
            RIGHT + '[printer]\nurl = "tpc://10.0.0.9:9100"\n',
            8,
            "perhaps tcp://10.0.0.9:9100; write it like tcp://HOST",
        ),
        (RIGHT + '[printer]\nurl = "fax:1"\n', 8, "printer.url is 'fax:1'; write it like tcp://HOST:9100"),
        (
            RIGHT + '[printer]\nurl = "tcp://x:1"\nmodel = "epson-tm-20"\n',
            9,
            "printer.model is 'epson-tm-20', which is none of ours; perhaps `epson-tm-t20` is meant. Known models:",
        ),
        (RIGHT + '[printer]\nurl = "tcp://x:1"\nmodel = "own.toml"\n', 9, "printer.model is 'own.toml'; there is no"),
        (RIGHT + '[scanners]\nname = "a"\n', 7, "scanners has several tables; write each as [[scanners]]"),
        (RIGHT + '[[scanners]]\nname = "a"\nurl = "/dev/input/event3"\n', 9, "write hid:///dev/input/event3"),
        (RIGHT + '[[scanners]]\nname = "a"\nurl = "usb://1:2"\n', 9, "scanners.url is 'usb://1:2'; write it like"),
        (
            RIGHT + TWO_SCANNERS.replace('"b"', '"a"'),
            12,
            "scanners.name is 'a'; two have the same name; give each its own",
        ),
        (RIGHT + TWO_SCANNERS + 'model = "honeywel"\n', 14, "perhaps `honeywell` is meant"),
        (RIGHT + '[emulator]\nscanner = "http://10.0.0.9:80"\n', 8, "emulator.scanner is 'http://10.0.0.9:80'; write"),
        (RIGHT + '[emulator]\nprinter = "https://127.0.0.1:80"\n', 8, "write it like http://127.0.0.1:8091"),
        (RIGHT + '[emulator]\n\ncamera = "http://a@127.0.0.1:80"\n', 9, "emulator.camera is 'http://a@127.0.0.1:80'"),
        (RIGHT + '[emulator]\nnetwork = "http://127.0.0.1:80/x"\n', 8, "emulator.network is 'http://127.0.0.1:80/x'"),
        (RIGHT + '[emulator]\nnetwork = "http://127.0.0.1.evil:80"\n', 8, "emulator.network is"),
        (RIGHT + '[emulator]\nnetwork = "http://127.0.0.1:65536"\n', 8, "emulator.network is"),
        (RIGHT + '[emulator]\nwallet = "none.json"\n', 8, "emulator.wallet is 'none.json'; there is no file"),
        (RIGHT + '[emulator]\nwalet = "none.json"\n', 8, "`emulator.walet` is no setting; perhaps `wallet` is meant"),
        (RIGHT + '[scanner]\nname = "a"\n', 7, "`scanner` is no setting; perhaps `scanners` is meant"),
        ('wallet = "wallet.json"\n' + RIGHT, 1, "`wallet` is no setting; it stands under [emulator]"),
        (RIGHT + '[store]\nid = "a b"\n', 8, "store.id is 'a b'; use letters"),
        (RIGHT + '[store]\nid = "s"\ntimezone = "Moscow"\n', 9, "store.timezone is 'Moscow'; perhaps 'Europe/Moscow'"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_with_what_is_allowed(
    tmp_path: Path, text: str, line: int, told: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SettingsError) as error:
        load_settings(path)
    assert str(error.value).startswith(f"{path}, line {line}: ")
    assert told in str(error.value) and "\n" not in str(error.value)


def test_a_bom_means_nothing(tmp_path: Path) -> None:
    path = tmp_path / "pos-agent.toml"
    path.write_bytes(b"\xef\xbb\xbf" + RIGHT.encode())
    assert load_settings(path).till == "till-1"


def test_every_file_is_taken_from_the_settings_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    shutil.copy(SHIPPED / "alenka.toml", tmp_path / "mine.toml")
    shutil.copy(FOLDER / "xprinter-58.toml", tmp_path / "printer.toml")
    shutil.copy(SCANNERS / "honeywell.toml", tmp_path / "scanner.toml")
    settings = load_settings(
        written(
            tmp_path,
            'goods = "goods.csv"\n'
            + RIGHT.replace("alenka", "mine.toml")
            + '[printer]\nurl = "tcp://x:1"\nmodel = "printer.toml"\n'
            + '[[scanners]]\nname = "a"\nurl = "camera:file:frames/%03d.png"\nmodel = "scanner.toml"\n',
        )
    )
    (scanner,) = settings.scanners
    assert settings.printer is not None and settings.goods is not None and scanner.model is not None
    files = (settings.programme, settings.data, settings.goods, settings.printer.model, scanner.model)
    names = ("mine.toml", "data", "goods.csv", "printer.toml", "scanner.toml")
    assert files == tuple(str(tmp_path / name) for name in names)
    assert scanner.url == f"camera:file:{tmp_path}/frames/%03d.png"
    assert load_programme(settings.programme).id == "alenka"


def test_an_emulator_is_on_this_machine_and_its_wallet_beside_the_settings(tmp_path: Path) -> None:
    assert load_settings(written(tmp_path, RIGHT)).emulator is None
    (tmp_path / "wallet.json").write_text("{}", encoding="utf-8")
    more = '[emulator]\nprinter = "http://127.0.0.1:65535/"\nnetwork = "http://localhost:1"\nwallet = "wallet.json"\n'
    emulator = load_settings(written(tmp_path, RIGHT + more)).emulator
    assert emulator is not None and (emulator.scanner, emulator.camera) == (None, None)
    assert (emulator.printer, emulator.network) == ("http://127.0.0.1:65535/", "http://localhost:1")
    assert emulator.wallet == str(tmp_path / "wallet.json")


def test_the_devices_urls_are_those_that_the_drivers_know() -> None:
    for scheme in {*PRINTER_SCHEMES, *SCANNER_SCHEMES}:
        with pytest.raises(DeviceError) as error:
            check_url(f"{scheme}:")
        assert ("a printer has no scheme" in error.value.cause) is (scheme not in PRINTER_SCHEMES)
    for scheme in SCANNER_SCHEMES:
        with pytest.raises(DeviceError) as error:
            open_scanner(f"{scheme}:", name="x")
        assert "no scanner is known" not in str(error.value)


SECRET = "correct horse battery staple correct horse"
SHOP = '[neighbours]\nlisten = "0.0.0.0:8078"\ntills = ["http://10.0.0.12:8078", "http://10.0.0.13:8078/"]\n'


def test_neighbours_are_addresses_with_one_secret(tmp_path: Path) -> None:
    assert load_settings(written(tmp_path, RIGHT)).neighbours is None
    there = load_settings(written(tmp_path, RIGHT + SHOP + f'secret = "{SECRET}"\n')).neighbours
    assert there is not None
    assert (there.at, there.addresses) == (("0.0.0.0", 8078), (("10.0.0.12", 8078), ("10.0.0.13", 8078)))
    (tmp_path / "shop.secret").write_text(SECRET + "\n", encoding="utf-8")
    filed = load_settings(written(tmp_path, RIGHT + SHOP + 'secret_file = "shop.secret"\n')).neighbours
    assert filed is not None and filed.secret == there.secret == SECRET


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (SHOP, "neighbours has no secret; write one of `secret` and `secret_file`"),
        (SHOP + f'secret = "{SECRET}"\nsecret_file = "s"\n', "neighbours has both"),
        (SHOP + f'secret = "{SECRET[:31]}"\n', "neighbours.secret is too short: it must have at least 32 letters"),
        (SHOP + "secret = 5\n", "neighbours.secret is none; write it as text in quotes"),
        (SHOP + 'secret_file = "gone.secret"\n', "gone.secret: No such file or directory"),
        (SHOP + 'secret_file = "short.secret"\n', "neighbours.secret_file is too short"),
        (SHOP.replace("0.0.0.0:8078", "8078"), "neighbours.listen is '8078'; write an address of this machine"),
        (SHOP.replace("10.0.0.13", "till-3"), "neighbours.tills is 'http://till-3:8078/'; write each like"),
        (SHOP.replace("http://10.0.0.12:8078", "https://10.0.0.12:8078"), "neighbours.tills is 'https://"),
        (SHOP.replace("10.0.0.12", "0.0.0.0"), "neighbours.tills is 'http://0.0.0.0:8078'; write each like"),
        (
            SHOP.replace('"http://10.0.0.12:8078"', "8078"),
            "neighbours.tills is [8078, 'http://10.0",
        ),
        ('[neighbours]\nlisten = "0.0.0.0:8078"\ntills = []\n', "neighbours.tills names 0; 1 to 50 may be"),
        (SHOP.replace("listen", "listne"), "`neighbours.listne` is no setting; perhaps `listen` is meant"),
        ('[neighbours]\nlisten = "0.0.0.0:8078"\n', "`neighbours.tills` is missing"),
    ],
)
def test_what_is_wrong_with_neighbours_is_told_and_no_secret_with_it(tmp_path: Path, more: str, told: str) -> None:
    (tmp_path / "short.secret").write_text(SECRET[:31], encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        load_settings(written(tmp_path, RIGHT + more))
    assert told in str(error.value) and "line " in str(error.value)
    assert SECRET[:31] not in str(error.value)


def test_no_secret_is_printed_with_the_settings(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, RIGHT + SHOP + f'secret = "{SECRET}"\n'))
    assert SECRET not in f"{settings!r} {settings} {settings.neighbours}" and "10.0.0.12" in repr(settings)


def test_the_help_of_run_shows_every_setting() -> None:
    shown = run.help or ""
    assert [name for name in Settings.__struct_fields__ if f"{name} = " not in shown and f"[{name}]" not in shown] == []
