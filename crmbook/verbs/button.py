"""The button put on a workbook that is there already: an .xlsx becomes an .xlsm, with everything else as it was."""

from dataclasses import dataclass
from pathlib import Path

from crmbook import keep
from crmbook.keep.disk import not_there
from crmbook.keep.retiring import retire
from crmbook.ooxml import Package, Proof, Workbook
from crmbook.ooxml.macros import has_macros, is_strict
from crmbook.problems import CannotProceedError, stop
from crmbook.text import Lang, Text
from crmbook.verbs.into import must_be_open_to_sheets
from crmbook.verbs.macros import carry, macros, put_button, renew
from crmbook.verbs.opened import language_of, not_ours

BEFORE, AFTER = ".xlsx", ".xlsm"
NO_BOOK = Text("按钮只能加到 .xlsx 或 .xlsm 工作簿上", "a button goes on an .xlsx or .xlsm workbook only")
SAVE_AS = Text("请在 Excel 中另存为 .xlsx，再运行一次", "save it as .xlsx in Excel, then run this again")
THERE = Text("这个文件已经存在，不会被覆盖", "this file is there already, and is not overwritten")
CHOOSE = Text(
    "如果它就是带按钮的工作簿，请用它；否则请先移走它或改名，再运行一次",
    "if it is the workbook with the button, use it; otherwise move it away or rename it, then run this again",
)
HAS_MACROS = Text("这个工作簿已有自己的宏，不会被改动", "this workbook has macros of its own, which are left alone")
USE_ADDIN = Text(
    "运行 crmbook addin install，Excel 功能区里就有「刷新」按钮，对所有工作簿都有效",
    "run crmbook addin install: it puts a Refresh button in Excel's ribbon, good for every workbook",
)
STRICT = Text("这是“严格”格式的文件，Excel 不在其中保存宏", "this file is in the strict format, in which Excel keeps no macros")  # fmt: skip
IS_LINK = Text("这是一个链接，加上按钮后它所指的文件会改名为 .xlsm，链接就会失效", "this is a link; with the button the file it points to becomes an .xlsm, and the link would point nowhere")  # fmt: skip
ITSELF = Text("请对它所指的文件运行：{book}", "run this on the file it points to: {book}")
SAVE_PLAIN = Text("请在 Excel 中另存为普通的 .xlsx，再运行一次", "save it as an ordinary .xlsx in Excel, then run this again")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Added:
    """The workbook with the button, its language, the file it has taken the place of, and what was touched; None and None
    where the button was there already."""

    book: Path
    lang: Lang
    replaced: Path | None = None
    proof: Proof | None = None

    @property
    def wrote(self) -> bool:
        return self.proof is not None


def add_button(path: Path, *, password: str | None = None) -> Added:
    """Puts the button 刷新 / Refresh on the first page of the workbook at `path`; answers with where it is now.

    BOOK.xlsx becomes BOOK.xlsm beside it. Two of them would soon differ, and somebody would type into the wrong one: so
    the .xlsx goes, once the .xlsm is on the disk, and `undo(BOOK.xlsx)` brings it back, byte for byte. An .xlsm without
    macros gets the button in place. One that has it is only brought up to the installed xlwings, of which a macro on
    macOS takes no other version. `password` opens an encrypted workbook, which stays encrypted with it.

    CannotProceedError, with nothing touched: BOOK.xlsm is there; BOOK.xlsx is a link; macros that are not ours; no workbook of ours; open in
    another program; encrypted with another password, or protected against new sheets; no xlwings.
    """
    ending = path.suffix.lower()
    if ending not in {BEFORE, AFTER}:
        raise stop(path, NO_BOOK, SAVE_AS) if path.exists() else not_there(path)
    book = path.resolve() if path.is_symlink() else path
    target = book.with_suffix(AFTER) if ending == BEFORE else book
    if path.is_symlink() and target != book:
        raise stop(path, IS_LINK, ITSELF.fill(book=book))
    with keep.lock(book), keep.refusing(path):
        keep.opened_by(path)
        package = keep.load(path, password)
        password = password if keep.is_encrypted(path) else None
        lang = _checked(path, package)
        if has_macros(package):
            if not renew(package, macros()):
                raise stop(path, HAS_MACROS, USE_ADDIN)
            put_button(package, lang)
            return Added(path, lang, None, keep.replace(book, package, password) if package.changed else None)
        if target != book and target.exists():
            raise stop(target, THERE, CHOOSE)
        carry(package, lang, macros())
        if target == book:
            return Added(path, lang, None, keep.replace(book, package, password))
        proof = keep.create(target, package, password)
        try:
            retire(book, package.source, password)
        except CannotProceedError:
            target.unlink()
            raise
        return Added(target, lang, book, proof)


def _checked(path: Path, package: Package) -> Lang:
    """The language of a workbook that is ours and takes macros."""
    workbook = Workbook(package)
    tables = {name.casefold() for name in workbook.tables}
    for table in ("crm_customers", "crm_orders"):
        if table not in tables:
            raise not_ours(workbook, path, table)
    if is_strict(package):
        raise stop(path, STRICT, SAVE_PLAIN)
    must_be_open_to_sheets(path, workbook)
    return language_of(workbook)
