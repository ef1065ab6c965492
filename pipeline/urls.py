"""One spelling per address.

An article has many addresses: with and without ``www.``, over http before the outlet moved
to https, with the marks of the campaign that brought a reader, as AMP, print or mobile page.
`normalize_url` maps them onto one *key*, under which the article is filed. The key is never
fetched and never shown: the address as found is kept beside it, so the key may go further
than an address that must still work. It always begins with ``https://``, has no ``www.`` and
no slash at its end, and its parameters are sorted. What tells articles apart stays: ids in
the query, the language, the case of the path.

Where a page declares another address than the one it was found under, `article_key` decides
which of the two is filed. A wrong declaration would make two articles one, and one of them
would be lost; to distrust a right one costs a copy that the texts reveal. So it distrusts:
headlines about one holiday share most of their words.

`join_url` is for the other need, an address that works: it mends what feeds write and
changes no more than a browser would.
"""

import re
import unicodedata
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
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
    r"amp_.*|usqp|noamp|nonamp|"  # the AMP cache, and the way back from it
    r"traffic_source|soc_src|soc_trk|rb_clickid|spm|nocache|__cf_chl.*",  # the rest
)
#: Parameters that say so only with certain values.
_TRACKING_VALUES = {
    name: re.compile(r"(|1|rss\d*|feeds?|atom|social|share[a-z]*|twitter|facebook|telegram|tg|vk)")
    for name in ("rss", "ref", "from", "source", "src", "share", "via")
}
#: The same article for another device or for paper.
_VARIANTS = {
    name: re.compile(r"(|0|1|y|yes|true|on)")
    for name in ("amp", "print", "printable", "mobile", "embed", "m")
} | {
    name: re.compile(r"amp|print|printable|mobile|embed|component")
    for name in ("outputtype", "view", "version", "output", "format", "mode", "tmpl")
}
_SESSIONS = re.compile(
    r"phpsessid|jsessionid|aspsessionid.*|oscsid|zenid|cfid|cftoken|session_?id|sessid"
)
#: "sid" is also the id of a story in old PHP portals; a session's is long and mixed.
_SESSION_VALUES = {
    name: re.compile(r"(?=.*\d)[0-9a-z,-]{16,}", re.IGNORECASE) for name in ("sid", "s", "session")
}
_SESSION_IN_PATH = re.compile(
    r";(?:jsessionid|phpsessid|sid)=[^/;]*|/\([SAF]\([^/()]*\)\)(?=/|$)", re.IGNORECASE
)
_HOST_VARIANTS = ("www.", "m.", "mobile.", "mobil.", "wap.", "pda.", "amp.")
#: Two addresses that differ only in such a segment lead to one article.
_PATH_VARIANTS = frozenset({"amp", "amp.html", "print", "embed"})
#: Marks of a variant within a segment: the print page of a common portal, an AMP file.
_SEGMENT_VARIANTS = re.compile(
    r"^(?:print:page,\d+,)+(?=.)|(?<=.)\.amp(?=(?:\.amp|\.html?)*$)", re.IGNORECASE
)

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
_AGGREGATOR = re.compile(r"(?:bing|google|facebook|vk)\.com/|ampproject\.org/", re.IGNORECASE)
#: Caches of AMP pages carry the address in their path, "s/" in front of it for https.
_AMP_CACHE = re.compile(r"(?:google\.com/amp|ampproject\.org/[a-z])/(s/)?(.+)")
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


def key_of(url: str) -> str:
    """Return the spelling under which ``url`` is filed; itself for what is not filed.

    >>> [key_of(url) for url in ("http://example.org/a/#top", "about:blank")]
    ['https://example.org/a', 'about:blank']
    """
    try:
        return normalize_url(url)
    except ValueError:
        return url


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


def site_of(url: str) -> str:
    """Return the registered domain of an address, by the table that `same_site` goes by.

    Raises:
        ValueError: it is no http or https address.

    >>> site_of("https://en.example.com.tr/1")
    'example.com.tr'
    """
    return _site(host_of(url))


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
        return site_of(a) == site_of(b)
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


@lru_cache(maxsize=4_096)  # an address on its way is looked at some ten times
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
    while host.startswith(_HOST_VARIANTS) and host != _site(host):  # m.az is a site of its own
        host = host.partition(".")[2]
    return host


def _main_path(path: str) -> str:
    plain = (
        _SEGMENT_VARIANTS.sub("", segment) for segment in _SESSION_IN_PATH.sub("", path).split("/")
    )
    segments = [segment for segment in plain if segment]
    kept = [segment for segment in segments if segment.lower() not in _PATH_VARIANTS]
    return "/" + "/".join(kept or segments[:1])


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


# --- which article it is ---------------------------------------------------


def article_key(final_url: str, canonical_url: str | None, title: str) -> str:
    """Return the key under which the article found at ``final_url`` is filed.

    It is that of ``canonical_url``, the address that the page declares, if this agrees with
    the page: on the same site, in the same language, and with the same number or nearly the
    same words as ``final_url`` or ``title``. Else it is that of ``final_url``.

    Raises:
        ValueError: ``final_url`` has no key.

    >>> article_key("https://example.org/print/98765", "https://example.org/news/98765-day", "")
    'https://example.org/news/98765-day'
    >>> article_key("https://example.org/news/98765-day", "https://example.org/", "")
    'https://example.org/news/98765-day'
    """
    key = normalize_url(final_url)
    try:
        claimed = normalize_url(canonical_url or "")
    except ValueError:  # none, or a relative one: what it is relative to differs by page
        return key
    is_near = same_site(claimed, key) and not is_homepage(claimed)
    return claimed if is_near and _agree(_parse(claimed), _parse(key), title) else key


