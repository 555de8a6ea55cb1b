"""Changes: what each refresh moved: grades, stages, who became a problem customer and who is none any more."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from crmbook.classifications.grade import GRADE
from crmbook.classifications.stage import STAGE
from crmbook.features import Colours
from crmbook.form import NO, NOTE, Form, Given, Shows
from crmbook.schema import CUSTOMERS, Choice, Column
from crmbook.stood import stood
from crmbook.tally import Tally
from crmbook.text import LANGS, Text, said
from crmbook.troubles import STANDING

GRADED, STAGED = Choice("grade", Text("等级", "Grade")), Choice("stage", Text("阶段", "Stage"))
LISTED, CLEARED = Choice("listed", Text("列为问题客户", "Listed as a problem")), Choice("cleared", Text("问题解除", "Problem cleared"))  # fmt: skip
ONE_STORY = {CLEARED.id: LISTED.id}  # listed, cleared and listed again: the newest of both counts
UNIT = Text("单位：条", "Unit: records")
NOT_LISTED = Text("未列入", "Not listed")
CUSTOMER = CUSTOMERS.column("customer_id")
SERIAL = Column("serial", Text("记录号", "Record"), "number", help=Text("每条记录一个号，新的较大", "one number for each record, a later one is larger"))  # fmt: skip
DAY = Column(
    "day", Text("日期", "Date"), "date", help=Text("更新时的基准日期", "the day of the report at that refresh")
)
WHAT = Column("what", Text("变更项", "What changed"), "choice", (GRADED, STAGED, LISTED, CLEARED), help=Text("等级、阶段、列为问题客户或问题解除", "grade, stage, listed as a problem customer, or problem cleared"))  # fmt: skip
OURS = (
    SERIAL,
    DAY,
    CUSTOMER,
    CUSTOMERS.column("name"),
    WHAT,
    Column("was", Text("原来", "Before"), help=Text("上次更新时的等级、阶段或问题", "grade, stage or problems at the refresh before")),
    Column("now", Text("现在", "Now"), help=Text("这次更新后的等级、阶段或问题", "grade, stage or problems after this refresh")),
)  # fmt: skip
KINDS = Column("kinds", Text("问题种类", "Kinds"))
BY_WHAT = Tally("by_what", Text("按变更项", "By kind of change"), WHAT, Text("条数", "Records"), shares=False)


def rows(given: Given) -> pd.DataFrame:
    """The records kept, the newest first, with those of this refresh on top; beyond CHANGES_KEPT those with a note stay."""
    ids = [c.id for c in OURS]
    kept = stood(given.present.get("changes"), SERIAL, (*OURS[1:], NOTE.column))
    kept = kept[kept["day"].notna() & kept["customer_id"].notna()].rename_axis("serial").reset_index()
    last = int(kept["serial"].max()) if len(kept) else 0
    today = pd.Timestamp(given.settings.today)
    told = {
        (str(r["customer_id"]), ONE_STORY.get(r["what"], r["what"])): (r["what"], r["was"], r["now"])
        for r in kept.sort_values("serial").to_dict("records")
        if pd.Timestamp(r["day"]) == today
    }
    new = [move for move in _moved(given) if not _is_told(move, told)]
    moved = [
        {"serial": serial, "day": today, "customer_id": id, "name": given.facts["name"].get(id), "what": what, "was": was, "now": now}
        for serial, (id, what, was, now) in enumerate(reversed(new), last + 1)
    ]  # fmt: skip
    every = pd.DataFrame([*moved, *kept.to_dict("records")], columns=[*ids, "note"])
    every = every.sort_values("serial", ascending=False, kind="stable", ignore_index=True)
    stays = (every.index < given.settings["CHANGES_KEPT"]) | every["note"].notna()
    found: pd.DataFrame = every.loc[stays, ids]
    return found.assign(no=range(1, len(found) + 1), day=pd.to_datetime(found["day"]))


def _is_told(move: tuple[str, str, Any, Any], told: Mapping[tuple[str, str], tuple[Any, Any, Any]]) -> bool:
    """True if the customer's newest record of the day says this movement already: the refresh that made it broke off before
    it wrote the rest."""
    id, what, was, now = move
    newest = told.get((id, ONE_STORY.get(what, what)))
    return any((what, said(was, lang), said(now, lang)) == newest for lang in LANGS)


def _moved(given: Given) -> Iterator[tuple[str, str, Any, Any]]:
    """Customer, what, before, now: each movement between the workbook as it stood and what this refresh makes."""
    moving = ((GRADED, GRADE.column), (STAGED, STAGE.column))
    stood_so = _before(given, "chain", [column for _, column in moving])
    for (what, column), before in zip(moving, stood_so, strict=True):
        now = _now(given, "chain", column.id)
        names = {c.id: c.name for c in column.choices}
        for id, is_now in now.items():
            if id in before and before[id] != is_now:
                yield id, what.id, names[before[id]], names[is_now]
    if "problems" not in given.present:
        return
    names = {c.id: c.name for c in STANDING.choices}
    open_before, stood_before = _before(given, "problems", [KINDS, STANDING])
    open_now, stands_now = _now(given, "problems", "kinds"), _now(given, "problems", "standing")
    for id, kinds in open_now.items():
        if id not in open_before:
            yield id, LISTED.id, names.get(stood_before.get(id, ""), NOT_LISTED), kinds
    for id, kinds in open_before.items():
        if id not in open_now and id in stands_now:
            yield id, CLEARED.id, kinds, names[stands_now[id]]


def _before(given: Given, form: str, columns: Sequence[Column]) -> list[dict[str, Any]]:
    """What stood in each of these columns of a report, by customer; blanks left out."""
    held = stood(given.present.get(form), CUSTOMER, columns)
    return [{str(id): value for id, value in held[c.id].items() if value is not None} for c in columns]


def _now(given: Given, form: str, column: str) -> dict[str, Any]:
    """What stands in it from now on."""
    made = given.made.get(form)
    if made is None:
        return {}
    return {str(id): value for id, value in zip(made["customer_id"], made[column], strict=True) if value is not None}


def cells(given: Given, rows: pd.DataFrame) -> Mapping[str, Any]:
    """How many records there are of each kind."""
    return {"unit": UNIT, **BY_WHAT.values(rows)}


CHANGES = Form(
    "changes",
    Text("变更记录", "Changes"),
    Text("每次更新后等级、阶段和问题客户的变动", "What each refresh moved: grades, stages, problem customers"),
    ("serial",),
    (
        NO,
        Shows(SERIAL, hidden=True),
        Shows(DAY),
        Shows(CUSTOMER),
        Shows(CUSTOMERS.column("name"), width=30),
        Shows(WHAT),
        Shows(OURS[5], width=22),
        Shows(OURS[6], width=22),
        NOTE,
    ),
    rows=rows,
    cells=cells,
    features=(
        BY_WHAT.summary,
        Colours("what", ((LISTED.name, "bad"), (CLEARED.name, "good"), (GRADED.name, "fair"), (STAGED.name, "muted"))),
    ),
    rules=(
        Text("每次更新时，把上次表中的等级、阶段、问题与新算出的相比较，不同的记一条", "each refresh compares grade, stage and problems as they stood with those it makes, and records what differs"),
        Text("最新的在前，最多保留 CHANGES_KEPT 条；写有备注的一直保留", "the newest first, CHANGES_KEPT records at most; those with a note stay"),
    ),
    group="system",
    sign_off=(),
)  # fmt: skip
