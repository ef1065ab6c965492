"""Where a page shows the day to its readers.

A page is full of days: of teasers, comments and events, and today's in its head. What
tells which one is the article's own is markup for it (`time`, microdata), the place
beside the headline, the name of an element, and words like "published" before it.
Nearness is counted in the characters that a reader sees, since of elements there are
many, mostly empty: icons, buttons for sharing, wrappers.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from lxml import etree

from pipeline.articles.names import PLACING, names_of
from pipeline.articles.tree import clean, pieces_of
from pipeline.text import fold


@dataclass(frozen=True, slots=True)
class Shown:
    """A string that may tell when the article was published or changed."""

    raw: str
    origin: str  # "time", "dateline", or "text" for the first words of the article
    is_update: bool = False  # it tells when the article was changed
    words: str = ""  # what readers see of it, if that is something else


# --- words -----------------------------------------------------------------

_UPDATED = re.compile(
    r"\b(?:updat|modif|last (?:edit|chang|review)|edited|revised|aktualisier|stand ?:"
    r"|geändert|mise? à jour|actualiz|aggiorna|atualizad|bijgewerkt|zaktualizowan|aktualizován"
    r"|güncelle|yenilən|dəyişdiril|обновл|измен|оновл|به\s?روز|ویرایش|تحديث|更新|수정)",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"\b(?:publish|publi[ée]|publica[dt]|posted|created|veröffentlicht|erstellt|pubbl|geplaatst"
    r"|opublikowan|yayın|dərc|paylaş|yüklə|опубл|размещ|منتشر|انتشار|نشر|公開|掲載|发布|發布|입력|등록)",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"\d{4}")


def part_updates(text: str) -> tuple[str, str]:
    """Part what ``text`` tells of the publication from what it tells of a change.

    >>> part_updates("Updated 7 May 2020, published 5 May 2020")
    ('published 5 May 2020', 'Updated 7 May 2020, ')
    >>> part_updates("5 May 2020 | Updated 7 May 2020")
    ('5 May 2020 | ', 'Updated 7 May 2020')
    >>> part_updates("7 Mayıs 2020 tarihinde güncellendi")
    ('', '7 Mayıs 2020 tarihinde güncellendi')
    """
    label = _UPDATED.search(text)
    if not label:
        return text, ""
    before, after = text[: label.start()], text[label.start() :]
    if published := _PUBLISHED.search(after):
        return after[published.start() :], after[: published.start()]
    return (before, after) if _DIGIT.search(after) else ("", text)


#: How the text of an agency begins: "BAKU, 31 dek - ...", "(18.01.2018) ..."
_AGENCY_HEAD = re.compile(r"\s*\W?(.{4,50}?)(?:\)|\s[–—-]+\s|:\s|/\s)")
#: Characters in which it stands.
_HEAD = 60
_TODAY = re.compile(
    r"\b(?:today|bu ?gün|сегодня|сьогодні|heute|aujourd['’]hui|hoy|امروز),?\s+(?:is|den|le)?\s*"
    r"(\d{1,2}\.?\s+[^\W\d_]{3,}|[^\W\d_]{3,}\s+\d{1,2})\b",
    re.IGNORECASE,
)


def _first_words(text: str | None) -> Iterator[Shown]:
    """Return the day of an agency's dateline, and the one that the text calls today."""
    if not text or not _DIGIT.search(text, 0, _BEHIND):
        return
    head = _AGENCY_HEAD.match(text[:_HEAD])
    for found in (head, _TODAY.search(text, 0, _BEHIND)):
        if found and _DIGIT.search(found[1]):
            yield Shown(found[1], "text")


# --- elements --------------------------------------------------------------

