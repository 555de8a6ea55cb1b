"""The command line: a thin door to `crmbook.book`. It prints; it computes nothing."""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmbook import paths
from crmbook.problems import CannotProceedError, Problem
from crmbook.text import LANGS, Lang, Text

if TYPE_CHECKING:  # pandas and the rest are imported when a command runs, so that --help is quick
    from crmbook.book import Outcome
    from crmbook.ooxml import Proof

SAMPLE_BOOK = Text("客户管理.xlsx", "customers.xlsx")
SHOWN = 20  # problems printed; 检查 and --json have all

BUILT = Text("已生成 {book}：{customers} 个客户，{orders} 行订单，{forms} 张表单", "Built {book}. Customers: {customers}, order lines: {orders}, forms: {forms}")  # fmt: skip
REFRESHED = Text("已更新 {book}：{proof}", "Refreshed {book}: {proof}")
SAME = Text("{book} 已是最新，未改写", "{book} is up to date, not written")
PROOF = Text("{untouched} 个部件原样保留，{rewritten} 个改写", "{untouched} parts untouched, {rewritten} rewritten")
FOUND = Text("数据问题 {count} 处，详见“检查”表", "Problems in the data: {count}, listed in the sheet Checks")
NO_PROBLEM = Text("{book}：没有发现问题", "{book}: no problem found")
MORE = Text("……另有 {count} 处", "… and {count} more")
NEXT = Text("下一步：打开 {book} 填写黄色单元格；之后运行 crmbook refresh {book} 更新", "Next: open {book} and fill in the yellow cells; then run crmbook refresh {book}")  # fmt: skip
UNDONE = Text("已恢复 {book} 上一次的版本", "{book} is again what it was before the last refresh")
PRINTED = Text("已打印 {count} 个 PDF：{place}", "PDFs printed: {count}, {place}")
AGREE = Text("{book}：{count} 个公式重新计算，全部一致", "{book}: {count} formulas recalculated, all agree")
DIFFER = Text("{book}：{count} 个公式中有 {bad} 个与写入的值不同", "{book}: {bad} of {count} formulas differ from the value beside them")  # fmt: skip
THEIRS = Text("另有 {count} 个您自己的公式，打开时由表格软件计算", "{count} formulas of your own are recalculated when the book is opened")  # fmt: skip
UNEXPECTED = Text("程序出错（{error}），文件未改动。请把这一行发给维护者", "an error of ours ({error}); the file was not changed. Please report this line")  # fmt: skip


def _both(text: Text) -> str:
    return f"{text.en}\n\n{text.zh}"


def _says(short: Text, whole: Text) -> dict[str, str]:
    """What a command says of itself: in the list of commands, and under its own --help."""
    return {"short_help": f"{short.zh}  {short.en}", "help": _both(whole)}


def _option(*names: str, help: Text, **more: Any) -> Callable[[Any], Any]:
    return click.option(*names, help=f"{help.en} {help.zh}", **more)


book_argument = click.argument("book", type=click.Path(path_type=Path))
lang_option = _option("--lang", help=Text("语言", "Language of the workbook and the messages."), type=click.Choice(LANGS), default="zh", show_default=True)  # fmt: skip
as_of_option = _option("--as-of", help=Text("基准日期，如 2026-10-31；refresh 时只用于这一次", "The day the figures are made for, such as 2026-10-31; in a refresh for this run only."), type=click.DateTime(["%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d", "%Y%m%d"]), metavar="DATE")  # fmt: skip
json_option = _option("--json", "as_json", help=Text("以 JSON 输出", "Print JSON."), is_flag=True)
quiet_option = _option("-q", "--quiet", help=Text("只显示错误", "Print errors only."), is_flag=True)


@click.group(help=_both(Text("客户管理工作簿：由数据生成，在原文件中更新，您填写的内容不会丢失。", "Customer-management workbooks: built from your data, refreshed in place; nothing you typed is lost.")))  # fmt: skip
@click.version_option(package_name="crmbook")
def cli() -> None:
    """The group of all commands."""


