"""The portal: settings, URLs, the queue and what spans all apps."""

from kompetenslyft.celery import app as celery_app

__all__ = ["celery_app"]
