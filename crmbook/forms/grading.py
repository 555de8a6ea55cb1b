"""Customer grading: ABC by sales, a score and a grade for every customer, with what staff decided beside it."""

from collections.abc import Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

import pandas as pd

from crmbook.classifications.abc import ABC
from crmbook.classifications.grade import GRADE
from crmbook.features import Bars, Chart, Colours
from crmbook.form import GRADE_COLOURS, GRADE_LETTERS, NO, NOTE, Asks, Form, Given, Shows, blank
from crmbook.reading.formula_mode import DAY, THIS_YEAR
from crmbook.schema import CUSTOMERS, Choice, Column
from crmbook.settings import ALL as SETTINGS
from crmbook.tally import Tally, total
from crmbook.text import Text

WHO, BY_SALES = Text("客户", "Customer"), Text("销售额ABC分析", "ABC by sales")
SCORED, GRADED, REMARKS = Text("得分（百分制）", "Scores (of 100)"), Text("评分与等级", "Score and grade"), Text("说明", "Remarks")  # fmt: skip
POSITION, BY_SHARE = (next(c.name for s in SETTINGS for c in s.choices if c.id == id and s.id == of) for of, id in (("ABC_TIES", "position"), ("GRADE_RULE", "share")))  # fmt: skip
UNRATED = next(c.name for c in ABC.classes if c.id == "none")
UP, DOWN, SAME, NEW = (
    Choice("up", Text("升", "Up")), Choice("down", Text("降", "Down")), Choice("same", Text("平", "Same")), Choice("new", Text("新", "New")),
)  # fmt: skip
SCORES = ("sales", "profit", "credit", "active", "potential")

ALL_SALES = 'SUMIF([sales],">0")'
SHARE = f'IF([@sales]>0,[@sales]/{ALL_SALES},"")'
# Equal customers stand where the first of them does, or each in its place in the list; see classifications/abc.
CUMULATIVE = Text.same(
    'IF([@sales]>0,ROUND((SUMIF([sales],">"&[@sales])+[@sales]*IF(ABC_TIES="{position}",'
    'COUNTIFS([sales],[@sales],[no],"<="&[@no]),1))/SUMIF([sales],">0"),9),"")'
).fill(position=POSITION)
CLASS = Text.same(
    'IF([@sales]>0,IF(OR([@cumulative]<=ABC_A,IF(ABC_TIES="{position}",[@no]=1,[@sales]=MAX([sales]))),"A",'
    'IF([@cumulative]<=ABC_B,"B","C")),"{unrated}")'
).fill(position=POSITION, unrated=UNRATED)
SALES_SCORE = 'IF([@sales]>0,COUNTIFS([sales],">0",[sales],"<="&[@sales])/COUNTIF([sales],">0")*100,0)'
SCORE = f"ROUND(ROUND(({'+'.join(f'GRADE_W_{s.upper()}*[@{s}_score]' for s in SCORES)})/100,9),1)"
# By share: the part of the rated customers with a higher score, against the shares of the grades; see classifications/grade.
HIGHER = 'ROUND(COUNTIF([score],">"&[@score])/COUNTIF([score],">0"),9)'
SHARES = [f"ROUND({'+'.join(f'GRADE_SHARE_{letter}' for letter in letters)},9)" for letters in ("A", "AB", "ABC")]
SUGGESTED = Text.same(
    f'IF([@score]<=0,"D",IF(GRADE_RULE="{{by_share}}",'
    f'IF({HIGHER}<{SHARES[0]},"A",IF({HIGHER}<{SHARES[1]},"B",IF({HIGHER}<{SHARES[2]},"C","D"))),'
    'IF([@score]>=GRADE_A,"A",IF([@score]>=GRADE_B,"B",IF([@score]>=GRADE_C,"C","D")))))'
).fill(by_share=BY_SHARE)
CHANGE = Text.same('IF([@previous]="","{new}",IF([@final]=[@previous],"{same}",IF([@final]<[@previous],"{up}","{down}")))').fill(
    new=NEW.name, same=SAME.name, up=UP.name, down=DOWN.name
)  # fmt: skip
# The letter approved, in either case and width, without the blanks around it, as `form.Given.grades` reads it. FIND, as
# MATCH would take a ? for an A.
SPACED, BLANK = 'SUBSTITUTE({},{}," ")', ("CHAR(9)", "CHAR(10)", '"\u00a0"', '"\u3000"')
TYPED = f"TRIM({reduce(SPACED.format, BLANK, '[@approved]')})"
GRADES, LETTERS = "".join(GRADE_LETTERS.values()).upper(), "".join(GRADE_LETTERS)
FINAL = f'IFERROR(MID("{GRADES}",FIND(IF(LEN({TYPED})=1,{TYPED},"-"),"{LETTERS}"),1),[@suggested])'

