"""The least that a folder of CSV files holds."""

CUSTOMERS = "customer_id,name\n001,甲公司\n002,乙公司\n"
ORDERS = "order_id,date,customer_id,amount\n0001,2026-01-05,001,10.50\n0002,2026-01-06,002,20\n"
