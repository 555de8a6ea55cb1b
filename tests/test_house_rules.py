"""Rules of the house that a reviewer should never have to repeat."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

import crmbook
from crmbook import classifications, features, forms, sources
from crmbook.text import Text

PACKAGE = Path(crmbook.__file__).parent
ROOT = Path(__file__).parents[1]
CJK = re.compile(r"[\u3400-\u9fff]")
FILES = sorted(PACKAGE.rglob("*.py"))
SHELVES = {PACKAGE / "forms", PACKAGE / "classifications", PACKAGE / "sources", PACKAGE / "features"}
ROOMS = [ROOT / room for room in ("tests", "benchmarks", "docs", "sample_data", "templates")]
AROUND = sorted(path for room in ROOMS for path in room.rglob("*.py"))
every_file = pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))


@every_file
def test_chinese_stands_only_in_a_text(path: Path):
    tree = ast.parse(path.read_text("utf-8"))
    calls = [c for c in ast.walk(tree) if isinstance(c, ast.Call) and getattr(c.func, "id", "") == "Text"]
    allowed = {id(part) for call in calls for part in ast.walk(call)}
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    strays = [
        f"{path.name}:{node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CJK.search(node.value)
        if id(node) not in allowed | documentation
    ]
    assert strays == []


@every_file
def test_every_module_says_what_it_is_for(path: Path):
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


@pytest.mark.parametrize(
    "path", FILES + AROUND, ids=lambda p: p.relative_to(PACKAGE if p in FILES else ROOT).as_posix()
)
def test_no_room_holds_two_things(path: Path):
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= (150 if path.parent in SHELVES else 300)


@pytest.mark.parametrize("shelf", [forms, classifications, sources, features], ids=lambda s: s.__name__)
def test_every_file_on_a_shelf_is_listed(shelf):
    files = {p.stem for p in Path(shelf.__file__).parent.glob("[!_]*.py")}
    listed = {(thing.__module__ if isinstance(thing, type) else thing.id).rpartition(".")[2] for thing in shelf.ALL}
    assert files == listed


def test_the_changelog_speaks_of_this_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_a_text_fills_both_languages():
    said = Text("{n} 个{what}", "{n} {what}").fill(n=3, what=Text("客户", "customers"))
    assert (said.zh, said.en) == ("3 个客户", "3 customers")
