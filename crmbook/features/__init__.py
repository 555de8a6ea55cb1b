"""The shelf of features. openpyxl is imported where a feature draws: a refresh reads forms and never draws."""

from crmbook.features.alert import Alert
from crmbook.features.bars import Bars
from crmbook.features.chart import Chart
from crmbook.features.colours import Colours
from crmbook.features.dropdown import Dropdown
from crmbook.features.format import Format
from crmbook.features.limits import Limits
from crmbook.features.summary import Figure, Summary

ALL = (Dropdown, Limits, Colours, Bars, Alert, Format, Summary, Chart)

__all__ = ["ALL", "Alert", "Bars", "Chart", "Colours", "Dropdown", "Figure", "Format", "Limits", "Summary"]
