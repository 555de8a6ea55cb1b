"""Charts: their ranges and what they remember."""

import re

import pytest

from crmbook.ooxml.cells import Content
from crmbook.ooxml.charts import cells_of, update_chart, update_new_chart
from crmbook.ooxml.formulas import Follower
from crmbook.ooxml.refs import Area, RowMap
from crmbook.ooxml.sheet import SheetPart

ROWS = "".join(
    f'<row r="{r}"{hidden}><c r="A{r}" t="inlineStr"><is><t>{word}</t></is></c><c r="B{r}"><v>{number}</v></c></row>'
    for r, word, number, hidden in (
        (4, "name", "0", ""),
        (5, "a &amp; b", "1.5", ""),
        (6, "c", "2", ' hidden="1"'),
        (7, "d", "-3e-05", ""),
    )
)
SHEET = SheetPart(f"<worksheet><sheetData>{ROWS}</sheetData></worksheet>".encode(), str)
GROWN = RowMap(5, frozenset({5}), 7, 1, 3)
FOLLOWER = Follower("", {"s": GROWN})
IDLE = Follower("", {})


def named(text: str) -> str:
    return {"book.xlsx!sales": "s!$B$5:$B$7"}.get(text, text)


def cells(name: str, area: Area, visible: bool) -> list[list[Content]] | None:
    return cells_of(SHEET, area, visible=visible) if name == "s" else None


def values(inner: str, kind: str = "num") -> str:
    return f"<c:val><c:{kind}Ref>{inner}</c:{kind}Ref></c:val>"


def chart(*parts: str, visible: str = '<c:plotVisOnly val="0"/>') -> bytes:
    return f"<c:chart>{''.join(parts)}{visible}</c:chart>".encode()


def updated(*parts: str, follower: Follower = FOLLOWER, visible: str = '<c:plotVisOnly val="0"/>') -> str:
    return update_chart(chart(*parts, visible=visible), follower, cells, named).decode()


def test_a_cell_that_was_the_whole_column_becomes_the_column():
    found = updated(values("<c:f>s!$B$5</c:f>"))
    assert "<c:f>s!$B$5:$B$7</c:f>" in found
    assert (
        '<c:numCache><c:formatCode>General</c:formatCode><c:ptCount val="3"/><c:pt idx="0"><c:v>1.5</c:v></c:pt>'
        '<c:pt idx="1"><c:v>2</c:v></c:pt><c:pt idx="2"><c:v>-3e-05</c:v></c:pt></c:numCache>'
    ) in found


def test_the_name_of_a_series_stays_one_cell():
    found = updated("<c:tx><c:strRef><c:f>s!$B$5</c:f></c:strRef></c:tx>")
    assert "<c:f>s!$B$5</c:f>" in found


def test_words_as_categories_are_remembered_as_words():
    """openpyxl writes every category as a reference to numbers."""
    found = updated("<c:cat><c:numRef><c:f>s!$A$5:$A$5</c:f></c:numRef></c:cat>")
    assert '<c:cat><c:strRef><c:f>s!$A$5:$A$7</c:f><c:strCache><c:ptCount val="3"/>' in found
    assert "<c:v>a &amp; b</c:v>" in found


def test_a_chart_forgets_hidden_rows_unless_it_shows_them():
    found = updated(values("<c:f>s!$B$5</c:f>"), visible="")
    assert re.findall("<c:v>(.*?)</c:v>", found) == ["1.5", "-3e-05"]


def test_the_number_format_and_what_follows_the_cache_stay():
    cache = '<c:numCache><c:formatCode>0%</c:formatCode><c:ptCount val="1"/></c:numCache><c:extLst><c:ext/></c:extLst>'
    found = updated(values(f"<c:f>s!$B$5:$B$5</c:f>{cache}"))
    assert '<c:formatCode>0%</c:formatCode><c:ptCount val="3"/>' in found
    assert "</c:numCache><c:extLst><c:ext/></c:extLst>" in found


def test_a_cache_that_is_right_is_the_same_bytes():
    once = updated(values("<c:f>s!$B$5</c:f>"), "<c:cat><c:strRef><c:f>s!$A$5</c:f></c:strRef></c:cat>")
    assert update_chart(once.encode(), IDLE, cells, named).decode() == once
    respelt = once.replace("<c:v>-3e-05</c:v>", "<c:v>-3.0000000000000001E-5</c:v>")
    assert update_chart(respelt.encode(), IDLE, cells, named).decode() == respelt


