"""The verbs: build, refresh, check, undo, verify."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from crmbook import binding, keep, paths, plan, planning, sources, tuning
from crmbook import forms as shelf
from crmbook.binding import Standing
from crmbook.draw import draw
from crmbook.features import Picker
from crmbook.form import Form, Given
from crmbook.ooxml import Package, Proof, Workbook
from crmbook.pour import annotated, formula_cells, pour
from crmbook.printing import print_each, print_sheets
from crmbook.problems import Problem, stop
from crmbook.settings import in_force
from crmbook.source import Reading
from crmbook.sources.workbook import read_workbook
from crmbook.text import LANGS, Lang, Text
from crmbook.tidy import Locator
from crmbook.verify import Verified
from crmbook.verify import verify as recalculate

Step = Callable[[Text], None]
READING, COMPUTING, WRITING = Text("读取数据…", "reading …"), Text("计算…", "computing …"), Text("写入…", "writing …")
PRINTING = Text("打印为 PDF…", "printing …")
DRAWING = Text("绘制表单…", "drawing the forms …")
THERE = Text("这个文件已经存在", "this file is already there")
USE_REFRESH = Text(
    "用 crmbook refresh 更新它，或换一个文件名", "use crmbook refresh to bring it up to date, or choose another name"
)
NO_ENDING = Text("工作簿的文件名须以 .xlsx 结尾", "the name of a workbook ends in .xlsx")
GIVE_ENDING = Text("请加上 .xlsx", "add .xlsx to the name")
LOST_TABLE = Text("工作表还在，但其中的表格 {table} 不见了", "the sheet is there, but its table {table} is gone")
MAKE_TABLE = Text("用 crmbook undo 恢复；或在 Excel 中选中标题行和数据，插入表格，并把表名设为 {table}", "bring it back with crmbook undo; or in Excel select the header and the data, insert a table, and name it {table}")  # fmt: skip
NO_SOURCE = Text("没有可读取的数据", "there is no data that can be read here")
GIVE_FOLDER = Text(
    "请给出含有 customers.csv 和 orders.csv 的文件夹", "give a folder that holds customers.csv and orders.csv"
)
NO_FORM = Text("没有这张表单：{id}", "there is no such form: {id}")
CHOOSE = Text("可选：{ids}", "choose from {ids}")
NOT_EACH = Text("逐个客户打印需要指明一张卡片", "a card is needed to print one page for each customer")
EACH_OF = Text("请写明表单，如 crmbook print BOOK card --each；可选：{ids}", "name it, as in crmbook print BOOK card --each; choose from {ids}")  # fmt: skip
NOT_OURS = Text(
    "这不是 crmbook 工作簿（没有表 {table}）", "this is not a workbook of crmbook (it has no table {table})"
)
RESTORE = Text("用 crmbook undo 恢复，或用 crmbook build 生成新的工作簿", "bring it back with crmbook undo, or make a new one with crmbook build")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verb did: the problems found, whether the file was written and with what proof, and what it holds."""

    lang: Lang
    problems: list[Problem]
    proof: Proof | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def wrote(self) -> bool:
        return self.proof is not None


def build(path: Path, *, source: Path = paths.SAMPLE_DATA, lang: Lang = "zh", as_of: date | None = None, forms: Sequence[str] | None = None, template: Path | None = None, step: Step = lambda text: None) -> Outcome:  # fmt: skip
    """Make the workbook `path` from the data at `source`: draw the empty forms in the looks of `template`, then the same
    refresh as every later one."""
    if path.suffix.lower() != ".xlsx":
        raise stop(path, NO_ENDING, GIVE_ENDING)
    if path.exists():
        raise stop(path, THERE, USE_REFRESH)
    chosen = _chosen(forms)
    step(DRAWING)
    workbook = Workbook(Package.open(draw(chosen, lang, template)))
    standings = _standings(workbook, chosen)
    step(READING)
    locate = _addresses(standings)
    reading = _read(source, lang, locate)
    values, wrong = tuning.read(reading.raw.get("settings"), partial(locate, "settings"))
    values = {**values, "AS_OF": as_of or values.get("AS_OF")}
    step(COMPUTING)
    given = planning.gather(reading, wrong, in_force(values, date.today()), {}, locate, date.today(), {})
    entered = {f.id: planning.first_rows(f, reading, values, given) for f in chosen if f.is_entry}
    entries = [planning.entry(f, entered[f.id], given, lang, new=True) for f in chosen if f.is_entry]
    reports, given = planning.reports(chosen, given, {}, standings, lang)
    step(WRITING)
    pour(workbook, plan.Plan((*entries, *reports), planning.names(entered["settings"])), standings)
    proof = keep.create(path, workbook.package)
    return Outcome(lang, list(given.problems), proof, _counts(reading, chosen))


