"""Checks: every problem in the data, with a link to its cell, what is wrong and how to mend it."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import pandas as pd

from crmbook import schema
from crmbook.features import Colours
from crmbook.form import NO, Form, Given, Shows
from crmbook.problems import Problem
from crmbook.schema import Choice, Column
from crmbook.tally import Tally
from crmbook.text import LANGS, Text

ERROR, WARNING = Choice("error", Text("错误", "Error")), Choice("warning", Text("提醒", "Warning"))
SEVERITY = Column("severity", Text("严重度", "Severity"), "choice", (ERROR, WARNING))
COUNT = Column("count", Text("行数", "Rows"), "number", help=Text("同一问题涉及的行", "rows with the same problem"))
OPEN, UNIT = Text("打开", "Open"), Text("单位：条", "Unit: problems")
A_FILE = re.compile(r"[^!]+\.\w+(:.*)?")  # orders.csv:17, not a cell of this workbook
# Only a place inside this workbook (sheet!cell) can be opened; the sheet's name may need quotes.
LINK = Text.same(
    'IFERROR(HYPERLINK("#\'"&SUBSTITUTE(LEFT([@where],FIND("!",[@where])-1),"\'","")&"\'!"'
    '&MID([@where],FIND("!",[@where])+1,99),"{open}"),"")'
).fill(open=OPEN)
SEVERITIES = Tally(
    "severities", Text("问题汇总", "Problems"), SEVERITY, Text("问题数", "Problems"), COUNT, shares=False
)


def rows(given: Given) -> pd.DataFrame:
    """The problems, errors first, otherwise in the order found, those of files last; the same thing said twice is one row."""
    merged: dict[tuple[str, Text], tuple[Problem, int]] = {}
    for p in given.problems:
        first, count = merged.get((p.where, p.what), (p, 0))
        merged[p.where, p.what] = (first, count + p.count)
    lines: list[tuple[Any, ...]] = [
        (p.severity, OPEN if "!" in p.where else "", p.where, _table(given, p.form), p.key, p.what.sentence(), p.fix.sentence(), count)
        for p, count in merged.values()
    ]  # fmt: skip
    lines += _of_files(given, {(line[2], line[5][lang]) for line in lines for lang in LANGS})
    lines.sort(key=lambda line: (line[0] != ERROR.id, bool(A_FILE.fullmatch(line[2]))))
    numbered = [(no, *line) for no, line in enumerate(lines, 1)]
    return pd.DataFrame(numbered, columns=[c.column.id for c in CHECKS.columns], dtype=object)


def _of_files(given: Given, said: Collection[tuple[str, str]]) -> Iterator[tuple[Any, ...]]:
    """What was found in the files the book was built from, as it stands: no refresh reads these again. Who has seen to such
    a row deletes it."""
    present = given.present.get("checks")
    ids = ("severity", "open", "form", "row_key", "fix", "count")
    if present is None or not set(ids) <= set(present):
        return
    for key, (severity, _, *rest) in zip(present.index, present[list(ids)].to_numpy().tolist(), strict=True):
        if A_FILE.fullmatch(str(key[0])) and key not in said:
            id = next((c.id for c in SEVERITY.choices if severity in {c.name.zh, c.name.en}), WARNING.id)
            yield id, "", str(key[0]), rest[0], rest[1], key[1], *rest[2:]


def _table(given: Given, id: str) -> Text:
    return schema.BY_ID[id].label if id in schema.BY_ID else given.titles.get(id, Text.same(id))


def cells(given: Given, rows: pd.DataFrame) -> Mapping[str, Any]:
    """The unit, and the summary: problems and rows of data by severity."""
    return {"unit": UNIT, **SEVERITIES.values(rows)}


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
        Shows(
            Column("open", OPEN, help=Text("点击跳到出问题的单元格", "click to go to the cell")), formula=LINK, width=8
        ),
        Shows(Column("where", Text("位置", "Where"), help=Text("工作表和单元格", "sheet and cell")), width=18),
        Shows(
            Column("form", Text("表单", "Form"), help=Text("问题所在的数据表", "the table of data it is in")), width=12
        ),
        Shows(Column("row_key", Text("编号", "Row"), help=Text("该行的编号", "the row's id")), width=16),
        Shows(Column("what", Text("问题", "What is wrong"), "long", help=Text("哪里不对", "what was found")), width=44),
        Shows(
            Column(
                "fix",
                Text("处理方法", "How to mend it"),
                "long",
                help=Text("怎么改，改正前如何计算", "what to do, and how the row counts until then"),
            ),
            width=44,
        ),
        Shows(COUNT, width=8),
    ),
    rows=rows,
    cells=cells,
    features=(
        SEVERITIES.summary,
        Colours("open", ((OPEN, "fair"),)),
        Colours("severity", ((ERROR.name, "bad"), (WARNING.name, "warn"))),
    ),
    group="system",
    sign_off=(),
)
