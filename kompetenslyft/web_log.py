"""What the web server itself writes: its errors and, where asked for, its requests."""

from typing import Any

from gunicorn.glogging import Logger

from core.logs import PlaceFormatter


class MaskedLogger(Logger):
    """gunicorn's own, without the keys in addresses and the words of errors."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in [*self.error_log.handlers, *self.access_log.handlers]:
            if plain := handler.formatter:
                handler.setFormatter(PlaceFormatter(plain._fmt, plain.datefmt))
