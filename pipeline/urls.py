"""One spelling per address.

An article has many addresses: with and without ``www.``, over http before the outlet moved
to https, with the marks of the campaign that brought a reader, as AMP, print or mobile page.
`normalize_url` maps them onto one *key*, under which the article is filed. The key is never
fetched and never shown: the address as found is kept beside it, so the key may go further
than an address that must still work. It always begins with ``https://``, has no ``www.`` and
no slash at its end, and its parameters are sorted. What tells articles apart stays: ids in
the query, the language, the case of the path.

`join_url` is for the other need, an address that works: it mends what feeds write and
changes no more than a browser would.
"""

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote, urljoin, urlsplit

#: Browsers and proxies handle so much (RFC 9110, 4.1, asks for 8,000; links that long are
#: traps or carry their target inside).
MAX_LENGTH = 2_048

_PORTS = {"http": 80, "https": 443}

#: Encoding makes up to three characters of one; what is longer before cannot become short
#: enough, unless all of it is tracking. Reading it would only cost time.
_RAW_LENGTH = 4 * MAX_LENGTH

#: What may stand unencoded in a path; in a query also "?" (RFC 3986, 3.3 and 3.4).
_KEPT = "A-Za-z0-9._~!$&'()*+,;=:@/%-"
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ENCODED = re.compile("%[0-9A-Fa-f]{2}")
_TO_ENCODE = {
    "path": re.compile(f"%(?![0-9A-F]{{2}})|[^{_KEPT}]+"),
    "query": re.compile(f"%(?![0-9A-F]{{2}})|[^?{_KEPT}]+"),
}
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\]")
_BLANKS = "".join(map(chr, range(33)))
_LINE_END = re.compile(r"\s*[\t\r\n]\s*")
_DOUBLED = re.compile(r"^(?:https?:?/*)+(?=https?:/)", re.IGNORECASE)  # http://http://
_SLASHES = re.compile(r"^(https?)(?::/+|//+)(?=[^/])", re.IGNORECASE)  # https:/host, http//host
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)

#: Parameters that name the way a reader came, never the article.
_TRACKING = re.compile(
    r"utm_.*|at_(medium|campaign|custom\d|link.*|ptr.*|bbc.*)|ns_.*|"  # campaigns; broadcasters
    r"pk_.*|mtm_.*|matomo_.*|piwik_.*|hsa_.*|_hs.*|__hs.*|"  # Matomo, HubSpot
    r"fbclid|fb_.*|igshid|igsh|twclid|__twitter_impression|ttclid|li_fat_id|vk_.*|"  # networks
    r"gclid|gclsrc|dclid|gbraid|wbraid|_ga|_gl|gad_.*|srsltid|msclkid|"  # Google, Microsoft
    r"yclid|ysclid|_openstat|yadclid|yadordid|ymclid|frommail|from_yandex|"  # Russian engines
    r"mc_cid|mc_eid|mkt_tok|vero_.*|oly_.*|_kx|ck_subscriber_id|"  # mailings
    r"xtor|maca|cmp|cmpid|ocid|smid|s_cid|wt[._]?mc.*|ito|guccounter|guce_.*|"  # publishers
    r"traffic_source|soc_src|soc_trk|rb_clickid|spm|nocache|__cf_chl.*",  # the rest
)
#: Parameters that say so only with certain values.
_TRACKING_VALUES = {
    name: re.compile(r"(|1|rss\d*|feeds?|atom|social|share[a-z]*|twitter|facebook|telegram|tg|vk)")
    for name in ("rss", "ref", "from", "source", "src", "share", "via")
}
#: The same article for another device or for paper.
_VARIANTS = {name: re.compile(r"(|1|y|yes|true|on)") for name in ("amp", "print", "mobile")} | {
    name: re.compile(r"amp|print|mobile") for name in ("outputtype", "view", "version", "output")
}
_SESSIONS = re.compile(r"phpsessid|jsessionid|aspsessionid.*|oscsid|zenid|cfid|cftoken|sessionid")
#: "sid" is also the id of a story in old PHP portals; a session's is long and mixed.
_SESSION_VALUES = {
    name: re.compile(r"(?=.*\d)[0-9a-z,-]{16,}", re.IGNORECASE) for name in ("sid", "s", "session")
}
_SESSION_IN_PATH = re.compile(
    r";(?:jsessionid|phpsessid|sid)=[^/;]*|/\([SAF]\([^/()]*\)\)(?=/|$)", re.IGNORECASE
)
_HOST_VARIANTS = ("www.", "m.", "mobile.", "amp.")
_PATH_VARIANTS = frozenset({"amp", "amp.html", "print"})

