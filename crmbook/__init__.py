"""Customer-management workbooks: built from your data, refreshed without touching what you typed."""
