"""The commands about this computer: doctor and setup."""

import sys
from pathlib import Path

import click

from crmbook import telling
from crmbook.cli.options import PLACE, command, json_option, lang_option, password, password_option
from crmbook.text import Lang, Text


@command("doctor", Text("检查安装", "see what is installed"), Text("检查这台电脑：安装了什么，Excel、LibreOffice、WPS 在哪里，按钮能否启动 Python，缺什么、怎么补。给出 BOOK 时也检查它的按钮。", "Examine this computer: what is installed, where Excel, LibreOffice and WPS are, whether a button can start Python, what is missing and how to mend it. With BOOK, its button too."))  # fmt: skip
@click.argument("book", type=PLACE, required=False)
@password_option
@lang_option
@json_option
def doctor(book: Path | None, password_file: Path | None, lang: Lang, as_json: bool) -> None:
    with telling.telling(lang, book or Path("crmbook doctor"), as_json, of_book=book is not None):
        from crmbook import doctor as office  # late: --help needs none of it

        key = None if book is None else password(password_file, [book], lang)
        found = office.examine(office.Machine.here(), book, key)
        telling.examined(found, lang if book is None else telling.spoken(book, lang, key), as_json)


@command("setup", Text("设置按钮使用的 Python", "tell Excel and LibreOffice which Python to use"), Text("让 Excel 和 LibreOffice 里的按钮使用现在这个 Python；不改动任何工作簿。", "Let the buttons in Excel and LibreOffice start this Python; no workbook is touched."))  # fmt: skip
@lang_option
def setup(lang: Lang) -> None:
    with telling.telling(lang, Path("crmbook setup")):
        from crmbook import doctor as office

        telling.prepared(office.prepare(office.Machine.here(), sys.executable), sys.executable, lang)
