"""A form's table is found wherever it was moved and whatever its columns are called now."""

import datetime as dt
import io

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table

from crmbook.binding import bind, name_of, rows, sheet_ref
from crmbook.ooxml import Package, Workbook
from crmbook.schema import ORDERS, PAYMENTS

IDS = ("order_id", "date", "customer_id", "amount")
ROW = ("0012", dt.datetime(2026, 1, 5), "C1", 12.5)


def book(*data, headers=None, top=4, left=2, sheet="订单", named=IDS, below=(), beside=None, rename=None):
    """A workbook whose table crm_orders begins under `top`; `named` columns have their hidden name."""
    workbook = openpyxl.Workbook()
    page = workbook.active
    page.title = sheet
    headers = headers or [ORDERS.column(id).label.zh for id in IDS]
    for at, line in enumerate([headers, *(data or [ROW]), *below]):
        for column, value in enumerate(line):
            page.cell(top + at, left + column, value)
    last = top + len(data or [ROW])
    page.add_table(Table(displayName="crm_orders", ref=f"B{top}:{chr(65 + left + len(headers) - 2)}{last}"))
    for column, id in enumerate(IDS):
        if id in named:
            ref = f"'{sheet}'!${chr(64 + left + column)}${top}"
            workbook.defined_names[name_of("orders", id)] = DefinedName(
                name_of("orders", id), attr_text=ref, hidden=True
            )
    for id, ref in (rename or {}).items():
        workbook.defined_names[name_of("orders", id)] = DefinedName(name_of("orders", id), attr_text=ref)
    if beside:
        beside(page)
    out = io.BytesIO()
    workbook.save(out)
    return Workbook(Package.open(out.getvalue()))


def bound(workbook):
    return bind(workbook, "orders", ORDERS.columns)


def test_columns_are_found_by_their_names_whatever_the_headers_say():
    standing = bound(book(headers=["单号", "哪天", "谁", "多少"]))
    assert standing.columns == {"order_id": 2, "date": 3, "customer_id": 4, "amount": 5}
    assert (standing.form, standing.sheet, standing.unknown, standing.last_row) == ("orders", "订单", (), 5)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_columns_are_found_by_their_headers_where_the_names_are_gone(lang):
    headers = [ORDERS.column(id).label[lang] for id in reversed(IDS)]
    assert bound(book(headers=headers, named=())).columns == {"amount": 2, "customer_id": 3, "date": 4, "order_id": 5}


def test_a_header_broken_into_lines_is_still_its_header():
    assert bound(book(headers=["订单\n号", " 日期", "客户 编号", "金额"], named=())).columns.keys() == set(IDS)


@pytest.mark.parametrize("ref", ["订单!#REF!", "#REF!", "别处!$E$4", "订单!$E$9", "订单!$Z$4", "订单!$E$4:$E$5", "1+1"])
def test_a_name_that_points_elsewhere_gives_way_to_the_header(ref):
    assert bound(book(named=IDS[:3], rename={"amount": ref})).columns["amount"] == 5


def test_a_deleted_column_is_not_there():
    standing = bound(
        book(headers=["订单号", "日期", "客户编号", "别的"], named=IDS[:3], rename={"amount": "订单!#REF!"})
    )
    assert "amount" not in standing.columns
    assert standing.unknown == (5,)


def test_a_name_goes_before_another_column_that_took_its_header():
    workbook = book(headers=["订单号", "日期", "客户编号", "实收", "金额"], named=IDS)
    standing = bound(workbook)
    assert (standing.columns["amount"], standing.unknown) == (5, (6,))


def test_an_export_pasted_over_the_header_is_read_by_its_headers():
    """In another order, with columns of its own: the names still point where the columns stood before."""
    standing = bound(book(headers=["日期", "订 单号", "客户名称", "金额", "客户编号"]))
    assert standing.columns == {"date": 2, "order_id": 3, "amount": 5, "customer_id": 6}
    assert standing.unknown == (4,)


def test_what_an_export_does_not_have_is_not_read_from_what_stands_there_now():
    standing = bound(book(headers=["日期", "订单号", "客户编号", "税额"]))
    assert standing.columns == {"date": 2, "order_id": 3, "customer_id": 4}


def test_two_headers_exchanged_leave_the_names_of_the_others():
    standing = bound(book(headers=["单号", "何时", "金额", "客户编号"]))
    assert standing.columns.keys() == {"customer_id", "amount"}
    standing = bound(book(headers=["单号", "何时", "金额", "净额"]))
    assert standing.columns == {"order_id": 2, "date": 3, "amount": 4}


def test_a_name_left_behind_by_a_paste_takes_no_column_from_its_own_name():
    """After the refresh that followed, 客户编号 is named where 日期 stood; the export had no 日期."""
    standing = bound(book(headers=["订单号", "客户编号", "别的", "金额"], rename={"customer_id": "订单!$C$4"}))
    assert standing.columns == {"order_id": 2, "customer_id": 3, "amount": 5}


def test_a_header_called_as_a_deleted_column_was_called_changes_nothing():
    workbook = book(headers=["订单号", "日期", "客户编号", "单价"], rename={"price": "订单!#REF!"})
    assert bound(workbook).columns["amount"] == 5


def test_a_header_called_as_another_column_is_called_changes_nothing_while_that_one_is_there():
    assert bound(book(headers=["订单号", "日期", "客户编号", "日期"])).columns == {
        "order_id": 2,
        "date": 3,
        "customer_id": 4,
        "amount": 5,
    }


