"""Lists that come in as spreadsheets, and workbooks that go out.

Knows cells, never what they mean. Three modules, each imported by its name,
because a sheet that is read and a sheet that is written are different things:

`core.spreadsheets.guard`
    `check_workbook(path)` refuses a hostile or broken .xlsx before it is parsed.

`core.spreadsheets.reading`
    `with read_sheets(path, name="list.xlsx") as sheets:` gives the visible sheets
    of an .xlsx, or the one sheet of a .csv, in order. Each `Sheet` has a `name`
    and `rows`, read as they are asked for; a sheet must be read before the next
    one is asked for. A `Row` is `(line, cells)`: the line as the user's own
    program shows it, and the cells from column A on. A cell is None, str, int,
    float, bool, date, datetime, time, timedelta or `Formula(text)`, which is also
    what an error value such as #N/A becomes. Rows without any value are left out,
    hidden sheets too. Every refusal is a `DomainError`, at any step of the reading.

`core.spreadsheets.writing`
    `write_workbook(sheets, target, title=..., author=...)` writes `Sheet`s of
    `Column`s with notes, drop-downs and native `BarChart`s.
"""
