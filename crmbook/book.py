"""The verbs: build, refresh, check, undo, verify."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from crmbook import binding, keep, paths, plan, planning, sources, tuning
from crmbook import forms as shelf
from crmbook.draw import draw
from crmbook.features import Picker
from crmbook.form import Form
from crmbook.ooxml import Package, Proof, Workbook
from crmbook.opened import addresses, counts, language_of, open_workbook, standings_of
from crmbook.pour import pour
from crmbook.printing import print_each, print_sheets
from crmbook.problems import Problem, stop
from crmbook.settings import in_force
from crmbook.source import Reading
from crmbook.text import Lang, Text
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
NO_SOURCE = Text("没有可读取的数据", "there is no data that can be read here")
GIVE_FOLDER = Text(
    "请给出含有 customers.csv 和 orders.csv 的文件夹", "give a folder that holds customers.csv and orders.csv"
)
NO_FORM = Text("没有这张表单：{id}", "there is no such form: {id}")
CHOOSE = Text("可选：{ids}", "choose from {ids}")
NOT_EACH = Text("逐个客户打印需要指明一张卡片", "a card is needed to print one page for each customer")
EACH_OF = Text("请写明表单，如 crmbook print BOOK card --each；可选：{ids}", "name it, as in crmbook print BOOK card --each; choose from {ids}")  # fmt: skip


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
    standings = standings_of(workbook, chosen)
    step(READING)
    locate = addresses(standings)
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
    return Outcome(lang, list(given.problems), proof, counts(reading, chosen))


def refresh(path: Path, *, as_of: date | None = None, step: Step = lambda text: None) -> Outcome:
    """Bring the workbook at `path` up to date, in place; nothing is written where nothing changed."""
    with keep.lock(path), keep.refusing(path):
        keep.opened_by(path)
        step(READING)
        workbook = Workbook(keep.load(path))
        opened = open_workbook(workbook, path, as_of)
        step(COMPUTING)
        planned, given = opened.planned()
        step(WRITING)
        proof = keep.replace(path, workbook.package) if pour(workbook, planned, opened.standings) else None
        return Outcome(opened.lang, list(given.problems), proof, opened.counts)


def check(path: Path) -> Outcome:
    """Every problem in the data of the workbook; the file is not touched."""
    with keep.refusing(path):
        opened = open_workbook(Workbook(keep.load(path)), path, None)
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
        opened = open_workbook(workbook, path, None)
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


def language(path: Path) -> Lang:
    """The language of the workbook at `path`."""
    with keep.refusing(path):
        return language_of(Workbook(keep.load(path)))
