"""What in a workbook decides whether its button works: the button itself, and what Windows thinks of the file."""

from collections.abc import Iterator
from pathlib import Path

from crmbook import binding, keep, vba
from crmbook.doctor.found import Found, version_of
from crmbook.machine import Machine
from crmbook.ooxml import Package, Workbook, form_button
from crmbook.ooxml.macros import has_macros
from crmbook.paths import as_typed
from crmbook.text import Text
from crmbook.verbs.macros import MACRO

ZONE = ":Zone.Identifier"  # the stream in which Windows notes where a file came from
FROM_OUTSIDE = ("zoneid=3", "zoneid=4")
BUTTON = Text("工作簿里的按钮", "the button in the workbook")
HAS_BUTTON = Text("{book} 带有按钮", "{book} has one")
NO_BUTTON = Text("{book} 里面没有按钮", "{book} has none")
ADD_BUTTON = Text("运行 crmbook button {book}，或 crmbook addin install", "run crmbook button {book}, or crmbook addin install")  # fmt: skip
USE_ADD_IN = Text("它有自己的宏，不会被改动：运行 crmbook addin install，用功能区里的按钮", "it has macros of its own, which are left alone: run crmbook addin install, and use the button in the ribbon")  # fmt: skip
IS_OURS = Text("{book} 的表单", "the forms of {book}")
OURS = Text("都在", "they are there")
NONE_OF_OURS = Text("不是 crmbook 工作簿", "not a workbook of crmbook")
MAKE_ONE = Text("用 crmbook build --into {book} 加入表单", "add the forms with crmbook build --into {book}")
VERSION = Text("宏所用的 xlwings 版本", "the version of xlwings in its macros")
OTHER = Text("宏来自 xlwings {made}，装的是 {installed}", "the macros are of xlwings {made}, installed is {installed}")
RENEW = Text("运行 crmbook button {book}，换上新的宏", "run crmbook button {book}, which renews the macros")
TRUST = Text("Windows 对这个文件的信任", "whether Windows trusts the file")
BLOCKED = Text(
    "来自网络或邮件，Excel 会禁用其中的宏", "it came from the internet or by mail, so Excel blocks its macros"
)
UNBLOCK = Text("右击文件，选“属性”，勾选“解除锁定”，确定后再打开", "right-click the file, choose Properties, tick Unblock, then open it again")  # fmt: skip


def examine(machine: Machine, book: Path, password: str | None = None) -> Iterator[Found]:
    """What was found in the book. Raises CannotProceedError if it cannot be read."""
    with keep.refusing(book):
        opened = Workbook(keep.load(book, password))
        forms = bool(binding.sheets(opened))
        macros = has_macros(opened.package)
        button = any(form_button.has_button(opened.package, sheet.part, MACRO) for sheet in opened.sheets)
    name = IS_OURS.fill(book=book.name)
    if forms:
        yield Found("forms", name, "ok", OURS)
    else:
        yield Found("forms", name, "wrong", NONE_OF_OURS, MAKE_ONE.fill(book=as_typed(book)))
    if button:
        yield Found("button", BUTTON, "ok", HAS_BUTTON.fill(book=book.name))
    else:
        add = USE_ADD_IN if macros else ADD_BUTTON.fill(book=as_typed(book))
        yield Found("button", BUTTON, "absent", NO_BUTTON.fill(book=book.name), add)
    if button and machine.platform == "darwin":
        yield from _other_version(opened.package, book)
    if macros and machine.platform == "win32" and _is_from_outside(book):
        yield Found("blocked", TRUST, "wrong", BLOCKED, UNBLOCK)


def _other_version(package: Package, book: Path) -> Iterator[Found]:
    """On macOS the macros of the workbook find only the script of the xlwings they came with."""
    try:
        held = vba.modules(package.read(package.related(package.workbook, "vbaProject")[0]))
    except vba.NotReadableError:
        return
    made = vba.version_of(held[vba.LAUNCHER].source) if vba.LAUNCHER in held else ""
    installed = version_of("xlwings")
    if made and installed and made != installed:
        yield Found(
            "version", VERSION, "wrong", OTHER.fill(made=made, installed=installed), RENEW.fill(book=as_typed(book))
        )


def _is_from_outside(book: Path) -> bool:
    """True if Windows noted that the file came from the internet, or from a place it does not trust."""
    try:
        noted = book.with_name(f"{book.name}{ZONE}").read_text("utf-8", "replace")
    except OSError:
        return False
    return any(line.strip().lower().replace(" ", "") in FROM_OUTSIDE for line in noted.splitlines())