def refresh(path: Path, *, as_of: date | None = None, step: Step = lambda text: None) -> Outcome:
    """Bring the workbook at `path` up to date, in place; nothing is written where nothing changed."""
    with keep.lock(path), keep.refusing(path):
        keep.opened_by(path)
        step(READING)
        workbook = Workbook(keep.load(path))
        opened = _open(workbook, path, as_of)
        step(COMPUTING)
        planned, given = opened.planned()
        step(WRITING)
        proof = keep.replace(path, workbook.package) if pour(workbook, planned, opened.standings) else None
        return Outcome(opened.lang, list(given.problems), proof, opened.counts)


def check(path: Path) -> Outcome:
    """Every problem in the data of the workbook; the file is not touched."""
    with keep.refusing(path):
        opened = _open(Workbook(keep.load(path)), path, None)
        return Outcome(opened.lang, list(opened.planned()[1].problems), None, opened.counts)


def undo(path: Path) -> None:
    """The workbook becomes what it was before the last refresh, byte for byte."""
    with keep.lock(path):
        keep.opened_by(path)
        keep.undo(path)


def to_paper(path: Path, *, form: str | None = None, each: bool = False, to: Path | None = None, step: Step = lambda text: None) -> list[Path]:  # fmt: skip
    """PDFs of the workbook: one of its reports and pages, one of a form (by id or title), or, with `each`, one of a page
    for every customer it can show. `to`: the file, or for `each` the folder; by default beside the workbook."""
    with keep.refusing(path):
        workbook = Workbook(keep.load(path))
        sheets = binding.sheets(workbook)
        chosen = _to_print(form, sheets)
        if not each:
            wanted = (
                [s.name for s in workbook.sheets if s.state == "visible"] if form is None else [sheets[chosen[0].id]]
            )
            data = (
                {sheets[f.id] for f in shelf.ALL if (f.is_entry or f.id == "profiles") and f.id in sheets}
                if form is None
                else set()
            )
            name = path.with_suffix(".pdf") if form is None else path.with_name(f"{path.stem} {wanted[0]}.pdf")
            step(PRINTING)
            return print_sheets(path, workbook.package, [s for s in wanted if s not in data], to or name)
        pickers = {f.id: part for f in shelf.ALL for part in f.parts if isinstance(part, Picker)}
        if form is None or chosen[0].id not in pickers:
            raise stop("--each", NOT_EACH, EACH_OF.fill(ids=", ".join(pickers)))
        page, picker = chosen[0], pickers[chosen[0].id]
        step(COMPUTING)
        opened = _open(workbook, path, None)
        _, given = opened.planned()
        pages = dict(planning.picked(page, picker, given, opened.lang))
        step(PRINTING)
        folder = to or path.with_name(f"{path.stem} {sheets[page.id]}")
        return print_each(path, workbook.package, sheets[page.id], pages, folder)


def _to_print(name: str | None, sheets: Mapping[str, str]) -> list[Form]:
    """The forms of the workbook that go by a name: their id, their title in either language, or the name of their sheet."""
    forms = [f for f in shelf.ALL if f.id in sheets]
    found = [f for f in forms if name is None or name.casefold() in {f.id, f.title.zh, f.title.en.casefold(), sheets[f.id].casefold()}]  # fmt: skip
    if not found:
        raise stop("FORM", NO_FORM.fill(id=name), CHOOSE.fill(ids=", ".join(f.id for f in forms)))
    return found