@cli.command(**_says(Text("生成工作簿", "build a workbook"), Text("生成工作簿 BOOK；不带参数时用示例数据生成 客户管理.xlsx。", "Build the workbook BOOK; without arguments, the sample into 客户管理.xlsx.")))  # fmt: skip
@click.argument("book", type=click.Path(path_type=Path), required=False)
@_option("--from", "source", help=Text("数据文件夹（customers.csv、orders.csv 等）", "Folder with the data: customers.csv, orders.csv …"), type=click.Path(path_type=Path), metavar="FOLDER")  # fmt: skip
@_option(
    "--forms",
    help=Text("只要这些表单，如 grading,chain", "Only these report forms, such as grading,chain."),
    metavar="ID,ID",
)
@_option("--template", help=Text("用您自己的模板（.xlsx、.xltx）：主题、单元格样式、页眉；名为“封面”或 Cover 的工作表留作首页", "Your own template (.xlsx, .xltx): its theme, cell styles and page header; a sheet named Cover or 封面 stays as the first one."), type=click.Path(path_type=Path), metavar="FILE")  # fmt: skip
@as_of_option
@lang_option
@json_option
@quiet_option
def build(book: Path | None, source: Path | None, forms: str | None, template: Path | None, as_of: datetime | None, lang: Lang, as_json: bool, quiet: bool) -> None:  # fmt: skip
    path = book or Path(SAMPLE_BOOK[lang])
    with _telling(lang, path, as_json) as verbs, _busy(quiet or as_json, lang) as step:
        chosen = None if forms is None else [f.strip() for f in forms.split(",") if f.strip()]
        outcome = verbs.build(path, source=source or paths.SAMPLE_DATA, lang=lang, as_of=as_of and as_of.date(), forms=chosen, template=template, step=step)  # fmt: skip
    if as_json:
        _json(path, outcome)
    elif not quiet:
        click.echo(BUILT.fill(book=path, **outcome.counts)[lang])
        _list(outcome.problems, lang)
        click.echo(NEXT.fill(book=path)[lang])


@cli.command(**_says(Text("更新工作簿", "bring it up to date, in place"), Text("更新 BOOK：重新计算等级、阶段和分析，您填写的内容原样保留。", "Bring each BOOK up to date; what you typed, coloured and added stays.")))  # fmt: skip
@click.argument("books", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="BOOK…")
@as_of_option
@lang_option
@json_option
@quiet_option
@click.pass_context
def refresh(ctx: click.Context, books: tuple[Path, ...], as_of: datetime | None, lang: Lang, as_json: bool, quiet: bool) -> None:  # fmt: skip
    failed = False
    for path in books:
        try:
            with _telling(lang, path, as_json) as verbs, _busy(quiet or as_json, lang) as step:
                outcome = verbs.refresh(path, as_of=as_of and as_of.date(), step=step)
        except SystemExit:  # told already; one bad book does not stop the rest
            failed = True
            continue
        if as_json:
            _json(path, outcome)
        elif not quiet:
            _refreshed(path, outcome)
    ctx.exit(1 if failed else 0)


def _refreshed(path: Path, outcome: Outcome) -> None:
    lang = outcome.lang
    if outcome.proof is None:
        click.echo(SAME.fill(book=path)[lang])
    else:
        proof = PROOF.fill(**_parts(outcome.proof))
        click.echo(REFRESHED.fill(book=path, proof=proof)[lang])
    if outcome.problems:
        click.echo(FOUND.fill(count=sum(p.count for p in outcome.problems))[lang])


@cli.command(**_says(Text("检查数据问题", "list the problems in its data"), Text("列出 BOOK 中的数据问题，不改动文件。有问题时退出码为 1。", "List every problem in the data of BOOK without changing it; exit code 1 if there is any.")))  # fmt: skip
@book_argument
@lang_option
@json_option
@click.pass_context
def check(ctx: click.Context, book: Path, lang: Lang, as_json: bool) -> None:
    with _telling(lang, book, as_json) as verbs:
        outcome = verbs.check(book)
    if as_json:
        _json(book, outcome)
    elif outcome.problems:
        _list(outcome.problems, outcome.lang, shown=None)
    else:
        click.echo(NO_PROBLEM.fill(book=book)[outcome.lang])
    ctx.exit(1 if outcome.problems else 0)


@cli.command(
    **_says(
        Text("恢复上一版本", "bring back the previous version"),
        Text("恢复 BOOK 上一次更新前的版本。", "Bring back BOOK as it was before the last refresh."),
    )
)
@book_argument
@lang_option
def undo(book: Path, lang: Lang) -> None:
    with _telling(lang, book, as_json=False) as verbs:
        verbs.undo(book)
    click.echo(UNDONE.fill(book=book)[lang])


@cli.command("print", **_says(Text("打印为PDF", "make PDFs of it"), Text("把 BOOK 的各张分析表打印成一个 PDF；给出 FORM 只打印这一张；card、relationship_card 加 --each 每个客户一份。需要 LibreOffice。", "Print the reports of BOOK as one PDF, or only FORM; card and relationship_card with --each make one for every customer. Needs LibreOffice.")))  # fmt: skip
@book_argument
@click.argument("form", required=False)
@_option("--each", help=Text("每个客户一个 PDF", "One PDF for each customer."), is_flag=True)
@_option("--to", help=Text("PDF 的文件名；--each 时为文件夹", "The PDF's name; with --each, the folder."), type=click.Path(path_type=Path), metavar="PATH")  # fmt: skip
@lang_option
@quiet_option
def print_(book: Path, form: str | None, each: bool, to: Path | None, lang: Lang, quiet: bool) -> None:
    with _telling(lang, book, as_json=False) as verbs, _busy(quiet, lang) as step:
        lang = verbs.language(book)
        made = verbs.to_paper(book, form=form, each=each, to=to, step=step)
    if not quiet:
        click.echo(PRINTED.fill(count=len(made), place=made[0] if len(made) == 1 else made[0].parent)[lang])


