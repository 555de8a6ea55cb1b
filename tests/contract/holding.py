"""One refresh of a drafted workbook, and every line of the contract that can be checked whatever stands in the book."""

import warnings
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import openpyxl
from lxml import etree
from python_calamine import CalamineWorkbook

from crmbook.binding import Standing
from crmbook.ooxml import Package, Workbook
from crmbook.ooxml.lint import new_findings
from crmbook.plan import FormPlan, Plan, Written
from crmbook.pour import pour
from tests.contract.account import Account
from tests.contract.draft import HEADERS, OWN
from tests.excel_references import box
from tests.reading import Reading, stored

SHARE = "[@sales]/SUM([sales])"
IDS = {"no": 0, "customer_id": 1, "sales": 2, "share": 3, "note": 5}
# A refresh may write these; every other part keeps its compressed bytes.
WRITTEN = ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/connections.xml")
WRITTEN_IN = ("xl/tables/", "xl/comments", "xl/threadedComments/", "xl/drawings/", "xl/ctrlProps/", "xl/charts/", "xl/pivotCache/pivotCacheDefinition", "xl/pivotTables/")  # fmt: skip


@dataclass
class News:
    """What new data brings: the rows that stay, in their new order, and where new ones come between; by numbers that mean
    something whatever stands there."""

    order: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    come: list[int] = field(default_factory=list)


def refreshed(data: bytes, lang: str, noted: set[str], news: News, number: int) -> bytes:
    """The workbook after its form got new rows, having checked that all else is as it was."""
    workbook, standings = opened(data, lang)
    before = Account(Reading(data), "crm_grading", HEADERS[lang][1])
    plan, expected = planned(before, noted, news, number)
    pour(workbook, Plan((plan,)), standings)
    assert not new_findings(workbook.package)
    out = BytesIO()
    workbook.package.save(out)
    found = out.getvalue()
    after = Account(Reading(found), "crm_grading", HEADERS[lang][1])
    assert list(after.keys.values()) == expected
    before.later = after
    held(before, after, lang)
    bytes_held(data, found)
    charts_remember(after)
    if data != found:
        pivots_ask(after)
    again, standings = opened(found, lang)
    same = FormPlan("grading", plan.columns, list(range(max(len(expected), 1))), plan.gone)
    pour(again, Plan((same,)), standings)
    assert again.package.changed == set()
    return found


def opened(data: bytes, lang: str) -> tuple[Workbook, dict[str, Standing]]:
    """The workbook and where its form stands."""
    workbook = Workbook(Package.open(data))
    table = workbook.tables["crm_grading"]
    assert table.columns == HEADERS[lang]
    columns = {id: table.first_col + at for id, at in IDS.items()}
    return workbook, {"grading": Standing("grading", table.sheet.name, table, columns, (table.first_col + 4,), table.last_row)}  # fmt: skip


def planned(before: Account, noted: set[str], news: News, number: int) -> tuple[FormPlan, list[str]]:
    """What the form should hold, and its keys from top to bottom."""
    present = [before.keys.get(row) for row in range(before.first, before.last + 1)]
    rows = [at for at, key in enumerate(present) if key is not None]
    for pick in news.order:
        if rows:
            rows.append(rows.pop(pick % len(rows)))
    lost = {rows[pick % len(rows)] for pick in news.lost if rows}
    kept = [at for at in rows if at not in lost]
    for i, pick in enumerate(news.come):
        kept.insert(pick % (len(kept) + 1), -1 - i)
    gone = [at for at in sorted(lost) if present[at] in noted]
    source = [max(at, -1) for at in [*kept, *gone]]
    keys = [present[at] if at >= 0 else f"N{number}-{at}" for at in [*kept, *gone]]
    count = len(kept)
    sales = [1000.5 - i for i in range(count)]
    blank: list[None] = [None] * len(gone)
    columns = {
        "no": Written([*range(1, count + 1), *blank]),
        "customer_id": Written(keys),
        "sales": Written([*sales, *blank]),
        "share": Written([*(s / sum(sales) for s in sales), *blank], SHARE if source else None),
    }
    return FormPlan("grading", columns, source, frozenset(range(count, count + len(gone)))), keys


def held(before: Account, after: Account, lang: str) -> None:
    """Everything of the user's stands where it stood, and speaks of what it spoke of."""
    theirs = HEADERS[lang][4:]
    was, now = before.rows(theirs), after.rows(theirs)
    given_up = {f"‹{key}›" for key in set(before.keys.values()) - set(after.keys.values())}
    same({at: row for at, row in was.items() if at not in given_up}, now)
    come = {f"‹{key}›" for key in set(after.keys.values()) - set(before.keys.values())}
    assert now.keys() <= was.keys() | come
    same(before.cells(OWN), after.cells(OWN))
    for part, pieces in before.parts.items():
        assert after.parts[part] == pieces, part
    left, top, right, bottom = box(after.table.ref)
    assert (left, top, right) == box(before.table.ref)[:3]
    marks = [row for row, mark in sorted(after.marks.items())]
    assert [after.marks[row] for row in marks] == [before.marks[row] for row in sorted(before.marks)]
    below = [row for row in marks if after.marks[row] != "M#total"]
    assert below[0] > bottom
    filtering = next(e for e in after.table.root if e.tag.endswith("autoFilter"))
    assert box(filtering.get("ref")) == (left, top, right, after.last)


def same(was: dict[str, Any], now: dict[str, Any]) -> None:
    """All that was there is, one by one, so that a failure shows little."""
    for at, held in was.items():
        assert now.get(at) == held, at


def bytes_held(was: bytes, now: bytes) -> None:
    """Parts in their order, and those that nobody had to write byte for byte as they were packed."""
    before, after = stored(was), stored(now)
    assert list(before) == list(after)
    changed = {n for n in before if before[n] != after[n]}
    assert not {n for n in changed if n not in WRITTEN and not n.startswith(WRITTEN_IN)}


def charts_remember(after: Account) -> None:
    """What every chart remembers is what its cells say."""
    for sheet in (after.form.name, OWN):
        for ranges in after.book.charts(sheet).values():
            for said in ranges:
                pieces = said.formula.removeprefix("(").removesuffix(")").split(",")
                wanted = [v for piece in pieces for v in after.book.values(piece)]
                assert [_plain(p) for p in said.points] == [_plain(v) for v in wanted], said.formula


def pivots_ask(after: Account) -> None:
    """Every pivot table over the form is filled anew when the file is opened."""
    for part, data in after.book.parts.items():
        if "pivotCacheDefinition" in part and part.endswith(".xml"):
            assert etree.fromstring(data).get("refreshOnLoad") == "1"


def _plain(value: object) -> object:
    try:
        return round(float(str(value)), 6)
    except ValueError:
        return value or None


def others_open(data: bytes, *, strict: bool) -> None:
    """Other programs read the book, and the same words in it; openpyxl knows no strict ones."""
    grid = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    words = {v for row in grid for v in row if isinstance(v, str) and v.startswith("M#")}
    if not strict:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # openpyxl says what it does not know
            sheet = openpyxl.load_workbook(BytesIO(data)).worksheets[0]
        second = {v for row in sheet.iter_rows(values_only=True) for v in row if isinstance(v, str)}
        assert words <= second
