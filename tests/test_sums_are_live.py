"""What is edited in the orders moves sales, shares and classes there and then, by LibreOffice's own formulas; Python agrees."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from crmbook import book
from tests import excel_edits, libreoffice_edits
from tests.reading import Reading

TODAY = date(2026, 6, 30)
SHOWN = {
    "客户销售分析表": ["上年度金额", "上年度占比", "本年累计金额", "本年占比", "累计占比", "去年同期", "同比增长率", "累计回款", "尚欠货款", "回款率"],
    "客户分级表": ["销售额", "占比", "累计占比", "销售额等级ABC", "销售贡献"],
}  # fmt: skip

HEADERS = {"crm_sales": "本年累计金额", "crm_grading": "销售额"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of six customers with four years of orders, some amounts left blank, some negative, and payments."""
    folder = tmp_path_factory.mktemp("live")
    source = folder / "source"
    source.mkdir()
    days = [TODAY - timedelta(days=9 * n) for n in range(170)]
    tables = {
        "customers": ["customer_id,name", *(f"K{n},Customer {n}" for n in range(6))],
        "orders": [
            "order_id,line_no,date,customer_id,quantity,price,amount",
            *(
                f"D{n},1,{day},K{n % 5},{-1 if n % 7 == 3 else 2},{n}.5,{'' if n % 4 == 0 else n * 2 * (-1 if n % 7 == 3 else 1)}"
                for n, day in enumerate(days)
            ),
        ],
        "payments": [
            "payment_id,date,customer_id,amount",
            *(f"R{n},{day},K{n % 5},{n}.25" for n, day in enumerate(days[::2])),
        ],
    }
    for id, lines in tables.items():
        (source / f"{id}.csv").write_text("\n".join(lines), "utf-8")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CRMBOOK_STATE", str(folder / "state"))
        book.build(folder / "live.xlsx", source=source, as_of=TODAY, forms=["grading", "sales"])
    return folder / "live.xlsx"


def sheets(path: Path) -> dict[str, pd.DataFrame]:
    """The columns over orders of both forms, by customer, as another reader sees them."""
    found = {}
    for title, columns in SHOWN.items():
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(title).to_python(skip_empty_area=False)
        header = next(i for i, row in enumerate(rows) if row[0] == "序号")
        frame = pd.DataFrame(rows[header + 1 :], columns=rows[header])
        found[title] = frame.set_index(frame.columns[frame.columns.str.contains("客户编号|客户代码")][0])[
            columns
        ].sort_index()
    return found


def formulas(path: Path, forms: Sequence[str] = ("crm_sales", "crm_grading")) -> int:
    """How many customers of the forms have a sum over orders."""
    tables = Reading(path.read_bytes()).tables
    cells = [tables[form].cell(row, HEADERS[form]) for form in forms for row in tables[form].rows]
    return sum("SUMIFS" in (cell.formula or "") for cell in cells)


def setting(id: str, value: object) -> dict:
    return {"do": "type", "table": "crm_settings", "where": {"公式名称": id}, "column": "值", "value": value}


def order(id: str, column: str, value: object) -> dict:
    return {"do": "type", "table": "crm_orders", "where": {"订单号": id}, "column": column, "value": value}


def serial(day: date) -> int:
    return (day - date(1899, 12, 30)).days


@pytest.mark.office
@pytest.mark.parametrize(
    ("edits", "moved"),
    [
        (
            [
                order("D1", "金额", 9000),
                order("D9", "金额", 123.45),
                order("D4", "单价", 700),
                order("D2", "客户编号", "K5"),
            ],
            True,
        ),
        ([setting("AS_OF", serial(date(2024, 2, 29)))], True),
        ([setting("AS_OF", serial(date(2026, 5, 31))), setting("PERIOD_START", serial(date(2025, 11, 30)))], True),
        ([setting("PERIOD_START", serial(date(2026, 12, 1)))], False),
    ],
    ids=["amounts", "leap day", "period", "period to come"],
)
def test_sums_follow_what_is_edited_in_libreoffice(edits: list[dict], moved: bool, made: Path, tmp_path: Path) -> None:
    edited = tmp_path / "edited.xlsx"
    libreoffice_edits.edit(made, edits, edited, tmp_path / "profile")
    before, live = sheets(made), sheets(edited)
    sales = [of["客户销售分析表"]["本年累计金额"] for of in (before, live)]
    assert (sales[0] != sales[1]).any() == moved
    book.refresh(edited)  # Python, asked afterwards, comes to the same
    after = sheets(edited)
    for title in SHOWN:
        pd.testing.assert_frame_equal(after[title], live[title])


@pytest.mark.office
def test_the_values_beside_the_formulas_are_what_these_come_to(made: Path) -> None:
    assert formulas(made) == 12
    assert book.verify(made).differences == []


def test_a_report_for_another_day_than_the_sheets_has_values(made: Path, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(made.read_bytes())
    book.refresh(path, as_of=date(2025, 6, 30))
    assert formulas(path) == 0
    book.refresh(path, as_of=TODAY)
    assert formulas(path) == 12
    pd.testing.assert_frame_equal(sheets(path)["客户销售分析表"], sheets(made)["客户销售分析表"])


@pytest.mark.office
def test_where_no_day_is_set_the_day_of_the_refresh_holds(made: Path, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book.build(path, source=made.parent / "source", forms=["sales"])
    book.refresh(path, as_of=TODAY)
    assert formulas(path, ["crm_sales"]) == 6
    assert book.verify(path).differences == []
    assert not book.refresh(path, as_of=TODAY).wrote


def test_past_the_limit_sums_are_values_and_the_next_refresh_changes_nothing(made: Path, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(made.read_bytes())
    excel_edits.edit(path, [setting("FORMULA_CELLS", 6 * 170 - 1)])
    assert book.refresh(path).wrote
    assert formulas(path) == 0
    assert not book.refresh(path).wrote
    excel_edits.edit(path, [setting("FORMULAS", "公式")])
    book.refresh(path)
    assert formulas(path) == 12


def test_staff_who_ask_for_formulas_are_told_why_there_are_none(made: Path, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(made.read_bytes())
    excel_edits.edit(path, [order("D1", "金额", "2元")])
    assert not [p for p in book.refresh(path).problems if "公式" in p.what.zh]
    assert formulas(path) == 0
    excel_edits.edit(path, [setting("FORMULAS", "公式")])
    (said,) = [p for p in book.refresh(path).problems if "没有写成公式" in p.what.zh]
    assert said.where.startswith("订单!")
    assert said.severity == "warning"
