"""Surveys: what customers answered, item by item."""

from crmbook import schema
from crmbook.form import entry
from crmbook.text import Text

SURVEYS = entry(
    schema.SURVEYS,
    Text("一行一份满意度调查", "One row per satisfaction survey"),
    widths={"recommend": 12.5},
    rules=(
        Text(
            "很满意100、满意80、一般60、不满意30、很不满意0，不了解不计；各项按 SURVEY_W_QUALITY、SURVEY_W_DELIVERY、SURVEY_W_PRICE、SURVEY_W_SERVICE、SURVEY_W_COMPLAINTS、SURVEY_W_SUPPORT 加权；每个客户取最近一次",
            "very good 100, good 80, fair 60, poor 30, very poor 0, unknown left out; the items weigh SURVEY_W_QUALITY, SURVEY_W_DELIVERY, SURVEY_W_PRICE, SURVEY_W_SERVICE, SURVEY_W_COMPLAINTS, SURVEY_W_SUPPORT; of each customer the latest counts",
        ),
    ),
)