def test_a_workbook_without_the_table_has_no_such_form():
    assert bind(book(), "payments", PAYMENTS.columns) is None


def test_rows_are_the_values_as_typed_and_the_users_columns_come_last():
    workbook = book(
        (*ROW, "mine"), ("0013", None, None, "1.2万", None), headers=["订单号", "日期", "客户编号", "金额", "我的"]
    )
    frame = rows(workbook, bound(workbook))
    assert list(frame.columns) == ["order_id", "date", "customer_id", "amount", "?6"]
    assert frame.to_numpy().tolist() == [
        ["0012", dt.datetime(2026, 1, 5), "C1", 12.5, "mine"],
        ["0013", None, None, "1.2万", None],
    ]
    assert frame.index.tolist() == [0, 1]


def test_rows_that_stand_empty_below_what_is_filled_are_blank():
    workbook = book(ROW, (None,) * 4, (None,) * 4)
    assert rows(workbook, bound(workbook)).isna().all(axis=1).tolist() == [False, True, True]


def test_rows_typed_directly_under_the_table_belong_to_it():
    workbook = book(ROW, below=[("0013", None, "C2", None), ("0014", dt.datetime(2026, 1, 6), "C1", 1)])
    standing = bound(workbook)
    assert standing.last_row == 7
    assert rows(workbook, standing)["order_id"].tolist() == ["0012", "0013", "0014"]


@pytest.mark.parametrize("line", [("制表：张三",), (None, None, "C2", 1), (None,) * 4])
def test_a_remark_under_the_table_is_not_a_row(line):
    assert bound(book(ROW, below=[line, ROW])).last_row == 5


def test_rows_of_another_table_below_are_not_ours():
    def beside(page):
        page.add_table(Table(displayName="theirs", ref="B6:E7"))

    assert bound(book(ROW, below=[("a", "b", "c", "d"), (1, 2, 3, 4)], beside=beside)).last_row == 5


@pytest.mark.parametrize("column", ["A", "H"])
def test_a_table_that_stands_lower_but_aside_takes_no_rows_from_ours(column):
    def another(page):
        page[f"{column}6"] = "合计"
        page.add_table(Table(displayName="others", ref=f"{column}6:{column}8"))

    more = [("0013", *ROW[1:]), ("0014", *ROW[1:])]
    assert bound(book(below=more, beside=another)).last_row == 7


def test_a_report_ends_where_its_table_ends():
    workbook = book(ROW, below=[ROW])
    workbook.tables["crm_grading"] = workbook.tables.pop("crm_orders")
    assert bind(workbook, "grading", ORDERS.columns).last_row == 5


@pytest.mark.parametrize(
    ("sheet", "ref"),
    [
        ("订单", "订单"),
        ("Orders", "Orders"),
        ("2026", "'2026'"),
        ("订单 2", "'订单 2'"),
        ("a'b", "'a''b'"),
        ("A1", "'A1'"),
        ("RC", "'RC'"),
        ("x-y", "'x-y'"),
        ("_x", "_x"),
    ],
)
def test_a_sheets_name_is_quoted_where_excel_asks_for_it(sheet, ref):
    assert sheet_ref(sheet) == ref


def test_an_address_names_the_cell_a_person_can_go_to():
    standing = bound(book(sheet="订单 2"))
    assert standing.address(0, "amount") == "'订单 2'!E5"
    assert standing.address(3, "seller") == "'订单 2'!B8"


def typed_beside(*texts, also=lambda page: None):
    """The book with these header cells directly to the right of its table B4:E5, from F4 on."""

    def beside(page):
        for column, text in enumerate(texts, 6):
            page.cell(4, column, text)
        also(page)

    return bound(book(beside=beside))


def test_columns_begun_beside_the_table_are_the_users():
    standing = typed_beside("我的", "也是我的", None, "远处")
    assert (standing.unknown, standing.table.last_col, standing.table.columns[-2:]) == ((6, 7), 7, ["我的", "也是我的"])


def test_a_column_of_ours_that_was_lost_may_be_begun_anew_beside_the_table():
    assert typed_beside("销售员").columns["seller"] == 6


@pytest.mark.parametrize(
    "header", [2026, dt.datetime(2026, 1, 5), True, " ", "金额", '="我"&"的"', "=1/0", "长" * 256], ids=str
)
def test_a_header_that_excel_would_have_to_change_is_left_outside(header):
    assert typed_beside(header, "我的").table.last_col == 5


@pytest.mark.parametrize(
    "also",
    [
        lambda page: page.merge_cells("F4:G4"),
        lambda page: page.merge_cells("F5:F9"),
        lambda page: page.add_table(Table(displayName="theirs", ref="F4:G6")),
        lambda page: setattr(page.auto_filter, "ref", "F4:G6"),
        lambda page: page.__setitem__("F5", ArrayFormula("F5:F6", "=C5:C6")),
    ],
    ids=["merged header", "merged data", "another table", "a filter", "an array formula"],
)
def test_a_column_that_no_table_may_hold_is_left_outside(also):
    assert typed_beside("我的", "别的", also=also).table.last_col == 5


def test_a_header_twice_beside_the_table_is_taken_in_once():
    assert typed_beside("Mine", "MINE").table.columns[-1] == "Mine"
