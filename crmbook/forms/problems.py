"""Problem customers: what is wrong with whom, what to do, who does it by when; kept until staff mark it resolved."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from crmbook.classifications.grade import GRADE
from crmbook.features import Alert, Chart, Colours, Figure, Summary
from crmbook.figures.scores import records
from crmbook.form import GRADE_COLOURS, NO, NOTE, Asks, Form, Given, Shows
from crmbook.playbook import PROBLEMS as SCOPE
from crmbook.playbook import for_each, measures, on_lines, values
from crmbook.schema import CUSTOMERS, PEOPLE, Choice, Column
from crmbook.stood import stood
from crmbook.tally import Tally
from crmbook.text import LANGS, Text
from crmbook.troubles import KINDS, NAMES, RECOVERED, RED, RESOLVED, RULES, STANDING, YELLOW, Trouble, trends, troubles

STATES = (Choice("waiting", Text("待处理", "To do")), Choice("working", Text("处理中", "In progress")), RESOLVED)
WAS = Text("已恢复，原先：{was}", "Recovered; before: {was}")
STILL = Text("已标记解决，但仍有：{signs}", "Marked resolved, but there is still: {signs}")
AHEAD = tuple(said[lang].split("{")[0] for said in (WAS, STILL) for lang in LANGS)

CUSTOMER = CUSTOMERS.column("customer_id")
STATE = Column("state", Text("状态", "Status"), "choice", STATES, help=Text("改为“已解决”后，未再出现的问题移到表末；不再需要时可删除该行", "once marked resolved, what does not come back moves to the end; delete the row when you no longer need it"))  # fmt: skip
OURS = (
    Shows(CUSTOMER),
    Shows(CUSTOMERS.column("name")),
    Shows(Column("grade", Text("等级", "Grade"), "choice", GRADE.classes), width=6.5),
    Shows(Column("owner", Text("负责人", "Account manager"), help=Text("客户表中的客户经理", "as in the sheet Customers")), width=9.4),
    Shows(Column("range", Text("销售范围", "What we sell them"), "long", help=Text("近12月（无则历来）购买最多的三种产品", "the three products most bought in the last 12 months, or ever")), width=16),
    Shows(Column("place", Text("所在位置", "Place"), help=Text("省、市", "province and city")), width=11),
    Shows(Column("trend", Text("恶化趋势", "Trend"), "long", help=Text("销售额较去年同期的下降、等级较一年前的下降；没有下降则空白", "sales below the same days of last year, a grade below that of a year ago; blank if neither")), width=14),
    Shows(Column("signs", Text("问题表现", "What is wrong"), "long", help=Text("每个问题及其数字；列入后即使恢复也保留，直到标记已解决", "each problem with its figure; once listed it stays, recovered or not, until it is marked resolved")), width=40),
    Shows(Column("severity", Text("严重度", "Severity"), "choice", (RED, YELLOW, RECOVERED), help=Text("有一项达到严重界限即为严重", "serious if one of the problems is past its red limit")), width=9),
    Shows(Column("measures", Text("建议对策", "Suggested measures"), "long", help=Text("策略库中适用于本表的措施，按问题种类选取", "the playbook's measures for this form, by kind of problem")), width=46),
)  # fmt: skip
FOUND = Shows(Column("found_on", Text("发现日期", "Found on"), "date", help=Text("首次列入的日期", "the day it was first listed")))  # fmt: skip
KEPT = (*(c.column for c in OURS[1:]), FOUND.column, STATE)
HIDDEN = (
    Shows(Column("kinds", Text("问题种类", "Kinds"), help=Text("未解决的问题的名称", "the names of what is open")), hidden=True),
    Shows(STANDING, hidden=True),
)  # fmt: skip
BY_STANDING = Tally(
    "by_standing", Text("按处理情况", "By standing"), STANDING, Text("客户数", "Customers"), shares=False
)
BY_KIND = Summary(
    "by_kind",
    Text("按问题种类（未解决）", "By kind, open ones"),
    tuple(k.name for k in KINDS),
    (Figure("count", Text("客户数", "Customers"), "number", tuple(Text.same('COUNTIF([kinds],"*{name}*")').fill(name=k.name) for k in KINDS)),),
)  # fmt: skip


def rows(given: Given) -> pd.DataFrame:
    """Who has a problem or had one when the list was last made: open ones first, red before yellow, then recovered, resolved."""
    facts, settings = given.facts, given.settings
    now = facts[["name", "owner"]].assign(customer_id=facts.index, grade=given.grades, range=facts["preference"])
    now["place"] = [" ".join(p for p in where if isinstance(p, str)) for where in zip(facts["province"], facts["city"], strict=True)]  # fmt: skip
    now["trend"] = pd.Series(trends(facts, given.facts_before, settings), facts.index, object)
    every = troubles(facts, given.facts_before, settings)
    now["measures"] = pd.Series(_measures(given, every), facts.index, object)
    troubled = dict(zip(facts.index, every, strict=True))
    was = stood(given.present.get("problems"), CUSTOMER, KEPT, gone=True)
    listed = [id for id in facts.index if troubled[id] or id in was.index]
    now = now.loc[listed].astype(object)
    before = dict(zip(was.index, records(was), strict=True))
    lines = [_line(line, troubled[line["customer_id"]], before.get(line["customer_id"])) for line in records(now)]  # fmt: skip
    found = pd.DataFrame({c.column.id: [line[c.column.id] for line in lines] for c in (*OURS, FOUND, *HIDDEN)})
    found["found_on"] = pd.to_datetime(found["found_on"]).fillna(pd.Timestamp(settings.today))
    standing = found["standing"].map({c.id: at for at, c in enumerate(STANDING.choices)}).astype("float64")
    order = found.assign(standing=standing, sales=-facts["net_12m"].reindex(listed).to_numpy())
    found = found.loc[order.sort_values(["standing", "grade", "sales"], kind="stable").index]
    return found.assign(no=range(1, len(found) + 1)).reset_index(drop=True)


def _line(now: Mapping[Any, Any], troubled: tuple[Trouble, ...], was: Mapping[Any, Any] | None) -> dict[str, Any]:
    """A customer's row: its problems now; where there are none any more, what was shown, until the row is deleted."""
    resolved = was is not None and was["state"] == RESOLVED.id
    shown = {**now, "found_on": was["found_on"] if was else None, "kinds": None}
    if troubled:
        severity = RED.id if any(t.is_red for t in troubled) else YELLOW.id
        signs = Text.join([t.said for t in troubled], "\n", "\n")
        kinds = Text.join([NAMES[t.kind] for t in troubled], "、", ", ")
        return {**shown, "signs": STILL.fill(signs=signs) if resolved else signs, "severity": severity, "kinds": kinds, "standing": severity}  # fmt: skip
    kept = {id: value for id, value in (was or {}).items() if id != "state"}
    signs = WAS.fill(was=_before(kept["signs"]))
    if resolved and kept["severity"]:
        signs = signs if kept["severity"] == RECOVERED.id else Text.same(_before(kept["signs"]))
        return {**shown, **kept, "signs": signs, "standing": RESOLVED.id}
    standing = RESOLVED.id if resolved else RECOVERED.id
    return {**shown, "trend": kept["trend"], "measures": kept["measures"], "signs": signs, "severity": RECOVERED.id, "standing": standing}  # fmt: skip