_NAMING = frozenset(["class", "id", "itemprop"])
_DATE_NAME = re.compile(
    r"publish|pubdate|posted|(?<![a-z])date(?!picker)|datetime|timestamp|dateline|tarix|tarih|дата"
    r"|datum|fecha|(?<![a-z])time(?!line|r)|created|byline|(?<=[a-z])[-_]?meta(?![a-z])"
    r"|(?:post|article|news)-?info|(?<=[a-z])Date(?![a-z])"
)
_UPDATE_NAME = re.compile(r"modif|updat|last-?change", re.IGNORECASE)
_PUBLICATION = re.compile(
    r"datePublished|(?<![a-z])published(?![a-z])|entry-date|pubdate", re.IGNORECASE
)
_NOT_ITS_DATE = re.compile(
    r"comment|related|sidebar|(?<!asset-)(?<!entry-)(?<!post-)(?<!article-)footer|copyright"
    r"|expire|recommend|most-?(?:read|popular|viewed)|trending|teaser|widget|carousel|calendar"
    r"|newsletter|caption|(?<![a-z])(?:event|repl)",
    re.IGNORECASE,
)
_NOT_BESIDE = re.compile(
    r"comment|related|copyright|caption|credit|recommend|trending|most-?(?:read|popular|viewed)",
    re.IGNORECASE,
)
_FRAME = frozenset(["nav", "figcaption", "figure"])
_NOT_SEEN = frozenset(
    ["script", "style", "noscript", "template", "svg", "form", "select", "option"]
)
#: Characters: a dateline is short; a longer text tells of other days.
_LONGEST_DATELINE = 60
#: A link that says no more than a day and a clock is no teaser.
_LONGEST_LINK = 30
#: Characters of a line that holds little more than a day.
_LONGEST_BARE = 50
#: Characters of a line that says when it was published, with where and by whom.
_LONGEST_LABELLED = 120
#: A dateline is at most an icon, a day, a clock, a place and a name.
_DATELINE_PIECES = 12
_DATELINE_ELEMENTS = 40
#: Characters seen behind and before the headline among which its dateline stands.
_BEHIND, _AHEAD = 500, 120
#: Elements that are looked at for them: pages put hundreds into a row of buttons.
_MOST_ELEMENTS = 150
#: Headings shorter than this name a section or the outlet.
_SHORTEST_HEADLINE = 12
#: Headings that are looked at for the page's title.
_MOST_HEADINGS = 40
#: What is looked at in all of a page: elements that may be marked up, those that are named
#: for a date, and lines with a digit. Where there are more, it is a list.
_MOST_MARKED, _MOST_NAMED, _MOST_LINES = 20_000, 300, 2_000
#: Elements that are marked up; asking all for it would take an XPath a millisecond.
_MARKED = ("time", "abbr", "span", "meta", "div", "p")


