"""What is said of workbooks: lines for people, JSON for scripts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from crmbook.paths import as_typed
from crmbook.problems import Problem
from crmbook.text import Lang, Text

if TYPE_CHECKING:  # a door opens fast
    from crmbook.book import Outcome
    from crmbook.many import Ended, State
    from crmbook.verbs.verify import Verified
    from crmbook.watching import Noticed

SHOWN = 20  # problems printed; 检查 and --json have all
NAMED = 4  # forms named in one line
BUILT = Text("已生成 {book}：{customers} 个客户，{orders} 行订单，{forms} 张表单", "Built {book}. Customers: {customers}, order lines: {orders}, forms: {forms}")  # fmt: skip
ADDED = Text("已加入表单：{book} 现有 {forms} 张表单，{customers} 个客户，{orders} 行订单；原有内容未变", "Added to {book}. It now has forms: {forms}, customers: {customers}, order lines: {orders}; what was in it stays as it was")  # fmt: skip
ALL_THERE = Text("{book} 中这些表单都已有，未改写", "{book} has all these forms already, not written")
REFRESHED = Text("已更新 {book}：{changed}", "Refreshed {book}: {changed}")
REFRESHED_LIVE = Text("已在打开的 {book} 中更新：{changed}；尚未保存", "Refreshed {book} where it is open: {changed}; not saved yet")  # fmt: skip
SAME_LIVE = Text("打开着的 {book} 已是最新", "{book}, which is open, is up to date")
CHANGED = Text("{count} 张工作表有变化", "sheets changed: {count}")
THESE = Text("{changed}（{names}）", "{changed} ({names})")
UNSEEN = Text("表中内容没有变化，只补上了文件内部的信息", "nothing in the sheets, only what stands behind them")
PROOF = Text("{all} 个部件中 {untouched} 个原样保留，{rewritten} 个改写", "{untouched} of {all} parts untouched, {rewritten} rewritten")  # fmt: skip
SAME = Text("{book} 已是最新，未改写", "{book} is up to date, not written")
FOUND = Text("数据问题 {count} 处，详见“检查”表", "problems in the data: {count}, listed in the sheet Checks")
ALSO = Text("{line}；{found}", "{line}; {found}")
ERRORS = Text("{found}；错误 {errors} 处，提醒 {warnings} 处", "{found}; errors: {errors}, warnings: {warnings}")
NO_PROBLEM = Text("{book}：没有发现问题", "{book}: no problem found")
MORE = Text("……另有 {count} 处", "… and {count} more")
NEXT = Text("下一步：打开 {book} 填写黄色单元格；之后运行 crmbook refresh {book} 更新", "Next: open {book} and fill in the yellow cells; then run crmbook refresh {book}")  # fmt: skip
NEXT_BUTTON = Text("下一步：运行 crmbook doctor {book}，看这台电脑是否已准备好（crmbook setup 会设置它）；打开 {book}，在黄色提示栏里点“启用内容”，填写黄色单元格，再点“刷新”", "Next: run crmbook doctor {book} to see whether this computer is ready (crmbook setup prepares it); open {book}, click Enable Content in the yellow bar, fill in the yellow cells, then click Refresh")  # fmt: skip
AGREE = Text("{book}：{count} 个公式重新计算，全部一致", "{book}: {count} formulas recalculated, all agree")
DIFFER = Text("{book}：{count} 个公式中有 {bad} 个与写入的值不同", "{book}: {bad} of {count} formulas differ from the value beside them")  # fmt: skip
THEIRS = Text("另有 {count} 个您自己的公式，打开时由表格软件计算", "{count} formulas of your own are recalculated when the book is opened")  # fmt: skip
SUMMARY = Text("共 {all} 个工作簿：更新 {refreshed}，已是最新 {same}，失败 {failed}，用时 {seconds} 秒", "Workbooks: {all}. Refreshed: {refreshed}, up to date: {same}, failed: {failed}, seconds: {seconds}")  # fmt: skip
SKIPPED = Text("{summary}；另跳过 {skipped} 个", "{summary}; skipped: {skipped}")
INTERRUPTED = Text("已中断：正在处理的工作簿没有损坏，其余的未动", "Interrupted: the books in hand are whole, the rest were not touched")  # fmt: skip
UNWATCHED = Text("已停止监视，文件完好", "No longer watching; the files are whole")


def built(path: Path, outcome: Outcome, lang: Lang, *, into: bool) -> None:
    """A workbook was made, or forms were put `into` one: what it holds, what is wrong in its data, what comes next."""
    lang = outcome.lang if into else lang
    line = BUILT if not into else ADDED if outcome.wrote else ALL_THERE
    click.echo(line.fill(book=path, **outcome.counts)[lang])
    problems(outcome.problems, lang)
    has_button = not into and path.suffix.lower() == ".xlsm"
    click.echo((NEXT_BUTTON if has_button else NEXT).fill(book=as_typed(path))[lang])


def refreshed(ended: Ended, verbose: int, *, clock: str = "") -> None:
    """How one book's refresh ended; with `verbose` 1 the proof, with 2 the names of the rewritten parts."""
    lang = ended.lang
    if ended.problem is not None:
        lang = spoken(ended.book, lang) if ended.state == "failed" else lang
        click.echo(clock + ended.problem.line(lang), err=True)
        return
    done = ended.state == "refreshed"
    said = (REFRESHED_LIVE if done else SAME_LIVE) if ended.live else (REFRESHED if done else SAME)
    line = said.fill(book=ended.book, changed=_changed(ended))
    if ended.problems:
        line = ALSO.fill(line=line, found=FOUND.fill(count=sum(p.count for p in ended.problems)))
    click.echo(clock + line[lang])
    if verbose and ended.rewritten:
        parts = ended.untouched + len(ended.rewritten)
        click.echo("  " + PROOF.fill(all=parts, untouched=ended.untouched, rewritten=len(ended.rewritten))[lang])
        for name in ended.rewritten if verbose > 1 else ():
            click.echo(f"    {name}")


