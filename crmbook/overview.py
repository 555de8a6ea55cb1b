"""The figures of the first page: how the business stands, who is at the top, who at risk, what is to be done today."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pandas as pd

from crmbook.figures import coming
from crmbook.form import Given
from crmbook.rates import growth_of_sums, if_any, rate_of_sums
from crmbook.schema import CUSTOMERS, Column
from crmbook.stood import stood
from crmbook.tally import total
from crmbook.text import LANGS, Text, in_days, said
from crmbook.troubles import RED, YELLOW

UNKNOWN = "—"  # stands where nothing is known
LONGEST, WIDE = (
    24,
    15,
)  # letters of a name in a list, and of one in Chinese: more would be shrunk until nobody reads them
IS_WIDE = f"EXACT(UPPER(LEFT({{name}},{WIDE})),LOWER(LEFT({{name}},{WIDE})))"  # Chinese has no capitals
SHORT = f'IF(LEN({{name}})>IF({IS_WIDE},{WIDE},{LONGEST}),LEFT({{name}},IF({IS_WIDE},{WIDE},{LONGEST})-1)&"…",{{name}})'
SOON = 7  # days ahead that the list of what is to be done looks
DATED, GREETED = 5, 3  # of its lines at most for deadlines and follow-ups, for anniversaries; the others are visits
VISIT, LATE = Text("拜访", "Visit"), Text("拜访，已过 {days} 天", "Visit, {days} late")
DEADLINE, FOLLOW_UP, GREETING = (
    Text("问题客户对策到期", "Measures are due"),
    Text("约定跟进", "Follow-up"),
    Text("纪念日，送上问候", "Anniversary, send greetings"),
)
NO_SALES, NO_RISKS = Text("本期没有销售", "No sales in the period"), Text("没有问题客户", "No problem customers")
NO_MOVES, NOTHING_TO_DO = Text("还没有变动", "Nothing has changed yet"), Text("没有待办事项", "Nothing to do")


def standing(given: Given) -> dict[str, Any]:
    """Each key figure as `<id>.value`, with `<id>.change` against the same days of last year where there is one."""
    now, then, settings = given.facts, given.facts_before, given.settings
    before = settings.a_year_earlier()
    troubled, checks, plan = (given.made.get(form) for form in ("problems", "checks", "visit_plan"))
    values = {
        "sales": total(now["net_period"]),
        "margin": _known(_margin(now)),
        "achieved": _known(_achieved(given)),
        "receivable": _known(if_any(now["receivable"])),
        "overdue": _known(if_any(now["overdue"])),
        "satisfaction": _satisfaction(now),
        "active": int((now["orders_period"] > 0).sum()),
        "new": int(coming.new(now, settings).sum()),
        "lost": int(coming.lost(now, settings).sum()),
        "visits": int(now["visits_period"].sum()),
        "due": UNKNOWN if plan is None else int((plan["due"] <= pd.Timestamp(settings.today)).sum()),
        "complaints": int(now["complaints_open"].sum()),
        "problems": UNKNOWN if troubled is None else int(troubled["standing"].isin([RED.id, YELLOW.id]).sum()),
        "checks": UNKNOWN if checks is None else len(checks),
    }
    was = {
        "margin": _margin(then),
        "satisfaction": _satisfaction(then),
        "active": int((then["orders_period"] > 0).sum()),
        "new": int(coming.new(then, before).sum()),
        "lost": int(coming.lost(then, before).sum()),
        "visits": int(then["visits_period"].sum()),
        "complaints": int(then["complaints_open"].sum()),
    }
    changes = {id: _less(values[id], was[id]) for id in was}
    changes["margin"] = changes["margin"] if changes["margin"] == "" else changes["margin"] * 100  # in points
    changes["sales"] = growth_of_sums(now["net_period"], now["net_before"])
    for id in ("receivable", "overdue"):
        changes[id] = growth_of_sums(now[id], then[id]) if now[id].notna().any() else ""
    return {f"{id}.value": value for id, value in values.items()} | {f"{id}.change": c for id, c in changes.items()}


def _known(value: Any) -> Any:
    return UNKNOWN if value == "" else value


def _less(now: Any, before: Any) -> Any:
    """The difference, where both are known."""
    return round(now - before, 9) if not isinstance(now, str) and not isinstance(before, str) else ""


def _margin(facts: pd.DataFrame) -> Any:
    """Margin / net sales of the lines whose cost is known."""
    return rate_of_sums(facts["margin_period"], (facts["margin_period"] + facts["cost_period"]).round(2))


def _achieved(given: Given) -> Any:
    """Sales of the period / the regions' targets for it."""
    regions = given.made.get("regions")
    return "" if regions is None else rate_of_sums(regions["net"], regions["target"])


def _satisfaction(facts: pd.DataFrame) -> Any:
    """The mean of the customers' latest surveys, in points."""
    return UNKNOWN if facts["satisfaction"].isna().all() else round(float(facts["satisfaction"].mean()), 1)


def top(given: Given, lines: int) -> dict[str, Any]:
    """The customers with the largest sales of the period: `<line>.name`, `.sales`, `.growth`; blank beyond the last."""
    rows = given.made.get("sales", pd.DataFrame(columns=["name", "this_year", "growth"]))
    rows = rows[pd.to_numeric(rows["this_year"]) > 0]
    return _lines(
        zip(rows["name"], rows["this_year"], rows["growth"], strict=True), ("name", "sales", "growth"), lines, NO_SALES
    )


