"""What is said of the button, and of the computer it is to work on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmbook.paths import as_typed
from crmbook.text import Lang, Text

if TYPE_CHECKING:  # a door opens fast
    from crmbook.doctor import Found, Prepared
    from crmbook.verbs.button import Added

BUTTON_ON = Text("已加上“刷新”按钮：{book}", "The button Refresh is on {book}")
BUTTON_THERE = Text("{book} 已有“刷新”按钮，未改写", "{book} has the button Refresh already, not written")
REPLACED = Text("它取代了 {replaced}；crmbook undo {replaced} 可恢复", "It has taken the place of {replaced}; crmbook undo {replaced} brings that back")  # fmt: skip
FIRST_CLICK = Text("下一步：运行 crmbook doctor，看这台电脑是否已准备好；打开时在黄色提示栏里点“启用内容”", "Next: run crmbook doctor to see whether this computer is ready; on opening, click Enable Content in the yellow bar")  # fmt: skip
IN_FOLDER = Text("已写入 {file}；要让 Excel 启动时就有“刷新”按钮，请把它放进 Excel 的启动文件夹（XLSTART），或在 Excel 的“文件 › 选项 › 加载项 › 转到”里选中它", "Written: {file}. For the button Refresh in Excel, put it into the folder from which Excel starts add-ins (XLSTART), or choose it under File › Options › Add-ins › Go")  # fmt: skip
IN_RIBBON = Text("已写入 {file}；下次启动 Excel 时，“开始”选项卡里会有“刷新”按钮", "Written: {file}. From its next start on, Excel shows the button Refresh on its Home tab")  # fmt: skip
STATES = {"ok": Text("正常", "ok"), "absent": Text("没有", "none"), "wrong": Text("请处理", "mend")}
EXAMINED = Text("{state}  {name}：{what}", "{state:<5} {name}: {what}")
AND_FIX = Text("{line}。{fix}", "{line}. {fix}")
TO_MEND = Text("需要处理 {count} 项", "To mend: {count}")
NOTHING_TO_MEND = Text("没有需要处理的问题", "Nothing to mend")
NAMED_PYTHON = Text("已写入 {settings}：Excel 的按钮会使用 {python}", "Written to {settings}: buttons in Excel will use {python}")  # fmt: skip
NAMED_BEFORE = Text("{settings} 已写着 {python}，未改写", "{settings} names {python} already, not written")
BACKED_UP = Text("原来的设置留在 {backup}", "The settings as they were: {backup}")
IN_LIBREOFFICE = Text("LibreOffice 中的宏 crmbook.button.Refresh（工具 › 宏 › 运行宏 › 我的宏）会使用 {python}", "In LibreOffice the macro crmbook.button.Refresh (Tools › Macros › Run Macro › My Macros) will use {python}")  # fmt: skip
SCRIPT_PUT = Text("已放好 Excel 启动 Python 的脚本：{script}；升级 xlwings 后请再运行一次 crmbook setup", "The script by which Excel starts Python is in place: {script}. Run crmbook setup again whenever xlwings was upgraded")  # fmt: skip


def has_button(added: Added) -> None:
    """A workbook got the button, or had it."""
    lang = added.lang
    click.echo((BUTTON_ON if added.wrote else BUTTON_THERE).fill(book=added.book)[lang])
    if added.replaced is not None:
        click.echo(REPLACED.fill(replaced=as_typed(added.replaced))[lang])
    if added.wrote:
        click.echo(FIRST_CLICK[lang])


def in_ribbon(file: Path, lang: Lang, *, starts: bool) -> None:
    """Where the add-in was written, and whether Excel `starts` it from there."""
    click.echo((IN_RIBBON if starts else IN_FOLDER).fill(file=file)[lang])


def examined(found: Sequence[Found], lang: Lang, as_json: bool) -> None:
    """What the doctor found."""
    if as_json:
        said = [{"id": f.id, "name": f.name[lang], "state": f.state, "what": f.what[lang], "fix": f.fix and f.fix[lang]} for f in found]  # fmt: skip
        click.echo(json.dumps({"found": said}, ensure_ascii=False))
        return
    for f in found:
        line = EXAMINED.fill(state=STATES[f.state], name=f.name, what=f.what)
        click.echo((line if f.fix is None else AND_FIX.fill(line=line, fix=f.fix.sentence()))[lang])
    wrong = sum(f.state == "wrong" for f in found)
    click.echo((TO_MEND.fill(count=wrong) if wrong else NOTHING_TO_MEND)[lang])


def prepared(done: Prepared, python: str, lang: Lang) -> None:
    """What `setup` did."""
    settings = done.settings
    if settings is not None:
        line = NAMED_PYTHON if settings.changed else NAMED_BEFORE
        click.echo(line.fill(settings=settings.settings, python=python)[lang])
        if settings.backup is not None:
            click.echo(BACKED_UP.fill(backup=settings.backup)[lang])
    if done.script is not None:
        click.echo(SCRIPT_PUT.fill(script=done.script)[lang])
    if done.libreoffice:
        click.echo(IN_LIBREOFFICE.fill(python=python)[lang])
    if done.refused is not None:
        click.echo(done.refused.line(lang), err=True)
