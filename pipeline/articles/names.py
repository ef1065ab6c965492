"""The names that pages give to their elements, and what they tell.

Class names are evidence, not a verdict: an element named "related" that holds much of
the page's prose is no furniture, for names such as "has-sidebar" stand on whole pages.
"""

import re
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import groupby
from typing import cast

from lxml import etree


def attributes_of(element: etree._Element) -> list[tuple[str, str]]:
    """Return the attributes of ``element`` with their values."""
    return cast("list[tuple[str, str]]", element.items())  # bytes only from Python 2


#: Characters of an attribute that are looked at; whoever writes more does so for a machine.
LONGEST_NAMES = 400


#: The attributes that tell in which part of a page an element stands.
PLACING = frozenset(["class", "id"])


def names_of(element: etree._Element, attributes: AbstractSet[str]) -> str:
    """Return what those ``attributes`` of ``element`` say, parted by blanks."""
    return " ".join(v[:LONGEST_NAMES] for name, v in attributes_of(element) if name in attributes)


def any_of(*listed: str) -> re.Pattern[str]:
    """Compile what finds any of the expressions, which stand parted by blanks.

    Each must begin with the letter that it needs. Grouped by that letter they are found
    five times as fast as one after another, and a page has thousands of names.

    >>> any_of("nav menu", "n(?<!k)ame").pattern
    'm(?:enu)|n(?:(?<!k)ame|av)'
    """
    expressions = sorted(expression for words in listed for expression in words.split())
    groups = groupby(expressions, key=lambda expression: expression[0])
    return re.compile(
        "|".join(f"{letter}(?:{'|'.join(e[1:] for e in group)})" for letter, group in groups)
    )


#: Names of furniture in class, id, role and style, in lower case. Page builders call each
#: box a widget; the last lines are how Turkish, Azerbaijani and Russian pages name comments,
#: tags, sharing, neighbours, mailings, cookies and advertising.
_FURNITURE = any_of(
    "comment disqus reply respond feedback rating poll",
    "related similar recommend recirc outbrain taboola teaser latest popular trending",
    "most-?(?:read|view|pop) more-?(?:news|stories|articles|from|on) see-?also",
    "read-?(?:more|also|next|too) prev-?next next-?prev post-?nav pagina pager",
    "share sharing social follow- subscri newsletter sign-?(?:in|up) log-?in register",
    r"side-?bar aside foot n(?<!\wn)av navi navbar menu breadcrumb crumb search skip toolbar",
    "t(?<![a-z]t)ags?(?![a-z]) tag-?(?:list|cloud|s) bookmark print jump-?link",
    "banner advert a(?<![a-z]a)ds?(?![a-z]) sponsor promo upsell paywall donat",
    "cookie consent gdpr popup pop-up overlay dialog alert hidden display:none",
    "author-?(?:bio|box|info|card|desc|about) about-?(?:the-?)?author bio(?![a-z])",
    "byline dateline timestamp meta-?(?:info|data)",
    "post-?meta entry-?meta article-?meta news-?meta",
    "caption credit copyright disclaimer correction toc(?![a-z]) table-?of-?contents",
    "carousel slider ticker w(?<!elementor-w)idget contentinfo complementary navigation",
    "yorum komment reklam s(?<![a-z]s)erh e(?<![a-z]e)tiket p(?<![a-z]p)aylas i(?<![a-z]i)lgili",
    "b(?<![a-z]b)enzer o(?<![a-z]o)xsar b(?<![a-z]b)ulten c(?<![a-z]c)erez",
)
_BODY = any_of(
    "article-?_?-?(?:body|text|content|main|detail) full-?text rich-?text hentry contentbody",
    *(
        f"{kind}[-_]{{0,2}}(?:content|body|text|full|detail)"
        for kind in ("entry", "post", "story", "news", "main", "page", "single", "detail")
    ),
    "text-?body content-?body body-?(?:text|copy) content-?(?:text|copy)",
    "p(?<![a-z]p)rose(?![a-z])",
)
#: Where readers speak. In full words only: "comments-open" stands on whole articles.
_COMMENTS = re.compile(
    r"(?:^|\s)(?:(?:user|post|article|news|reader|fb|facebook|disqus|view|epoch|li)?[_-]{0,2}"
    r"comments?(?:[_-]{0,2}(?:list|area|section|container|wrap(?:per)?|body|content|thread|block|box"
    r"|form|item|holder|inner|module|group|zone|stream|feed|text|\d+))?"
    r"|comment(?:list|area|ssection)|disqus(?:[_-]thread)?|respond|livefyre|discussion"
    r"|(?:leser)?kommentare?|komment(?:arii|ariy)?|yorumlar|serhler|reyler|commentaires|comentarios)"
    r"(?:\s|$)",
    re.IGNORECASE,
)


@lru_cache(maxsize=8_000)  # the pages of a host use the same names; some MB
def judge_names(names: str) -> int:
    """Return -1 for names of furniture, 1 for those of an article's body, else 0."""
    names = names.lower()
    if _BODY.search(names):
        return 1
    return -1 if _FURNITURE.search(names) else 0


@lru_cache(maxsize=8_000)
def names_comments(names: str) -> bool:
    """Tell whether the names are those of a place where readers speak."""
    return bool(_COMMENTS.search(names))


_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_a-zA-Z]+")
#: Characters; a longer name was made by a machine.
_LONGEST_NAME = 60


@lru_cache(maxsize=8_000)
def words_of_names(names: str) -> tuple[str, ...]:
    """Return the words of which the names are made, each once, in lower case.

    >>> words_of_names("entryContent news-body_2 x")
    ('entry', 'content', 'news', 'body')
    """
    short = (name for name in names.split() if len(name) < _LONGEST_NAME)
    found = (word.lower() for name in short for word in _WORD.findall(name))
    return tuple(dict.fromkeys(word for word in found if len(word) > 1))
