from reporting.selectors.funder import for_funder
from reporting.selectors.period import company_metrics, own_metrics, period_metrics

__all__ = ["company_metrics", "for_funder", "own_metrics", "period_metrics"]
