"""Orders: every order line, returns as negative ones."""

from crmbook import schema
from crmbook.form import entry
from crmbook.text import Text

ORDERS = entry(
    schema.ORDERS,
    Text("一行一条订单明细，退货填负数", "One row per order line; returns are negative"),
    rules=(
        Text(
            "客户数×订单行数不超过 FORMULA_CELLS 且数据整齐时，分级表、销售表等的订单汇总写成公式，改订单即随之变化；见 FORMULAS",
            "where customers × order lines are at most FORMULA_CELLS and the data are clean, the sums over orders in the reports are formulas and follow an edited order; see FORMULAS",
        ),
    ),
)
