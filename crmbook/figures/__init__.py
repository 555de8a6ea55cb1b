"""The figures of customers, made from the order lines and from what was noted beside them."""