def verify(path: Path) -> Verified:
    """Every formula of the workbook, recalculated by LibreOffice, beside the value that stands in the file."""
    with keep.refusing(path):
        return recalculate(path)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A workbook as read: its forms and where they stand, its data, and all that was computed from it."""

    lang: Lang
    forms: Sequence[Form]
    standings: Mapping[str, Standing]
    present: Mapping[str, plan.Present]
    reading: Reading
    given: Given
    counts: Mapping[str, int]

    def planned(self) -> tuple[plan.Plan, Given]:
        """What should stand in the forms, and all that was given with what the planning itself found."""
        raw, given, lang = self.reading.raw, self.given, self.lang
        here = [f for f in self.forms if f.is_entry and f.id in raw]
        entries = [planning.entry(f, planning.shown(f, raw[f.id], given), given, lang) for f in here]
        reports, given = planning.reports(self.forms, given, self.present, self.standings, lang)
        return plan.Plan((*entries, *reports), planning.names(raw.get("settings"))), given


def _open(workbook: Workbook, path: Path, as_of: date | None) -> _Opened:
    standings = _standings(workbook, shelf.ALL)
    for needed in ("customers", "orders"):
        if needed not in standings:
            table = f"crm_{needed}"
            if any(
                name.startswith("_crm.") for name in workbook.names
            ):  # LibreOffice drops tables when a sheet is deleted
                raise stop(path, LOST_TABLE.fill(table=table), MAKE_TABLE.fill(table=table))
            raise stop(path, NOT_OURS.fill(table=table), RESTORE)
    there = binding.sheets(workbook)
    forms = [f for f in shelf.ALL if f.id in standings or (f.page and f.id in there)]
    reading = read_workbook(workbook)
    locate = _addresses(standings)
    lang = _lang(workbook)
    values, wrong = tuning.read(
        reading.raw.get("settings"), partial(locate, "settings"), lang, date1904=workbook.is_1904
    )
    as_the_sheet = as_of is None or values.get("AS_OF") in (None, as_of)
    if as_of is not None:
        values = {**values, "AS_OF": as_of}
    for form in (f for f in forms if f.rows is not None):
        binding.demand(standings[form.id], [c.column for c in form.columns if c.column.id in form.key])
    present = {f.id: _present(workbook, f, standings[f.id]) for f in forms if f.rows is not None}
    typed = {f.id: binding.typed(workbook, f.id, [n for part in f.parts for n in part.asks]) for f in forms if f.page}
    stood = {f.id: present[f.id].rows.set_index(list(f.key)) for f in forms if f.rows is not None}
    given = planning.gather(
        reading, wrong, in_force(values, date.today()), stood, locate, date.today(), typed, live=as_the_sheet
    )
    return _Opened(lang, forms, standings, present, reading, given, _counts(reading, forms))


def _present(workbook: Workbook, form: Form, standing: Standing) -> plan.Present:
    """A report's rows as they stand, and those that hold something typed: in a column the form asks or in one of the
    user's own, or a comment. A formula filled down a column of the user's is not typed on any one row."""
    rows = binding.rows(workbook, standing)
    theirs = {c.column.id: standing.columns[c.column.id] for c in form.asks if c.column.id in standing.columns}
    theirs |= {f"?{column}": column for column in standing.unknown}
    held = set(annotated(workbook, standing))
    filled = {(int(at), column) for id, column in theirs.items() for at in rows.index[rows[id].notna()]}
    formulas = formula_cells(workbook, standing.sheet) if filled else set()
    held.update(at for at, column in filled if (standing.table.first_row + at, column) not in formulas)
    return plan.Present(rows, frozenset(held))


def _chosen(names: Sequence[str] | None) -> list[Form]:
    """The forms to build: the entry forms, 检查, the reports and pages asked for (by id or title) and those whose figures
    they show; or all."""
    if names is None:
        return list(shelf.ALL)
    known = {f.id: f for f in shelf.ALL}
    called = {name.casefold(): f.id for f in shelf.ALL for name in (f.id, f.title.zh, f.title.en)}
    for name in names:
        if name.casefold() not in called:
            raise stop("--forms", NO_FORM.fill(id=name), CHOOSE.fill(ids=", ".join(known)))
    wanted, asked = {"checks"}, {called[name.casefold()] for name in names}
    while asked:
        wanted |= asked
        asked = {other for id in asked for other in known[id].speaks_of if other in known} - wanted
    return [f for f in shelf.ALL if f.is_entry or f.id in wanted]


def _read(place: Path, lang: Lang, locate: Locator) -> Reading:
    for source in sources.ALL:
        if source.reads(place):
            return source.read(place, lang, locate)
    raise stop(place, NO_SOURCE, GIVE_FOLDER)


def _standings(workbook: Workbook, forms: Sequence[Form]) -> dict[str, Standing]:
    found = {f.id: binding.bind(workbook, f.id, [c.column for c in f.columns]) for f in forms}
    return {id: standing for id, standing in found.items() if standing is not None}


def _counts(reading: Reading, forms: Sequence[Form]) -> dict[str, int]:
    return {"customers": len(reading.tables["customers"]), "orders": len(reading.tables["orders"]), "forms": len(forms)}


def _addresses(standings: Mapping[str, Standing]) -> Locator:
    """Where a cell of a table stands in the workbook; a table that is not there answers with its name."""
    return lambda table, at, column: standings[table].address(at, column) if table in standings else table


def _lang(workbook: Workbook) -> Lang:
    """The language the workbook was built in."""
    if any(s.name == "_crmbook" for s in workbook.sheets):
        for row in workbook.values("_crmbook"):
            for lang in LANGS:
                if row[:2] == ["lang", lang]:
                    return lang
    return "zh"


def language(path: Path) -> Lang:
    """The language of the workbook at `path`."""
    with keep.refusing(path):
        return _lang(Workbook(keep.load(path)))
