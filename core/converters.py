"""Parts of addresses."""

import datetime as dt


class DayConverter:
    """A day such as `2026-03-31`; a day that does not exist is no address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date) -> str:
        return value.isoformat()


class MonthConverter:
    """A month such as `2026-03`, as its first day; there is no thirteenth.

    Of the years 2000 to 2099: another one is mistyped.
    """

    regex = r"20\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        return dt.date.fromisoformat(f"{value}-01")

    def to_url(self, value: dt.date) -> str:
        return f"{value:%Y-%m}"
