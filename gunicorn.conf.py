"""How gunicorn serves the portal; found by its name in the working folder."""

import os

from kompetenslyft.environment import choose_settings

choose_settings()  # Half a configuration stops here, not in every worker anew.

wsgi_app = "kompetenslyft.wsgi"
# SQLite, the default mode's database, takes one writer at a time.
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = 4
# No thread waits for a client, to send its request or to take its answer.
worker_class = "kompetenslyft.web.PatientWorker"
logger_class = "kompetenslyft.web_log.MaskedLogger"
worker_connections = 500
sendfile = False  # It would wait for the client.
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190
graceful_timeout = 10
control_socket_disable = True
