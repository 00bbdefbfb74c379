"""The house itself: who may import whom, whose names are whose, and does the README tell the truth."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from click.testing import CliRunner

import hub.cli
import pos_agent.cli
from config.printers import load_printer
from config.settings import load_settings
from drivers.printer.printer import Printer
from drivers.scanner.scanner import open_scanner

ROOT = Path(__file__).parent.parent
ROOMS = (
    "account",
    "config",
    "drivers",
    "example_shop",
    "hub",
    "loyalty",
    "offline_cache",
    "pos_agent",
    "simulator",
    "storage",
    "sync",
    "web",
)

# what both sides know of how they speak
SAID = (
    "sync.account",
    "sync.shop",
    "sync.protocol",
    "sync.signed",
    "sync.desk",
    "sync.receipts",
    "sync.card_numbers",
    "sync.card_phones",
    "sync.cases",
    "sync.certificates",
    "sync.codes",
    "sync.coupons",
    "sync.registration",
    "sync.identity",
    "sync.joining",
    "sync.sealed",
    "sync.renewing",
    "sync.connection",
    "sync.private",
    "sync.staff_codes",
)

# DESIGN §2: what a module may import of ours, the longest matching prefix decides.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "loyalty": ("loyalty",),
    "storage": ("storage",),
    "drivers": ("drivers",),
    "config": (
        "config",
        "loyalty.programme",
        "loyalty.consents",
        "loyalty.categories",
        "loyalty.fiscal_tags",
        "loyalty.goods",
        "loyalty.least_price",
        "loyalty.spellings",
        "loyalty.tags",
        "loyalty.tickets",
        "loyalty.money",
        "loyalty.utc",
        "drivers.printer.profile",
        "drivers.scanner.profile",
    ),
    "offline_cache": ("offline_cache", "loyalty", "storage"),
    "sync": ("sync", "loyalty", "offline_cache"),
    "sync.protocol": ("loyalty",),
    "sync.signed": (),
    "sync.connection": (),
    "sync.private": (),
    "sync.staff_codes": (),
    "sync.account": ("sync.account", "loyalty"),
    "sync.shop": ("sync.shop", "loyalty"),
    "sync.desk": (),
    "sync.receipts": (),
    "sync.card_numbers": (),
    "sync.cases": (),
    "sync.codes": (),
    "sync.registration": ("loyalty",),
    "sync.joining": ("sync.protocol",),
    "sync.sealed": ("sync.joining", "sync.protocol"),
    "sync.renewing": ("sync.joining", "sync.protocol"),
    "web": ("web", "sync.connection"),
    "example_shop": ("example_shop", "web"),  # of the programme it knows what HTTP says
    "account": (
        *("account", "loyalty", "storage", "web"),
        *(
            "sync.account",
            "sync.connection",
            "sync.identity",
            "sync.joining",
            "sync.protocol",
            "sync.signed",
            "sync.watch",
        ),
    ),
    "hub": ("hub", "loyalty", "storage", "web", *SAID),
    "hub.build": ("hub", "loyalty", "storage", "web", *SAID, "config"),
    "pos_agent": ("pos_agent", "config", "drivers", "loyalty", "offline_cache", "storage", "sync", "web"),
    "simulator": (
        "simulator",
        "account",
        "drivers",
        "pos_agent",
        "hub",
        "config",
        "drivers",
        "loyalty",
        "offline_cache",
        "storage",
        "sync",
        "web",
    ),
}
NEVER: dict[str, tuple[str, ...]] = {
    "drivers.scanner": ("drivers.printer",),
    "drivers.printer": ("drivers.scanner",),
    "drivers.scanner.emulator": tuple(
        f"drivers.scanner.{name}"
        for name in (
            *("serial", "hid", "hidraw", "node", "keymap", "layouts", "line", "link", "framing", "reading", "reports"),
            *("habits", "profile", "address", "orders", "camera"),
        )
    ),
    "drivers.printer.emulator": (
        "drivers.printer.printer",
        "drivers.printer.encode",
        "drivers.printer.answers",
        "drivers.printer.status",
    ),
}


def modules() -> dict[str, Path]:
    found = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found[name] = path
    return found


MODULES = modules()


@cache
def imports_of(name: str, *, types: bool = True) -> frozenset[str]:
    """Our modules that a module imports anywhere in it, as full module names. `types`: also what only a type checker
    reads."""
    found: set[str] = set()
    read = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    for node in ast.walk(read if types else without_types(read)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            base = node.module or ""
            submodules = {f"{base}.{alias.name}" for alias in node.names} & MODULES.keys()
            found |= submodules or {base}
    return frozenset(module for module in found if module.split(".")[0] in ROOMS)


def without_types(read: ast.Module) -> ast.Module:
    """But for what stands under `if TYPE_CHECKING:` at its top."""
    kept = [one for one in read.body if not (isinstance(one, ast.If) and ast.unparse(one.test) == "TYPE_CHECKING")]
    return ast.Module(body=kept, type_ignores=[])


def within(module: str, prefixes: tuple[str, ...]) -> bool:
    return any(module == prefix or module.startswith(prefix + ".") for prefix in prefixes)


def rule_for(name: str, rules: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    matching = [prefix for prefix in rules if within(name, (prefix,))]
    return rules[max(matching, key=len)] if matching else ()


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_only_what_its_room_may(name: str) -> None:
    allowed, forbidden = rule_for(name, MAY_IMPORT), rule_for(name, NEVER)
    for imported in imports_of(name):
        assert within(imported, allowed), f"{name} imports {imported}"
        assert not within(imported, forbidden), f"{name} imports {imported}"


@pytest.mark.parametrize("room", ["loyalty", "drivers", "config", "offline_cache", "sync", "hub", "storage"])
def test_followed_through_nobody_reaches_the_till(room: str) -> None:
    reached, waiting = set(), [name for name in MODULES if within(name, (room,))]
    while waiting:
        name = waiting.pop()
        if name in reached or name not in MODULES:
            continue
        reached.add(name)
        waiting += imports_of(name)
    assert not any(within(name, ("pos_agent", "simulator")) for name in reached)


USB = ("drivers.printer.link", "drivers.link.usb")  # imported when a usb:// printer is opened, and not before


def test_no_import_goes_round_in_a_circle() -> None:
    """Neither between rooms nor between two files of one. What is in a simulated chain stands in its world, and names
    the world's type: that alone is no import."""

    def imported_by(name: str) -> frozenset[str]:
        return imports_of(name, types=not within(name, ("simulator",)))

    graph = {name: sorted(imported_by(name) & MODULES.keys() - {name}) for name in MODULES}
    graph[USB[0]].remove(USB[1])
    done: set[str] = set()

    def follow(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " → ".join((*path[path.index(name) :], name))
        if name not in done:
            for imported in graph[name]:
                follow(imported, (*path, name))
            done.add(name)

    for name in MODULES:
        follow(name, ())


@pytest.mark.parametrize(("room", "most"), [("pos_agent", 400)])
def test_no_file_is_too_long_to_be_read_at_once(room: str, most: int) -> None:
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in MODULES.items()}
    assert not {name: length for name, length in lengths.items() if within(name, (room,)) and length > most}
    assert lengths["pos_agent.checkout"] < 200