class ShownDates:
    """The strings of one page that may tell when it was published or changed."""

    def __init__(self, root: etree._Element, title: str) -> None:
        self._root = root
        self._headings = _headlines(root, title)
        #: What holds the headline is not elsewhere, whatever its name.
        self._around = {above for h in self._headings for above in h.iterancestors()}
        #: What was found of elements, for most of a page stand in the same ones.
        self._elsewhere: dict[etree._Element, bool] = {}

    def beside_headline(self) -> Iterator[Shown]:
        """Return what stands close behind the headline, or if no year does, close before it."""
        for heading in self._headings:
            for near in (_within(_behind(heading), _BEHIND), _within(_ahead(heading), _AHEAD)):
                found: list[Shown] = []
                read: set[etree._Element] = set()
                for element in near:
                    if element not in read:
                        found.extend(self._beside(element, read))
                yield from found
                if any(_YEAR.search(shown.raw) and not shown.is_update for shown in found):
                    return

    def _beside(self, element: etree._Element, read: set[etree._Element]) -> Iterator[Shown]:
        """Return what ``element`` says, and add to ``read`` what needs no more reading."""
        found: list[Shown] = []
        if element.tag == "time":
            found.extend(_of_time(element))
        elif text := _short_text(element):
            if element.find(".//time") is None:  # which knows better than the words around it
                found.extend(_told(element, text))
        else:
            found.extend(_first_words(element.text))
        if found:
            read.update(element.iterdescendants())
            if not _is_of_something_else(element):
                yield from found
        if (tail := _short(element.tail)) and (above := element.getparent()) is not None:
            yield from _told(above, tail)

    def marked(self) -> Iterator[Shown]:
        """Return what is marked up as the moment of the publication or of a change."""
        for element in islice(self._root.iter(*_MARKED), _MOST_MARKED):
            prop = element.get("itemprop") or ""
            if not prop.startswith("date") and element.tag not in {"time", "abbr"}:
                continue
            names = f"{prop} {element.get('class') or ''}"
            is_publication = element.get("pubdate") is not None or _PUBLICATION.search(names)
            if (is_publication or prop == "dateModified") and not self._is_elsewhere(element):
                yield from _of_time(element)

    def named(self) -> Iterator[Shown]:
        """Return what other `time` elements and elements named for a date say."""
        for element in islice(self._root.iter("time", "abbr"), _MOST_NAMED):
            if not self._is_elsewhere(element):
                yield from _of_time(element)
        named = (e for e in self._body() if _DATE_NAME.search(names_of(e, _NAMING)))
        for element in islice(named, _MOST_NAMED):
            if (text := _short_text(element)) and not self._is_elsewhere(element):
                yield from _told(element, text)

    def labelled(self) -> Iterator[Shown]:
        """Return lines that call themselves the moment of the publication or of a change."""
        for element, line in islice(self._lines(_LONGEST_LABELLED), _MOST_LINES):
            if _is_labelled(line):
                yield from _told(element, line)

    def bare(self) -> Iterator[Shown]:
        """Return lines that hold little more than a day, wherever they stand."""
        for element, line in islice(self._lines(_LONGEST_BARE), _MOST_LINES):
            if not self._is_elsewhere(element):
                yield from _told(element, line)

    def _lines(self, longest: int) -> Iterator[tuple[etree._Element, str]]:
        for element in self._body():
            for text in (element.text, element.tail):
                if line := _short(text, longest):
                    yield element, line

    def _body(self) -> Iterator[etree._Element]:
        body = self._root.find("body")
        if body is not None:
            yield from (e for e in body.iter() if e.tag not in _NOT_SEEN)

    def _is_elsewhere(self, element: etree._Element) -> bool:
        """Tell whether it or one above it belongs to a teaser, a comment or the frame."""
        known, asked = self._elsewhere, []
        answer = False
        for above in chain((element,), element.iterancestors()):
            if above in known:
                answer = known[above]
                break
            asked.append(above)
            if above in self._around:
                break
            if _is_frame(above) or _NOT_ITS_DATE.search(names_of(above, PLACING)):
                answer = True
                break
        known.update(dict.fromkeys(asked, answer))
        return answer


def _is_frame(element: etree._Element) -> bool:
    """Tell whether it is a part of the frame or of a picture; articles have their own footer."""
    if element.tag in {"footer", "aside"}:
        return next(element.iterancestors("article"), None) is None
    return element.tag in _FRAME


def _is_of_something_else(element: etree._Element) -> bool:
    """Tell whether what stands beside the headline belongs to a picture or a comment.

    Only its own name and that of the one around it count; above, names stand for the page.
    """
    around = islice(chain((element,), element.iterancestors()), 2)
    return any(_is_frame(e) or _NOT_BESIDE.search(names_of(e, PLACING)) for e in around)


def _headlines(root: etree._Element, title: str) -> list[etree._Element]:
    """Return the heading that the title of the page holds, and the first h1."""
    form, first = fold(title), None
    for heading in islice(chain(root.iter("h1"), root.iter("h2", "h3")), _MOST_HEADINGS):
        text = clean(" ".join(islice(pieces_of(heading), _DATELINE_PIECES)))
        if len(text) < _SHORTEST_HEADLINE:
            continue
        if len(text) <= len(title) and fold(text) in form:
            return [heading] if first is None else [heading, first]
        if first is None and heading.tag == "h1":
            first = heading
    return [] if first is None else [first]