def risks(given: Given, lines: int) -> dict[str, Any]:
    """Who stands at the head of the list of problem customers: `<line>.name`, `.severity`, `.kinds`."""
    rows = given.made.get("problems", pd.DataFrame(columns=["name", "severity", "kinds"])).head(lines)
    words = {c.id: c.name for c in (RED, YELLOW)}
    found = [
        (name, words.get(severity, ""), kinds)
        for name, severity, kinds in zip(rows["name"], rows["severity"], rows["kinds"], strict=True)
        if isinstance(kinds, Text)  # those that recovered or are resolved stand behind the others
    ]
    return _lines(found, ("name", "severity", "kinds"), lines, NO_RISKS)


def moves(given: Given, lines: int) -> dict[str, Any]:
    """What the last refreshes changed, the newest first: `<line>.name`, `.move`."""
    rows = given.made.get("changes", pd.DataFrame(columns=["name", "was", "now"])).head(lines)
    found = [
        (name, Text(*(f"{said(_or_blank(was), lang)}→{said(_or_blank(now), lang)}" for lang in LANGS)))
        for name, was, now in zip(rows["name"], rows["was"], rows["now"], strict=True)
    ]
    return _lines(found, ("name", "move"), lines, NO_MOVES)


def to_do(given: Given, lines: int) -> dict[str, Any]:
    """What is to be done today and in the days ahead: `<line>.day`, `.name`, `.what`; of the visits those first in their plan."""
    today = pd.Timestamp(given.settings.today)
    soon = today + timedelta(days=SOON)
    dated = [(day, name, DEADLINE) for day, name in _deadlines(given) if day <= soon]
    dated += [(day, name, FOLLOW_UP) for day, name in _follow_ups(given) if day <= soon]
    dated = sorted(dated, key=lambda line: line[0])[:DATED]
    plan = given.made.get("visit_plan", pd.DataFrame({"due": pd.Series(dtype="datetime64[ns]"), "name": []}))
    # Who was to be visited before today comes before greetings, and these before the visits of the days ahead.
    late = int((plan["due"] < today).sum())
    greetings = [(day, name, GREETING) for day, name in _anniversaries(given, today) if day <= soon]
    dated += sorted(greetings, key=lambda line: line[0])[: max(0, min(GREETED, lines - len(dated) - late))]
    plan = plan[plan["due"] <= soon].sort_values("due", key=lambda days: days >= today, kind="stable")
    plan = plan.head(lines - len(dated))
    visits = [
        (day, name, LATE.fill(days=in_days((today - day).days)) if day < today else VISIT)
        for day, name in zip(plan["due"], plan["name"], strict=True)
    ]
    found = sorted([*dated, *visits], key=lambda line: line[0])
    cells = _lines(found, ("day", "name", "what"), lines)
    return cells if found else {**cells, "0.name": NOTHING_TO_DO}


def _deadlines(given: Given) -> list[tuple[pd.Timestamp, Any]]:
    """Until when staff mean to have settled which open problem."""
    rows, column = given.made.get("problems"), Column("deadline", DEADLINE, "date")
    if rows is None:
        return []
    typed = stood(given.present.get("problems"), CUSTOMERS.column("customer_id"), [column])["deadline"].to_dict()
    lines = zip(rows["customer_id"], rows["name"], rows["kinds"], strict=True)
    days = [(typed.get(id), name) for id, name, kinds in lines if isinstance(kinds, Text)]
    return [(pd.Timestamp(day), name) for day, name in days if day is not None]


def _follow_ups(given: Given) -> list[tuple[pd.Timestamp, Any]]:
    """When staff mean to follow up whom, as they typed it in the chain."""
    rows, column = given.made.get("chain"), Column("next_on", FOLLOW_UP, "date")
    if rows is None:
        return []
    typed = stood(given.present.get("chain"), CUSTOMERS.column("customer_id"), [column])["next_on"].to_dict()
    days = [(typed.get(id), name) for id, name in zip(rows["customer_id"], rows["name"], strict=True)]
    return [(pd.Timestamp(day), name) for day, name in days if day is not None]


def _anniversaries(given: Given, today: pd.Timestamp) -> list[tuple[pd.Timestamp, Any]]:
    """The next return of each anniversary of those who are still customers; 29 February returns on 1 March."""
    facts = given.facts[(given.facts["stage"] != "exit") & given.facts["anniversary"].notna()]
    found = []
    for day, name in zip(facts["anniversary"], facts["name"], strict=True):
        returns = (
            pd.Timestamp(year, day.month, 1) + timedelta(days=day.day - 1) for year in (today.year, today.year + 1)
        )
        found.append((next(again for again in returns if again >= today), name))
    return found


def _or_blank(value: Any) -> Any:
    return "" if value is None or value != value else value  # noqa: PLR0124  (NaN)


def _lines(rows: Iterable[Sequence[Any]], ids: Sequence[str], lines: int, none: Text | None = None) -> dict[str, Any]:
    """The first rows as cells by line and id; blanks beyond the last, and words if there is no row."""
    filled = [[_or_blank(value) for value in row] for _, row in zip(range(lines), rows, strict=False)]
    at = ids.index("name")
    filled = [[*row[:at], short(str(row[at])), *row[at + 1 :]] for row in filled]
    if not filled:
        filled = [["" if none is None else none, *[""] * (len(ids) - 1)]]
    filled += [[""] * len(ids)] * (lines - len(filled))
    return {f"{line}.{id}": value for line, row in enumerate(filled) for id, value in zip(ids, row, strict=True)}


def short(name: str) -> str:
    """A customer's name as a list has room for it, as the formula `SHORT` cuts it."""
    begin = name[:WIDE]
    most = WIDE if begin.upper() == begin.lower() else LONGEST
    return f"{name[: most - 1]}…" if len(name) > most else name


def under(prefix: str, cells: Mapping[str, Any]) -> dict[str, Any]:
    """The cells with the name of the feature that shows them before their own."""
    return {f"{prefix}.{name}": value for name, value in cells.items()}
