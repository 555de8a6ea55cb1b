"""Which CSV file of a folder holds which table, and which files there hold none that we know."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from crmbook.problems import CannotProceedError, Problem, stop
from crmbook.reading.cell import fold
from crmbook.schema import ALL, Table
from crmbook.text import LANGS, Lang, Text

NO_FILE = Text("文件夹中没有 {file}", "there is no {file} in the folder")
ADD_FILE = Text("请放入 {file}（或“{name}.csv”）", "put {file} there (or “{name}.csv”)")
RENAME = Text("如果 {found} 就是{table}，请改名为 {file}", "if {found} holds {table}, give it the name {file}")
FROM_EXCEL = Text("{fix}；Excel 文件（{found}）请先另存为“CSV UTF-8（逗号分隔）”", "{fix}; save Excel files ({found}) as “CSV UTF-8 (Comma delimited)” first")  # fmt: skip
SAID = 3  # names of workbooks
SPREADSHEETS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".et", ".ods")
UNREAD = Text("没有读取这个文件", "this file was not read")
DID_YOU_MEAN = Text("是否应为 {name}？请改名后重新生成", "did you mean {name}? Rename it and build again")
TAKEN = Text("没有读取这个文件，{table}取自 {file}", "this file was not read, as {table} are taken from {file}")
MERGE = Text("如果其中也是{table}，请把各行并入 {file}；否则请移出文件夹", "if it holds {table} too, put its rows into {file}; otherwise take it out of the folder")  # fmt: skip
UNKNOWN = Text("没有读取这些文件：{files}", "these files were not read: {files}")
NAMES = Text("会读取的文件名：{names}", "the names that are read: {names}")
_NAMES = {fold(name): (t, f"{name}.csv") for t in ALL for name in (t.label.en, t.label.zh, t.id)}
_READ = Text.join([Text(f"{t.label.zh}.csv", f"{t.id}.csv") for t in ALL], "、", ", ")


def file_of(folder: Path, table: Table, lang: Lang) -> Path | None:
    """The table's file: one made for the language (`playbook.en.csv`) goes before one for all."""
    files = {fold(file.name): file for file in sorted(folder.iterdir())}
    names = [f"{name}{end}.csv" for end in (f".{lang}", "") for name in (table.id, table.label.zh, table.label.en)]
    return next((files[name] for name in map(fold, names) if name in files), None)


def missing(folder: Path, table: Table, read: Mapping[str, Path]) -> CannotProceedError:
    """What stops the run where a needed table has no file: said with the file there that may be meant."""
    words = {"file": f"{table.id}.csv", "name": table.label, "table": table.label}
    near = next((p.where for p in not_read(folder, read) if p.form == table.id), None)
    sheets = [f.name for f in sorted(folder.iterdir()) if f.suffix.lower() in SPREADSHEETS and f.name[0] not in "~."]
    if near is not None:
        fix = RENAME.fill(found=near, **words)
    elif sheets:
        found = Text("、".join(sheets[:SAID]), ", ".join(sheets[:SAID]))
        fix = FROM_EXCEL.fill(fix=ADD_FILE.fill(**words), found=found)
    else:
        fix = ADD_FILE.fill(**words)
    return stop(folder, NO_FILE.fill(**words), fix)


def not_read(folder: Path, read: Mapping[str, Path]) -> list[Problem]:
    """A warning for each CSV file that nearly has the name of a table, or has that of one taken from another file; and one for
    all the others. Files of a table for the other language are none of them."""
    found, strange = [], []
    taken = {id: file for id, file in read.items() if file.parent == folder}
    for file in sorted(folder.iterdir()):
        if file.suffix.casefold() != ".csv" or file.name.startswith(".") or file in taken.values():
            continue
        name, end = _parts(file)
        near = [name] if name in _NAMES else get_close_matches(name, _NAMES, 1)
        if not near:
            strange.append(file.name)
            continue
        table, meant = _NAMES[near[0]]
        other = taken.get(table.id)
        if other is None:
            found.append(Problem(file.name, UNREAD, DID_YOU_MEAN.fill(name=meant), "warning", table.id))
        elif name not in _NAMES or end == _parts(other)[1]:
            what, fix = (words.fill(table=table.label, file=other.name) for words in (TAKEN, MERGE))
            found.append(Problem(file.name, what, fix, "warning", table.id))
    if strange:
        what = UNKNOWN.fill(files=Text("、".join(strange), ", ".join(strange)))
        found.append(Problem(str(folder), what, NAMES.fill(names=_READ), "warning", count=len(strange)))
    return found


def _parts(file: Path) -> tuple[str, str]:
    """The name of a file as it is compared, and the language for which it is made, if it says one."""
    name, _, end = fold(file.stem).rpartition(".")
    return (name, end) if end in LANGS else (fold(file.stem), "")