ABC_COLUMN = Column("abc", ABC.label, "choice", ABC.classes)
FINAL_COLUMN = Column("final", Text("最终等级", "Final grade"), "choice", GRADE.classes)
SALES = Column("sales", Text("销售额", "Sales"), "money", help=Text("本期销售净额：发货减退货", "net sales of the period: shipped less returned"))  # fmt: skip
KINDS = (Text("关键客户 A", "Key A"), Text("普通客户 B", "Regular B"), Text("小客户 C", "Small C"), UNRATED)
COUNT = Text("客户数", "Customers")
BY_GRADE = Tally("by_grade", Text("按最终等级", "By final grade"), FINAL_COLUMN, COUNT, SALES)
BY_ABC = Tally("by_abc", Text("按销售额ABC", "By sales"), ABC_COLUMN, COUNT, SALES, labels=KINDS, bought=True)


def rows(given: Given) -> pd.DataFrame:
    """Every customer, the largest sales of the period first."""
    facts, before = given.facts, given.facts_before.reindex(given.facts.index)
    found = pd.DataFrame({"customer_id": facts.index, "name": facts["name"], "category": facts["top_category"]})
    found["sales"], found["abc"], found["day"] = facts["net_period"], facts["abc"], pd.Timestamp(given.settings.today)
    found["share"], found["cumulative"] = blank(facts["abc_share"]), blank(facts["abc_cumulative"])
    for score in SCORES:
        found[f"{score}_score"] = facts[f"grade_{score}_score"]
    found["score"], found["suggested"], found["basis"] = facts["grade_score"], facts["grade"], facts["grade_reason"]
    found["previous"] = blank(before["grade"].where(before["orders"] > 0))
    found["final"] = given.grades
    found["change"] = [_change(f, p) for f, p in zip(found["final"], found["previous"], strict=True)]
    found = found.sort_values("sales", ascending=False, kind="stable")
    return found.assign(no=range(1, len(found) + 1))


def _change(final: str, previous: str) -> str:
    """Letters near the beginning are the better grades."""
    if not previous:
        return NEW.id
    return SAME.id if final == previous else UP.id if final < previous else DOWN.id


def cells(given: Given, rows: pd.DataFrame) -> Mapping[str, Any]:
    """The two summaries and the sum of sales."""
    return {"total.sales": total(rows["sales"]), **BY_GRADE.values(rows), **BY_ABC.values(rows)}


def _score(id: str, label: Text, help: Text, formula: str | None = None) -> Shows:
    return Shows(Column(id, label, "score", help=help), formula=formula, band=SCORED)


def _grade(id: str, label: Text, formula: Text | None = None) -> Shows:
    return Shows(Column(id, label, "choice", GRADE.classes), formula=formula, band=GRADED)


