"""A small book in which customers fall into trouble, recover and are marked resolved, in either language."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from crmbook import book, forms
from crmbook.form import Form
from crmbook.text import Lang
from tests import excel_edits
from tests.reading import Reading

TODAY = date(2026, 6, 30)
BY_ID = {f.id: f for f in forms.ALL}
# Less than half of last year's; owes since February; without a fault.
FALLEN, OWES, SOUND = "K1", "K2", "K3"
TABLES: Mapping[str, list[tuple[object, ...]]] = {
    "customers": [
        ("customer_id", "name", "province", "city", "owner", "term_days"),
        (FALLEN, "安华", "江苏", "苏州", "王芳", 30),
        (OWES, "博达", "广东", "深圳", "李强", 30),
        (SOUND, "晨大", "四川", "成都", "王芳", 30),
    ],
    "orders": [
        ("order_id", "line_no", "date", "customer_id", "amount"),
        *((f"A{month}", 1, f"2025-{month:02}-15", id, 1000) for id in (FALLEN,) for month in (2, 3, 4, 5)),
        ("A9", 1, "2026-06-10", FALLEN, 1500),
        ("B1", 1, "2026-02-10", OWES, 900),
        ("B2", 1, "2026-06-20", OWES, 100),
        ("C1", 1, "2026-06-20", SOUND, 800),
    ],
    "payments": [("payment_id", "date", "customer_id", "amount"), ("R1", "2026-06-11", FALLEN, 5500)],
    "visits": [
        ("visit_id", "date", "customer_id", "state"),
        *((f"V{id}", "2026-06-25", id, "done") for id in (FALLEN, OWES, SOUND)),
    ],
}


@dataclass
class TroubleBook:
    """The book in a folder, and what one does to it; columns go by their ids, customers by theirs."""

    path: Path
    lang: Lang

    @classmethod
    def build(cls, folder: Path, lang: Lang = "zh") -> "TroubleBook":
        source = folder / f"source-{lang}"
        source.mkdir()
        for name, rows in TABLES.items():
            with (source / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
        path = folder / f"book-{lang}.xlsx"
        book.build(path, source=source, lang=lang, as_of=TODAY, forms=["grading", "chain", "problems", "changes"])
        return cls(path, lang)

    def header(self, form: str, column: str) -> str:
        return next(c.column.label[self.lang] for c in BY_ID[form].columns if c.column.id == column)

    def type(self, form: str, customer: str, **words: object) -> None:
        """Into the customer's row of a form."""
        where = {self.header(form, "customer_id"): customer}
        edits = [{"do": "type", "table": f"crm_{form}", "where": where, "column": self.header(form, id), "value": word} for id, word in words.items()]  # fmt: skip
        excel_edits.edit(self.path, edits)

    def add(self, form: str, **values: object) -> None:
        """A row under an entry form's table."""
        named = {self.header(form, id): value for id, value in values.items()}
        excel_edits.edit(self.path, [{"do": "append_row", "table": f"crm_{form}", "values": named}])

    def delete(self, form: str, customer: str) -> None:
        where = {self.header(form, "customer_id"): customer}
        excel_edits.edit(self.path, [{"do": "delete_row", "table": f"crm_{form}", "where": where}])

    def refresh(self, day: date = TODAY) -> bool:
        """True if the file was written; nothing may be left over that is no longer in the data."""
        outcome = book.refresh(self.path, as_of=day)
        assert [p.what.en for p in outcome.problems if "no longer in the data" in p.what.en] == []
        return outcome.wrote

    def rows(self, form: str) -> list[dict[str, object]]:
        """What stands in a report, from the top, by column ids; a blank row is none."""
        table, columns = Reading(self.path).tables[f"crm_{form}"], _ids(BY_ID[form])
        found = [{id: table.cell(row, self.header(form, id)).value for id in columns} for row in table.rows]
        return [row for row in found if row["no"] is not None]

    def row(self, form: str, customer: str) -> dict[str, object]:
        return next(row for row in self.rows(form) if row["customer_id"] == customer)


def _ids(form: Form) -> list[str]:
    return [c.column.id for c in form.columns]
