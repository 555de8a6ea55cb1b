"""Targets: what was to be sold, by month and by whom."""

from crmbook import schema
from crmbook.features import Format
from crmbook.form import entry
from crmbook.text import Text

TARGETS = entry(
    schema.TARGETS,
    Text(
        "按月填写公司、区域、客户经理或客户的销售目标",
        "Monthly sales targets of the company, a region, an account manager or a customer",
    ),
    features=(Format("month", "ISNUMBER([@month])", "yyyy-mm"),),
)