def _behind(element: etree._Element) -> Iterator[etree._Element]:
    """Return the elements that begin behind the end of ``element``."""
    here: etree._Element | None = element
    while here is not None:
        if (following := here.getnext()) is None:
            here = here.getparent()
            continue
        here = following
        yield from here.iter()


def _ahead(element: etree._Element) -> Iterator[etree._Element]:
    """Return the elements that end before ``element``, the nearest first."""
    here: etree._Element | None = element
    while here is not None and here.tag != "body":
        if (previous := here.getprevious()) is None:
            here = here.getparent()
            continue
        here = previous
        yield from here.iter()


def _within(elements: Iterable[etree._Element], length: int) -> Iterator[etree._Element]:
    """Return those ``elements`` before which no more than ``length`` characters are seen."""
    seen = 0
    for element in islice(elements, _MOST_ELEMENTS):
        if element.tag in _NOT_SEEN:
            continue
        yield element
        seen += len((element.text or "").strip()) + len((element.tail or "").strip())
        if seen > length:
            return


def _short(text: str | None, longest: int = _LONGEST_DATELINE) -> str:
    """Return ``text`` as one line if that is short and holds a digit, else nothing."""
    if not text or not _DIGIT.search(text):
        return ""
    line = " ".join(text.split())
    return clean(line) if len(line) <= longest else ""


def _short_text(element: etree._Element) -> str:
    """Return what ``element`` and those below it say if that is short and holds a digit.

    It may say more if it says what it is: two moments need more words than one.
    """
    if next(islice(element.iter(), _DATELINE_ELEMENTS, None), None) is not None:
        return ""
    pieces = list(islice(pieces_of(element), _DATELINE_PIECES + 1))
    if len(pieces) > _DATELINE_PIECES:
        return ""
    if element.tag == "a":
        return _short(" ".join(pieces), _LONGEST_LINK)
    line = _short(" ".join(pieces), _LONGEST_LABELLED)
    return line if len(line) <= _LONGEST_DATELINE or _is_labelled(line) else ""


def _is_labelled(line: str) -> bool:
    return bool(_PUBLISHED.search(line) or _UPDATED.search(line))


def _told(element: etree._Element, text: str) -> Iterator[Shown]:
    """Return what ``text`` tells, with regard to the names of its element."""
    published, updated = part_updates(text)
    if not updated and _UPDATE_NAME.search(names_of(element, _NAMING)):
        published, updated = "", published
    if _DIGIT.search(published):
        yield Shown(published, "dateline")
    if _DIGIT.search(updated):
        yield Shown(updated, "dateline", is_update=True)


def _of_time(element: etree._Element) -> Iterator[Shown]:
    """Return what a `time` element or one of microdata says, first for machines."""
    text = clean(" ".join(islice(pieces_of(element), _DATELINE_PIECES)))[:_LONGEST_DATELINE]
    is_update = _is_update(element)
    for raw in (element.get("datetime"), element.get("content"), element.get("title")):
        if raw:
            yield Shown(raw, "time", is_update, text)
    if text:
        yield Shown(text, "time", is_update)


def _is_update(element: etree._Element) -> bool:
    """Tell whether its own names or the words before it say so."""
    names = names_of(element, _NAMING)
    if _UPDATE_NAME.search(names):
        return not _PUBLICATION.search(names)
    before, above = element.getprevious(), element.getparent()
    if before is not None:
        label = before.tail or " ".join(islice(pieces_of(before), _DATELINE_PIECES))
    else:
        label = above.text or "" if above is not None else ""
    return bool(_UPDATED.search(label[-_LONGEST_LINK:]))
