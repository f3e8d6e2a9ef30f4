"""The queue. A broker message only rings the bell: the job is a database row."""

from celery import Celery

from kompetenslyft.environment import choose_settings

choose_settings()

app = Celery("kompetenslyft")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
