"""How gunicorn serves the portal; found by its name in the working folder."""

import os

from kompetenslyft.environment import choose_settings

choose_settings()  # Half a configuration stops here, not in every worker anew.

wsgi_app = "kompetenslyft.wsgi"
# The default mode keeps rate limits in memory, which only one process shares.
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = 4
graceful_timeout = 10
control_socket_disable = True
