"""A workbook made from data: the empty forms drawn, then filled as by every later refresh."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache, partial
from pathlib import Path

from crmbook import forms as shelf
from crmbook import keep, paths, plan, planning, sources
from crmbook.form import Form
from crmbook.ooxml import Package, Workbook
from crmbook.pour import pour
from crmbook.problems import Problem, stop
from crmbook.reading import tuning
from crmbook.reading.crosscheck import check
from crmbook.reading.tidy import Locator, empty, understand
from crmbook.schema import ALL, BY_ID
from crmbook.settings import in_force
from crmbook.source import Reading
from crmbook.sources.csv_folder import library
from crmbook.text import Lang, Text
from crmbook.verbs.ahead import Ahead
from crmbook.verbs.macros import carry, macros
from crmbook.verbs.opened import addresses, counts, standings_of
from crmbook.verbs.outcome import COMPUTING, DRAWING, READING, WRITING, Outcome, Step

THERE = Text("这个文件已经存在", "this file is already there")
USE_REFRESH = Text(
    "用 crmbook refresh 更新它，或换一个文件名", "use crmbook refresh to bring it up to date, or choose another name"
)
BUTTON_ENDING = ".xlsm"
NO_ENDING = Text("工作簿的文件名须以 .xlsx 或 .xlsm 结尾", "the name of a workbook ends in .xlsx or .xlsm")
GIVE_ENDING = Text("请加上 .xlsx；要带刷新按钮，请加上 .xlsm", "add .xlsx to the name; for one with a button, .xlsm")
NO_SOURCE = Text("没有可读取的数据", "there is no data that can be read here")
GIVE_FOLDER = Text(
    "请给出含有 customers.csv 和 orders.csv 的文件夹", "give a folder that holds customers.csv and orders.csv"
)
GIVE_ITS_FOLDER = Text("请给出它所在的文件夹：{folder}", "give the folder in which it lies: {folder}")
NO_FORM = Text("没有这张表单：{id}", "there is no such form: {id}")
CHOOSE = Text("可选：{ids}", "choose from {ids}")


def build(path: Path, *, source: Path = paths.SAMPLE_DATA, lang: Lang = "zh", as_of: date | None = None, forms: Sequence[str] | None = None, template: Path | None = None, step: Step = lambda text: None) -> Outcome:  # fmt: skip
    """Make the workbook `path` from the data at `source`: draw the empty forms in the looks of `template`, then the same
    refresh as every later one. A name that ends in .xlsm makes one with a button that refreshes it in Excel."""
    if path.suffix.lower() not in {".xlsx", BUTTON_ENDING}:
        raise stop(path, NO_ENDING, GIVE_ENDING)
    if path.exists():
        raise stop(path, THERE, USE_REFRESH)
    sources = macros() if path.suffix.lower() == BUTTON_ENDING else None
    chosen = chosen_forms(forms)
    step(DRAWING)
    with Ahead() as ahead:
        ahead.begin(source, chosen, lang, template)
        drawn = cache(lambda: Workbook(Package.open(ahead.drawn or _drawn(chosen, lang, template))))
        problems, held = fill(drawn, chosen, source, lang, as_of, step, ahead)
    workbook = drawn()
    if sources is not None:
        carry(workbook.package, lang, sources)
    proof = keep.create(path, workbook.package)
    return Outcome(lang, problems, proof, held)


def _drawn(chosen: Sequence[Form], lang: Lang, template: Path | None) -> bytes:
    from crmbook.drawing.draw import draw  # late: it takes a while, and another process may have drawn them

    return draw(chosen, lang, template)


def fill(drawn: Callable[[], Workbook], chosen: Sequence[Form], source: Path | None, lang: Lang, as_of: date | None, step: Step, ahead: Ahead) -> tuple[list[Problem], dict[str, int]]:  # fmt: skip
    """Fills forms that were just drawn from the data at `source`, or, where there is none, with what a book begins with.
    The problems met, and how many customers, orders and forms there are. `drawn` may take its time, and is asked for late."""
    planned, problems, held = _planned(drawn, chosen, source, lang, as_of, step, ahead)
    step(WRITING)
    pour(drawn(), planned, standings_of(drawn(), chosen), ahead.sheets)
    return problems, held


def _planned(drawn: Callable[[], Workbook], chosen: Sequence[Form], source: Path | None, lang: Lang, as_of: date | None, step: Step, ahead: Ahead) -> tuple[plan.Plan, list[Problem], dict[str, int]]:  # fmt: skip
    """What the forms shall hold; the data it is made of are let go before anything is written."""
    step(READING)
    placed = cache(lambda: standings_of(drawn(), chosen))

    def locate(table: str, at: int, column: str) -> str:
        return addresses(placed())(table, at, column)

    reading = nothing(lang, locate) if source is None else _read(source, lang, locate)
    values, wrong = tuning.read(reading.raw.get("settings"), partial(locate, "settings"), as_of=as_of)
    values = {**values, "AS_OF": as_of or values.get("AS_OF")}
    step(COMPUTING)
    given = planning.gather(reading, wrong, in_force(values, date.today()), {}, locate, date.today(), {})
    entered = {f.id: planning.first_rows(f, reading, values, given) for f in chosen if f.is_entry}
    entries = [planning.entry(f, entered[f.id], given, lang, new=True) for f in chosen if f.is_entry]
    ahead.give(drawn().package, plan.Plan(tuple(entries)), placed())
    reports, given = planning.reports(chosen, given, {}, placed(), lang)
    made = plan.Plan((*entries, *reports), planning.names(entered["settings"], lang))
    return made, list(given.problems), counts(reading, chosen)


def chosen_forms(names: Sequence[str] | None) -> list[Form]:
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


def nothing(lang: Lang, locate: Locator) -> Reading:
    """The data of a book that has none yet: no customers, no orders, the measures of our library."""
    raw = {"playbook": library(lang)}
    measures = understand(BY_ID["playbook"], raw["playbook"], partial(locate, "playbook")).typed
    tables, problems = check({t.id: measures if t.id == "playbook" else empty(t.id) for t in ALL}, locate)
    return Reading(tables, raw, problems)


def _read(place: Path, lang: Lang, locate: Locator) -> Reading:
    for source in sources.ALL:
        if source.reads(place):
            return source.read(place, lang, locate)
    fix = GIVE_ITS_FOLDER.fill(folder=paths.as_typed(place.parent)) if place.is_file() else GIVE_FOLDER
    raise stop(place, NO_SOURCE, fix)