@pytest.mark.parametrize("ref", ["other!$B$5", "(s!$B$5,s!$B$7)", "[0]!name", "s!$B$6:$B$7"])
def test_other_references_stay(ref: str):
    found = updated(values(f"<c:f>{ref}</c:f>"))
    assert f"<c:f>{ref}</c:f>" in found


def test_ranges_that_later_excels_keep_beside_follow_too():
    found = updated("<c:ext><c15:datalabelsRange><c15:f>s!$A$5:$A$5</c15:f></c15:datalabelsRange></c:ext>")
    assert "<c15:f>s!$A$5:$A$7</c15:f>" in found


def test_labels_taken_from_cells_are_remembered_anew():
    held = '<c15:dlblRangeCache><c:ptCount val="1"/><c:pt idx="0"><c:v>old</c:v></c:pt></c15:dlblRangeCache>'
    found = updated(f"<c:ext><c15:datalabelsRange><c15:f>s!$A$5:$A$5</c15:f>{held}</c15:datalabelsRange></c:ext>")
    assert '<c15:f>s!$A$5:$A$7</c15:f><c15:dlblRangeCache><c:ptCount val="3"/>' in found
    assert re.findall("<c:v>(.*?)</c:v>", found) == ["a &amp; b", "c", "d"]
    assert update_chart(found.encode(), IDLE, cells, named).decode() == found
    numbers = updated(f"<c15:datalabelsRange><c15:f>s!$B$5:$B$5</c15:f>{held}</c15:datalabelsRange>")
    assert held in numbers


def test_a_range_in_pieces_follows_piece_by_piece_and_is_remembered_whole():
    two_rows = Follower("", {"s": RowMap(5, frozenset({6}), 7, 1, 3)})
    found = updated(values("<c:f>(s!$B$4,s!$B$5:$B$6)</c:f>"), follower=two_rows)
    assert "<c:f>(s!$B$4,s!$B$5:$B$7)</c:f>" in found
    assert re.findall("<c:v>(.*?)</c:v>", found) == ["0", "1.5", "2", "-3e-05"]


def test_a_range_that_goes_by_a_name_is_remembered_as_it_now_is():
    found = updated(values("<c:f>book.xlsx!sales</c:f>"))
    assert "<c:f>book.xlsx!sales</c:f>" in found
    assert re.findall("<c:v>(.*?)</c:v>", found) == ["1.5", "2", "-3e-05"]


def test_categories_in_two_columns_are_remembered_level_by_level():
    found = updated("<c:cat><c:multiLvlStrRef><c:f>s!$A$5:$B$5</c:f></c:multiLvlStrRef></c:cat>")
    assert '<c:f>s!$A$5:$B$7</c:f><c:multiLvlStrCache><c:ptCount val="3"/>' in found
    levels = re.findall("<c:lvl>(.*?)</c:lvl>", found)
    assert [re.findall("<c:v>(.*?)</c:v>", level) for level in levels] == [
        ["1.5", "2", "-3e-05"],
        ["a &amp; b", "c", "d"],
    ]
    assert update_chart(found.encode(), IDLE, cells, named).decode() == found


def test_a_chart_of_the_newer_kind_follows_too():
    xml = '<cx:strDim type="cat"><cx:f>s!$A$5:$A$5</cx:f><cx:lvl ptCount="1"><cx:pt idx="0">old</cx:pt></cx:lvl></cx:strDim><cx:numDim type="val"><cx:f>_xlchart.v1.1</cx:f><cx:lvl ptCount="1" formatCode="0%"><cx:pt idx="0">9</cx:pt></cx:lvl></cx:numDim>'
    names = {"_xlchart.v1.1": "s!$B$5:$B$7"}
    found = update_new_chart(xml.encode(), FOLLOWER, cells, lambda name: names.get(name, name)).decode()
    assert '<cx:f>s!$A$5:$A$7</cx:f><cx:lvl ptCount="2"><cx:pt idx="0">a &amp; b</cx:pt>' in found
    assert '<cx:f>_xlchart.v1.1</cx:f><cx:lvl ptCount="2" formatCode="0%"><cx:pt idx="0">1.5</cx:pt>' in found
