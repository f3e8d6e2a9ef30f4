"""The queue. A broker message only rings the bell: the job is a database row."""

import os
import signal
import threading
import time
import warnings

from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import worker_process_init

from kompetenslyft.environment import choose_settings

choose_settings()

# It warns a worker that runs as root. Ours reads only JSON, and on one's own laptop
# or in a bare container root is who there is.
warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("kompetenslyft")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def end_with_the_worker(**_kwargs) -> None:
    """Let no process of the pool outlive its worker, whose job another one takes up.

    The kernel's own signal for this follows the thread that forked, and the pool
    forks from threads that come and go.
    """
    watch = threading.Thread(target=_end_when_orphaned, args=[os.getppid()])
    watch.daemon = True
    watch.start()


def _end_when_orphaned(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGKILL)