#: Words that a country's registry sells names beneath, such as gov.az, com.tr, co.uk.
_REGISTRY = re.compile(
    r"(?:ac|av|bel|biz|com?|edu|gen|go[bv]|gouv|govt|id|info|int|k12|ltd|me|mil|muni|name|net?|nhs|"
    r"org?|plc|pol|police|pp|pro|sch|tsk|web)\.[a-z]{2}"
)
#: Hosts whose subdomains belong to different people.
_SHARED_HOST = re.compile(
    r"(?:blogspot|wordpress|livejournal|tumblr|substack|ucoz|wixsite|weebly)\.com|github\.io|"
    r"(?:narod|ucoz|msk|spb)\.ru"
)

#: Redirectors that carry the publisher's address in a parameter: host, path, parameter.
_REDIRECTORS = (
    ("bing.com", "/news/apiclick.aspx", "url"),
    ("google.com", "/url", "url"),
    ("google.com", "/url", "q"),
    ("facebook.com", "/l.php", "u"),
    ("vk.com", "/away.php", "to"),
)
_AGGREGATOR = re.compile(r"(?:bing|google|facebook|vk)\.com/", re.IGNORECASE)
_HOMEPAGE = re.compile(
    r"(/[a-z]{2}([-_][a-z]{2,4})?)?(/(index|default|home)(\.[a-z]{3,5})?)?/?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Parts:
    """An address taken apart: host in ASCII, path and query encoded as RFC 3986 wants."""

    scheme: str
    host: str
    port: int | None  # None: the scheme's own
    path: str
    query: str

    def __str__(self) -> str:
        port = f":{self.port}" if self.port else ""
        query = f"?{self.query}" if self.query else ""
        return f"{self.scheme}://{self.host}{port}{self.path}{query}"


def normalize_url(url: str) -> str:
    """Return the spelling under which ``url`` is filed.

    Equal keys mean the same article as far as addresses can tell. Normalizing a key
    changes nothing.

    Raises:
        ValueError: it is no http or https address, or longer than `MAX_LENGTH`.

    >>> normalize_url("HTTP://www.Example.org:80/a/./b/?utm_source=rss&id=5#top")
    'https://example.org/a/b?id=5'
    >>> normalize_url("https://m.example.org/xəbər/7/amp/")
    'https://example.org/x%C9%99b%C9%99r/7'
    """
    parts = _parse(url)
    key = str(
        replace(
            parts,
            scheme="https",
            host=_main_host(parts.host),
            port=None if parts.port in _PORTS.values() else parts.port,
            path=_main_path(parts.path),
            query="&".join(sorted(_telling_parameters(parts.query))),
        )
    )
    if len(key) > MAX_LENGTH:
        raise ValueError(f"longer than {MAX_LENGTH} characters: {key[:80]}…")
    return key


def join_url(base: str, link: str) -> str:
    r"""Return the address that ``link``, found in the document at ``base``, leads to.

    Mends blanks and line ends, backslashes, ``&amp;``, a missing or doubled scheme. The
    answer is ASCII, has no fragment, and can be fetched.

    Raises:
        ValueError: the link is empty, points into the page, is longer than `MAX_LENGTH`
            or of another scheme (javascript:, mailto:, data: …).

    >>> join_url("https://example.org/feed.xml", " //example.org/a b\n")
    'https://example.org/a%20b'
    >>> join_url("https://example.org/az/rss", "http://http://example.org/1")
    'http://example.org/1'
    """
    if len(link) > _RAW_LENGTH:
        raise ValueError(f"longer than {_RAW_LENGTH} characters: {link[:80]}…")
    mended = _mend(link, base)
    if not mended or mended.startswith("#"):
        raise ValueError("no address")
    joined = str(_parse(urljoin(_clean(base), mended)))
    if len(joined) > MAX_LENGTH:
        raise ValueError(f"longer than {MAX_LENGTH} characters: {joined[:80]}…")
    return joined


def host_of(url: str) -> str:
    """Return the host of an http(s) address, in lower-case ASCII and without its port.

    Raises:
        ValueError: it is no http or https address.

    >>> host_of("https://Xəbər.example:8080/a")
    'xn--xbr-dtbb.example'
    """
    return _parse(url).host


def is_homepage(url: str) -> bool:
    """Tell whether ``url`` is the front page of a site or of one of its languages.

    >>> [is_homepage(f"https://example.org{path}") for path in ("", "/az/", "/index.php", "/?p=5")]
    [True, True, True, False]
    """
    try:
        parts = _parse(url)
    except ValueError:
        return False
    if not _HOMEPAGE.fullmatch(parts.path):
        return False
    return next(_telling_parameters(parts.query), None) is None


def same_site(a: str, b: str) -> bool:
    """Tell whether two addresses belong to one registered domain.

    Goes by a short table of its own, not by the Public Suffix List: a rare registry may be
    taken for a site. Numeric addresses are each a site. What is no address is on no site.

    >>> same_site("https://en.example.com.tr/1", "http://example.com.tr/")
    True
    >>> same_site("https://one.gov.az/", "https://two.gov.az/")
    False
    """
    try:
        return _site(host_of(a)) == _site(host_of(b))
    except ValueError:
        return False


def publisher_url(url: str) -> str:
    """Return the publisher's address that an aggregator's link carries, or else ``url``.

    Only what the link itself says is read; a link that needs the network stays as it is.

    >>> publisher_url("http://www.bing.com/news/apiclick.aspx?aid=&url=https%3a%2f%2fexample.org%2f1")
    'https://example.org/1'
    """
    if not _AGGREGATOR.search(url):
        return url
    try:
        target = _carried(_parse(url))
        return join_url(url, target) if target else url
    except ValueError:
        return url


# --- taking apart ----------------------------------------------------------


def _parse(url: str) -> _Parts:
    if len(url) > _RAW_LENGTH:
        raise ValueError(f"longer than {_RAW_LENGTH} characters: {url[:80]}…")
    split = urlsplit(_clean(url))  # ValueError: brackets or characters no host has
    scheme = split.scheme.lower()
    if scheme not in _PORTS:
        raise ValueError(f"neither http nor https: {url[:80]!r}")
    port = split.port  # ValueError: no number, or out of range
    return _Parts(
        scheme=scheme,
        host=_ascii_host(split.hostname or ""),
        port=None if port == _PORTS[scheme] else port,
        path=_without_dots(_encode(split.path, "path")) or "/",
        query=_encode(split.query, "query"),
    )


def _clean(url: str) -> str:
    """Drop line ends and outer blanks, turn backslashes: as browsers do (WHATWG URL, 4.4)."""
    url = url.strip(_BLANKS)
    if not url.isprintable():
        url = _LINE_END.sub("", url)
    if "\\" not in url:
        return url
    before, mark, after = url.partition("?")
    return before.replace("\\", "/") + mark + after


def _ascii_host(host: str) -> str:
    host = host.rstrip(".")
    if not host.isascii():
        host = host.encode("idna").decode("ascii")  # UnicodeError is a ValueError
    elif ":" in host:
        host = f"[{host}]"
    host = host.lower()
    if not _HOST.fullmatch(host) or ".." in host:
        raise ValueError(f"no host name: {host[:80]!r}")
    return host


def _encode(part: str, kind: str) -> str:
    """Bring percent-encoding into one form (RFC 3986, 6.2.2)."""
    if "%" in part:
        part = _ENCODED.sub(_canonical, part)
    return _TO_ENCODE[kind].sub(_percent, part)


def _canonical(found: re.Match[str]) -> str:
    character = chr(int(found[0][1:], 16))
    return character if character in _UNRESERVED else found[0].upper()


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogatepass"))


def _without_dots(path: str) -> str:
    """Resolve "." and ".." (RFC 3986, 5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    folder = segments[-1] in {".", ".."} and kept
    return "/" + "/".join(kept) + ("/" if folder else "")


# --- the key ---------------------------------------------------------------


def _main_host(host: str) -> str:
    while host.startswith(_HOST_VARIANTS):
        rest = host.partition(".")[2]
        if "." not in rest:
            break  # m.az is a site of its own
        host = rest
    return host


def _main_path(path: str) -> str:
    segments = [segment for segment in _SESSION_IN_PATH.sub("", path).split("/") if segment]
    while len(segments) > 1 and segments[-1].lower() in _PATH_VARIANTS:
        segments.pop()
    while len(segments) > 1 and segments[0].lower() == "amp":
        segments.pop(0)
    return "/" + "/".join(segments)


def _telling_parameters(query: str) -> Iterator[str]:
    for parameter in query.split("&"):
        name, _, value = parameter.partition("=")
        if parameter.strip("=") and not _is_noise(name.lower(), value):
            yield parameter


def _is_noise(name: str, value: str) -> bool:
    if _TRACKING.fullmatch(name) or _SESSIONS.fullmatch(name):
        return True
    tables = (_TRACKING_VALUES, _VARIANTS, _SESSION_VALUES)
    return any(name in table and table[name].fullmatch(value.lower()) for table in tables)


def _site(host: str) -> str:
    """Return the registered domain of ``host``; a numeric address is its own."""
    labels = host.split(".")
    if host.startswith("[") or labels[-1].isdigit():
        return host
    pair = ".".join(labels[-2:])
    is_shared = _REGISTRY.fullmatch(pair) or _SHARED_HOST.fullmatch(pair)
    return ".".join(labels[-3:]) if is_shared else pair


# --- mending ---------------------------------------------------------------


def _mend(link: str, base: str) -> str:
    link = _clean(link).replace("&amp;", "&")
    link = _DOUBLED.sub("", link)
    link = _SLASHES.sub(r"\1://", link)
    if (scheme := _SCHEME.match(link)) and scheme[1].lower() not in _PORTS:
        raise ValueError(f"neither http nor https: {link[:80]!r}")
    if link.lower().startswith(("www.", f"{urlsplit(_clean(base)).netloc.lower()}/")):
        return "//" + link
    return link


def _carried(parts: _Parts) -> str:
    """Return the address inside a redirector's link; empty if it is none or does not tell."""
    site = _site(parts.host)
    if parts.host == "news.google.com" and "/articles/" in parts.path:
        return _in_google_id(parts.path.rpartition("/")[2])
    for host, path, name in _REDIRECTORS:
        if site == host and parts.path.lower() == path:
            for parameter in parts.query.split("&"):
                key, _, value = parameter.partition("=")
                if key.lower() == name and value:
                    return unquote(value)
    return ""


def _in_google_id(identifier: str) -> str:
    """Read the address out of an article id of Google News as it was until 2024."""
    try:
        packed = urlsafe_b64decode(identifier + "=" * (-len(identifier) % 4))
    except ValueError:
        return ""
    found = re.search(rb"https?://[!-~]+", packed)
    return found[0].decode("ascii") if found else ""
