"""Checks: every problem in the data, with a link to its cell, what is wrong and how to mend it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from crmbook import schema
from crmbook.features import Colours
from crmbook.form import NO, Form, Given, Shows
from crmbook.problems import Problem
from crmbook.schema import Choice, Column
from crmbook.tally import Tally
from crmbook.text import Text

ERROR, WARNING = Choice("error", Text("错误", "Error")), Choice("warning", Text("提醒", "Warning"))
SEVERITY = Column("severity", Text("严重度", "Severity"), "choice", (ERROR, WARNING))
COUNT = Column("count", Text("行数", "Rows"), "number")
OPEN = Text("打开", "Open")
# Only a place inside this workbook (sheet!cell) can be opened; the sheet's name may need quotes.
LINK = Text.same(
    'IFERROR(HYPERLINK("#\'"&SUBSTITUTE(LEFT([@where],FIND("!",[@where])-1),"\'","")&"\'!"'
    '&MID([@where],FIND("!",[@where])+1,99),"{open}"),"")'
).fill(open=OPEN)
SEVERITIES = Tally(
    "severities", Text("问题汇总", "Problems"), SEVERITY, Text("问题数", "Problems"), COUNT, shares=False
)


def rows(given: Given) -> pd.DataFrame:
    """The problems, errors first, otherwise in the order found; the same thing said twice is one row."""
    merged: dict[tuple[str, Text], tuple[Problem, int]] = {}
    for p in given.problems:
        first, count = merged.get((p.where, p.what), (p, 0))
        merged[p.where, p.what] = (first, count + p.count)
    found = sorted(merged.values(), key=lambda pair: pair[0].severity != ERROR.id)
    lines = [
        (
            no,
            p.severity,
            OPEN if "!" in p.where else "",
            p.where,
            _table(p.form),
            p.key,
            p.what.sentence(),
            p.fix.sentence(),
            count,
        )
        for no, (p, count) in enumerate(found, 1)
    ]
    return pd.DataFrame(lines, columns=[c.column.id for c in CHECKS.columns], dtype=object)


def _table(id: str) -> Text:
    return schema.BY_ID[id].label if id in schema.BY_ID else Text.same(id)


def cells(given: Given, rows: pd.DataFrame) -> Mapping[str, Any]:
    """The summary: problems and rows of data by severity."""
    return SEVERITIES.values(rows)


CHECKS = Form(
    "checks",
    Text("检查", "Checks"),
    Text(
        "数据中的每个问题：在哪里、是什么、怎么改；有错误的行不计入统计",
        "Every problem in the data: where, what, how to mend it; rows with an error are left out of the figures",
    ),
    ("where", "what"),
    (
        NO,
        Shows(SEVERITY, width=10),
        Shows(Column("open", OPEN), formula=LINK, width=8),
        Shows(Column("where", Text("位置", "Where")), width=18),
        Shows(Column("form", Text("表单", "Form")), width=12),
        Shows(Column("row_key", Text("编号", "Row")), width=16),
        Shows(Column("what", Text("问题", "What is wrong"), "long"), width=44),
        Shows(Column("fix", Text("处理方法", "How to mend it"), "long"), width=44),
        Shows(COUNT, width=8),
    ),
    rows=rows,
    cells=cells,
    features=(
        SEVERITIES.summary,
        Colours("open", ((OPEN, "fair"),)),
        Colours("severity", ((ERROR.name, "bad"), (WARNING.name, "warn"))),
    ),
    sign_off=(),
)
