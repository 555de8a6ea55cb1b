"""The button in Excel's ribbon: an add-in that refreshes the workbook in front, so that workbooks need no macros."""

import io
import os
from pathlib import Path
from xml.sax.saxutils import quoteattr

from crmbook.keep.disk import explaining, write_whole
from crmbook.machine import ADD_IN as NAME
from crmbook.machine import Machine, running
from crmbook.ooxml import Package
from crmbook.ooxml.macros import put_macros
from crmbook.ooxml.new_workbook import new_workbook
from crmbook.problems import stop
from crmbook.text import Text
from crmbook.vba import literal
from crmbook.verbs.macros import CAPTION, SETTING_LINES, SETTINGS, macros, project_of

PROJECT = "CrmbookAddin"
CONTENT_TYPE = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
RIBBON_TYPE = "application/xml"
RIBBON_RELATIONSHIP = "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility"
# At the end of the first tab, where staff work all day; nothing in it asks macros for its looks.
RIBBON = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<customUI xmlns="http://schemas.microsoft.com/office/2006/01/customui"><ribbon><tabs><tab idMso="TabHome"><group id="crmbookGroup" label="crmbook"><button id="crmbookRefresh" label={label} size="large" imageMso="RefreshAll" onAction="CrmbookRefreshActive" screentip={label} supertip={tip}/></group></tab></tabs></ribbon></customUI>"""
TIP = Text("更新眼前的客户管理工作簿：您填写的内容原样保留。", "Brings the customer-management workbook in front up to date; what you typed stays.")  # fmt: skip
NO_BOOK = Text("请先打开一个工作簿。", "Open a workbook first.")
NO_PLACE = Text(
    "这台电脑上没有找到 Excel 的启动文件夹", "the folder from which Excel starts add-ins was not found on this machine"
)
NAME_ONE = Text("先安装并启动一次 Excel；或用 --to FOLDER 给出存放 {name} 的文件夹", "install Excel and start it once, or name the folder for {name} with --to FOLDER")  # fmt: skip


def install(folder: Path | None = None) -> Path:
    """Writes crmbook.xlam into `folder`, or into the one from which Excel starts its add-ins; answers with the file.

    Excel shows the button 刷新 Refresh on its Home tab from its next start on. One that is there is replaced.
    CannotProceedError where no folder is known (on Windows and macOS: Excel was never started), without xlwings, or
    where the file cannot be written, as while Excel has it open.
    """
    content = addin()
    if folder is None:
        folder = start_folder()
    path = folder / NAME
    with explaining(path):
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    return path


def start_folder() -> Path:
    """From where Excel starts add-ins of this user; CannotProceedError where that is not known."""
    machine = Machine(running(), Path.home(), os.environ)
    excel, folder = machine.excel_folder, machine.start_folder
    if excel is None or folder is None or not excel.is_dir():
        raise stop(NAME, NO_PLACE, NAME_ONE.fill(name=NAME))
    return folder


def addin() -> bytes:
    """The add-in as a file; the same bytes for the same xlwings."""
    package = Package.open(new_workbook(SETTINGS, SETTING_LINES))
    sources = macros("addin", {"no_book": literal(f"{NO_BOOK.zh}\n{NO_BOOK.en}")})
    put_macros(package, project_of(package, sources, PROJECT), CONTENT_TYPE)
    label = f"{CAPTION.zh} {CAPTION.en}"
    ribbon = RIBBON.format(label=quoteattr(label), tip=quoteattr(f"{TIP.zh}\n{TIP.en}"))
    package.write("customUI/customUI.xml", ribbon.encode())
    package.set_content_type("customUI/customUI.xml", RIBBON_TYPE)
    package.relate("", RIBBON_RELATIONSHIP, "customUI/customUI.xml")
    out = io.BytesIO()
    package.save(out)
    return out.getvalue()
