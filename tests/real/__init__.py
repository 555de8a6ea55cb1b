"""Converters from published data sets to a folder of CSV files that crmbook reads."""
