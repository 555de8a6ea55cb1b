"""The visits: the customer's name stands beside the id, as the formula in the cell finds it."""

import pandas as pd

from crmbook.forms.visits import VISITS
from tests import made_up


def test_the_name_follows_the_id_as_typed() -> None:
    given = made_up.given(customers=[{"customer_id": "c01", "name": "Anhua"}, {"customer_id": "7", "name": "Boda"}])
    raw = pd.DataFrame({"customer_id": ["C01", 7.0, "unknown", None]})
    assert VISITS.shown(given, raw)["customer"].tolist() == ["Anhua", "Boda", "", ""]


def test_the_name_stands_right_after_the_id() -> None:
    ids = [c.column.id for c in VISITS.columns]
    assert ids[ids.index("customer_id") + 1] == "customer"
