"""The headline of a page, among the many wordings that a page has of it."""

import json

import pytest
from lxml import etree

from pipeline.articles.declared import read_declared
from pipeline.articles.sitenames import SiteNames, find_site_names, strip_names
from pipeline.articles.titles import Title, find_title

URL = "https://www.courier.example/city/ferry-line-carries-more-passengers-than-ever.html"
HEADLINE = "Ferry line carries more passengers than ever"


def tree_of(head: str, body: str) -> etree._Element:
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    return etree.fromstring(html, parser=etree.HTMLParser())


def title_of(head: str, body: str, url: str = URL) -> Title:
    root = tree_of(head, body)
    declared = read_declared(root, url)
    return find_title(root, declared, find_site_names(root, declared, url), url)


def og(name: str, content: str) -> str:
    return f'<meta property="og:{name}" content="{content}">'


def ld(**fields: object) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", **fields}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        pytest.param(
            f"<title>More people take the boat | Courier</title>{og('title', 'More by boat')}",
            f"<h1>{HEADLINE}</h1>",
            HEADLINE,
            id="readers see the h1; search engines get another wording",
        ),
        pytest.param(
            f"<title>{HEADLINE} | The Harbour Post</title>",
            f"<h1>The Harbour Post</h1><h1>{HEADLINE}</h1><h1>Most read</h1>",
            HEADLINE,
            id="the first of several h1 is the logo",
        ),
        pytest.param(
            f"<title>{HEADLINE} - Boats and Quays</title>{og('title', HEADLINE)}",
            "<h1>Boats and Quays</h1>",
            HEADLINE,
            id="what the title adds to the headline is the name of the site",
        ),
        pytest.param(
            f"<title>{HEADLINE}</title>",
            '<h1><a href="/">News from the river</a></h1><h2>Sport</h2>',
            HEADLINE,
            id="an h1 that leads home is a logo",
        ),
        pytest.param(
            "<title>Riverside » Ferries stop at night</title>",
            '<h1 class="site-title">Riverside</h1><h2>Ferries stop at night</h2>',
            "Ferries stop at night",
            id="the headline is an h2",
        ),
        pytest.param(
            f"<title>{HEADLINE}</title>",
            "<h1>Our news</h1><p>Text</p>",
            HEADLINE,
            id="an h1 that names the section",
        ),
        pytest.param(
            f"<title>Port news</title>{og('title', HEADLINE)}",
            "<h1>A word from the publisher of this outlet:</h1>",
            HEADLINE,
            id="the address is made from the declared headline, not from the h1",
        ),
        pytest.param(
            f"<title>{HEADLINE}</title>",
            f'<h1><span class="kicker">City traffic</span><span>{HEADLINE}</span></h1>',
            HEADLINE,
            id="a kicker by its name",
        ),
        pytest.param(
            f"<title>{HEADLINE} - Courier</title>",
            f'<h1><span class="x1">City traffic</span>{HEADLINE}</h1>',
            HEADLINE,
            id="a kicker by its element",
        ),
        pytest.param(
            f"<title>{HEADLINE} - Courier</title>",
            f"<h1>City traffic: {HEADLINE}</h1>",
            HEADLINE,
            id="a kicker before a colon that nothing declared has",
        ),
        pytest.param(
            f"<title>{HEADLINE} - Courier</title>{og('title', 'City traffic: ' + HEADLINE)}",
            f"<h1>City traffic: {HEADLINE}</h1>",
            f"City traffic: {HEADLINE}",
            id="a kicker that is declared with the headline",
        ),
        pytest.param(
            f"<title>{HEADLINE}</title>",
            f'<h1>{HEADLINE}<div class="dek">The new boats are a success</div></h1>',
            HEADLINE,
            id="a line beneath in the h1",
        ),
        pytest.param(
            f"<title>{HEADLINE} - Courier</title>",
            f'<h1>{HEADLINE}<a class="permalink" href="#t">¶</a><script>x()</script></h1>',
            HEADLINE,
            id="marks in the h1",
        ),
        pytest.param(
            f"{og('title', 'Strike / The ferries rest')}<title>Strike</title>",
            "<h1><b>Strike</b>The ferries rest</h1>",
            "Strike / The ferries rest",
            id="a template that loses a blank",
        ),
        pytest.param(
            ld(headline="Night service: Last boat at one")
            + og("title", "Night service: Last boat at one"),
            "<h1>Last boat at one</h1>",
            "Night service: Last boat at one",
            id="JSON-LD and meta of a news article agree on a fuller wording",
        ),
        pytest.param(
            ld(headline="Rivers: The last boat leaves at one") + "<title>x</title>",
            "",
            "Rivers: The last boat leaves at one",
            id="no heading at all",
        ),
        pytest.param(
            "<title>The evening of the choir - News - Association of the valley</title>",
            "<table><tr><td><b>The evening of the choir</b></td></tr></table>",
            "The evening of the choir",
            id="a page without headings shows a part of its title",
        ),
        pytest.param(
            "<title>Valley portal</title>",
            '<a href="/"><img src="l.gif" alt="Valley portal"></a>'
            '<span class="NewsTitle">The choir sang on Sunday</span>',
            "The choir sang on Sunday",
            id="each page of the site has the same title",
        ),
        pytest.param("", "<p>Nothing of the kind.</p>", "", id="none"),
    ],
)
def test_the_headline_is_what_a_reader_takes_for_it(head: str, body: str, expected: str) -> None:
    assert title_of(head, body).text == expected


