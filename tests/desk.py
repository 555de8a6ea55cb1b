"""One member of the staff at work in Excel: small edits, each on whatever row or column it happens to fall."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import note

from crmbook import forms
from tests.excel_edits import EDITS
from tests.excel_file import ExcelFile, M
from tests.excel_references import name_of, quoted, ref_of
from tests.staff import png

KEY = {"crm_grading": "客户代码", "crm_chain": "客户编号", "crm_customers": "客户编号", "crm_orders": "订单号"}
REPORTS = ("crm_grading", "crm_chain")
ASKED = {f"crm_{f.id}": [c.column.label.zh for c in f.asks] for f in forms.ALL}
OURS = {f"crm_{f.id}": [c.column.label.zh for c in f.shows] for f in forms.ALL}


@dataclass
class Desk:
    """The book on somebody's desk: the file open in Excel and what they know of it."""

    file: ExcelFile
    ours: dict[str, list[str]] = field(default_factory=lambda: {t: list(h) for t, h in OURS.items()})
    asked: dict[str, list[str]] = field(default_factory=lambda: {t: list(h) for t, h in ASKED.items()})
    typed_under: list[str] = field(default_factory=list)
    made: int = 0  # things named so far, so that no name comes twice

    def where(self, table: str, at: int) -> dict[str, Any] | None:
        """One of the table's rows, by its key; None where it has none."""
        found = self.file.tables[table]
        keys = [v for v in self.file.values(found, self.key(table)).values() if v is not None]
        return {self.key(table): keys[at % len(keys)]} if keys else None

    def key(self, table: str) -> str:
        return KEY[table]

    def theirs(self, table: str, at: int) -> str:
        """A header of theirs: asked of them, or a column they made."""
        columns = [h for h in self.file.tables[table].headers if h not in self.ours[table]]
        return columns[at % len(columns)]

    def any_header(self, table: str, at: int) -> str:
        headers = self.file.tables[table].headers
        return headers[at % len(headers)]

    def new_name(self, word: str) -> str:
        self.made += 1
        return f"{word}{self.made}"

    def do(self, what: str, **arguments: Any) -> None:
        note(f"{what} {arguments}")
        EDITS[what](self.file, **arguments)


def write_note(desk: Desk, table: str, row: int, column: int, said: object) -> None:
    where = desk.where(table, row)
    if where and table in REPORTS:
        desk.do("type", table=table, where=where, column=desk.theirs(table, column), value=said)


def colour_row(desk: Desk, table: str, row: int, rgb: str) -> None:
    if where := desk.where(table, row):
        desk.do("colour", table=table, where=where, rgb=rgb)


def pull_height(desk: Desk, table: str, row: int, points: int) -> None:
    if where := desk.where(table, row):
        desk.do("height", table=table, where=where, points=10.5 + points)


def note_on_cell(desk: Desk, table: str, row: int, column: int, said: str) -> None:
    where = desk.where(table, row)
    found = desk.file.tables[table]
    if where:
        at = (desk.file.row_of(found, where), found.column(header := desk.any_header(table, column)))
        comments = [t for _, kind, t in desk.file.related(desk.file.sheets[found.sheet]) if kind == "comments"]
        taken = {c.get("ref") for t in comments for c in desk.file.xml(t).iter("{*}comment")}
        if name_of(at[1], at[0]) not in taken:
            desk.do("comment", table=table, where=where, column=header, text=said, author="王芳")


def link_cell(desk: Desk, table: str, row: int, column: int) -> None:
    if where := desk.where(table, row):
        url = f"https://example.com/{desk.new_name('p')}"
        desk.do("link", table=table, where=where, column=desk.any_header(table, column), url=url)


def add_column(desk: Desk, table: str, before: int, formula: int) -> None:
    header = desk.new_name("自己的列")
    of = desk.any_header(table, formula)
    arguments: dict[str, Any] = {"formula": f"[@{of}]", "results": [1.0] * len(desk.file.tables[table].rows)} if formula % 3 == 0 else {}  # fmt: skip
    inside = desk.file.tables[table].headers[1:]  # before the first, it would stand beside the table
    desk.do("insert_column", table=table, before=inside[before % len(inside)], header=header, **arguments)


def rename(desk: Desk, table: str, column: int) -> None:
    old, new = desk.any_header(table, column), desk.new_name("改名")
    if old != desk.key(table):
        desk.do("rename_header", table=table, old=old, new=new)
        for headers in (desk.ours[table], desk.asked[table]):
            headers[:] = [new if h == old else h for h in headers]


def move_tab(desk: Desk, one: int, before: int) -> None:
    names = [n for n in desk.file.sheets if n != "_crmbook"]
    name, other = names[one % len(names)], names[before % len(names)]
    if name != other:
        desk.do("move_sheet", name=name, before=other)


def sort(desk: Desk, table: str, column: int) -> None:
    if desk.file.tables[table].root.find(f".//{M}filterColumn") is None:  # Excel would sort only what is shown
        desk.do("sort", table=table, column=desk.any_header(table, column))


