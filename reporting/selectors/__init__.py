from reporting.selectors.period import company_metrics, period_metrics

__all__ = ["company_metrics", "period_metrics"]
