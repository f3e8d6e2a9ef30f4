"""Names of rows for the world outside: URLs, packages, files."""

import secrets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # No I, L, O, U: read aloud safely.


def random_ref(prefix: str) -> str:
    """Return a ref such as `p-7K3F9Q2M`: 40 random bits, never derived from data."""
    number = secrets.randbits(40)
    return f"{prefix}-" + "".join(
        CROCKFORD[number >> shift & 31] for shift in range(35, -5, -5)
    )
