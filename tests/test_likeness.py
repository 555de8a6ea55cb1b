"""Customers that stand twice are found however they are written, and nobody else is."""

import csv

import pandas as pd
import pytest

from crmbook import paths
from crmbook.reading import likeness
from crmbook.reading.likeness import LIKE_NAME, SAME_CODE, SAME_NAME, SAME_PHONE
from crmbook.sources import csv_folder
from tests.typed_tables import frame

BLANK = dict.fromkeys(("type", "city", "parent_id", "phone", "credit_code"))


def pair(first, second, **columns):
    """The reasons why two customers of these names may be one."""
    rows = frame(customer_id=["1", "2"], name=[first, second], **{**BLANK, **columns})
    return [double.why for double in likeness.doubles(rows)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("苏州岚宸包装机械有限公司", "苏州岚宸包装机械有限责任公司"), ("苏州岚宸包装机械有限公司", "苏州岚宸包装机械股份有限公司"),
        ("岚宸包装机械有限公司", "岚宸包装机械集团有限公司"), ("西门子（中国）有限公司", "西门子(中国)有限公司"),
        ("江苏苏州岚宸包装机械", "苏州市岚宸包装机械有限公司"), ("深圳市岚宸技术有限公司", "岚宸技术有限公司"), ("广东省岚宸实业公司", "岚宸实业有限公司"),
        ("ＡＢＣ贸易有限公司", "abc贸易 有限公司"), ("Acme Trading Co., Ltd.", "ACME TRADING"), ("Acme Trading GmbH", "Acme Trading Inc"),
        ("远航公司上海分公司", "远航有限公司上海分公司"), ("王芳", "王芳"), ("Ernst Handel", "ernst handel"),
    ],
)  # fmt: skip
def test_one_name_written_in_two_ways_is_one_name(first, second):
    assert pair(first, second, city=[None, "苏州"]) == [(SAME_NAME,)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("岚宸包装机械有限公司", "岚宸包装机有限公司"), ("南海塑胶制品有限公司", "南海塑胶制有限公司"), ("Acme Trading Company", "Acme Tradng Co Ltd"),
        ("张家港保税区长江国际港务有限公司", "张家港保税区长汇国际港务有限公司"), ("La maison d'Asie Sarl", "La maison dAsi Sarl"),
    ],
)  # fmt: skip
def test_a_slip_of_the_pen_is_nearly_the_same_name(first, second):
    assert pair(first, second) == [(LIKE_NAME,)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("远航电子有限公司上海分公司", "远航电子有限公司北京分公司"), ("远航电子有限公司", "远航电子有限公司北京分公司"), ("红星第一机械厂", "红星第二机械厂"),
        ("红星机械一厂", "红星机械二厂"), ("光明乳业3号店", "光明乳业4号店"), ("城东便利店", "城西便利店"), ("上海申达贸易有限公司", "北京申达贸易有限公司"),
        ("西门子（中国）有限公司", "西门子（上海）有限公司"), ("苏州昱川精密机械有限公司", "苏州昱拓精密机械有限公司"), ("王芳", "王方"), ("欧阳建国", "欧阳建华"),
        ("李伟（个体）", "李玮（个体）"), ("Alexandra Johnson", "Alexandria Johnson"), ("Jon Yang", "Jon Wang"), ("Jon Yang", "Amy Yang"),
        ("Customer 12346", "Customer 12347"), ("ABC123贸易有限公司", "ABC124贸易有限公司"), ("上海", "北京"), ("公司", "有限公司上海"),
    ],
)  # fmt: skip
def test_two_names_stay_two(first, second):
    assert pair(first, second) == []


def test_two_persons_may_have_one_name_but_not_one_phone():
    assert pair("王芳", "王芳", type="person") == []
    assert pair("王芳", "王方", type="person", phone=["13912345678", "139 1234 5678"]) == [(SAME_PHONE,)]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("021-61234567", "+86 21 6123 4567", True), ("021-61234567", "61234567", True), ("61234567转801", "021-61234567", True), ("13912345678/010-12345678", "(010)12345678", True),
        ("１３９１２３４５６７８", "139-1234-5678", True), ("0512-61234567", "021-61234567", False), ("13912345678", "13912345679", False), ("000000000", "000000000", False),
        ("110", "110", False), ("", "无", False),
    ],
)  # fmt: skip
def test_phones_are_compared_by_their_digits(first, second, same):
    assert bool(pair("甲贸易行", "乙物流行", phone=[first, second])) is same


def test_a_credit_code_belongs_to_one_customer():
    codes = ["91320500MA1234567X", "91320500ma1234567x "]
    assert pair("甲贸易行", "乙物流行", credit_code=codes) == [(SAME_CODE,)]
    assert pair("甲贸易行", "甲贸易行", credit_code=codes) == [(SAME_NAME, SAME_CODE)]


@pytest.mark.parametrize("parents", [[None, "1"], ["2", None], ["9", "9"]])
def test_customers_linked_to_each_other_are_known_to_be_two(parents):
    assert pair("远航电子有限公司", "远航电子集团", parent_id=parents, phone="13912345678") == []


def test_a_third_row_points_to_the_first():
    rows = frame(customer_id=["1", "2", "3"], name=["甲贸易公司", "乙物流公司", "甲贸易有限公司"], **BLANK)
    rows = pd.concat([rows, rows.iloc[[2]].assign(customer_id="4")])
    assert [(d.first, d.second) for d in likeness.doubles(rows)] == [(0, 2), (0, 3)]


def test_a_series_of_like_names_is_not_compared_letter_by_letter():
    letters = [chr(0x4E00 + n) for n in range(0x100, 0x100 + 60)]
    rows = frame(customer_id=letters, name=[f"长江国际港务仓储物流{c}" for c in letters], **BLANK)
    assert likeness.doubles(rows) == []


def test_nobody_in_the_sample_stands_twice():
    assert likeness.doubles(csv_folder.read(paths.SAMPLE_DATA).tables["customers"]) == []


@pytest.mark.reference
def test_of_18148_persons_of_one_shop_none_is_taken_for_another(reference):
    file = reference / "adventureworks" / "AdventureWorks_Customers.csv"
    with file.open(encoding="latin-1", newline="") as lines:
        people = [(row["CustomerKey"], f"{row['FirstName']} {row['LastName']}") for row in csv.DictReader(lines)]
    ids, names = zip(*people, strict=True)
    found = likeness.doubles(frame(customer_id=list(ids), name=list(names), **BLANK))
    assert {double.why for double in found} <= {(SAME_NAME,)}  # nobody said that they are persons
    assert all(names[d.first].casefold() == names[d.second].casefold() for d in found)
    assert likeness.doubles(frame(customer_id=list(ids), name=list(names), **{**BLANK, "type": "person"})) == []