@pytest.mark.parametrize(
    ("title", "name", "expected"),
    [
        ("Bayram günü - Xəbərlər - Liman TV", "Liman TV", "Bayram günü - Xəbərlər"),
        ("Bayram günü limanda | Cəmiyyət | Liman TV", "Liman TV", "Bayram günü limanda"),
        ("Праздник в порту_Портал города", "Портал города", "Праздник в порту"),
        ("A day at the port [Courier]", "Courier", "A day at the port"),
        ("A day at the port - Courier World News", "Courier", "A day at the port"),
        ("The port - The courier never came", "Courier", "The port - The courier never came"),
        ("Courier :: A day at the port", "Courier", "A day at the port"),
        ("A day | What the port did all year", "", "A day | What the port did all year"),
        ("Courier", "Courier", "Courier"),
    ],
)
def test_names_are_cut_off_where_they_are_names(title: str, name: str, expected: str) -> None:
    assert strip_names(title, SiteNames().with_names(name)) == expected


@pytest.mark.parametrize(
    ("head", "body", "url", "expected"),
    [
        (og("site_name", "Courier"), "", URL, "Courier"),
        (og("site_name", "https://courier.example"), "", URL, None),
        (ld(headline="x", publisher={"name": "Courier"}), "", URL, "Courier"),
        ('<meta name="application-name" content="Courier">', "", URL, "Courier"),
        ("<title>A long day - Courier</title>" + og("title", "A long day"), "", URL, "Courier"),
        (
            "<title>Courier - A day</title>",
            '<a href="/index.php">Courier</a>',
            "https://x.example/1",
            "Courier",
        ),
        ("", '<a class="logo" href="/">Courier</a>', URL, "Courier"),
        ("<title>A day</title>", "<a href='/about'>Courier</a>", URL, None),
    ],
)
def test_the_outlet_is_named_by_what_the_page_declares_or_shows(
    head: str, body: str, url: str, expected: str | None
) -> None:
    root = tree_of(head, body)
    assert find_site_names(root, read_declared(root, url), url).name == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://www.harbourpost.example/news/1",
        "https://news.harbour-post.co.example/1",
        "https://archive.example/web/20120101000000/http://harbourpost.example/news/1",
    ],
)
def test_the_host_is_a_name_of_the_outlet(url: str) -> None:
    head = "<title>A day on the quay - Harbour Post</title>"
    assert title_of(head, "", url).text == "A day on the quay"


def test_quite_another_declared_headline_is_a_disagreement() -> None:
    found = title_of(ld(headline="Council budget for next year"), f"<h1>{HEADLINE}</h1>")
    assert found.text == HEADLINE
    assert found.disagreement is not None
    assert found.disagreement.other == "Council budget for next year"
    assert (found.disagreement.taken_from, found.disagreement.other_from) == ("page", "json-ld")


def test_another_order_of_words_is_no_disagreement() -> None:
    head = ld(headline="More passengers than ever on the ferry line")
    assert title_of(head, f"<h1>{HEADLINE}</h1>").disagreement is None


def test_a_heading_that_was_never_closed_is_no_headline() -> None:
    body = "<h1>" + "<div>Nothing but text in a very long line. </div>" * 2_000
    assert title_of(f"<title>{HEADLINE}</title>", body).text == HEADLINE