def beside_or_below(desk: Desk, table: str, right: int, down: int, said: object) -> None:
    """Something written outside the table: to its right, or below with a blank row between."""
    found = desk.file.tables[table]
    left, _, last_column, last = found.area
    if right % 2:
        ref = name_of(last_column + 2, found.rows[down % len(found.rows)])
    else:
        ref = name_of(left + right % 4, last + 2 + down % 5)
    desk.do("type_at", sheet=found.sheet, ref=ref, value=said)


def own_sheet(desk: Desk, table: str, column: int) -> None:
    """A sheet of theirs that speaks of a table."""
    header = desk.any_header(table, column)
    cells = {"A1": "我", "A2": [f"COUNTA({table}[{header}])", 1.0], "A3": ["A1&A1", "我我"]}
    desk.do("own_sheet", name=desk.new_name("我的"), cells=cells)


def new_customer(desk: Desk) -> None:
    if is_taken_under(desk, "crm_customers"):
        return
    id = desk.new_name("N")
    desk.do("append_row", table="crm_customers", values={desk.key("crm_customers"): id, name_header(desk): f"新{id}"})


def is_taken_under(desk: Desk, table: str) -> bool:
    """True if something stands in the row under the table: nobody types over it."""
    found = desk.file.tables[table]
    return any(desk.file.value(cell) is not None for cell in desk.file.row(found.sheet, found.area[3] + 1))


def name_header(desk: Desk) -> str:
    """Where the customer's name stands; the staff may have renamed it."""
    return desk.asked["crm_customers"][ASKED["crm_customers"].index("客户名称")]


def new_order(desk: Desk, customer: int, money: float) -> None:
    headers = dict(zip(ASKED["crm_orders"], desk.asked["crm_orders"], strict=True))
    who = desk.where("crm_customers", customer)
    if who and not is_taken_under(desk, "crm_orders"):
        values = {"订单号": desk.new_name("X"), "日期": 46180 + customer % 20, "客户编号": next(iter(who.values())), "金额": money}  # fmt: skip
        desk.do("append_row", table="crm_orders", values={headers[h]: v for h, v in values.items()})


def lose_customer(desk: Desk, row: int) -> None:
    where = desk.where("crm_customers", row)
    if where and len(desk.file.tables["crm_customers"].rows) > 2:
        desk.do("delete_row", table="crm_customers", where=where)


def formula_on_cell(desk: Desk, table: str, row: int, column: int, of: int) -> None:
    """A plain formula in a cell of theirs: a cell of its own row, and one that stands fast."""
    where = desk.where(table, row)
    found = desk.file.tables[table]
    if where:
        at = desk.file.row_of(found, where)
        target, source = desk.theirs(table, column), desk.any_header(table, of)
        if target != source:
            ref = name_of(found.column(target), at)
            formula = f'{name_of(found.column(source), at)}&"/"&$A$1'
            desk.do("type_at", sheet=found.sheet, ref=ref, value="x", formula=formula)


def point_at(desk: Desk, table: str, down: int, said: str) -> None:
    """Something below a table, merged over two cells and marked by a picture, and a sheet of theirs that speaks of it."""
    found = desk.file.tables[table]
    left, _, _, last = found.area
    row = last + 3 + down % 4
    ref = name_of(left + 1, row)
    taken = {m.get("ref") for m in desk.file.sheet(found.sheet).iter(M + "mergeCell")}
    area = ref_of((left + 1, row, left + 2, row))
    if area in taken:
        return
    desk.do("type_at", sheet=found.sheet, ref=ref, value=said)
    merges = desk.file.child(found.sheet, "mergeCells")
    merges.append(merges.makeelement(M + "mergeCell", ref=area))
    merges.set("count", str(len(merges)))
    desk.do("picture", sheet=found.sheet, at=[left, row - 1], png=png(1))
    desk.do("own_sheet", name=desk.new_name("我的"), cells={"B2": [f"{quoted(found.sheet)}!{ref}", said]})


def change_amount(desk: Desk, row: int, money: float) -> None:
    """An order's amount typed over."""
    header = desk.asked["crm_orders"][ASKED["crm_orders"].index("金额")]
    if where := desk.where("crm_orders", row):
        desk.do("type", table="crm_orders", where=where, column=header, value=money)


def renumber(desk: Desk, row: int) -> None:
    """A customer gets another number: the old one has gone, and a new one has come."""
    if where := desk.where("crm_customers", row):
        desk.do("type", table="crm_customers", where=where, column=desk.key("crm_customers"), value=desk.new_name("R"))


def filter_rows(desk: Desk, table: str, row: int) -> None:
    """A filter by the row's key: all other rows are hidden."""
    where = desk.where(table, row)
    if where and desk.file.tables[table].root.find(f".//{M}filterColumn") is None:
        desk.do("filter", table=table, column=desk.key(table), values=[str(v) for v in where.values()])


def type_under(desk: Desk) -> None:
    """A customer typed directly under the table in a program that does not take it in."""
    found = desk.file.tables["crm_customers"]
    id, row = desk.new_name("U"), found.area[3] + 1
    headers = (desk.key("crm_customers"), name_header(desk))
    refs = [name_of(found.column(h), row) for h in headers]
    if not is_taken_under(desk, "crm_customers"):
        for ref, said in zip(refs, (id, f"底下{id}"), strict=True):
            desk.do("type_at", sheet=found.sheet, ref=ref, value=said)
        desk.typed_under.append(id)
