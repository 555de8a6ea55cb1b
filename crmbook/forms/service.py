"""Service requests: complaints, questions, repairs, from their receipt to the call back."""

from crmbook import schema, whose
from crmbook.form import entry
from crmbook.text import Text

SERVICE = entry(
    schema.SERVICE,
    Text(
        "一行一次投诉、咨询或维修，从受理到回访", "One row per complaint, question or repair, from receipt to call back"
    ),
    after={"customer_id": whose.CUSTOMER},
    shown=whose.shown,
    rules=(
        Text(
            "没有填要求完成时间的，按级别推算：P0 为 DUE_P0 小时，P1 为 DUE_P1 小时，P2 为 DUE_P2 个工作日，P3（或未填级别）为 DUE_P3 个工作日",
            "where no due time is filled in, the level gives it: P0 DUE_P0 hours, P1 DUE_P1 hours, P2 DUE_P2 working days, P3 (or no level) DUE_P3 working days",
        ),
    ),
    widths={"content": 34, "wish": 24, "measure": 34, "order_id": 17},
)
