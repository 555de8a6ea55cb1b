"""A folder of CSV files as other programs export them."""

import pytest

from crmbook.problems import CannotProceedError
from crmbook.sources import csv_folder
from tests.sources.files import CUSTOMERS, ORDERS


def stopped(place):
    with pytest.raises(CannotProceedError) as caught:
        csv_folder.read(place)
    return caught.value.problem


def test_reads_a_folder_and_keeps_zeros_in_ids(folder):
    reading = csv_folder.read(folder())
    assert reading.problems == []
    assert reading.tables["orders"]["order_id"].tolist() == ["0001", "0002"]
    assert reading.tables["orders"]["amount"].sum() == 30.5
    assert set(reading.raw) == {"customers", "orders", "playbook"}


@pytest.mark.parametrize(("lang", "first"), [("zh", "每月"), ("en", "Visit")])
def test_a_folder_without_a_playbook_gets_the_shipped_library(lang, first, folder):
    measures = csv_folder.read(folder(), lang).tables["playbook"]["measure"]
    assert len(measures) >= 40
    assert first in measures.iloc[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_reads_what_excel_saves_in_china(folder, encoding):
    assert csv_folder.read(folder(customers=CUSTOMERS.encode(encoding))).tables["customers"]["name"].tolist() == [
        "甲公司",
        "乙公司",
    ]


def test_says_when_the_encoding_is_only_a_guess(folder):
    reading = csv_folder.read(folder(customers=b"customer_id,name\n001,Caf\xe9\n002,\xff\n"))
    assert reading.tables["customers"]["name"].tolist() == ["Café", "ÿ"]
    assert [(p.where, p.severity) for p in reading.problems] == [("customers.csv", "warning")]
    assert "Windows-1252" in reading.problems[0].what.zh


@pytest.mark.parametrize(("letters", "encoding"), [("Jésus Sánchez", "cp1252"), ("Müller & Söhne „Neu“", "cp1252"), ("Tr\x81a", "latin-1")])  # fmt: skip
def test_western_letters_are_not_taken_for_chinese(folder, letters, encoding):
    place = folder(customers=f"customer_id,name\n001,{letters}\n002,Bob\n".encode(encoding))
    reading = csv_folder.read(place)
    assert reading.tables["customers"]["name"][0] == letters
    assert [p.form for p in reading.problems] == ["customers"]


def test_a_chinese_file_with_a_rare_character_is_still_chinese(folder):
    place = folder(customers="customer_id,name\n001,朱镕堃贸易\n002,Bob\n".encode("gb18030"))
    reading = csv_folder.read(place)
    assert (reading.tables["customers"]["name"][0], reading.problems) == ("朱镕堃贸易", [])


def test_a_line_that_is_too_long_among_many_is_left_out_and_said(folder):
    lines = "".join(f"{n:04},2026-01-07,001,{n}\n" for n in range(3, 30))
    reading = csv_folder.read(folder(orders=ORDERS + '"a\nb",2026-01-08,001,5,6\n' + lines + "99,2026-01-09,001,7\n"))
    (problem,) = reading.problems
    assert (problem.where, problem.severity, problem.form) == ("orders.csv:4", "error", "orders")
    assert reading.tables["orders"].index.tolist() == [
        0,
        1,
        *range(3, 31),
    ]  # the line below it is still the one below it


@pytest.mark.parametrize("separator", [";", "\t"])
def test_reads_other_separators(folder, separator):
    assert len(csv_folder.read(folder(orders=ORDERS.replace(",", separator))).tables["orders"]) == 2


@pytest.mark.parametrize("name", ["订单", "Orders", "ORDERS"])
def test_files_and_columns_may_have_their_names_in_either_language(folder, name):
    place = folder(orders=None, **{name: "订单号, DATE ,Customer ID,金额\n1,2026-1-5,001,5\n"})
    assert csv_folder.read(place).tables["orders"]["amount"].tolist() == [5]


def test_a_file_for_the_language_goes_before_one_for_all(folder):
    place = folder(
        playbook="line_id,form,measure\n1,grade,问候\n", **{"playbook.en": "line_id,form,measure\n1,grade,greet\n"}
    )
    assert [csv_folder.read(place, lang).tables["playbook"]["measure"].item() for lang in ("zh", "en")] == [
        "问候",
        "greet",
    ]


def test_unknown_columns_stay_raw(folder):
    reading = csv_folder.read(folder(customers="customer_id,name,colour\n001,a,red\n002,b,\n"))
    assert reading.raw["customers"]["colour"].tolist() == ["red", None]
    assert "colour" not in reading.tables["customers"]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("amount,金额", "“金额” is the same column as “amount”, which stands first and is read"),
        ("金额,amount", "“amount” is the same column as “金额”, which stands first and is read"),
        ("金额,金额", "the column “金额” stands twice; the first is read"),
    ],
)
def test_of_two_headers_for_one_column_the_first_counts(folder, header, said):
    reading = csv_folder.read(folder(orders=ORDERS.replace("amount", header).replace("0.50", "0.50,7")))
    assert reading.tables["orders"]["amount"].tolist() == [10.5, 20]
    assert [(p.where, p.what.en, p.severity) for p in reading.problems] == [("orders.csv:1", said, "warning")]


def test_a_file_with_the_line_ends_of_an_old_mac_is_read(folder):
    assert len(csv_folder.read(folder(orders=ORDERS.replace("\n", "\r"))).tables["orders"]) == 2


def test_what_is_carried_into_the_workbook_is_typed_where_it_could_be_read(folder):
    orders = ORDERS.replace("10.50", "1.2万").replace("2026-01-06", "2026.13.40")
    raw = csv_folder.read(folder(orders=orders)).raw["orders"]
    assert raw["amount"].tolist() == [12000, 20]
    assert raw["date"].astype(str).tolist() == ["2026-01-05 00:00:00", "2026.13.40"]
    assert raw["order_id"].tolist() == ["0001", "0002"]


