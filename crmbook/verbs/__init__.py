"""What can be done with a workbook, each verb in its own words."""
