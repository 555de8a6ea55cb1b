"""Pivot tables over what changed."""

import pytest

from crmbook.ooxml.pivots import update_pivot
from crmbook.ooxml.refs import RowMap

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


@pytest.mark.parametrize(
    "source", ['<worksheetSource name="other"/>', '<worksheetSource ref="A1:B2" sheet="o"/>', "<consolidation/>"]
)
def test_other_pivots_are_the_same_bytes(source: str):
    assert updated(definition(source)) == definition(source).decode()