def test_problems_name_the_line_of_the_file_and_the_header_as_it_stands_there(folder):
    orders = 'order_id,date,customer_id,金额,note\n1,2026-01-05,001,5,"two\nlines"\n\n2,2026-01-05,001,much,\n'
    assert [p.where for p in csv_folder.read(folder(orders=orders)).problems] == ["orders.csv:5:金额"]


def test_problems_name_the_cell_where_the_data_will_stand_when_told(folder):
    place = folder(orders=ORDERS.replace(",20\n", ",much\n"))
    assert [p.where for p in csv_folder.read(place, "zh", lambda *cell: str(cell)).problems] == [
        "('orders', 1, 'amount')"
    ]


@pytest.mark.parametrize(
    ("orders", "where", "what"),
    [
        ("a,b\n1,2\n", "orders.csv", "the column “Order ID” (order_id) is missing; the columns here are: a, b"),
        (b"", "orders.csv", "the file is empty"),
        (b"\xef\xbb\xbf \n", "orders.csv", "the file is empty"),
        (
            ORDERS + "3,2026-01-05,001,1,2,3\n",
            "orders.csv:4",
            "this line has more columns than there are names of columns",
        ),
        (
            ORDERS.replace("10.50", "10,500"),
            "orders.csv:2",
            "this line has more columns than there are names of columns",
        ),
        (ORDERS + '3,2026-01-05,"001,1\n', "orders.csv", "a double quote has no partner"),
        (ORDERS.encode("utf-16-le"), "orders.csv", "this is not a text file in UTF-8 or GB18030"),
        (None, None, "there is no orders.csv in the folder"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_file_that_cannot_be_read_stops_the_run(folder, orders, where, what):
    place = folder(orders=orders)
    problem = stopped(place)
    assert (problem.where, problem.what.en) == (where or str(place), what)


@pytest.mark.parametrize(
    ("names", "fix"),
    [
        ((), "put orders.csv there (or “Orders.csv”)"),
        (("order.csv", "orders.xlsx"), "if order.csv holds Orders, give it the name orders.csv"),
        (("orders.xlsx", "~$orders.xlsx"), "put orders.csv there (or “Orders.csv”); save Excel files (orders.xlsx) as “CSV UTF-8 (Comma delimited)” first"),
    ],
)  # fmt: skip
def test_a_file_that_is_missing_is_told_with_what_lies_there(folder, names, fix):
    place = folder(orders=None)
    for name in names:
        (place / name).touch()
    assert stopped(place).fix.en == fix


def test_customers_without_a_row_stop_the_run_and_orders_without_one_do_not(folder, tmp_path):
    reading = csv_folder.read(folder(orders="order_id,date,customer_id\n"))
    assert [(p.severity, p.what.en) for p in reading.problems] == [("warning", "there is no data in the table")]
    (tmp_path / "data" / "customers.csv").write_text("customer_id,name\n ,\n")
    assert stopped(tmp_path / "data").what.en == "there is no data in the table"


def test_trailing_separators_are_no_column(folder):
    reading = csv_folder.read(folder(orders=ORDERS.replace("\n", ",\n")))
    assert (len(reading.tables["orders"]), reading.problems) == (2, [])


def test_a_column_without_a_name_that_holds_something_is_named_by_its_number(folder):
    (problem,) = csv_folder.read(folder(orders=ORDERS.replace("\n", ",,\n").replace("20,,", "20,,x"))).problems
    assert problem.what.en.endswith(": column 6 (without a name)")


def test_columns_that_are_not_known_are_named(folder):
    place = folder(customers="customer_id,name,我的栏,备用\n001,甲,x,y\n002,乙,,\n")
    (problem,) = csv_folder.read(place).problems
    assert problem.where == "customers.csv"
    assert "我的栏、备用" in problem.what.zh


VISITS, PAYMENTS = "visit_id,customer_id,date\n", "payment_id,customer_id,date,amount\n"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"visit": VISITS}, ["visit.csv: this file was not read. Did you mean visits.csv? Rename it and build again"]),
        ({"拜访": VISITS}, ["拜访.csv: this file was not read. Did you mean 拜访记录.csv? Rename it and build again"]),
        ({"visits.en": VISITS}, ["visits.en.csv: this file was not read. Did you mean visits.csv? Rename it and build again"]),
        ({"订单": ORDERS}, ["订单.csv: this file was not read, as Orders are taken from orders.csv. If it holds Orders too, put its rows into orders.csv; otherwise take it out of the folder"]),
        ({"orders (1)": ORDERS}, ["orders (1).csv: this file was not read, as Orders are taken from orders.csv. If it holds Orders too, put its rows into orders.csv; otherwise take it out of the folder"]),
        ({"playbok": "line_id\n"}, ["playbok.csv: this file was not read. Did you mean playbook.csv? Rename it and build again"]),
        ({"complaints": "a\n", "回款": PAYMENTS}, ["PLACE: these files were not read: complaints.csv, 回款.csv. The names that are read: customers.csv, contacts.csv, products.csv, orders.csv, payments.csv, visits.csv, service.csv, surveys.csv, targets.csv, playbook.csv, settings.csv"]),
        ({"payments": PAYMENTS, "payments.en": PAYMENTS, "收款.zh": PAYMENTS, "._orders": "a\n"}, []),
    ],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_a_file_that_is_not_read_is_named(folder, files, said):
    place = folder(**files)
    problems = csv_folder.read(place).problems
    assert [p.line("en").replace(str(place), "PLACE") for p in problems] == said
    assert {p.severity for p in problems} <= {"warning"}
