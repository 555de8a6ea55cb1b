"""Pivot tables over what changed."""

import pytest

from crmbook.ooxml.pivots import follow_place, update_pivot
from crmbook.ooxml.refs import CannotMoveError, RowMap

GROWN = {"客户": RowMap(5, frozenset({7}), 9, 1, 6)}


def definition(source: str, root: str = "") -> bytes:
    return f'<pivotCacheDefinition r:id="rId1"{root}><cacheSource type="worksheet">{source}</cacheSource></pivotCacheDefinition>'.encode()


def updated(xml: bytes) -> str:
    return update_pivot(xml, lambda name: name in ("客户", "crm_customers"), GROWN.get).decode()


def test_a_pivot_over_a_table_is_filled_anew_on_opening():
    found = updated(definition('<worksheetSource name="crm_customers"/>'))
    assert '<pivotCacheDefinition r:id="rId1" refreshOnLoad="1">' in found
    assert updated(found.encode()) == found


def test_a_pivot_over_a_range_covers_the_new_rows():
    found = updated(definition('<worksheetSource ref="A4:F7" sheet="客户"/>', ' refreshOnLoad="0"'))
    assert '<worksheetSource ref="A4:F9" sheet="客户"/>' in found
    assert found.count("refreshOnLoad") == 1


def test_a_pivot_over_several_ranges_follows_in_each():
    sources = '<rangeSet ref="A4:F7" sheet="客户"/><rangeSet ref="A4:F7" sheet="客户" r:id="rId9"/>'
    found = updated(definition(f'<consolidation><rangeSets count="2">{sources}</rangeSets></consolidation>'))
    assert '<rangeSet ref="A4:F9" sheet="客户"/><rangeSet ref="A4:F7" sheet="客户" r:id="rId9"/>' in found
    assert "refreshOnLoad" in found


def test_a_pivot_below_stands_where_its_cells_now_stand():
    pushed = RowMap(5, frozenset({7}), 9, 1, 6, None, 0, 10, 2)
    xml = '<pivotTableDefinition name="p"><location ref="A12:C20" firstHeaderRow="1"/></pivotTableDefinition>'
    assert follow_place(xml.encode(), pushed, "客户").decode() == xml.replace("A12:C20", "A14:C22")
    beside = xml.replace("A12:C20", "H3:J8")
    assert follow_place(beside.encode(), pushed, "客户").decode() == beside
    with pytest.raises(CannotMoveError) as stopped:
        follow_place(xml.replace("A12:C20", "H8:J20").encode(), pushed, "客户")
    assert (stopped.value.sheet, stopped.value.cell) == ("客户", "H8:J20")


@pytest.mark.parametrize(
    "source", ['<worksheetSource name="other"/>', '<worksheetSource ref="A1:B2" sheet="o"/>', "<consolidation/>"]
)
def test_other_pivots_are_the_same_bytes(source: str):
    assert updated(definition(source)) == definition(source).decode()
