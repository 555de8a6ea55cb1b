"""The commands over workbooks: build, refresh, check, undo, print, verify."""

from __future__ import annotations

import math
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from crmbook import paths, telling
from crmbook.cli.options import (
    PLACE,
    as_of_option,
    book_argument,
    command,
    json_option,
    lang_option,
    option,
    password,
    password_option,
    quiet_option,
)
from crmbook.cli.usage import MisusedError
from crmbook.telling import busy
from crmbook.text import Lang, Text

SAMPLE_BOOK = Text("客户管理.xlsx", "customers.xlsx")
ONE_OF = Text("请只给出 BOOK 或 --into BOOK 之一", "give either BOOK or --into BOOK")
NO_SECRET = Text("--password-file 只与 --into 一起使用：新建的工作簿没有密码", "--password-file goes with --into: a new workbook has no password")  # fmt: skip
UNDONE = Text("已恢复 {book} 上一次的版本", "{book} is again what it was before the last refresh")
ASIDE = Text("恢复前的文件保存为 {aside}，其中有更新之后填写的内容", "the file as it was until now is kept as {aside}, with what was typed since that refresh")  # fmt: skip
BESIDE = Text("带按钮的工作簿 {other} 仍在旁边，其中可能有后来填写的内容；请只留用一个，删除另一个", "{other}, the one with the button, is still beside it and may hold what was typed since; keep one of them and delete the other")  # fmt: skip
PRINTED = Text("已打印 {count} 个 PDF：{place}", "PDFs printed: {count}, {place}")


@command("build", Text("生成工作簿", "build a workbook"), Text("生成工作簿 BOOK，名为 .xlsm 时带刷新按钮；不带参数时用示例数据生成 客户管理.xlsx；用 --into 把表单加入已有的工作簿。", "Build the workbook BOOK, with the button Refresh if it is called .xlsm; without arguments, the sample into 客户管理.xlsx; with --into, add the forms to a workbook you have."))  # fmt: skip
@click.argument("book", type=PLACE, required=False)
@option("--into", help=Text("在已有的工作簿中加入表单；原有内容不变", "Add the forms to this workbook of yours; what is in it stays as it is."), type=PLACE, metavar="BOOK")  # fmt: skip
@option("--from", "source", help=Text("数据文件夹（customers.csv、orders.csv 等）", "Folder with the data: customers.csv, orders.csv …"), type=PLACE, metavar="FOLDER")  # fmt: skip
@option("--forms", help=Text("只要这些表单，如 grading,chain", "Only these report forms, such as grading,chain."), metavar="ID,ID")  # fmt: skip
@option("--template", help=Text("用您自己的模板（.xlsx、.xltx）：主题、单元格样式、页眉；名为“封面”或 Cover 的工作表留作首页", "Your own template (.xlsx, .xltx): its theme, cell styles and page header; a sheet named Cover or 封面 stays as the first one."), type=PLACE, metavar="FILE")  # fmt: skip
@as_of_option
@password_option
@lang_option
@json_option
@quiet_option
def build(book: Path | None, into: Path | None, source: Path | None, forms: str | None, template: Path | None, as_of: datetime | None, password_file: Path | None, lang: Lang, as_json: bool, quiet: bool) -> None:  # fmt: skip
    if book is not None and into is not None:
        raise MisusedError(ONE_OF)
    if into is None and password_file is not None:
        raise MisusedError(NO_SECRET)
    path = into or book or Path(SAMPLE_BOOK[lang])
    chosen = None if forms is None else [f.strip() for f in forms.split(",") if f.strip()]
    wanted: dict[str, Any] = {"lang": lang, "as_of": as_of and as_of.date(), "forms": chosen, "template": template}
    with telling.telling(lang, path, as_json, of_book=into is not None) as verbs:
        key = None if into is None else password(password_file, [path], lang)
        with busy(quiet or as_json, lang) as step:
            if into is None:
                outcome = verbs.build(path, source=source or paths.SAMPLE_DATA, step=step, **wanted)
            else:
                outcome = verbs.into(path, source=source, password=key, step=step, **wanted)
    if as_json:
        telling.outcome_json(path, outcome)
    elif not quiet:
        telling.built(path, outcome, lang, into=into is not None)


