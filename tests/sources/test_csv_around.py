"""What exports write around their data: titles and notes above, totals and notes at the end."""

import pytest

from crmbook.problems import CannotProceedError
from crmbook.sources import csv_folder
from tests.sources.files import CUSTOMERS, ORDERS

BANK = "微信支付账单明细\n昵称：[甲]\n\n" + "-----\n" * 13


@pytest.mark.parametrize(
    ("above", "header", "said"),
    [
        ("客户信息表\n", 2, "客户信息表"),
        ("客户信息表,,,\n,,,\n导出时间：2026-10-31 09:00,,,\n", 4, "客户信息表"),
        ("基本信息,,交易,\n", 2, "基本信息 交易"),
        ("备注\n", 2, "备注"),
        ("sep=,\n", 2, "sep="),
        ('"订单\n导出",,,\n', 3, "订单"),
        (BANK, 17, "微信支付账单明细"),
        (" \n,,,\n", 3, ""),
    ],
    ids=lambda value: str(value)[:12],
)
def test_a_title_and_notes_above_the_names_of_the_columns_are_passed_over_and_told(above, header, said, folder):
    reading = csv_folder.read(folder(orders=(above + ORDERS + "3,2026-01-07,001,much\n").encode("gb18030")))
    assert reading.tables["orders"]["amount"].tolist()[:2] == [10.5, 20]
    *told, problem = reading.problems
    assert problem.where == f"orders.csv:{header + 3}:amount"
    whole = f"orders.csv:1：列名在第 {header} 行，没有读取上面的 {header - 1} 行（{said}）。如果其中有数据，请移到列名之下；否则无需处理"
    assert [(p.line("zh"), p.severity) for p in told] == ([(whole, "warning")] if said else [])


@pytest.mark.parametrize("separator", [";", "\t"])
def test_below_a_title_other_separators_and_lines_in_quotes_are_read(separator, folder):
    orders = "订单表\n" + ORDERS.replace(",", separator) + f'3{separator}2026-01-07{separator}001{separator}"5\n"\n'
    reading = csv_folder.read(folder(orders=orders + "4\n"))
    assert reading.tables["orders"]["amount"].tolist() == [10.5, 20, 5]
    assert {p.where.partition(":")[2] for p in reading.problems} == {"1", "7:date", "7:customer_id"}


@pytest.mark.parametrize(
    ("orders", "line"),
    [
        ("t\n" + ORDERS.replace("amount", "金额,金额").replace("0.50", "0.50,7"), "2: the column “金额” stands twice"),
        ("t\n" + ORDERS.replace("10.50", "10,500"), "3: this line has more columns"),
        ("t\n" + ORDERS + "3,2026-01-05,001,1,2\n", "5: this line has more columns"),
        ("t\n" + ORDERS.replace("date", "when"), "2: the column “Date” (date) is missing; the columns here are: order_id, when, "),
    ],
)  # fmt: skip
def test_below_a_title_every_line_has_the_number_it_has_in_the_file(orders, line, folder):
    place = folder(orders=orders)
    try:
        problems = [p.line("en") for p in csv_folder.read(place).problems]
    except CannotProceedError as caught:
        problems = [caught.problem.line("en")]
    assert problems[-1].startswith(f"orders.csv:{line}")


@pytest.mark.parametrize(
    ("end", "line", "said"),
    [
        ("合计,,,30.50\n", 4, "合计"),
        ("\n,,,\n总计：,2 笔,,30.50\n制表人：王芳,,,\n,,,\n", 6, "总计：、制表人：王芳"),
        (",,小计,30.50\n共 2 条记录\n", 4, "小计、共 2 条记录"),
        ("Total,,,30.50\n", 4, "Total"),
    ],
    ids=lambda value: str(value)[:12],
)
def test_totals_and_notes_at_the_end_are_no_data_and_told(end, line, said, folder):
    reading = csv_folder.read(folder(customers=CUSTOMERS + "合计,\n", orders=ORDERS + end))
    assert reading.tables["customers"]["customer_id"].tolist() == ["001", "002"]
    assert reading.raw["orders"]["order_id"].dropna().tolist() == ["0001", "0002"]
    first, second = reading.problems
    assert (
        first.line("zh")
        == "customers.csv:4：末尾的 1 行像是合计或制表说明，没有读取（合计）。如果其中有数据，请填全该行；否则无需处理"
    )
    assert (second.where, said in second.what.zh, second.severity) == (f"orders.csv:{line}", True, "warning")


def test_what_is_no_total_stays_data(folder):
    customers = "name,customer_id\nTotal,001\n合计,002\n"
    reading = csv_folder.read(folder(customers=customers, orders=ORDERS.replace("0002,2026-01-06", ",2026-01-06")))
    assert (reading.tables["customers"]["name"].tolist(), len(reading.raw["orders"])) == (["Total", "合计"], 2)


def test_a_title_above_names_that_are_not_known_is_told_what_the_first_line_should_hold(folder):
    place = folder(orders="订单表\n编号,日子,谁\n1,2026-01-05,001\n")
    with pytest.raises(CannotProceedError) as caught:
        csv_folder.read(place)
    assert caught.value.problem.line("zh") == (
        "orders.csv：缺少“订单号”列（order_id）；现有的列：订单表。请重新导出，第一行为列名：订单号、日期、客户编号"
    )
