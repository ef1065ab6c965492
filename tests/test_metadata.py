"""What a page says of itself: JSON-LD, microdata, meta elements, links, and what it shows."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.articles.declared import read_declared
from pipeline.articles.metadata import Metadata, read_metadata
from pipeline.articles.people import people_in, people_in_line
from pipeline.model import Alternate, Image

URL = "https://courier.example/city/17-ferries.html"
NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
HEADLINE = "Ferries stop for three weeks"


def read(head: str = "", body: str = "", *, url: str = URL, root: str = "") -> Metadata:
    html = f"<html {root}><head>{head}</head><body>{body}</body></html>"
    tree = etree.fromstring(html, parser=etree.HTMLParser())
    return read_metadata(tree, url=url, zone=ZoneInfo("UTC"), now=NOW)


def script(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return f'<script type="application/ld+json">{text}</script>'


def article(**fields: object) -> dict[str, object]:
    return {"@type": "NewsArticle", "headline": HEADLINE, **fields}


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


# --- JSON-LD ---------------------------------------------------------------

ONE = article(author={"@type": "Person", "name": "City desk"})
PERSON = {"@type": "Person", "@id": "#desk", "name": "City desk"}


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(script(ONE), id="an object"),
        pytest.param(script([{"@type": "WebSite"}, ONE]), id="an array"),
        pytest.param(script({"@graph": [article(author={"@id": "#desk"}), PERSON]}), id="a graph"),
        pytest.param(script({"@type": "WebPage", "mainEntity": ONE}), id="nested"),
        pytest.param(script({"@type": "Organization"}) + script(ONE), id="several blocks"),
        pytest.param(script(json.dumps(ONE) + json.dumps({"@type": "Person"})), id="run together"),
        pytest.param(script(f"//<![CDATA[\n{json.dumps(ONE)}\n//]]>"), id="in a comment"),
        pytest.param(script(json.dumps(ONE)[:-1] + ",}"), id="a comma too many"),
        pytest.param(script(json.dumps(ONE).replace("desk", r"d\esk")), id="an unknown escape"),
        pytest.param(script(json.dumps(ONE).replace('"', "&quot;")), id="escaped as HTML"),
        pytest.param(script({**ONE, "@type": ["Article", "NewsArticle"]}), id="two types"),
        pytest.param(script({**ONE, "@type": "http://schema.org/NewsArticle"}), id="a full type"),
        pytest.param(script(article(headline=[HEADLINE], author=["City desk"])), id="lists"),
        pytest.param(
            script(article(headline={"@value": HEADLINE}, creator="City desk")), id="value"
        ),
        pytest.param(
            script(article(author=None)) + script(article(author=[PERSON])), id="told in two parts"
        ),
    ],
)
def test_json_ld_is_read_in_every_shape(head: str) -> None:
    found = read(head)
    assert (found.title, found.byline) == (HEADLINE, "City desk")
    assert found.origins["byline"] == "json-ld"
    assert found.is_article


@pytest.mark.parametrize(
    "text",
    [
        '{"@type": "NewsArticle", "headline": "The "long" night", "author": Nobody}',
        '{"@type": "NewsArticle", "headline": "The \\"long\\" night", "description": \'x\'}',
        '{"@type": "NewsArticle", "headline": "The "long" night"}, "image": }',
    ],
)
def test_plain_fields_are_picked_out_of_broken_json(text: str) -> None:
    assert read(script(text)).title == 'The "long" night'


@pytest.mark.parametrize(
    "text",
    ["", "{", "null", "7", '"text"', "[[[]]]", "[" * 5_000, '{"@graph": 1}', '{"@type": {}}'],
)
def test_json_that_says_nothing_gives_nothing(text: str) -> None:
    found = read(script(text))
    assert not found.is_article
    assert found.title == ""


NAMES = ["@type", "@graph", "@id", "headline", "author", "name", "publisher", "image", "url"]
NAMES += ["hasPart", "inLanguage", "isAccessibleForFree", "mainEntityOfPage"]
PLAIN = st.none() | st.booleans() | st.floats() | st.text(max_size=8)


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)


@given(st.recursive(PLAIN, nested, max_leaves=12))
@settings(max_examples=80, deadline=None)
def test_values_of_wrong_types_do_no_harm(value: object) -> None:
    found = read(script([{"@type": "NewsArticle", "headline": "x", "author": value}, value]))
    assert isinstance(found.title, str)


def test_the_article_among_several_is_the_one_that_the_page_shows() -> None:
    others = [article(headline=f"Another headline of the day {n}", url=f"/{n}") for n in range(3)]
    head = script([*others, article(author="City desk", articleBody="Text.")])
    found = read(head, f"<h1>{HEADLINE}</h1>")
    assert (found.byline, found.body) == ("City desk", "Text.")


def test_the_article_among_several_is_the_one_at_the_page_s_address() -> None:
    other = article(headline="Another headline of the day", url="https://courier.example/18")
    own = article(mainEntityOfPage={"@id": URL + "#main"}, author="City desk")
    assert read(script([other, own])).byline == "City desk"


def test_a_list_of_articles_is_no_article() -> None:
    listed = [article(headline=f"Headline of the day number {n}", url=f"/{n}") for n in range(9)]
    found = read(script(listed), "<h1>City news</h1>")
    assert not found.is_article


def test_an_item_of_a_list_is_not_the_page_s_article() -> None:
    teaser = {"@type": "ListItem", "item": article()}
    assert not read(script({"@type": "ItemList", "itemListElement": [teaser]})).is_article


# --- microdata -------------------------------------------------------------

SCOPE = 'itemscope itemtype="https://schema.org/NewsArticle"'
MARKED = (
    f'<div {SCOPE}><meta itemprop="inLanguage" content="az">'
    f'<span itemprop="headline">{HEADLINE}</span>'
    '<span itemprop="author" itemscope itemtype="https://schema.org/Person">'
    '<a itemprop="name" href="/who">City desk</a></span>'
    '<img itemprop="image" src="/ferry.jpg"></div>'
)


def test_microdata_is_read_as_json_ld_is() -> None:
    found = read("", MARKED)
    assert (found.title, found.byline, found.language) == (HEADLINE, "City desk", "az")
    assert found.image == Image(url="https://courier.example/ferry.jpg")
    assert {found.origins[name] for name in ("byline", "language", "image")} == {"microdata"}


def test_properties_without_an_object_belong_to_the_page() -> None:
    assert read("", '<p itemprop="author">City desk</p>').byline == "City desk"


def test_of_several_marked_articles_the_page_s_own_counts() -> None:
    other = MARKED.replace(HEADLINE, "Another headline of the day").replace("City", "Other")
    assert read("", f"<h1>{HEADLINE}</h1>{other}{MARKED}").byline == "City desk"
    assert read("", f"<h1>Today in the city</h1>{other}{MARKED}").language is None


# --- byline ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By City Desk", ["City Desk"]),
        ("Von Erste Feder, Redakteurin", ["Erste Feder"]),
        ("Müəllif: Mədəniyyət şöbəsi", ["Mədəniyyət şöbəsi"]),
        ("Автор: Отдел культуры | 12.01.2025", ["Отдел культуры"]),
        ("نویسنده: گروه فرهنگ", ["گروه فرهنگ"]),
        ("Par la Rédaction locale", ["la Rédaction locale"]),
        ("First Pen, Second Pen and Third Pen", ["First Pen", "Second Pen", "Third Pen"]),
        ("First Pen, science correspondent, Courier", ["First Pen"]),
        ("First Pen, PhD", ["First Pen"]),
        ("News & Views", ["News & Views"]),
        ("dpa/lno", ["dpa/lno"]),
        ("desk@courier.example", []),
        ("https://courier.example/desk", []),
        ("admin", []),
        ("page.head.author", []),
        ("2025", []),
        ("{{author}}", []),
    ],
)
def test_names_are_cut_out_of_what_is_declared(text: str, expected: list[str]) -> None:
    assert people_in([text]) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Written by  First Pen  Follow", ["First Pen"]),
        ("Posted on 4 May 2025 by First Pen", ["First Pen"]),
        ("First Pen  3 min read", ["First Pen"]),
        ("4 May 2025, 11:00", []),
        ("Follow us", []),
        ("Get in touch with the desk", []),
        ("Updated", []),
    ],
)
def test_names_are_cut_out_of_what_is_shown(line: str, expected: list[str]) -> None:
    assert people_in_line(line) == expected


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        pytest.param(
            script(article(author=[{"name": "First Pen"}, {"name": "Second Pen"}])),
            "",
            "First Pen, Second Pen",
            id="several",
        ),
        pytest.param(
            script(article(author={"name": "Courier"}, publisher={"name": "Courier"})),
            '<div class="byline">By <b>First Pen</b></div>',
            "First Pen",
            id="the outlet is declared, a person is shown",
        ),
        pytest.param(
            script(article(author={"name": "Courier"}, publisher={"name": "Courier"})),
            "",
            "Courier",
            id="nobody but the outlet",
        ),
        pytest.param(
            meta("article:author", "https://social.example/pen") + meta("author", "First Pen"),
            "",
            "First Pen",
            id="an address is no name",
        ),
        pytest.param(
            "", '<a rel="author" href="/who/pen77">pen77</a>', "pen77", id="a link to the author"
        ),
        pytest.param(
            "",
            '<div class="comment"><span class="author">A. Reader</span></div>'
            "<h1>A headline of the day</h1><p>By First Pen</p>",
            "First Pen",
            id="a commenter is no author",
        ),
        pytest.param(
            "", '<p>Автор: <a href="/u/redaktor">redaktor</a></p>', "redaktor", id="a label before"
        ),
        pytest.param(
            "", "<h1>A headline of the day</h1><p>By noon it had rained.</p>", None, id="a sentence"
        ),
    ],
)
def test_the_byline_names_people_before_the_outlet(
    head: str, body: str, expected: str | None
) -> None:
    assert read(head, body).byline == expected


# --- picture ---------------------------------------------------------------

PICTURE = "https://img.courier.example/ferry.jpg"
FIGURE = (
    "<img src='/icon.png' width=900><h1>A headline of the day</h1><img src='/x.gif' width=10>"
    "<figure><img src='data:x' data-src='/ferry.jpg' alt='A ferry'></figure>"
)


@pytest.mark.parametrize(
    ("head", "body", "expected", "origin"),
    [
        (
            meta("og:image", PICTURE) + meta("og:image:alt", "A ferry"),
            "",
            Image(url=PICTURE, alt="A ferry"),
            "meta",
        ),
        (
            meta("og:image", PICTURE + "?w=1200"),
            '<img src="/small/ferry.jpg" alt="A ferry &amp; a quay">',
            Image(url=PICTURE + "?w=1200", alt="A ferry & a quay"),
            "meta",
        ),
        (
            meta("og:image", "/img/site-logo.png")
            + script(article(image=[{"url": PICTURE, "caption": "A ferry"}])),
            "",
            Image(url=PICTURE, alt="A ferry"),
            "json-ld",
        ),
        (script(article(image=PICTURE)), "", Image(url=PICTURE), "json-ld"),
        (
            meta("og:image", "data:image/gif;base64,R0lGOD"),
            FIGURE,
            Image(url="https://courier.example/ferry.jpg", alt="A ferry"),
            "page",
        ),
        (
            "<base href='https://img.courier.example/2025/'>",
            "<article><img srcset='ferry.jpg 800w, ferry2.jpg 1600w' width=800></article>",
            Image(url="https://img.courier.example/2025/ferry.jpg"),
            "page",
        ),
        (
            meta("og:image", PICTURE),
            "<img src='/cache/ferry-640x480.jpg' alt='A ferry'>",
            Image(url=PICTURE, alt="A ferry"),
            "meta",
        ),
        (
            "",
            "<a href='/18'><img src='/teaser.jpg'></a><td><img src=img/old.jpg width=200></td>",
            Image(url="https://courier.example/city/img/old.jpg"),
            "page",
        ),
        ("", "<h1>A headline of the day</h1><img src='/face.jpg' width=80 height=80>", None, None),
        (meta("og:image", "/favicon.ico") + meta("twitter:image", "/a.svg"), "", None, None),
    ],
)
def test_the_lead_picture_is_no_logo_and_has_an_address(
    head: str, body: str, expected: Image | None, origin: str | None
) -> None:
    found = read(head, body)
    assert found.image == expected
    assert found.origins.get("image") == origin


# --- links and languages ---------------------------------------------------


def alternate(language: str, href: str, rel: str = "alternate", kind: str = "") -> str:
    return f'<link rel="{rel}" hreflang="{language}" href="{href}" type="{kind}">'


def test_alternates_are_the_same_article_in_other_languages() -> None:
    head = "".join(
        [
            alternate("tr-TR", "/tr/17-ferries.html"),
            alternate("az", "https://courier.example/az/17-ferries.html"),
            alternate("en", URL),
            alternate("en-GB", "/uk/17-ferries.html"),
            alternate("x-default", URL),
            alternate("ru", "/ru/"),
            alternate("de", "javascript:void(0)"),
            alternate("fr", "/fr/feed.xml", kind="application/rss+xml"),
            alternate("fa", "/fa/17-ferries.html", rel="canonical"),
        ]
    )
    assert read(head, root='lang="en"').alternates == (
        Alternate(language="az", url="https://courier.example/az/17-ferries.html"),
        Alternate(language="tr", url="https://courier.example/tr/17-ferries.html"),
    )


@pytest.mark.parametrize(
    ("root", "head", "expected", "origin"),
    [
        ('lang="az-Latn-AZ"', "", "az", "html"),
        ('xml:lang="RU"', "", "ru", "html"),
        ('lang="aze"', "", "az", "html"),
        ('lang="ua"', "", "uk", "html"),
        ('lang=""', meta("og:locale", "fa_IR"), "fa", "meta"),
        ('lang="{{lang}}"', meta("og:locale", "tr_TR"), "tr", "meta"),
        ("", script(article(inLanguage=["de-AT"])), "de", "json-ld"),
        ("", script(article(inLanguage={"alternateName": "az"})), "az", "json-ld"),
        ("", '<meta http-equiv="Content-Language" content="tr, en">', "tr", "meta"),
        ("", '<meta name="language" content="Azerbaijani">', None, None),
        ("", "", None, None),
    ],
)  # fmt: skip
def test_the_declared_language_is_a_code(
    root: str, head: str, expected: str | None, origin: str | None
) -> None:
    found = read(head, root=root)
    assert found.language == expected
    assert found.origins.get("language") == origin


@pytest.mark.parametrize(
    ("head", "expected", "origin"),
    [
        ('<link rel="canonical" href="/city/17">', "https://courier.example/city/17", "link"),
        (
            '<base href="https://courier.example/"><link rel="canonical" href="city/17">',
            "https://courier.example/city/17",
            "link",
        ),
        ('<link rel="canonical" href="city/17">', None, None),
        (meta("og:url", "https://courier.example/c/17"), "https://courier.example/c/17", "meta"),
    ],
)
def test_the_page_s_own_address(head: str, expected: str | None, origin: str | None) -> None:
    found = read(head)
    assert found.canonical_url == expected
    assert found.origins.get("canonical_url") == origin


# --- paywall ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (script(article(isAccessibleForFree=False)), True),
        (script(article(isAccessibleForFree="False")), True),
        (script(article(isAccessibleForFree="http://schema.org/False")), True),
        (script(article(hasPart={"isAccessibleForFree": "false"})), True),
        (script(article(hasPart=[{}, {"isAccessibleForFree": 0}])), True),
        (script(article(isAccessibleForFree=True)), False),
        (script(article(isAccessibleForFree="")), False),
        (script(article()), False),
        (meta("article:content_tier", "locked"), True),
        (meta("article:content_tier", "metered"), False),
        (meta("article:content_tier", "free"), False),
    ],
)  # fmt: skip
def test_a_page_says_that_it_is_not_free(head: str, expected: bool) -> None:
    assert read(head).is_paywalled is expected


# --- all of it -------------------------------------------------------------


def test_each_value_has_its_origin_and_nothing_else_has_one() -> None:
    found = read(
        script(article(author="City desk", datePublished="2025-05-04T10:00:00Z"))
        + meta("og:site_name", "Courier"),
        f"<h1>{HEADLINE}</h1>",
    )
    assert found.origins == {
        "title": "page",
        "published": "json-ld",
        "byline": "json-ld",
        "site_name": "meta",
    }


def test_what_disagrees_is_told() -> None:
    found = read(script(article()), "<h1>A council votes on the budget of the year</h1>")
    assert [disagreement.about for disagreement in found.disagreements] == ["title"]


def test_a_content_given_as_value_is_read_and_each_content_is_kept() -> None:
    head = '<meta name="author" value="First Pen"><meta name="author" content="Second Pen">'
    root = etree.fromstring(f"<html><head>{head}</head></html>", parser=etree.HTMLParser())
    assert list(read_declared(root).metas("author")) == ["First Pen", "Second Pen"]


def test_an_empty_page_says_nothing() -> None:
    found = read()
    assert (found.title, found.byline, found.image, found.alternates) == ("", None, None, ())
    assert found.origins == {}


@pytest.mark.parametrize("srcset", [",", ", /a.jpg 2x", "  ", "data:image/gif;base64,R0"])
def test_a_picture_without_a_source_ends_nothing(srcset: str) -> None:
    found = read(body=f'<h1>{HEADLINE}</h1><img srcset="{srcset}" width="900"><p>One.</p>')
    assert found.title == HEADLINE


def test_an_address_within_an_address_ends_nothing() -> None:
    found = read(body=f"<h1>{HEADLINE}</h1><p>One.</p>", url="https://courier.example/x/http://[b/")
    assert found.published is None
