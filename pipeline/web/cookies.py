"""The cookies of one fetch.

Many outlets answer the first request with a cookie and a redirect to the same address, and do
so for ever until the cookie comes back. So a cookie is sent back along the redirects of the
fetch in which it was given, to the very origin that gave it, and forgotten with the fetch:
nobody can follow us from page to page. Domains, paths and dates are not looked at: within
some seconds and one origin they decide nothing.
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

#: Name and value at the beginning of a Set-Cookie header (RFC 6265, 4.1.1), a little wider.
_COOKIE = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=([!-:<-~]*)\s*(?:;|$)")
#: Of one origin, together: RFC 6265, 6.1, asks for 4,096 bytes for one. More is a trap.
_MOST = 8_192


class Cookies:
    """What the hosts of one fetch have given; for one thread."""

    def __init__(self) -> None:
        self._given: dict[str, dict[str, str]] = {}

    def take(self, url: str, given: Iterable[str]) -> None:
        """Note the Set-Cookie headers of a reply from ``url``.

        >>> cookies = Cookies()
        >>> cookies.take("https://a.example/1", ["id=7; Path=/; Secure", "x=y"])
        >>> cookies.for_url("https://a.example/2"), cookies.for_url("https://b.example/")
        ('id=7; x=y', '')
        """
        jar = self._given.setdefault(_origin(url), {})
        for header in given:
            found = _COOKIE.match(header)
            if found and len(found[0]) + sum(map(len, (*jar, *jar.values()))) <= _MOST:
                jar[found[1]] = found[2]

    def for_url(self, url: str) -> str:
        """Return the Cookie header for ``url``; empty: none."""
        if not self._given:
            return ""
        return "; ".join(f"{k}={v}" for k, v in self._given.get(_origin(url), {}).items())


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()