def watched(event: Ended | Noticed) -> None:
    """What happened to a book that is watched, and when."""
    from crmbook.watching import Noticed

    clock = f"{datetime.now():%H:%M:%S}  "
    if isinstance(event, Noticed):
        click.echo(clock + event.text[event.lang])
    else:
        refreshed(event, 0, clock=clock)


def _changed(ended: Ended) -> Text:
    if not ended.sheets:
        return UNSEEN
    changed = CHANGED.fill(count=len(ended.sheets))
    if len(ended.sheets) > NAMED:
        return changed
    return THESE.fill(changed=changed, names=Text.join([Text.same(s) for s in ended.sheets], "、", ", "))


def summary(ends: Sequence[tuple[State, Lang]], seconds: float, lang: Lang) -> None:
    """How many books ended how; in the books' own language, so far as one could be read."""
    states = Counter(state for state, _ in ends)
    done = {state: states[state] for state in ("refreshed", "same", "failed", "skipped")}
    lang = next((spoken for state, spoken in ends if state in ("refreshed", "same")), lang)
    text = SUMMARY.fill(all=len(ends), seconds=f"{seconds:.1f}", **done)
    click.echo((SKIPPED.fill(summary=text, **done) if done["skipped"] else text)[lang])


def checked(path: Path, outcome: Outcome) -> None:
    """Every problem and how many of them are errors, or that there is none: what was asked for, so that a file can take it."""
    for problem in outcome.problems:
        click.echo(problem.line(outcome.lang))
    errors, warnings = (sum(p.count for p in outcome.problems if p.severity == s) for s in ("error", "warning"))
    found = ERRORS.fill(found=_found(outcome.problems), errors=errors, warnings=warnings)
    click.echo((found if outcome.problems else NO_PROBLEM.fill(book=path))[outcome.lang])