GRADING = Form(
    "grading",
    Text("客户分级表", "Customer grading"),
    Text("每个客户的销售额ABC、评分与等级；核定等级由人填写", "ABC by sales, score and grade of every customer; staff may approve another"),
    ("customer_id",),
    (
        replace(NO, band=WHO),
        Shows(Column("customer_id", Text("客户代码", "Customer ID"), "id", help=Text("客户表中的客户编号", "the id in the sheet Customers")), width=10, band=WHO),
        Shows(CUSTOMERS.column("name"), band=WHO),
        Shows(Column("category", Text("产品种类", "Product category"), help=Text("近12月购买最多的类别", "the one most bought in 12 months")), band=WHO),
        Shows(SALES, total="SUBTOTAL(109,[sales])", band=BY_SALES, live=THIS_YEAR),
        Shows(Column("share", Text("占比", "Share"), "percent", help=Text("占全部为正的销售额", "of all sales above 0")), formula=SHARE, band=BY_SALES),
        Shows(Column("cumulative", Text("累计占比", "Cumulative"), "percent", help=Text("从大到小累加到本行", "from the largest down to this row")), formula=CUMULATIVE, band=BY_SALES),
        Shows(ABC_COLUMN, formula=CLASS, band=BY_SALES),
        _score("sales_score", Text("销售贡献", "Sales score"), Text("销售额不高于本客户者所占百分比", "the per cent of buyers who bought no more"), SALES_SCORE),
        _score("profit_score", Text("利润贡献", "Profit"), Text("毛利的百分位；成本未知为50", "percentile of the margin; 50 where no cost is known")),
        _score("credit_score", Text("付款信用", "Payment"), Text("按期付款占比×100，每逾期一天减半分；尚无到期款为50", "share paid on time × 100, less half a point per day overdue; 50 where nothing fell due")),
        _score("active_score", Text("合作活跃", "Activity"), Text("近12月订单数与拜访数的百分位（七三开）", "percentiles of orders (70 %) and visits (30 %) of 12 months")),
        _score("potential_score", Text("发展潜力", "Potential"), Text("潜在年购买额的百分位；未填则看增长", "percentile of the yearly potential, or of the growth where there is none")),
        Shows(Column("basis", Text("评分依据", "Basis"), "reason", help=Text("评分的来由，写成文字", "the score in words")), band=GRADED),
        replace(_score("score", Text("评分", "Score"), Text("五项得分按权重相加", "the five scores by their weights"), SCORE), band=GRADED),
        _grade("suggested", Text("系统建议等级", "Suggested grade"), SUGGESTED),
        _grade("previous", Text("上期等级", "Grade a year ago")),
        Shows(Column("change", Text("升降", "Change"), "choice", (UP, DOWN, SAME, NEW)), formula=CHANGE, band=GRADED),
        Asks(Column("approved", Text("核定等级", "Approved grade"), "choice", GRADE.classes), band=GRADED),
        Shows(FINAL_COLUMN, formula=FINAL, band=GRADED),
        Asks(Column("adjusted_why", Text("调整理由", "Why adjusted"), "long"), width=12, band=GRADED),
        replace(NOTE, width=12, band=REMARKS),
        Shows(DAY, band=REMARKS, hidden=True),
    ),
    rows=rows,
    cells=cells,
    features=(
        BY_GRADE.summary,
        BY_ABC.summary,
        Chart("pareto", "pareto", Text("销售额帕累托图", "Pareto of sales"), "name", ("sales",), ("cumulative",)),
        Chart("grades", "column", Text("各等级客户数与销售额占比", "Customers and sales by grade"), "label", ("count_share", "sum_share"), of="by_grade", percent=True),
        *(replace(GRADE_COLOURS, column=id) for id in ("suggested", "final")),
        Colours("abc", tuple(zip((c.name for c in ABC.classes), ("good", "fair", "warn", "muted"), strict=True))),
        Colours("change", ((UP.name, "good"), (DOWN.name, "bad"), (NEW.name, "fair"))),
        Bars("score"),
    ),
)  # fmt: skip
