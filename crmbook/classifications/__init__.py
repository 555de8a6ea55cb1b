"""The shelf of classifications: each puts every customer into one class. To add one: a file here and its line below."""

from crmbook.classification import Classification
from crmbook.classifications.abc import ABC
from crmbook.classifications.grade import GRADE
from crmbook.classifications.stage import STAGE
from crmbook.classifications.value_class import VALUE_CLASS

# In this order: a later one may use an earlier one's columns.
ALL: tuple[Classification, ...] = (ABC, GRADE, VALUE_CLASS, STAGE)
