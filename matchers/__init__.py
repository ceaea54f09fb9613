"""Who a record is about, and how surely."""
