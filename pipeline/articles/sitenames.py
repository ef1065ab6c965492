"""What the outlet calls itself, and titles without it.

Outlets put their name behind the headline, seldom in front of it, parted by a dash, a bar
or a colon, and headlines hold the same marks. So only what is known to be the name of the
outlet or of its section is cut off: as the page declares it, as its host reads, or as what
the page's title adds to a headline that stands alone elsewhere. A bar needs no such proof.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from pipeline.articles.declared import Declared
from pipeline.articles.json_ld import names_in, values_in
from pipeline.articles.names import PLACING, names_of
from pipeline.articles.tree import clean, pieces_of, text_of
from pipeline.text import fold

#: Marks that part an outlet's name from a headline.
SEPARATOR = re.compile(r"\s+(?:[|·•»«:/\\>]|::|--?|–|—|―|~|@)\s+|\s*[|»｜]\s*")
#: Also those that stand in headlines, for what is known to be a name.
_ANY_SEPARATOR = re.compile(r"\s*(?:[|·•»«:：/\\>_~@ㅣ｜-]|–|—|―)+\s*|\s*[\[(](?=[^\[\]()]+[\])]$)")
_BARS = "|»｜"
#: Characters; a headline is longer than the name of an outlet or of a section.
_SHORTEST_HEADLINE = 10
#: A name, a section and a claim may stand behind each other.
_MOST_NAMES = 4
_NOT_LETTERS = re.compile(r"[\W_]+")


def compact(text: str) -> str:
    """Return the letters and digits of ``text`` alone, in match form.

    >>> compact("The Day's News ")
    'thedaysnews'
    """
    return _NOT_LETTERS.sub("", fold(text))


@dataclass(frozen=True)
class SiteNames:
    """The outlet's name as it is shown, and the letters by which it is known."""

    name: str | None = None
    origin: str = ""
    forms: frozenset[str] = frozenset()  # compact

    @cached_property
    def _long_forms(self) -> tuple[str, ...]:
        return tuple(form for form in self.forms if len(form) >= _SHORTEST_KNOWN)

    def known(self, text: str) -> bool:
        """Tell whether ``text`` is the outlet's name, or has it with a word or two more."""
        form = compact(text)
        if not form or form in self.forms:
            return bool(form)
        if len(text.split()) > _LONGEST_NAME:
            return False
        return any(form.startswith(name) or form.endswith(name) for name in self._long_forms)

    def with_names(self, *names: str) -> "SiteNames":
        """Return the same with further names that it is known by."""
        return replace(self, forms=self.forms | set(filter(None, map(compact, names))))

    def stripped(self, title: str) -> str:
        """Return ``title`` without the names at its ends."""
        for _ in range(_MOST_NAMES):
            shorter = self._without_name(title)
            if shorter == title:
                break
            title = shorter
        return title

    def _without_name(self, title: str) -> str:
        for border in reversed(list(_ANY_SEPARATOR.finditer(title))):
            head, tail = title[: border.start()], title[border.end() :]
            if len(tail) > _LONGEST_TAIL:
                break
            is_loose = SEPARATOR.fullmatch(border[0])
            is_name = self.known(tail) if is_loose else compact(tail) in self.forms
            if head and is_name:
                return _without_section(head, border[0].strip())
        first = SEPARATOR.search(title)
        if first and compact(title[: first.start()]) in self.forms and first.end() < len(title):
            return title[first.end() :]
        return title


#: Characters of a name.
_LONGEST_TAIL = 100
#: Letters of a name; a shorter one begins other words too.
_SHORTEST_KNOWN = 4
#: Words of a name with what an outlet adds to it: "Courier Online", "Courier World News".
_LONGEST_NAME = 4


def _without_section(head: str, mark: str) -> str:
    """Drop what stands between the headline and the name, by the same bar."""
    section = head.rfind(mark) if mark and mark in _BARS else -1
    return head[:section].rstrip() if section >= _SHORTEST_HEADLINE else head


def strip_site_name(title: str, site: str | None) -> str:
    """Return ``title`` without the name of the outlet that pages append or put first.

    >>> strip_site_name("A day of solidarity - ANALYTICS | News of the Day", "News of the Day")
    'A day of solidarity - ANALYTICS'
    >>> strip_site_name("A day of solidarity | Some outlet", None)
    'A day of solidarity'
    """
    return strip_names(title, SiteNames().with_names(site or ""))


def strip_names(title: str, names: SiteNames) -> str:
    """Return ``title`` without ``names``, and without what stands behind a bar."""
    stripped = names.stripped(title)
    if stripped != title:
        return stripped
    spans = list(SEPARATOR.finditer(title))
    # Without a known name only a bar parts an outlet from a headline for sure.
    if not spans or not any(bar in spans[-1][0] for bar in _BARS):
        return title
    head, tail = title[: spans[-1].start()], title[spans[-1].end() :]
    is_name = len(head) >= _SHORTEST_HEADLINE and len(tail) <= len(head)
    return head if is_name else title


