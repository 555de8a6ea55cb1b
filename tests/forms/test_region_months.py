"""Regions by month: this calendar year, what is to come is blank."""

from crmbook.forms.region_months import IDS, REGION_MONTHS
from tests import made_up


def test_months_are_those_of_the_reports_year() -> None:
    given = made_up.given(
        customers=[{"customer_id": "001", "region": "east"}, {"customer_id": "002"}],
        orders=made_up.orders(
            ("001", "2026-01-31", 1), ("001", "2026-06-30", 20), ("002", "2026-03-01", 300), ("001", "2025-12-31", 4000)
        ),
    )  # fmt: skip
    rows = REGION_MONTHS.rows(given).set_index("region")
    assert rows.loc["east", ["jan", "feb", "jun", "total"]].tolist() == [1, 0, 20, 21]
    assert rows.loc["_nowhere", ["mar", "total"]].tolist() == [300, 300]
    assert rows[list(IDS[6:])].isna().all(axis=None)
    cells = REGION_MONTHS.cells(given, rows.reset_index())
    assert [cells[f"months.{at}.net"] for at in (0, 2, 5, 6)] == [1, 300, 20, ""]
    assert cells["total.total"] == 321
