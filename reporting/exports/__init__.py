"""A period's figures as a workbook; see docs/adr/0003-workbooks-by-xlsxwriter.md.

`titles` and `definitions` hold the words, `tables`, `summary` and `checks` shape
the figures, `workbook` puts them on sheets.
"""

from reporting.exports.funder import write_funder_workbook
from reporting.exports.workbook import write_leader_workbook

__all__ = ["write_funder_workbook", "write_leader_workbook"]
