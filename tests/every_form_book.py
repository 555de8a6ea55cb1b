"""A small book that gives every report something to show, and what staff type on each of its rows."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from crmbook import book, forms
from crmbook.form import Form
from crmbook.schema import Column
from tests import excel_edits
from tests.reading import Key, Reading

TODAY = date(2026, 6, 30)
GOES = "K003"  # alone in its region, of its size and with its account manager
OWN = "我的一栏"
FIRST_DAY = 46_000  # as a sheet counts days
REPORTS = [f for f in forms.ALL if f.rows is not None]
CUSTOMERS = [
    [f"K{n:03d}", f"{name}公司", "海外" if f"K{n:03d}" == GOES else ("华东", "华北")[n % 2], size, owner, 100 * n, 30]
    for n, (name, size, owner) in enumerate(
        (
            ("安华", "大型", "王芳"), ("博达", "中型", "李强"), ("晨大", "超大", "赵敏"), ("东方", "中型", "王芳"),
            ("恒远", "小型", "李强"), ("丰盛", "大型", "王芳"),
        ),
        1,
    )
]  # fmt: skip


def build(folder: Path) -> Path:
    """The book, in `folder`: six customers with orders in two years, debts, visits, complaints and surveys."""
    source = folder / "source"
    source.mkdir(parents=True)
    days = [TODAY - timedelta(days=23 * n) for n in range(34)]
    ids = [row[0] for row in CUSTOMERS]
    tables: Mapping[str, tuple[str, Sequence[Sequence[object]]]] = {
        "customers": ("customer_id,name,region,size,owner,potential,term_days", CUSTOMERS),
        "products": ("product_id,name,category", [["P1", "阀门", "配件"], ["P2", "轴承", "配件"], ["P3", "电机", "整机"]]),
        "orders": (
            "order_id,line_no,date,customer_id,product_id,quantity,price,amount",
            [[f"D{n:03d}", 1, day, ids[n * n % 5 if n % 7 else 2], f"P{n % 3 + 1}", n % 4 + 1, 100, 100 * (n % 4 + 1)] for n, day in enumerate(days)],
        ),
        "payments": ("payment_id,date,customer_id,amount", [["S1", days[4], ids[0], 300], ["S2", days[6], ids[2], 100]]),
        "visits": ("visit_id,date,customer_id,visitor,state", [[f"V{n}", days[3 * n], id, "王芳", "完成"] for n, id in enumerate(ids[:4])]),
        "service": ("request_id,received,customer_id,type,level,content", [["F1", days[1], ids[2], "投诉", "P1", "漏油"], ["F2", days[2], ids[0], "投诉", "P2", "迟交"]]),
        "surveys": ("survey_id,date,customer_id,quality,delivery", [["M1", days[2], ids[1], "不满意", "一般"], ["M2", days[3], ids[2], "很不满意", "不满意"]]),
        "targets": ("month,scope,object,amount", [["2026-05-01", "区域", "华东", 900], ["2026-05-01", "客户经理", "王芳", 500]]),
    }  # fmt: skip
    for name, (header, rows) in tables.items():
        with (source / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header.split(","), *rows])
    book.build(folder / "book.xlsx", source=source, as_of=TODAY)
    return folder / "book.xlsx"


def headers(form: Form) -> list[str]:
    """The headers of its key."""
    return [next(c.column.label.zh for c in form.columns if c.column.id == id) for id in form.key]


def keys(form: Form, reading: Reading) -> dict[Key, int]:
    """The rows of a report by key."""
    table = reading.tables.get(form.table)
    return table.keys(*headers(form)) if table else {}


def words(form: Form, key: Key) -> dict[str, object]:
    """What staff type on the row, by header: in every cell it asks for, and in a column of their own."""
    return {**{a.column.label.zh: _word(a.column, key) for a in form.asks}, OWN: f"自写{key}"}


def _word(column: Column, key: Key) -> object:
    if column.choices:
        return column.choices[0].name.zh
    if column.kind in {"date", "number", "money", "score"}:
        return float(FIRST_DAY + len(str(key)))
    return f"{column.label.zh}{key}"


def type_everywhere(path: Path, reading: Reading) -> None:
    """Every row of every report gets its words; each report a column of staff's own, before the last."""
    edits: list[excel_edits.Edit] = []
    for form in REPORTS:
        rows = [(dict(zip(headers(form), key, strict=True)), key) for key in keys(form, reading)]
        if not rows:
            continue
        for where, key in rows:
            said = {header: word for header, word in words(form, key).items() if header != OWN}
            edits += [
                {"do": "type", "table": form.table, "where": where, "column": h, "value": w} for h, w in said.items()
            ]
        last = reading.tables[form.table].headers[-1]
        values = [(where, f"自写{key}") for where, key in rows]
        edits.append({"do": "insert_column", "table": form.table, "before": last, "header": OWN, "values": values})
    excel_edits.edit(path, edits)


def said(form: Form, reading: Reading, key: Key) -> dict[str, object]:
    """What stands on the row in the cells that are staff's."""
    table, row = reading.tables[form.table], keys(form, reading)[key]
    return {header: table.cell(row, header).value for header in words(form, key)}