@command("refresh", Text("更新工作簿", "bring it up to date, in place"), Text("更新 BOOK：重新计算等级、阶段和分析，您填写的内容原样保留；在 Excel 或 LibreOffice 中打开着的，就在原处更新，由您保存。BOOK 也可以是文件夹或 分公司/*.xlsx。", "Bring each BOOK up to date; what you typed, coloured and added stays. One that is open in Excel or LibreOffice is refreshed there, and yours to save. A BOOK may be a folder, or branches/*.xlsx."))  # fmt: skip
@click.argument("books", type=PLACE, nargs=-1, required=True, metavar="BOOK…")
@option("--jobs", help=Text("同时处理几个工作簿；默认每个处理器核心一个。20 万行订单的工作簿每个约占 1–1.5 GB 内存", "Books worked on at the same time; by default one for each core. A book of 200,000 order lines takes 1 to 1.5 GB of memory."), type=click.IntRange(min=1), metavar="N")  # fmt: skip
@as_of_option
@option(
    "--no-cache", help=Text("不使用上次更新留下的缓存", "Do not use what the last refresh remembered."), is_flag=True
)
@option("--wait", help=Text("有人打开着而无法更新时，等到关闭为止", "Where somebody has the book open and it cannot be refreshed there, wait until it is closed."), is_flag=True)  # fmt: skip
@password_option
@lang_option
@json_option
@option("-v", "--verbose", help=Text("显示原样保留和改写的部件数；-vv 列出改写的部件", "Tell how many parts of the file were left untouched; -vv names the rewritten ones."), count=True)  # fmt: skip
@quiet_option
@click.pass_context
def refresh(ctx: click.Context, books: tuple[Path, ...], jobs: int | None, as_of: datetime | None, no_cache: bool, wait: bool, password_file: Path | None, lang: Lang, as_json: bool, verbose: int, quiet: bool) -> None:  # fmt: skip
    from crmbook import many  # late: --help needs none of it
    from crmbook.machine import cores

    wanted, ends, start = many.books(books), list[tuple[many.State, Lang]](), time.monotonic()
    silent, several = quiet or as_json, len(wanted) > 1
    options: dict[str, Any] = {"as_of": as_of and as_of.date(), "cache": not no_cache, "wait": math.inf if wait else None, "password": password(password_file, [w.book for w in wanted], lang)}  # fmt: skip

    def tell(ended: many.Ended) -> None:
        ends.append((ended.state, ended.lang))
        if as_json:
            telling.ended_json(ended)
        elif not quiet or ended.state == "failed":
            telling.refreshed(ended, verbose)

    try:
        if several:
            with telling.bar(silent, len(wanted), lang) as advance:
                jobs, waiting = jobs or min(cores(), len(wanted)), telling.once_each(lang, silent)
                for ended in many.refresh_all(wanted, jobs, lang=lang, waiting=waiting, **options):
                    tell(ended)
                    advance()
        else:
            with busy(silent, lang) as step:
                ended = many.refresh(wanted[0], lang=lang, step=step, **options)
            tell(ended)
    except KeyboardInterrupt:
        click.echo(telling.INTERRUPTED[lang], err=True)
        ctx.exit(130)
    if several and not silent:
        telling.summary(ends, time.monotonic() - start, lang)
    ctx.exit(1 if any(state == "failed" for state, _ in ends) else 0)


@command("check", Text("检查数据问题", "list the problems in its data"), Text("列出 BOOK 中的数据问题，不改动文件。有问题时退出码为 1。", "List every problem in the data of BOOK without changing it; exit code 1 if there is any."))  # fmt: skip
@book_argument
@password_option
@lang_option
@json_option
@click.pass_context
def check(ctx: click.Context, book: Path, password_file: Path | None, lang: Lang, as_json: bool) -> None:
    with telling.telling(lang, book, as_json, of_book=True) as verbs:
        outcome = verbs.check(book, password=password(password_file, [book], lang))
    if as_json:
        telling.outcome_json(book, outcome)
    else:
        telling.checked(book, outcome)
    ctx.exit(1 if outcome.problems else 0)


@command("undo", Text("恢复上一版本", "bring back the previous version"), Text("恢复 BOOK 上一次更新前的版本。", "Bring back BOOK as it was before the last refresh."))  # fmt: skip
@book_argument
@lang_option
def undo(book: Path, lang: Lang) -> None:
    with telling.telling(lang, book, of_book=True) as verbs:
        undone = verbs.undo(book)
    lang = telling.spoken(book, lang)
    click.echo(UNDONE.fill(book=book)[lang])
    if undone.aside is not None:
        click.echo(ASIDE.fill(aside=undone.aside)[lang])
    if undone.beside is not None:
        click.echo(BESIDE.fill(other=undone.beside)[lang])


@command("print", Text("打印为 PDF", "make PDFs of it"), Text("把 BOOK 的各张分析表打印成一个 PDF；给出 FORM 只打印这一张；card、relationship_card 加 --each 每个客户一份。需要 LibreOffice。", "Print the reports of BOOK as one PDF, or only FORM; card and relationship_card with --each make one for every customer. Needs LibreOffice."))  # fmt: skip
@book_argument
@click.argument("form", required=False)
@option("--each", help=Text("每个客户一个 PDF", "One PDF for each customer."), is_flag=True)
@option("--to", help=Text("PDF 的文件名；--each 时为文件夹", "The PDF's name; with --each, the folder."), type=PLACE, metavar="PATH")  # fmt: skip
@password_option
@lang_option
@quiet_option
def print_(book: Path, form: str | None, each: bool, to: Path | None, password_file: Path | None, lang: Lang, quiet: bool) -> None:  # fmt: skip
    with telling.telling(lang, book, of_book=True) as verbs:
        key = password(password_file, [book], lang)
        lang = verbs.language(book, password=key)
        with busy(quiet, lang) as step:
            made = verbs.to_paper(book, form=form, each=each, to=to, password=key, step=step)
    if not quiet:
        click.echo(PRINTED.fill(count=len(made), place=made[0] if len(made) == 1 else made[0].parent)[lang])


@command("verify", Text("核对公式", "recalculate and compare its formulas"), Text("用 LibreOffice 重新计算 BOOK，逐个核对公式与写入的值。", "Recalculate BOOK with LibreOffice and compare every formula with the value beside it."))  # fmt: skip
@book_argument
@password_option
@lang_option
@json_option
@click.pass_context
def verify(ctx: click.Context, book: Path, password_file: Path | None, lang: Lang, as_json: bool) -> None:
    with telling.telling(lang, book, as_json, of_book=True) as verbs:
        key = password(password_file, [book], lang)
        lang = verbs.language(book, password=key)
        with busy(as_json, lang):
            found = verbs.verify(book, password=key)
    telling.verified(book, found, lang, as_json)
    ctx.exit(1 if found.differences else 0)
