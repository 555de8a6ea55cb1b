"""The shelf of features. openpyxl is imported where a feature draws: a refresh reads forms and never draws."""

from crmbook.features.alert import Alert
from crmbook.features.bars import Bars
from crmbook.features.chart import Chart
from crmbook.features.colours import Colours
from crmbook.features.dropdown import Dropdown
from crmbook.features.fields import Field, Fields
from crmbook.features.format import Format
from crmbook.features.icons import Icons
from crmbook.features.kpis import Kpi, Kpis
from crmbook.features.limits import Limits
from crmbook.features.links import Links
from crmbook.features.listing import Item, Listing
from crmbook.features.offered import Offered
from crmbook.features.picker import Picker
from crmbook.features.sparkline import Sparkline
from crmbook.features.summary import Figure, Summary

ALL = (
    Dropdown,
    Offered,
    Limits,
    Colours,
    Bars,
    Icons,
    Alert,
    Format,
    Sparkline,
    Summary,
    Chart,
    Kpis,
    Fields,
    Listing,
    Picker,
    Links,
)

__all__ = [
    "ALL",
    "Alert",
    "Bars",
    "Chart",
    "Colours",
    "Dropdown",
    "Field",
    "Fields",
    "Figure",
    "Format",
    "Icons",
    "Item",
    "Kpi",
    "Kpis",
    "Limits",
    "Links",
    "Listing",
    "Offered",
    "Picker",
    "Sparkline",
    "Summary",
]
