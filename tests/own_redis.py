"""A Redis number for one run of the tests alone."""

import os

import redis

_NUMBERS = range(15, 0, -1)


def take_redis(url: str) -> str:
    """Return the URL of an empty number on that server, held until `leave_redis`.

    Who holds which number stands in number 0, out of reach of a test that empties
    its cache.
    """
    register = _client(url, 0)
    for number in _NUMBERS:
        client = _client(url, number)
        holder = register.get(_key(number))
        if holder and not _is_alive(int(holder)):
            client.flushdb()
            register.delete(_key(number))
        if register.set(_key(number), os.getpid(), nx=True):
            if client.dbsize() == 0:
                return _with_number(url, number)
            register.delete(_key(number))  # Somebody else's data.
    raise RuntimeError(f"No empty number from 15 down to 1 on {url}.")


def leave_redis(url: str) -> None:
    """Empty the number again, if this process holds it."""
    register = _client(url, 0)
    number = int(url.rpartition("/")[2])
    if int(register.get(_key(number)) or 0) == os.getpid():
        _client(url, number).flushdb()
        register.delete(_key(number))


def _client(url: str, number: int) -> redis.Redis:
    return redis.Redis.from_url(_with_number(url, number))


def _with_number(url: str, number: int) -> str:
    """Return the URL, which ends in `/` and a number, with another number."""
    return f"{url.rpartition('/')[0]}/{number}"


def _key(number: int) -> str:
    return f"test-run-on-number-{number}"


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
