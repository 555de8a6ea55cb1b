"""The commands for the button: put on a workbook, or into Excel's ribbon."""

from pathlib import Path

import click

from crmbook import telling
from crmbook.cli.options import PLACE, book_argument, command, lang_option, option, password, password_option
from crmbook.text import Lang, Text


@command("button", Text("加上刷新按钮", "put the button on it"), Text("给 BOOK.xlsx 加上“刷新”按钮，成为 BOOK.xlsm；其余内容不变，crmbook undo BOOK.xlsx 可恢复。", "Put the button Refresh on BOOK.xlsx, which becomes BOOK.xlsm; all else in it stays, and crmbook undo BOOK.xlsx brings it back."))  # fmt: skip
@book_argument
@password_option
@lang_option
def button(book: Path, password_file: Path | None, lang: Lang) -> None:
    with telling.telling(lang, book, of_book=True):
        from crmbook.verbs.button import add_button  # late: --help needs none of it

        added = add_button(book, password=password(password_file, [book], lang))
    telling.has_button(added)


@command("addin", Text("功能区里的刷新按钮", "a button in Excel's ribbon"), Text("crmbook addin install 在 Excel 的“开始”选项卡里装上“刷新”按钮，对所有 crmbook 工作簿都有效；工作簿仍是不带宏的 .xlsx。", "crmbook addin install puts the button Refresh on Excel's Home tab, good for every workbook of crmbook; they stay .xlsx, without macros."), no_args_is_help=True)  # fmt: skip
@click.argument("action", type=click.Choice(["install"]), metavar="install")
@option("--to", help=Text("放进这个文件夹，而不是 Excel 的启动文件夹", "Put it into this folder, not the one from which Excel starts add-ins."), type=PLACE, metavar="FOLDER")  # fmt: skip
@lang_option
def addin(action: str, to: Path | None, lang: Lang) -> None:
    with telling.telling(lang, Path("crmbook addin install")):
        from crmbook.verbs.addin import install

        installed = install(to)
    telling.in_ribbon(installed, lang, starts=to is None)
