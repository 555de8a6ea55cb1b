"""Every form, one file each, in the order of the sheets: what is read first, then what is filled in, then the rest.

To add a form: a file `<id>.py` here that holds it as `<ID>`, and its line below.
"""

from importlib import import_module

from crmbook.form import Form

SHEETS = (
    "dashboard",
    "card",
    "grading",
    "chain",
    "sales",
    "key_customers",
    "product_months",
    "customer_months",
    "movements",
    "regions",
    "region_months",
    "owners",
    "problems",
    "visit_plan",
    "relationship",
    "relationship_card",
    "classes",
    "changes",
    "customers",
    "contacts",
    "products",
    "orders",
    "payments",
    "visits",
    "service",
    "surveys",
    "targets",
    "checks",
    "profiles",
    "playbook",
    "settings",
)
ALL: tuple[Form, ...] = tuple(getattr(import_module(f"{__name__}.{id}"), id.upper()) for id in SHEETS)
