"""客户档案: one row per customer, the same line of its columns the same thing, every pick a different one."""

from crmbook import forms, lines
from crmbook.picked import CLASSES
from crmbook.text import Text, said
from tests import made_up

PROFILES = next(f for f in forms.ALL if f.id == "profiles")
PLAYBOOK = [
    {"line_id": "1", "form": "priority", "condition": "P1", "measure": "call {{ name }}"},
    {"line_id": "2", "form": "stage", "condition": "exit", "measure": "settle"},
    {"line_id": "3", "form": "stage", "measure": "look after"},
]


def shop():
    visit = {"customer_id": "a", "state": "done"}
    return made_up.given(
        customers=[
            {"customer_id": "a", "name": "  Anhua \n Ltd ", "contract_end": "2026-07-10"},
            {"customer_id": "b", "name": "Boda", "state": "ended"},
            {"customer_id": "c", "name": "Boda"},
        ],
        orders=made_up.orders(("a", "2026-05-05", 100), ("a", "2026-06-05", 250.5)),
        visits=[{**visit, "visit_id": "1", "date": "2026-05-06", "follow_up": "send samples"}, {**visit, "visit_id": "2", "date": "2026-07-06", "follow_up": "later"}],
        playbook=PLAYBOOK,
    )  # fmt: skip


def column(given, id: str) -> list[str]:
    return [str(said(v, "en")) for v in PROFILES.rows(given)[id]]


def test_a_pick_is_the_id_and_the_name_on_one_line():
    assert column(shop(), "pick") == ["a Anhua Ltd", "b Boda", "c Boda"]


def test_lines_of_the_columns_belong_together():
    assert column(shop(), "order_day")[0] == "2026-06-05\n2026-05-05"
    assert column(shop(), "order_order_id")[0] == "O2\nO1"
    assert column(shop(), "order_amount")[0] == "250.50\n100.00"


def test_classes_and_their_reasons_stand_line_by_line():
    given = shop()
    row = PROFILES.rows(given).iloc[0]
    for at, c in enumerate(CLASSES, 1):
        name = next(choice.name for choice in c.classes if choice.id == given.facts.loc["a", c.id])
        assert lines.kth(row["classes"], at) == name
        why = lines.kth(row["reasons"], at).en.rstrip("…")
        assert why
        assert given.facts.loc["a", f"{c.id}_reason"].en.startswith(why)


def test_next_steps_are_what_was_agreed_then_measures_by_priority_and_stage_and_for_who_left_of_that_stage_alone():
    given = shop()
    assert given.facts["priority"].tolist() == ["p1", "p4", "p4"]
    assert given.facts["stage"].tolist()[1] == "exit"
    assert column(given, "next_steps") == [
        "Agreed at the last visit: send samples\ncall Anhua Ltd\nlook after",
        "settle\nlook after",
        "look after",
    ]


def test_where_there_is_nothing_it_says_so():
    row = PROFILES.rows(made_up.one_customer()).iloc[0]
    said_so = {
        id: row[id]
        for id in ("order_order_id", "contact_who", "visit_what", "complaint_content", "offer_product", "next_steps")
    }
    assert said_so["order_order_id"] == Text("没有订单", "No order")
    assert all(isinstance(words, Text) and "\n" not in words.zh for words in said_so.values())
    assert row[["order_day", "order_amount", "contact_phone", "visit_day", "offer_why"]].isna().all()
