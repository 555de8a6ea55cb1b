"""The shelf of classifications: each puts every customer into one class. To add one: a file here and its line below."""

from crmbook.classification import Classification
from crmbook.classifications.abc import ABC
from crmbook.classifications.churn_risk import CHURN_RISK
from crmbook.classifications.credit import CREDIT
from crmbook.classifications.grade import GRADE
from crmbook.classifications.priority import PRIORITY
from crmbook.classifications.relationship import RELATIONSHIP
from crmbook.classifications.rfm import RFM
from crmbook.classifications.satisfaction_band import SATISFACTION_BAND
from crmbook.classifications.service_type import SERVICE_TYPE
from crmbook.classifications.stage import STAGE
from crmbook.classifications.value_class import VALUE_CLASS

# In this order: a later one may use an earlier one's columns.
ALL: tuple[Classification, ...] = (
    ABC, GRADE, VALUE_CLASS, STAGE,
    RFM, SERVICE_TYPE, SATISFACTION_BAND, CHURN_RISK, CREDIT, RELATIONSHIP, PRIORITY,
)  # fmt: skip
