"""What goes out: the auditors' workbook, the page, the summary."""
