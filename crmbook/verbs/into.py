"""Our forms added to a workbook that exists: all that was in it stays, in its place and as it was stored."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pandas as pd

from crmbook import binding, keep, plan, planning
from crmbook import forms as shelf
from crmbook.binding import LISTS
from crmbook.drawing.draw import MARK, draw
from crmbook.form import Form, Given
from crmbook.naming import BROKEN
from crmbook.ooxml import Area, Package, Workbook, children, parse_ref
from crmbook.ooxml.taking import Taking
from crmbook.pour import pour
from crmbook.problems import stop
from crmbook.reading import tuning
from crmbook.settings import ALL as SETTINGS
from crmbook.source import Reading
from crmbook.text import Lang, Text
from crmbook.verbs.ahead import Ahead
from crmbook.verbs.building import chosen_forms, fill, nothing
from crmbook.verbs.lost_tables import put_back
from crmbook.verbs.opened import Opened, addresses, counts, open_workbook, standings_of
from crmbook.verbs.outcome import COMPUTING, DRAWING, READING, WRITING, Outcome, Step

LOCKED = Text("工作簿的结构受保护，不能增加工作表", "the structure of the workbook is protected: no sheet can be added")
UNLOCK = Text("请在 Excel 的「审阅 › 保护工作簿」中取消保护，保存后再运行", "turn off Review › Protect Workbook in Excel, save, then run this again")  # fmt: skip
SHARED = Text("这是旧式的共享工作簿，会记录每一处修改", "this is a shared workbook of the old kind, which keeps a record of every change")  # fmt: skip
UNSHARE = Text("请在 Excel 的「审阅 › 共享工作簿」中停止共享，保存后再运行", "stop sharing under Review › Share Workbook in Excel, save, then run this again")  # fmt: skip
TAKEN = Text("名称 {name} 已用于：{meaning}", "the name {name} is already used here, for {meaning}")
RENAME = Text("请在 Excel 的「公式 › 名称管理器」中给它改名，保存后再运行", "give it another name under Formulas › Name Manager in Excel, save, then run this again")  # fmt: skip
HAS_DATA = Text("这个工作簿里已经有客户数据，不能再从 {source} 导入", "this workbook holds data of customers already; {source} cannot be brought in as well")  # fmt: skip
NO_FROM = Text(
    "去掉 --from，新表单将用工作簿里的数据", "leave --from out: new forms are made from the data in the workbook"
)
LONGEST = 31  # characters of a sheet's name


def into(path: Path, *, source: Path | None = None, lang: Lang = "zh", as_of: date | None = None, forms: Sequence[str] | None = None, template: Path | None = None, password: str | None = None, step: Step = lambda text: None) -> Outcome:  # fmt: skip
    """Add the forms that the workbook at `path` lacks, behind its sheets; what is in it stays as it is.

    A workbook without any form of ours gets the data at `source`, or, without one, entry forms to fill in. One that has
    forms keeps its data and its language, and new forms are made from these. CannotProceedError, with the file untouched,
    where no sheet can be added, or where a name that our formulas need means something else. `password` opens an encrypted
    workbook, which is encrypted with it again.
    """
    with keep.lock(path), keep.refusing(path):
        keep.opened_by(path)
        step(READING)
        book = put_back(Workbook(keep.load(path, password)))
        must_be_open_to_sheets(path, book)
        there = binding.sheets(book)
        present = [f for f in shelf.ALL if f.table in book.tables or (f.page and f.id in there)]
        opened = open_workbook(book, path, as_of) if present else None
        if opened is not None and source is not None:
            raise stop(path, HAS_DATA.fill(source=source), NO_FROM)
        lang = lang if opened is None else opened.lang
        chosen = [f for f in chosen_forms(forms) if f not in present]
        forms_now = [f for f in shelf.ALL if f in present or f in chosen]
        _must_have_free_names(path, book, chosen, opened)
        step(DRAWING)
        staged = _staged(book, forms_now, chosen, lang, template) if chosen else book
        if opened is None:
            problems, held = fill(lambda: staged, chosen, source, lang, as_of, step, Ahead())
        else:
            step(COMPUTING)
            reading, given = _more(staged, opened, forms_now, chosen, step)
            problems, held = list(given.problems), counts(reading, forms_now)
        package = book.package
        _adopt(package, staged.package)
        proof = keep.replace(path, package, password) if package.changed else None
        return Outcome(lang, problems, proof, held)


def must_be_open_to_sheets(path: Path, book: Workbook) -> None:
    """Stops where Excel itself would add no sheet."""
    if any(e.get("lockStructure") in ("1", "true") for e in children(book.root, "workbookProtection")):
        raise stop(path, LOCKED, UNLOCK)
    if book.package.related(book.package.workbook, "revisionHeaders"):
        raise stop(path, SHARED, UNSHARE)


def _must_have_free_names(path: Path, book: Workbook, chosen: Sequence[Form], opened: Opened | None) -> None:
    """Stops where a name that we need is taken by something of the user's."""
    has = set() if opened is None else _settings_there(opened.reading)
    wanted = {s.id.casefold() for s in SETTINGS if s.id not in has}
    tables = {t.name.casefold(): t.sheet.name for t in book.tables.values()}
    ours = (
        [] if opened is None else planning.defaults(opened.lang).items()
    )  # what a refresh gives a name without its line
    names = {n.casefold(): f"={text}" for n, text in book.names.items() if BROKEN not in text and (n, text) not in ours}
    clash = next((n for n in (*names, *tables) if n in wanted), None) or next((f.table for f in chosen if f.table in names), None)  # fmt: skip
    if clash is not None:
        known = (*book.names, *book.tables)
        name = next(n for n in known if n.casefold() == clash)
        raise stop(path, TAKEN.fill(name=name, meaning=names.get(clash) or tables[clash]), RENAME)


