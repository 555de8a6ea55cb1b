"""What several commands say and take alike: help in both languages, the options they share, the password."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from crmbook.cli.usage import Command, MisusedError, named
from crmbook.problems import CannotProceedError
from crmbook.text import LANGS, Lang, Text

PASSWORD = Text("{book} 的打开密码", "Password of {book}")
NO_DAY = Text("{name} {value} 不是日期，请写成 2026-10-31 这样", "{name} {value}: is no day; write it as 2026-10-31")
NO_PLACE = Text("{name} 是空的，请写出文件或文件夹的名称", "{name} is empty; write the name of a file or folder")


def both(text: Text) -> str:
    """The phrase in English, then in Chinese."""
    return f"{text.en}\n\n{text.zh}"


def command(name: str, short: Text, whole: Text, **more: Any) -> Callable[[Callable[..., None]], click.Command]:
    """The command of this name: what it says of itself in the list of commands, and under its own --help."""
    return click.command(name, Command, short_help=f"{short.zh}  {short.en}", help=both(whole), **more)


def option(*names: str, help: Text, **more: Any) -> Callable[[Any], Any]:
    """A click option whose help is in both languages."""
    return click.option(*names, help=f"{help.en} {help.zh}", **more)


class _Day(click.DateTime):
    """A day as people write it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            name = "" if param is None else named(param)
            raise MisusedError(NO_DAY.fill(name=name, value=value), ctx) from None


class _Place(click.Path):
    """A file or folder; what else is wrong with one is said in both languages by what reads it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not value:  # a script's variable that was never set would mean the folder one stands in
            raise MisusedError(NO_PLACE.fill(name="" if param is None else named(param)), ctx)
        return super().convert(value, param, ctx)


PLACE = _Place(path_type=Path, readable=False)
book_argument = click.argument("book", type=PLACE)
lang_option = option("--lang", help=Text("新工作簿的语言；已有的工作簿用它自己的语言", "Language of a new workbook; of one that is there, messages speak its own."), type=click.Choice(LANGS), default="zh", show_default=True, is_eager=True)  # fmt: skip
as_of_option = option("--as-of", help=Text("基准日期，如 2026-10-31；refresh 时只用于这一次", "The day the figures are made for, such as 2026-10-31; in a refresh for this run only."), type=_Day(["%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d", "%Y%m%d"]), metavar="DATE")  # fmt: skip
json_option = option("--json", "as_json", help=Text("以 JSON 输出", "Print JSON."), is_flag=True)
password_option = option("--password-file", help=Text("打开密码所在的文本文件（第一行）；不给出时会询问", "Text file whose first line is the password of an encrypted workbook; without it you are asked."), type=PLACE, metavar="FILE")  # fmt: skip
quiet_option = option("-q", "--quiet", help=Text("只显示错误", "Print errors only."), is_flag=True)


def password(file: Path | None, books: Sequence[Path], lang: Lang) -> str | None:
    """The password in the file, or the one typed where a book needs it and somebody sits there; never one of the command line."""
    if file is not None:
        from crmbook.keep.disk import explaining
        from crmbook.reading.csv_text import decoded

        try:
            with explaining(file):
                return (decoded(file)[0].splitlines() or [""])[0]
        except CannotProceedError as error:
            raise MisusedError(Text.later(error.problem.line)) from error
    if not sys.stdin.isatty():
        return None
    from crmbook import keep

    locked = next((book for book in books if keep.is_encrypted(book)), None)
    return None if locked is None else click.prompt(PASSWORD.fill(book=locked)[lang], hide_input=True, err=True)
