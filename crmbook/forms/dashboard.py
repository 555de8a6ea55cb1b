"""The first page: key figures against last year, charts, who is at the top and who at risk, what to do today, the way to
every sheet."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from crmbook import overview
from crmbook.features import Chart, Item, Kpi, Kpis, Links, Listing
from crmbook.form import Form, Given
from crmbook.overview import UNKNOWN, under
from crmbook.text import Text
from crmbook.troubles import RED, YELLOW

ON_LAST_YEAR = Text("较上年同日", "on last year")
LINES, MOVES, CHART_ROWS = 10, 10, 12
ROUNDED = "ROUND(SUM({of}),2)"
IF_ANY = f'IF(COUNT({{of}})=0,"{UNKNOWN}",ROUND(SUM({{of}}),2))'
NET, BEFORE, MARGIN, COSTED, TARGET = (
    ROUNDED.format(of=of)
    for of in ("sales[this_year]", "sales[before]", "sales[margin]", "sales[costed]", "regions[target]")
)
OPEN = Text.same('COUNTIF(problems[standing],"{red}")+COUNTIF(problems[standing],"{yellow}")').fill(red=RED.name, yellow=YELLOW.name)  # fmt: skip
DUE = 'COUNTIF(visit_plan[due],"<="&MAX(visit_plan[day]))'  # today is the day of the plan, as in the value beside it
# The line with that number, wherever staff sorted the sheet; blank where there is none, and in words if there is no line.
LINE = "IFERROR(IF({when},{found}{text},{none}),{none})"
FOUND = "INDEX({form}[{what}],MATCH({{n}},{form}[no],0))"
BOUGHT, OPENED, ANY = (
    "INDEX(sales[this_year],MATCH({n},sales[no],0))>0",
    'INDEX(problems[kinds],MATCH({n},problems[no],0))<>""',
    "MATCH({n},changes[no],0)>0",
)
NAME = Text("客户", "Customer")


def cells(given: Given, rows: pd.DataFrame) -> Mapping[str, Any]:
    """Key figures, the lists, and what is written by no formula."""
    figures = overview.standing(given)
    large = {f"large.{kpi.id}" for kpi in LARGE.cards}
    shown = {f"{'large' if f'large.{id}' in large else 'small'}.{id}.{part}": value for (id, part), value in ((name.split("."), value) for name, value in figures.items())}  # fmt: skip
    return {
        **shown,
        **under("top", overview.top(given, LINES)),
        **under("risks", overview.risks(given, LINES)),
        **under("to_do", overview.to_do(given, LINES)),
        **under("moves", overview.moves(given, MOVES)),
    }


def _line(form: str, what: str, when: str, text: str = "", none: Text | None = None) -> Text:
    words = Text.same('""') if none is None else Text.same('IF({{n}}=1,"{none}","")').fill(none=none)
    found = FOUND.format(form=form, what=what)
    if what == "name":
        found = overview.SHORT.format(name=found)
    return Text.same(LINE).fill(found=found, when=when, text=text, none=words)


LARGE = Kpis(
    "large",
    (
        Kpi("sales", Text("销售额", "Sales"), "money", NET, ON_LAST_YEAR, f'IF({BEFORE}>0,{NET}/{BEFORE}-1,"")'),
        Kpi("margin", Text("毛利率", "Gross margin"), "percent", f'IF({COSTED}>0,{MARGIN}/{COSTED},"{UNKNOWN}")', ON_LAST_YEAR, change=True, change_kind="points"),
        Kpi("achieved", Text("目标完成率", "Target achieved"), "percent", f'IF({TARGET}>0,ROUND(SUM(regions[net]),2)/{TARGET},"{UNKNOWN}")', Text("区域目标合计", "of the regions' targets")),
        Kpi("receivable", Text("应收余额", "Receivable"), "money", IF_ANY.format(of="regions[receivable]"), ON_LAST_YEAR, change=True, good="down"),
        Kpi("overdue", Text("逾期货款", "Overdue"), "money", IF_ANY.format(of="sales[overdue]"), ON_LAST_YEAR, change=True, good="down"),
        Kpi("satisfaction", Text("满意度", "Satisfaction"), "score", None, ON_LAST_YEAR, change=True, change_kind="score"),
    ),
    tall=True,
)  # fmt: skip
SMALL = Kpis(
    "small",
    (
        Kpi("active", Text("活跃客户", "Active customers"), "number", 'COUNTIF(sales[orders],">0")', ON_LAST_YEAR, change=True, change_kind="number"),
        Kpi("new", Text("新增客户", "New customers"), "number", "SUM(regions[new])", ON_LAST_YEAR, change=True, change_kind="number"),
        Kpi("lost", Text("流失客户", "Lost customers"), "number", "SUM(regions[lost])", ON_LAST_YEAR, change=True, good="down", change_kind="number"),
        Kpi("visits", Text("完成拜访", "Visits done"), "number", "SUM(regions[visits])", ON_LAST_YEAR, change=True, change_kind="number"),
        Kpi("due", Text("到期应访", "Visits due"), "number", DUE, Text("家客户", "customers")),
        Kpi("complaints", Text("未结投诉", "Open complaints"), "number", None, ON_LAST_YEAR, change=True, good="down", change_kind="number"),
        Kpi("problems", Text("问题客户", "Problem customers"), "number", OPEN, Text("家未解决", "not settled")),
        Kpi("checks", Text("数据问题", "Data problems"), "number", "COUNT(checks[no])", Text("条，见检查", "see Checks")),
    ),
)  # fmt: skip

DASHBOARD = Form(
    "dashboard",
    Text("首页", "Home"),
    Text("经营一览：与上年同期比较，谁在前，谁有风险，今天做什么", "The business at a glance: against last year, who leads, who is at risk, what to do today"),
    page=(
        ((LARGE, 24),),
        ((SMALL, 24),),
        (
            (Chart("months", "column", Text("各月销售额：本年与上年", "Sales by month, this year and last"), "label", ("this", "last"), of="months", form="sales", rows_high=CHART_ROWS, quiet=("last",)), 8),
            (Chart("grades", "column", Text("各等级客户数", "Customers by grade"), "label", ("count",), of="by_grade", form="grading", rows_high=CHART_ROWS), 4),
            (Chart("stages", "bar", Text("各阶段客户数", "Customers by stage"), "label", ("count",), of="stages", form="chain", rows_high=CHART_ROWS), 5),
            (
                Listing(
                    "moves",
                    Text("最近的变动", "What changed last"),
                    (Item("name", NAME, "text", _line("changes", "name", ANY, none=overview.NO_MOVES), 4), Item("move", Text("原来→现在", "Before→now"), "text", _line("changes", "was", ANY, '&"→"&INDEX(changes[now],MATCH({n},changes[no],0))'), 2)),
                    MOVES,
                ),
                6,
            ),
        ),
        (
            (
                Listing(
                    "top",
                    Text("销售额前十名客户", "Ten largest customers"),
                    (Item("name", NAME, "text", _line("sales", "name", BOUGHT, none=overview.NO_SALES), 3), Item("sales", Text("本年累计", "This year"), "number", _line("sales", "this_year", BOUGHT), 2), Item("growth", Text("同比", "Growth"), "percent", _line("sales", "growth", BOUGHT))),
                    LINES,
                ),
                6,
            ),
            (
                Listing(
                    "risks",
                    Text("风险客户", "Customers at risk"),
                    (Item("name", NAME, "text", _line("problems", "name", OPENED, none=overview.NO_RISKS), 3), Item("severity", Text("严重度", "Severity"), "choice", _line("problems", "severity", OPENED)), Item("kinds", Text("问题", "What is wrong"), "text", _line("problems", "kinds", OPENED), 4)),
                    LINES,
                    ((RED.name, "bad"), (YELLOW.name, "warn")),
                ),
                8,
            ),
            (
                Listing(
                    "to_do",
                    Text("今天和一周内要做的事", "To do today and this week"),
                    (Item("day", Text("日期", "Date"), "date", None, 2), Item("name", NAME, "text", None, 3), Item("what", Text("事项", "What"), "text", None, 3)),
                    LINES,
                ),
                8,
            ),
        ),
        ((Links("links"), 24),),
    ),
    cells=cells,
    sign_off=(),
)  # fmt: skip