# --- what the page calls its outlet ----------------------------------------


def find_site_names(root: etree._Element, declared: Declared, url: str) -> SiteNames:
    """Return the names of the outlet that the page at ``url`` declares or lets one read."""
    named = list(_declared_names(declared))
    forms = {compact(part) for name, _ in named for part in (name, *_parts(name))}
    sections = (text for node, _ in declared.objects for text in values_in(node, "articleSection"))
    forms |= {compact(text) for text in sections if isinstance(text, str)}
    forms |= {compact(text) for text in declared.metas("article:section")}
    forms |= set(_host_forms(url))
    # Templates put the headline where a name belongs.
    headlines = {compact(text) for text in declared.metas("og:title")}
    site = {compact(name) for name in declared.metas("og:site_name")}
    found = SiteNames(forms=frozenset(forms - {""} - (headlines - site)))
    rest = _behind_headline(declared.page_title, declared)
    if not named and (shown := rest or _in_masthead(root, declared.page_title)):
        named.append((shown, "page"))
        rest = shown
    found = found.with_names(rest)
    name, origin = named[0] if named else (None, "")
    return replace(found, name=name, origin=origin)


def _declared_names(declared: Declared) -> Iterator[tuple[str, str]]:
    for name in declared.metas("og:site_name"):
        if "://" not in name:
            yield name, "meta"
    for node, origin in declared.objects:
        for name in names_in(node, "publisher"):
            yield name.strip('"'), origin
    for name in declared.metas("application-name", "apple-mobile-web-app-title"):
        yield name, "meta"


def _parts(name: str) -> list[str]:
    """Return what of ``name`` stands before a claim: "Courier - News of the day"."""
    return SEPARATOR.split(name)[:1]


_NO_NAME = frozenset(["www", "com", "net", "org", "news", "blog", "gov", "edu", "info", "mobile"])
_SHORTEST_LABEL = 3


def _host_forms(url: str) -> Iterator[str]:
    """Return the words of the host that may be the outlet's name."""
    # An archive's address carries the outlet's.
    inner = url[url.rfind("://") - 5 :] if url.count("://") > 1 else url
    try:
        host = urlsplit(inner[inner.find("http") :]).hostname or ""
    except ValueError:  # no address: it names nobody
        return
    labels = [label for label in host.split(".") if label != "www"]
    for label in labels[:-1]:
        if len(label) >= _SHORTEST_LABEL and label not in _NO_NAME:
            yield compact(label)
    yield compact(".".join(labels))
    yield compact(".".join(labels[-2:]))


def _behind_headline(page_title: str, declared: Declared) -> str:
    """Return what the page's title adds behind the headline that is declared alone."""
    for headline in declared.metas("og:title", "twitter:title"):
        if headline != page_title and page_title.startswith(headline):
            border = SEPARATOR.match(page_title, len(headline))
            if border and "|" not in page_title[border.end() :]:
                return clean(page_title[border.end() :])
    return ""


_HOME = re.compile(
    r"(?:https?:)?(?://[^/]+)?/?(?:(?:index|default|home)\.\w+(?:\?[^/]*)?|[a-z]{2}/?)?",
    re.IGNORECASE,
)
_LOGO = re.compile(r"logo|brand|site-?(?:name|title)", re.IGNORECASE)
#: Links that are looked at: the masthead comes first.
_MOST_LINKS = 60


def leads_home(link: etree._Element) -> bool:
    """Tell whether ``link`` leads to the front page, as far as its address tells."""
    href = (link.get("href") or "").strip()
    return bool(href) and bool(_HOME.fullmatch(href))


def _in_masthead(root: etree._Element, page_title: str) -> str:
    """Return the name in the masthead: what is also a part of the page's title, or the logo."""
    parts = {compact(part): part for part in SEPARATOR.split(page_title) if part.strip()}
    logo = ""
    for element in islice(root.iter("a", "h1"), _MOST_LINKS):
        is_logo = _LOGO.search(names_of(element, PLACING))
        if not (leads_home(element) if element.tag == "a" else is_logo):
            continue
        texts = [next(iter(pieces_of(element)), ""), text_of(element)]
        texts += [image.get("alt") or "" for image in element.iter("img")]
        for text in filter(None, (clean(text[:_LONGEST_TAIL]) for text in texts)):
            if compact(text) in parts:
                return parts[compact(text)]
            if is_logo:
                logo = logo or text
    return logo if len(logo.split()) <= _LONGEST_NAME else ""


def named_beside(names: SiteNames, page_title: str, headline: str) -> SiteNames:
    """Return ``names`` or, without a name, with what the page's title adds to ``headline``."""
    if names.name or not headline:
        return names
    parts = SEPARATOR.split(page_title)
    form = compact(headline)
    if len(parts) > 1 and compact(parts[0]) == form:
        return replace(names, name=parts[-1], origin="page")
    if len(parts) > 1 and compact(parts[-1]) == form:
        return replace(names, name=parts[0], origin="page")
    return names