def _settings_there(reading: Reading) -> set[str]:
    """The settings that have a line in the workbook."""
    raw = reading.raw.get("settings")
    return set() if raw is None or "setting_id" not in raw else {tuning.known(id) for id in raw["setting_id"]}


def _staged(book: Workbook, forms: Sequence[Form], chosen: Sequence[Form], lang: Lang, template: Path | None) -> Workbook:  # fmt: skip
    """The workbook with the chosen forms in it, still empty. All `forms` are drawn, as they speak of one another."""
    drawn = Workbook(Package.open(draw(forms, lang, template)))
    sheets, there = binding.sheets(drawn), binding.sheets(book)
    there |= {f.id: book.tables[f.table].sheet.name for f in forms if f.table in book.tables}
    taken = {str(e.get("name")).casefold() for group in children(book.root, "sheets") for e in group}
    names, new = {}, []
    for form in forms:
        if form not in chosen:
            names[sheets[form.id]] = there[form.id]
            continue
        names[sheets[form.id]] = name = _free(form.title[lang], taken)
        taken.add(name.casefold())
        new.append(sheets[form.id])
    if MARK.casefold() not in taken:
        names[MARK] = MARK
        new.append(MARK)
    ids, listed = {f.id for f in chosen}, {name.casefold() for name in book.names}
    wanted = {
        name: text
        for name, text in drawn.names.items()
        if name.split(".")[1] in ids
        or (name.startswith(LISTS) and (name.split(".")[2] in ids or name.casefold() not in listed))
    }
    Taking(drawn.package, book.package, names, _where(drawn, book)).take(new, wanted)
    out = BytesIO()
    book.package.save(out)
    return Workbook(Package.open(out.getvalue()))


def _where(drawn: Workbook, book: Workbook) -> Callable[[str, int, int], tuple[int, int]]:
    """Where a cell of a form as drawn stands in the workbook, in which rows and columns of that form may have moved: by the
    nearest cell that has a name in both."""
    found: dict[str, list[tuple[Area, Area]]] = {}
    for name, text in drawn.names.items():
        ours, theirs = parse_ref(text), parse_ref(book.names.get(name, ""))
        if ours is not None and theirs is not None:
            found.setdefault(ours[0], []).append((ours[1], theirs[1]))

    def where(sheet: str, row: int, column: int) -> tuple[int, int]:
        near = min(found.get(sheet, ()), key=lambda p: (abs(p[0].left - column), abs(p[0].top - row)), default=None)
        if near is None:
            return row, column
        return row + near[1].top - near[0].top, column + near[1].left - near[0].left

    return where


def _free(title: str, taken: Collection[str]) -> str:
    """A name for a sheet that no other has, in any case."""
    names = (title, *(f"{title[: LONGEST - 5]} ({n})" for n in range(2, len(taken) + 3)))
    return next(name for name in names if name.casefold() not in taken)


def _more(staged: Workbook, opened: Opened, forms: Sequence[Form], chosen: Sequence[Form], step: Step) -> tuple[Reading, Given]:  # fmt: skip
    """Fills the new forms of a workbook that has data, and brings the others up to date with them."""
    standings = standings_of(staged, forms)
    reading, given, lang = opened.reading, opened.given, opened.lang
    if any(f.id == "playbook" for f in chosen):
        first = nothing(lang, addresses(standings))
        reading = replace(reading, raw={**reading.raw, "playbook": first.raw["playbook"]})
        given = replace(given, tables={**given.tables, "playbook": first.tables["playbook"]})
    settings = reading.raw.get("settings")
    if settings is not None:
        missing = [s.id for s in SETTINGS if s.id not in _settings_there(reading)]
        lines = pd.DataFrame({"setting_id": missing, "value": [None] * len(missing)}, dtype=object)
        settings = pd.concat([settings, lines], ignore_index=True) if missing else settings
        reading = replace(reading, raw={**reading.raw, "settings": settings})
    frames = {
        f.id: planning.first_rows(f, reading, {}, given) if f in chosen else planning.shown(f, reading.raw[f.id], given)
        for f in forms
        if f.is_entry
    }
    entries = [planning.entry(f, frames[f.id], given, lang, new=f in chosen) for f in forms if f.is_entry]
    reports, given = planning.reports(forms, given, opened.present, standings, lang)
    step(WRITING)
    names = planning.names(frames.get("settings"), lang)
    pour(staged, plan.Plan((*entries, *reports), names), standings)
    return reading, given


def _adopt(package: Package, staged: Package) -> None:
    """All that was changed in the staged package is changed in this one."""
    if package is staged:
        return
    for name in staged.changed - set(staged.names):
        package.remove(name)
    for name in staged.changed & set(staged.names):
        package.write(name, staged.read(name))
