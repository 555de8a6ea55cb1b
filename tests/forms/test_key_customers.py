"""Key customers: the first of each list, growth with a floor, and notes that stay with list and customer."""

from pathlib import Path

import pandas as pd
from python_calamine import CalamineWorkbook

from crmbook import book
from crmbook.forms.key_customers import KEY_CUSTOMERS
from tests import excel_edits, made_up, small_book

CUSTOMERS = [{"customer_id": f"K{n}", "name": f"Customer {n}"} for n in range(5)]
ORDERS = made_up.orders(
    *((f"K{n}", "2026-02-01", 1000 * (5 - n)) for n in range(4)),
    ("K0", "2025-02-01", 10_000), ("K1", "2025-02-01", 2000), ("K2", "2025-02-01", 10), ("K3", "2025-02-01", 1500),
)  # fmt: skip


def key(**values: object) -> pd.DataFrame:
    orders = [{**line, "cost": cost} for line, cost in zip(ORDERS, [4900, 1000, 2950, 1990, 1, 1, 1, 1], strict=True)]
    return KEY_CUSTOMERS.rows(made_up.given(customers=CUSTOMERS, orders=orders, values=values))


def listed(rows: pd.DataFrame, list: str) -> list[str]:
    return rows[rows["list"] == list]["customer_id"].tolist()


def test_each_list_has_its_own_order() -> None:
    rows = key(GROWTH_FLOOR=1500)
    assert listed(rows, "sales") == ["K0", "K1", "K2", "K3"]
    assert listed(rows, "growth") == ["K1", "K3"]  # K2 bought too little last year, K0 has shrunk
    assert listed(rows, "margin") == ["K1", "K0", "K2", "K3"]
    assert rows["no"].tolist() == list(range(1, 11))
    assert rows[rows["list"] == "growth"]["rank"].tolist() == [1, 2]
    assert rows[rows["list"] == "growth"]["growth"].tolist() == [1, 2000 / 1500 - 1]


def test_top_says_how_many() -> None:
    rows = key(GROWTH_FLOOR=0, TOP=2)
    assert [listed(rows, id) for id in ("sales", "growth", "margin")] == [["K0", "K1"], ["K2", "K1"], ["K1", "K0"]]


def test_what_staff_wrote_stays_with_list_and_customer(tmp_path: Path) -> None:
    small_book.build(tmp_path)
    path = tmp_path / "key.xlsx"
    book.build(path, source=tmp_path / "source", as_of=small_book.TODAY, forms=["key_customers"])
    first = shown(path).iloc[0]
    where = {"榜单": first["榜单"], "客户编号": first["客户编号"]}
    typed = {"do": "type", "table": "crm_key_customers", "where": where, "column": "目标", "value": "翻一番"}
    order = {"订单号": "N1", "行号": 1, "日期": 46200, "客户编号": "K007", "金额": 1e6}
    excel_edits.edit(path, [typed, {"do": "append_row", "table": "crm_orders", "values": order}])
    book.refresh(path)
    rows = shown(path)
    assert rows.iloc[0]["客户编号"] == "K007"
    noted = rows[rows["目标"] == "翻一番"]
    assert noted[["榜单", "名次", "客户编号"]].to_numpy().tolist() == [[first["榜单"], 2, first["客户编号"]]]


def shown(path: Path) -> pd.DataFrame:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("重点客户").to_python(skip_empty_area=False)
    header = next(at for at, row in enumerate(rows) if row[0] == "序号")
    return pd.DataFrame(rows[header + 1 :], columns=rows[header])