@cli.command(**_says(Text("核对公式", "recalculate and compare its formulas"), Text("用 LibreOffice 重新计算 BOOK，逐个核对公式与写入的值。", "Recalculate BOOK with LibreOffice and compare every formula with the value beside it.")))  # fmt: skip
@book_argument
@lang_option
@json_option
@click.pass_context
def verify(ctx: click.Context, book: Path, lang: Lang, as_json: bool) -> None:
    with _telling(lang, book, as_json) as verbs, _busy(as_json, lang):
        lang = verbs.language(book)
        found = verbs.verify(book)
    bad = found.differences
    if as_json:
        differences = [{"sheet": d.sheet, "cell": d.cell, "formula": d.formula, "written": d.written, "recalculated": d.recalculated} for d in bad]  # fmt: skip
        click.echo(json.dumps({"book": str(book), "formulas": found.formulas, "own": found.own, "differences": differences}, ensure_ascii=False))  # fmt: skip
    else:
        for d in bad[:SHOWN]:
            click.echo(f"{d.sheet}!{d.cell}: {d.formula}: {d.written!r} / {d.recalculated!r}")
        text = DIFFER if bad else AGREE
        click.echo(text.fill(book=book, count=found.own, bad=len(bad))[lang])
        if found.formulas > found.own:
            click.echo(THEIRS.fill(count=found.formulas - found.own)[lang])
    ctx.exit(1 if bad else 0)


def _list(problems: list[Problem], lang: Lang, shown: int | None = SHOWN) -> None:
    for problem in problems[:shown]:
        click.echo(problem.line(lang), err=True)
    if shown is not None and len(problems) > shown:
        click.echo(MORE.fill(count=len(problems) - shown)[lang], err=True)
    if problems:
        click.echo(FOUND.fill(count=sum(p.count for p in problems))[lang], err=True)


def _json(path: Path, outcome: Outcome) -> None:
    proof = outcome.proof and _parts(outcome.proof)
    problems = [_problem(p, outcome.lang) for p in outcome.problems]
    click.echo(json.dumps({"book": str(path), "wrote": outcome.wrote, "parts": proof, **outcome.counts, "problems": problems}, ensure_ascii=False))  # fmt: skip


def _parts(proof: Proof) -> dict[str, int]:
    return {"untouched": len(proof.untouched), "rewritten": len(proof.rewritten) + len(proof.added)}


def _problem(problem: Problem, lang: Lang) -> dict[str, object]:
    return {"where": problem.where, "what": problem.what[lang], "fix": problem.fix[lang], "severity": problem.severity, "form": problem.form, "key": problem.key, "count": problem.count}  # fmt: skip


@contextmanager
def _telling(lang: Lang, path: Path, as_json: bool) -> Iterator[Any]:
    """The verbs, with every stop told in one line and exit code 1."""
    try:
        from crmbook import book  # late: --help needs no pandas

        yield book
    except CannotProceedError as stopped:
        if as_json:
            click.echo(json.dumps({"book": str(path), "stopped": _problem(stopped.problem, lang)}, ensure_ascii=False))
        else:
            click.echo(stopped.problem.line(lang), err=True)
        sys.exit(1)
    except (click.ClickException, click.exceptions.Exit, SystemExit):
        raise
    except Exception as error:
        if "CRMBOOK_TRACEBACK" in os.environ:
            raise
        click.echo(UNEXPECTED.fill(error=f"{type(error).__name__}: {error}")[lang], err=True)
        sys.exit(1)


@contextmanager
def _busy(silent: bool, lang: Lang) -> Iterator[Callable[[Text], None]]:
    """A line in a terminal that says what is being done; nothing where nobody looks."""
    if silent or not sys.stderr.isatty():
        yield lambda text: None
        return
    from rich.console import Console

    with Console(stderr=True).status("…") as status:
        yield lambda text: status.update(text[lang])


def main() -> None:
    """The `crmbook` command."""
    gc.disable()  # all that a run reads and computes is used to its end: looking for garbage takes a tenth of it, in vain
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console of another code page shows ?, and does not stop
    cli(prog_name="crmbook")
