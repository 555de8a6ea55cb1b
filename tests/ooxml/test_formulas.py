"""References in formulas follow the rows they speak of."""

import pytest

from crmbook.ooxml.formulas import Follower, same_formula, stored, table_column, without_shared
from crmbook.ooxml.refs import RowMap

# A table in A4:F7 grows to row 10; rows below go down by three.
GROWN = RowMap(5, frozenset({7}), 10, 1, 6, {5: 6, 6: 5, 7: 10}, 0, 8, 3)


@pytest.fixture
def here() -> Follower:
    return Follower("客户 1", {"客户 1": GROWN})


@pytest.fixture
def elsewhere() -> Follower:
    return Follower("own", {"客户 1": GROWN})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("SUM(C5:C7)", "SUM(C5:C10)"),
        ("SUM($C$4:$C$7)", "SUM($C$4:$C$10)"),
        ("SUM(C1:C7)", "SUM(C1:C10)"),
        ("SUM(C5:C6)", "SUM(C5:C6)"),
        ("SUM(H5:H7)", "SUM(H5:H7)"),
        ("C6+C8*C$9", "C6+C11*C$12"),
        ("SUM(C5:C12)", "SUM(C5:C15)"),
        ("SUM(8:9)", "SUM(11:12)"),
        ("SUM(C:C)", "SUM(C:C)"),
        ('"C8"&C8', '"C8"&C11'),
        ("crm_a[[#This Row],[C8]]+LOG10(C8)", "crm_a[[#This Row],[C8]]+LOG10(C11)"),
        ("IF(C8>1,own!C8,'客户 1'!C8)", "IF(C11>1,own!C8,'客户 1'!C11)"),
        ("[1]Sheet1!C8", "[1]Sheet1!C8"),
        ("ANCHORARRAY(C8)", "ANCHORARRAY(C11)"),
        ("SUM(A9:INDEX(C:C,3))+SUM(OFFSET(A1,1,1):C9)", "SUM(A12:INDEX(C:C,3))+SUM(OFFSET(A1,1,1):C12)"),
        ("SUM(C8:C1048576)+A1048576", "SUM(C11:C1048576)+A1048576"),
        ("SUM(C5:C1048576)", "SUM(C5:C1048576)"),
        ("ABC_A1+TAXES2026+XYZ8", "ABC_A1+TAXES2026+XYZ8"),
    ],
)
def test_formulas_on_the_sheet(here: Follower, before: str, after: str):
    assert here.follow(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("SUM('客户 1'!C5:C7)", "SUM('客户 1'!C5:C10)"),
        ("C8+'客户 1'!$C$8", "C8+'客户 1'!$C$11"),
        ("'客户 1'!$4:$4", "'客户 1'!$4:$4"),
        ("'客户 1'!$A:$B,'客户 1'!$8:$8", "'客户 1'!$A:$B,'客户 1'!$11:$11"),
        ("'客户 12'!C8", "'客户 12'!C8"),
        ("\"'客户 1'!C8\"", "\"'客户 1'!C8\""),
    ],
)
def test_formulas_on_other_sheets(elsewhere: Follower, before: str, after: str):
    assert elsewhere.follow(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("C5*2", "C6*2"),
        ("C5-C6", "C6-C7"),
        ("C5*$C$6", "C6*$C$6"),
        ("C5*B2+C9", "C6*B2+C12"),
        ("C5/SUM(C$5:C$7)", "C6/SUM(C$5:C$10)"),
        ("SUM(C$5:C5)", "SUM(C$5:C6)"),
        ("own!C5", "own!C5"),
        ("SUM(C5:E5)", "SUM(C6:E6)"),
    ],
)
def test_a_formula_on_a_row_that_moves_takes_its_row_along(here: Follower, before: str, after: str):
    assert here.follow(before, (5, 6)) == after


def test_a_formula_that_would_look_above_the_sheet_says_so():
    up = RowMap(2, frozenset({3}), 3, 1, 6, {2: 3, 3: 2})
    assert Follower("s", {"s": up}).follow("A3-A2", (3, 2)) == "A2-A1"
    far = RowMap(1, frozenset({3}), 3, 1, 6, {1: 3, 3: 1})
    assert Follower("s", {"s": far}).follow("A3-A1", (3, 1)) == "A1-#REF!"


def test_what_cannot_be_taken_apart_stays(here: Follower):
    assert here.follow("C8+'unclosed") == "C8+'unclosed"


def test_nothing_is_followed_where_nothing_moved():
    still = RowMap(5, frozenset({7}), 7, 1, 6)
    assert Follower("s", {"s": still}).is_idle


def test_shared_formulas_are_written_out():
    rows = {
        1: b'<row r="1"><c r="B1"><f t="shared" ref="B1:B2" si="0">A1*$A$1&amp;"x"</f><v>1</v></c></row>',
        2: b'<row r="2"><c r="A2" s="3"/><c r="B2" s="1"><f t="shared" si="0"/><v>2</v></c></row>',
    }
    assert without_shared(rows)[1] == b'<row r="1"><c r="B1"><f>A1*$A$1&amp;"x"</f><v>1</v></c></row>'
    assert without_shared(rows)[2] == (
        b'<row r="2"><c r="A2" s="3"/><c r="B2" s="1"><f>A2*$A$1&amp;"x"</f><v>2</v></c></row>'
    )


def test_newer_functions_are_stored_with_their_prefix():
    assert stored('=PERCENTRANK.INC(a,1)&"RANK.EQ("') == '_xlfn.PERCENTRANK.INC(a,1)&"RANK.EQ("'
    assert stored("NETWORKDAYS.INTL(A1,A2)+SUM(A1)+IFNA(A1,0)") == "NETWORKDAYS.INTL(A1,A2)+SUM(A1)+_xlfn.IFNA(A1,0)"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("_xlfn.IFNA(A1, 0)", "IFNA(A1,0)"),
        ("t[[a]]+1", "t[a]+1"),
        ("VLOOKUP(1,A:B,2,FALSE)", "vlookup(1,A:B,2,FALSE())"),
        ("'客户'!A1", "客户!A1"),
    ],
)
def test_programs_spell_one_formula_in_several_ways(a: str, b: str):
    assert same_formula(a, b)


@pytest.mark.parametrize(("a", "b"), [('"a b"', '"ab"'), ('"A"', '"a"'), ("A1", None), ("A1", "A2")])
def test_other_formulas_are_others(a: str, b: str | None):
    assert not same_formula(a, b)


def test_headers_with_special_characters_are_quoted_in_references():
    assert table_column("t", "销售额（元） a_b") == "t[销售额（元） a_b]"
    assert table_column("t", "金额 (元)") == "t[[金额 (元)]]"
    assert table_column("t", "a]#'b") == "t[[a']'#''b]]"
    assert table_column("t", "占比", this_row=True) == "t[[#This Row],[占比]]"