def id_stem(key: str) -> str | None:
    """Return the host, the language and the number of the article filed under ``key``.

    Addresses with one stem are likely to be one article whose headline, and with it the
    address, was changed. Galleries and films may count on their own, so the texts must
    confirm it. None if the address carries no number of four digits or more that is no date.

    >>> id_stem("https://example.org/az/news/12345-slug"), id_stem("https://example.org/?p=30059")
    ('example.org/az#12345', 'example.org#30059')
    >>> id_stem("https://example.org/2025/12/31/slug-2025") is None
    True
    """
    parts = _parse(key)
    number = _article_number(parts)
    if number is None:
        return None
    host = f"{parts.host}:{parts.port}" if parts.port else parts.host
    return "/".join([host, *sorted(_languages(parts))]) + f"#{number}"


def _agree(claimed: _Parts, found: _Parts, title: str) -> bool:
    if _languages(claimed, host=True) != _languages(found, host=True):
        return False
    numbers = _article_number(claimed), _article_number(found)
    if all(numbers):
        return numbers[0] == numbers[1]
    slug = _slug_words(claimed)
    return _nearly_same(slug, _slug_words(found)) or _nearly_same(slug, _words(title))


#: Languages of one outlet as hosts and folders write them; a folder of two letters that
#: means something else does no harm.
_LANGUAGE = re.compile(
    r"[a-z]{2}(?:[-_][a-z]{2,4})?|aze|azb|azj|eng|rus|tur|ger|deu|fra|fre|spa|fas|per|ara|kat|geo"
)
_LANGUAGE_PARAMETERS = frozenset({"lang", "language", "locale", "lng", "hl", "dil"})


def _languages(parts: _Parts, *, host: bool = False) -> set[str]:
    """Return what in the first folder, the parameters or the subdomain names a language."""
    said = [value for name, value in _parameters(parts) if name in _LANGUAGE_PARAMETERS]
    said.append(parts.path.split("/")[1])
    if host:
        said.append(parts.host.removesuffix(_site(parts.host)).rstrip("."))
    return {name.lower() for name in said if _LANGUAGE.fullmatch(name.lower())}


def _parameters(parts: _Parts) -> Iterator[tuple[str, str]]:
    for parameter in parts.query.split("&"):
        name, _, value = parameter.partition("=")
        yield name.lower(), unquote(value)


_EXTENSION = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)
#: At the beginning or the end: within a slug, numbers are words of the headline.
_NUMBER = re.compile(r"^([0-9]{4,})(?![0-9])|(?<![0-9])([0-9]{4,})$")
#: A year, a day in either order, a day with hour and minute. With its seconds a moment
#: tells an article as a number does.
_DATED = re.compile(
    r"(?:19|20)\d\d(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])?(?:[0-5]\d)?)?"
    r"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d"
)
#: Parameters that name an article, not a section, a menu (Itemid) or a page of a list.
_ID_PARAMETER = re.compile(
    r"(?:n|a|s|p|news|art|article|story|post|content|text|entry|topic|xeber|haber)?[_-]?id"
    r"|p|n|a|news|art|article|story|item|post"
)


def _article_number(parts: _Parts) -> str | None:
    """Return the number by which the address tells its article from others."""
    *folders, last = parts.path.split("/")
    numbers = _numbers(last)
    if not numbers and folders[-1].isdecimal():  # /12345/a-slug
        numbers = _numbers(folders[-1])
    if not numbers:
        given = (value for name, value in _parameters(parts) if _ID_PARAMETER.fullmatch(name))
        numbers = {number for value in given for number in _numbers(value)}
    return numbers.pop() if len(numbers) == 1 else None


def _numbers(segment: str) -> set[str]:
    """Return the numbers at either end of ``segment`` that are no dates."""
    stem = _EXTENSION.sub("", unquote(segment))
    found = {first or last for first, last in _NUMBER.findall(stem)}
    return {number for number in found if not _DATED.fullmatch(number)}


#: Share of common words from which two headlines are one: "day marked in Baku" and "day
#: marked in Ankara" have less.
_SAME_WORDS = 0.75
#: Names of sections and tags have fewer.
_FEWEST_WORDS = 3
#: Letters of a word; shorter ones are articles and prepositions.
_SHORTEST_WORD = 3
#: As most outlets write their headlines in an address; the rest is done by NFKD.
_LATIN = str.maketrans(
    dict(zip("абвгдезиклмнопрстуфхыэіґ", "abvgdeziklmnoprstufhyeig", strict=True))
    | {"ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "yu"}
    | {"я": "ya", "є": "e", "ı": "i", "ə": "e", "ǝ": "e", "ә": "e", "ß": "ss"}
)


def _slug_words(parts: _Parts) -> set[str]:
    """Return the words of the segment that has most of them."""
    segments = (_words(_EXTENSION.sub("", unquote(part))) for part in parts.path.split("/"))
    return max(segments, key=len)


def _words(text: str) -> set[str]:
    letters = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    found = re.findall(r"[^\W\d_]+", plain.translate(_LATIN))
    return {word for word in found if len(word) >= _SHORTEST_WORD}


def _nearly_same(words: set[str], others: set[str]) -> bool:
    longer = max(len(words), len(others))
    return len(words) >= _FEWEST_WORDS and len(words & others) >= _SAME_WORDS * longer


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
    if parts.host == "news.google.com" and re.search(r"/(?:articles|read)/", parts.path):
        return _in_google_id(parts.path.rpartition("/")[2])
    if cached := _AMP_CACHE.fullmatch(site + parts.path):
        address = f"{cached[2]}?{parts.query}" if parts.query else cached[2]
        return f"https://{address}" if cached[1] else f"http://{address}"
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
