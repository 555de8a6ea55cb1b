"""Whose row it is: the customer's name beside the id that staff typed in an entry form."""

from typing import Any

import pandas as pd

from crmbook import schema
from crmbook.form import Given, Shows
from crmbook.schema import Column
from crmbook.sought import literal

CUSTOMER = Shows(
    Column("customer", schema.CUSTOMERS.column("name").label),
    width=24,
    # Somebody may have typed 1001 as a number in one sheet and as text in the other: the id as text, then as a number.
    formula=f"IFERROR(INDEX(customers[name],IFERROR(MATCH({literal('[@customer_id]')},customers[customer_id],0),"
    'MATCH(IF(VALUE([@customer_id])&""=[@customer_id]&"",VALUE([@customer_id]),1/0),customers[customer_id],0)))&"","")',
)


def shown(given: Given, raw: pd.DataFrame) -> pd.DataFrame:
    """Rows as they stand → the name of each row's customer; blank where the customer is not known."""
    customers = given.tables["customers"]
    names: dict[str, str] = {}
    for id, name in zip(customers["customer_id"], customers["name"], strict=True):
        names.setdefault(str(id).casefold(), name)  # the first one, as MATCH does
    return pd.DataFrame(
        {"customer": [names.get(_id(v), "") for v in raw["customer_id"]]}, index=raw.index, dtype=object
    )


def _id(value: Any) -> str:
    """An id as a formula sees it: a number without a decimal point, text of any case."""
    whole = isinstance(value, float) and value.is_integer()
    return "" if value is None else str(int(value) if whole else value).casefold()
