"""What the web server runs."""

from django.core.wsgi import get_wsgi_application

from kompetenslyft.environment import choose_settings

choose_settings()

application = get_wsgi_application()