def verified(path: Path, found: Verified, lang: Lang, as_json: bool) -> None:
    """The formulas that disagree with the value beside them."""
    bad = found.differences
    if as_json:
        differences = [{"sheet": d.sheet, "cell": d.cell, "formula": d.formula, "written": d.written, "recalculated": d.recalculated} for d in bad]  # fmt: skip
        _json(path, formulas=found.formulas, own=found.own, differences=differences)
        return
    for d in bad[:SHOWN]:
        click.echo(f"{d.sheet}!{d.cell}: {d.formula}: {d.written!r} / {d.recalculated!r}")
    text = DIFFER if bad else AGREE
    click.echo(text.fill(book=path, count=found.own, bad=len(bad))[lang])
    if found.formulas > found.own:
        click.echo(THEIRS.fill(count=found.formulas - found.own)[lang])


def problems(found: Sequence[Problem], lang: Lang) -> None:
    """The first problems, and how many there are."""
    for problem in found[:SHOWN]:
        click.echo(problem.line(lang), err=True)
    if len(found) > SHOWN:
        click.echo(MORE.fill(count=len(found) - SHOWN)[lang], err=True)
    if found:
        click.echo(_found(found)[lang], err=True)


def _found(problems: Sequence[Problem]) -> Text:
    return FOUND.fill(count=sum(p.count for p in problems)).sentence()


def outcome_json(path: Path, outcome: Outcome) -> None:
    """What a verb did, for a script."""
    proof = outcome.proof
    parts = proof and {"untouched": len(proof.untouched), "rewritten": len(proof.rewritten) + len(proof.added)}
    _json(path, wrote=outcome.wrote, parts=parts, **outcome.counts, problems=[_problem(p, outcome.lang) for p in outcome.problems])  # fmt: skip


def ended_json(ended: Ended) -> None:
    """How one book's refresh ended, for a script."""
    if ended.problem is not None:
        lang = spoken(ended.book, ended.lang) if ended.state == "failed" else ended.lang
        _json(ended.book, **{"skipped" if ended.state == "skipped" else "stopped": _problem(ended.problem, lang)})
        return
    wrote = ended.state == "refreshed"
    parts = {"untouched": ended.untouched, "rewritten": len(ended.rewritten)} if wrote and not ended.live else None
    _json(ended.book, wrote=wrote, live=ended.live, parts=parts, sheets=ended.sheets, **ended.counts, problems=[_problem(p, ended.lang) for p in ended.problems])  # fmt: skip


def spoken(book: Path, lang: Lang, password: str | None = None) -> Lang:
    """The language of a workbook of crmbook, as far as it can be read, or else this one; a `--lang` that was given wins."""
    context = click.get_current_context(silent=True)
    is_given = context is not None and context.get_parameter_source("lang") is ParameterSource.COMMANDLINE
    if is_given or not book.is_file():
        return lang
    from crmbook import binding, keep
    from crmbook.ooxml import Workbook
    from crmbook.verbs.opened import language_of

    with suppress(Exception):  # whatever is wrong with the file, it is not what is being told
        read = Workbook(keep.load(book, password))
        return language_of(read) if binding.sheets(read) else lang
    return lang


def stopped(path: Path, problem: Problem, lang: Lang, as_json: bool) -> None:
    """Why a command could not go on."""
    if as_json:
        _json(path, stopped=_problem(problem, lang))
    else:
        click.echo(problem.line(lang), err=True)


def _json(path: Path, **values: Any) -> None:
    click.echo(json.dumps({"book": str(path), **values}, ensure_ascii=False))


def _problem(problem: Problem, lang: Lang) -> dict[str, object]:
    return {"where": problem.where, "what": problem.what[lang], "fix": problem.fix[lang], "severity": problem.severity, "form": problem.form, "key": problem.key, "count": problem.count}  # fmt: skip
