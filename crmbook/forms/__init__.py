"""Every form, one file each, in the order of the sheets: what is read first, then what is filled in, then the rest."""

from crmbook.form import Form
from crmbook.forms.chain import CHAIN
from crmbook.forms.checks import CHECKS
from crmbook.forms.customers import CUSTOMERS
from crmbook.forms.grading import GRADING
from crmbook.forms.orders import ORDERS
from crmbook.forms.payments import PAYMENTS
from crmbook.forms.playbook import PLAYBOOK
from crmbook.forms.products import PRODUCTS
from crmbook.forms.region_months import REGION_MONTHS
from crmbook.forms.regions import REGIONS
from crmbook.forms.settings import SETTINGS
from crmbook.forms.surveys import SURVEYS
from crmbook.forms.targets import TARGETS
from crmbook.forms.visits import VISITS

ALL: tuple[Form, ...] = (
    GRADING, CHAIN, REGIONS, REGION_MONTHS,
    CUSTOMERS, PRODUCTS, ORDERS, PAYMENTS, VISITS, SURVEYS, TARGETS,
    CHECKS, PLAYBOOK, SETTINGS,
)  # fmt: skip