def test_only_the_build_modules_join_parts() -> None:
    """Whoever opens both a cache and a device, or a hub's file and its rules, is a joiner."""
    joiners = {
        name
        for name in MODULES
        if {"offline_cache.cache", "drivers.printer.printer", "drivers.scanner.scanner"} <= imports_of(name)
    }
    assert joiners == {"pos_agent.build"}


@pytest.mark.parametrize("name", [name for name, path in MODULES.items() if path.name == "__init__.py"])
def test_a_package_says_nothing_by_itself(name: str) -> None:
    assert MODULES[name].read_text(encoding="utf-8").strip() == ""


def test_no_other_distribution_installs_our_names() -> None:
    owners = packages_distributions()
    for room in ROOMS:
        assert set(owners.get(room, ["pos-agent"])) <= {"pos-agent"}, f"{room} also comes with {owners[room]}"


def test_the_wheel_holds_every_room_and_nothing_else() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.search(r"^packages = \[(.*)\]$", project, re.MULTILINE)
    assert listed is not None
    assert tuple(re.findall(r'"(\w+)"', listed.group(1))) == ROOMS


def test_no_file_names_a_package_index_or_a_path_of_one_machine() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    words = ("pypi" + ".org", "files.python" + "hosted", "registry.npm" + "js", "/root" + "/", "/work" + "/")
    for name in filter(None, tracked):
        path = ROOT / name
        if path.suffix in {".png", ".mo"} or not path.exists():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not [word for word in words if word in text], name


