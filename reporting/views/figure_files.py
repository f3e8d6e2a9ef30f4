"""One table of a period's figures as a file."""

from io import BytesIO

from django.http import Http404, HttpResponse
from django.views.generic import View

from accounts.audit import record
from reporting.enums import FileFormat
from reporting.explaining import fund_period_of
from reporting.exports.figure_file import write_figures
from reporting.selectors import period_metrics
from reporting.views.lists import MEDIA_TYPES
from reporting.views.why import TableMixin


class FigureFileView(TableMixin, View):
    """The table's figures, computed now, as a workbook or a text file."""

    def get(self, request, table, file_format, **days):
        if file_format not in FileFormat.values:
            raise Http404
        first, last = self.period.starts_on, self.period.ends_on
        metrics = period_metrics(first, last)
        rows = list(self.table.rows(metrics, fund_period_of()))
        target = BytesIO()
        write_figures(self.table, rows, target, file_format=file_format)
        action = "reporting.table_fetched"
        record(request.user, action, self.period, table=table)
        name = f"{table}_{first}_{last}.{file_format}"
        return HttpResponse(
            target.getvalue(),
            content_type=MEDIA_TYPES[file_format],
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "Cache-Control": "private, no-store",
            },
        )