def _before(signs: str | None) -> str:
    """The problems that a row showed, without what stood ahead of them."""
    return next((signs.removeprefix(a) for a in AHEAD if signs.startswith(a)), signs) if signs else "—"


def _measures(given: Given, troubled: list[tuple[Trouble, ...]]) -> list[Text]:
    """The playbook's measures for each customer's problems, filled in, with who and how soon."""
    known = values(given.facts, given.grades)
    by = measures(given.tables["playbook"], SCOPE, known.columns)
    chosen = [[m for t in some for m in by[t.kind]] for some in troubled]
    return for_each(known, chosen, on_lines, assigned=True)


def cells(given: Given, rows: pd.DataFrame) -> Mapping[str, Any]:
    """How many customers stand where, and how many have each kind of problem."""
    kinds = [said for said in rows["kinds"] if isinstance(said, Text)]
    return {
        **BY_STANDING.values(rows),
        **{f"by_kind.{at}.count": sum(k.name.zh in said.zh for said in kinds) for at, k in enumerate(KINDS)},
    }


PROBLEMS = Form(
    "problems",
    SCOPE.label,
    Text("哪些客户出了问题、怎么办、谁来办、何时办完", "Which customers are in trouble, what to do, who does it and by when"),
    ("customer_id",),
    (
        NO,
        *OURS,
        Asks(Column("response", Text("应对策略", "Our measures"), "long"), width=32),
        Asks(Column("responsible", Text("责任人", "Who"), offers=PEOPLE), width=10),
        FOUND,
        Asks(Column("deadline", Text("完成期限", "Done by"), "date")),
        Asks(STATE),
        Asks(Column("outcome", Text("处理结果", "Outcome"), "long"), width=28),
        *HIDDEN,
        NOTE,
    ),
    rows=rows,
    cells=cells,
    features=(
        BY_STANDING.summary,
        BY_KIND,
        Chart("kinds", "bar", Text("各类问题的客户数", "Customers by kind of problem"), "label", ("count",), of="by_kind"),
        Colours("severity", ((RED.name, "bad"), (YELLOW.name, "warn"), (RECOVERED.name, "good"))),
        GRADE_COLOURS,
        Colours("state", ((RESOLVED.name, "good"), (STATES[1].name, "fair"))),
        Alert("deadline", 'AND(ISNUMBER([@deadline]),[@kinds]<>"",[@deadline]<IF(AS_OF="",TODAY(),AS_OF))', "bad"),
        *(Alert(id, '[@kinds]=""', "muted") for id in ("name", "signs", "measures")),
    ),
    rules=RULES,
    group="follow_up",
    sign_off=(Text("负责人", "Account manager"), Text("销售部经理", "Sales manager"), Text("总经理", "General manager")),
)  # fmt: skip