README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = sorted(
    {
        " ".join(words)
        for program, rest in re.findall(
            r"^\s*(?:\$ )?(?:\.venv/bin/)?(pos-agent|pos-hub) +([^\n#`]*)", README, re.MULTILINE
        )
        if (words := [program, *re.match(r"((?:[a-z][a-z-]*\s*){0,2})", rest).group(1).split()])  # type: ignore[union-attr]
    }
)


def test_the_readme_shows_commands() -> None:
    assert len(SHOWN) >= 8


@pytest.mark.parametrize("shown", SHOWN)
def test_every_command_of_the_readme_exists(shown: str) -> None:
    """Its --help answers; a second word may be an argument of the first."""
    program, *words = shown.split()
    cli = {"pos-agent": pos_agent.cli.cli, "pos-hub": hub.cli.cli}[program]
    told = [CliRunner().invoke(cli, [*tried, "--help"]) for tried in (words, words[:1])]
    assert any(one.exit_code == 0 and "Usage:" in one.output for one in told), [one.output for one in told]


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z]+(?:-[a-z]+)*)\b", README))))
def test_every_make_target_of_the_readme_exists(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)


EXAMPLES = ROOT / "docs" / "examples"


def test_the_settings_in_the_readme_are_the_example_and_work() -> None:
    shown = re.search(r"```toml\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    assert shown.group(1) == (EXAMPLES / "pos-agent.toml").read_text(encoding="utf-8")
    settings = load_settings(EXAMPLES / "pos-agent.toml")
    assert settings.printer is not None
    Printer(settings.printer.url, load_printer(settings.printer.model)).close()
    for scanner in settings.scanners:
        open_scanner(scanner.url, name=scanner.name).close()


@pytest.mark.parametrize("path", sorted(set(re.findall(r"[\w./-]+\.(?:md|csv|json|toml)\b", README))))
def test_every_file_that_the_readme_names_is_there(path: str) -> None:
    made_by_the_user = {"demo-out/alenka/processes.json", "cards.csv"}
    assert path in made_by_the_user or (ROOT / path).exists() or (EXAMPLES / path).exists(), path


@pytest.mark.parametrize("command", ["quote docs/examples/basket.json", "reverse docs/examples/returns.json"])
def test_the_examples_of_the_rules_answer(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "pos_agent", *command.split()],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert "error" not in done.stdout


def test_the_example_of_members_is_taken(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-P",
        "-m",
        "hub",
        "import",
        str(EXAMPLES / "members.csv"),
        "--db",
        str(tmp_path / "hub.db"),
    ]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.count(": 3.\n") == 1


CASE = re.compile(r"\b(?:R|N|L|F|D|B|E|SEC)\d+\b")


def cases() -> list[tuple[str, list[str]]]:
    """Each case of docs/faults.md with the files that its row names."""
    rows = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8").splitlines()
    found = []
    for row in rows:
        cells = row.split("|")
        if len(cells) > 5 and CASE.search(cells[2]):
            found += [(case, re.findall(r"`(tests/[^`]+)`", cells[5])) for case in CASE.findall(cells[2])]
    return found


@pytest.mark.parametrize(("case", "files"), cases(), ids=lambda value: value if isinstance(value, str) else "")
def test_each_case_of_a_fault_is_tested_under_its_id(case: str, files: list[str]) -> None:
    named = re.compile(rf"\b{case}\b|_{case.lower()}_")
    assert any(named.search((ROOT / file).read_text(encoding="utf-8")) for file in files)


def test_the_faults_of_the_first_section_are_all_there() -> None:
    assert len(cases()) >= 40
