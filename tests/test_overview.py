"""The folder's front page and feed, from the data of its digests alone."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import feedparser
import pytest
from lxml import etree, html

from pipeline.model import Digest, Week
from pipeline.render import PublishedWeek, read_published, render_feed, render_index, render_json
from pipeline.wording import LANGUAGES
from tests.cases.digests.weeks import digest_of, season
from tests.test_render import HOSTILE, HOSTILE_URLS, assert_page_is_harmless, hostile_digest

ATOM = "{http://www.w3.org/2005/Atom}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def published(digest: Digest) -> PublishedWeek:
    return read_published(render_json(digest))


def folder() -> list[PublishedWeek]:
    """Return a holiday week, the one before it, and a quiet one."""
    before = replace(digest_of("empty"), week=Week(2026, 52), seasons=(season(2026, 4, days=12),))
    return [published(d) for d in (before, digest_of("quiet"), digest_of("holiday"))]


def words_of(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def required(element: etree._Element, name: str) -> str:
    """Return the text of the one child ``name``: RFC 4287 allows no second of these."""
    [child] = element.findall(f"{ATOM}{name}")
    assert child.text
    return child.text


def assert_valid_atom(text: str) -> etree._Element:
    """Check what RFC 4287 requires of a feed (4.1.1) and its entries (4.1.2)."""
    tree = etree.fromstring(text.encode())
    assert tree.tag == f"{ATOM}feed"
    entries = tree.findall(f"{ATOM}entry")
    for element in (tree, *entries):
        assert required(element, "id").startswith("urn:uuid:")
        assert required(element, "title")
        moment = required(element, "updated")
        assert datetime.strptime(moment, "%Y-%m-%dT%H:%M:%S%z").tzinfo is not None
        alternates = [
            (link.get("type"), link.get("hreflang"))
            for link in element.findall(f"{ATOM}link")
            if link.get("rel") == "alternate"
        ]
        assert len(alternates) == len(set(alternates)) == 1  # 4.1.1, 4.1.2
    assert [one.findtext(f"{ATOM}name") for one in tree.findall(f"{ATOM}author")]
    assert [link.get("rel") for link in tree.findall(f"{ATOM}link")] == ["self", "alternate"]
    ids = [required(entry, "id") for entry in entries]
    assert len(ids) == len(set(ids))
    for entry in entries:
        [content] = entry.findall(f"{ATOM}content")
        assert content.get("type") == "xhtml"
        [child] = content  # 3.1.1.3: a single div
        assert child.tag == f"{XHTML}div"
        assert not (content.text or "").strip()
    parsed = feedparser.parse(text.encode())
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "atom10"
    assert len(parsed.entries) == len(entries)
    return tree


def test_the_feed_is_valid_and_newest_first() -> None:
    tree = assert_valid_atom(render_feed(folder()))
    entries = tree.findall(f"{ATOM}entry")
    assert [required(entry, "title").partition(":")[0] for entry in entries] == [
        "Week 2026-W53",
        "Week 2026-W52",
        "Week 2026-W24",
    ]
    assert required(entries[0], "updated") == "2027-01-03T18:30:00Z"
    # A week of which nothing was ever known changed last when it ended.
    assert required(entries[2], "updated") == "2026-06-10T10:00:00Z"
    assert required(entries[1], "updated") == "2026-12-27T20:00:00Z"
    assert required(tree, "updated") == "2027-01-03T18:30:00Z"


def test_an_entry_keeps_its_identity_and_changes_its_moment() -> None:
    first = published(digest_of("holiday"))
    later = replace(first, as_of=datetime(2027, 2, 1, tzinfo=UTC))
    one, other = (assert_valid_atom(render_feed([week])) for week in (first, later))
    ids = [[required(e, "id") for e in tree.iter(f"{ATOM}entry")] for tree in (one, other)]
    assert ids[0] == ids[1]
    assert required(one, "updated") != required(other, "updated")


def test_the_feed_tells_the_figures_and_the_first_stories() -> None:
    tree = assert_valid_atom(render_feed(folder()))
    content = tree.find(f"{ATOM}entry/{ATOM}content")
    assert content is not None
    assert "Articles: 18" in words_of(content)
    assert len(content.findall(f".//{XHTML}ol/{XHTML}li")) == 5
    persian = [e for e in content.iter() if str(e.get("dir")) == "rtl"]
    assert [words_of(e)[-9:-1] for e in persian] == ["پیام شهر"]


def test_the_front_page_has_all_weeks_and_a_picture_of_each_season() -> None:
    tree = html.fromstring(render_index(folder()))
    rows = [[words_of(cell) for cell in row] for row in tree.iter("tr")]
    weeks = [row for row in rows if row[0].startswith("2026-W")]
    assert [(row[0][:8], row[2]) for row in weeks] == [
        ("2026-W53", "18"),
        ("2026-W52", "0"),
        ("2026-W24", "1"),
    ]
    pictures = [words_of(e) for e in tree.iter("li")]
    # The holiday week has seen more of the season than the one before it.
    assert pictures[0].endswith("16 December10 January2026–27: 61 articles so far")
    assert pictures[1].endswith("16 December10 January2025–26: 52 articles")
    assert len(pictures) == 5
    assert "Articles on each day of the holiday’s season, 16 December to 10 January" in words_of(
        tree
    )
    [newest] = [words_of(e) for e in tree.iter("p") if e.get("class") == "newest"]
    assert newest.startswith("Newest digest: week 2026-W53, 28 December 2026 – 3 January 2027 The")
    for svg in tree.iter("svg"):
        assert svg.get("role") == "img"
        assert [child.tag for child in svg][:2] == ["title", "desc"]
    links = {link.get("href") for link in tree.iter("a")}
    assert links == {"#digest", "feed.xml", *(f"2026-W{n}.html" for n in (53, 52, 24))}


def test_a_folder_without_seasons_has_no_pictures_and_an_empty_season_is_one() -> None:
    week = published(digest_of("holiday"))
    bare = html.fromstring(render_index([replace(week, seasons=())]))
    assert list(bare.iter("svg")) == []
    empty = html.fromstring(render_index([replace(week, seasons=(season(2025, 0),))]))
    [svg] = empty.iter("svg")
    assert [words_of(child) for child in svg][1] == "2025–26: 0 articles"


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_are_written_in_every_language(language: str) -> None:
    weeks = [published(digest_of("holiday", language=language))]
    assert_valid_atom(render_feed(weeks))
    assert f'<html lang="{language}"' in render_index(weeks)


def test_the_newest_week_gives_the_language_whichever_was_written_last() -> None:
    weeks = [
        published(digest_of("holiday", language="az")),
        published(digest_of("quiet", language="tr")),
    ]
    assert '<html lang="az"' in render_index(weeks)
    assert 'xml:lang="az"' in render_feed(weeks).partition("<entry")[0]


def silent(number: int) -> PublishedWeek:
    """Return a week of 2026 in which nobody was asked and nothing found."""
    week = published(digest_of("empty"))
    return replace(week, week=Week(2026, number), sources_asked=0, seasons=())


def lines_of(weeks: Sequence[PublishedWeek]) -> list[str]:
    tree = html.fromstring(render_index(weeks))
    return [words_of(row) for body in tree.iter("tbody") for row in body.iter("tr")]


def test_weeks_in_a_row_in_which_nobody_looked_are_one_line() -> None:
    run = [silent(number) for number in (8, 9, 10)]
    [line] = lines_of(run)
    assert line == (
        "2026-W08 – 2026-W10 16 February – 8 March 2026"
        "3 weeks without an article; no source was asked"
    )
    links = {link.get("href") for link in html.fromstring(render_index(run)).iter("a")}
    assert {"2026-W08.html", "2026-W10.html"} <= links
    looked = replace(run[1], sources_asked=8)
    found = replace(run[1], figures={"articles": 1})
    for weeks in (
        run[:2],
        [*run[:2], silent(11)],
        [run[0], looked, run[2]],
        [run[0], found, run[2]],
    ):
        assert len(lines_of(weeks)) == len(weeks)


def test_what_has_no_page_beside_it_is_no_link() -> None:
    bare = [replace(silent(number), has_page=False) for number in (3, 8, 9, 10)]
    page = html.fromstring(render_index(bare))
    assert {link.get("href") for link in page.iter("a")} == {"#digest", "feed.xml"}
    feed = etree.fromstring(render_feed(bare).encode())
    assert feed.findall(f"{ATOM}entry/{ATOM}link") == []


def test_no_day_is_called_the_busiest_where_several_are() -> None:
    week = published(digest_of("holiday"))
    for per_day, said in (((3, 1, 3), "2020: 7 articles"), ((3, 1, 2), "16 December, with 3")):
        tied = replace(season(2020, 9), label="2020", per_day=per_day)
        [svg] = html.fromstring(render_index([replace(week, seasons=(tied,))])).iter("svg")
        assert words_of(svg[1]).endswith(said)


def test_the_order_of_the_files_does_not_matter() -> None:
    weeks = folder()
    assert render_index(weeks) == render_index(weeks[::-1])
    assert render_feed(weeks) == render_feed(weeks[::-1])


def harmless(weeks: Sequence[PublishedWeek]) -> None:
    page = render_index(weeks)
    assert_page_is_harmless(re.sub(r'href="(feed\.xml|\d{4}-W\d\d\.html)"', "", page))
    tree = assert_valid_atom(render_feed(weeks))
    tags = {etree.QName(e).localname for e in tree.iter(f"{XHTML}*")}
    assert tags <= {"div", "p", "ul", "ol", "li", "a"}
    for link in tree.iter(f"{XHTML}a"):
        assert str(link.get("href")).startswith("https://news.example/")


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_strangers_words_are_only_words(name: str) -> None:
    digest = hostile_digest(HOSTILE[name])
    harmless([published(digest)])


@pytest.mark.parametrize("url", HOSTILE_URLS)
def test_only_web_addresses_become_links(url: str) -> None:
    harmless([published(hostile_digest("Title", url))])


def test_a_strangers_file_is_read_as_words_too() -> None:
    data = json.loads(render_json(digest_of("holiday")))
    text = HOSTILE["script"]
    data["topic"] = data["headline"] = text
    data["figures"][text] = {"value": -(10**30)}
    data["coverage"]["seasons"][0]["label"] = text
    data["revisions"] = [
        {
            "number": 2,
            "as_of": "2027-01-05T00:00:00Z",
            "added": [],
            "withdrawn": [],
            "figures": {text: {"before": "", "after": ""}, "texts": {"before": 7, "after": 8}},
        }
    ]
    read = read_published(json.dumps(data))
    harmless([read])
    assert text not in read.figures
    assert read.revisions[0].figures == (("texts", 7, 8),)


def test_a_season_of_an_older_digest_is_taken_for_whole() -> None:
    data = json.loads(render_json(digest_of("holiday")))
    assert [one.pop("is_whole") for one in data["coverage"]["seasons"]] == [True] * 4 + [False]
    assert all(one.is_whole for one in read_published(json.dumps(data)).seasons)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"format": "solidarity-digest/1"}',
        "[" * 100_000,
        '{"format": "solidarity-digest/2", "stories": 3}',
    ],
)
def test_what_is_no_digest_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_published(text)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("week", "2026-W60"),
        ("time_zone", "Nowhere/Land"),
        ("time_zone", "Europe"),  # a folder of zones
        ("time_zone", "x" * 5_000),
        ("week", "9999-W52"),
        ("week", "1899-W01"),
        ("language", "de"),
        ("language", []),
        ("topic", ["a"]),
        ("topic", "half \ud800 pair"),
        ("headline", {"a": 1}),
        ("headline", "half \ud800 pair"),
        ("is_over", 1),
        ("as_of", "2026-12-31T00:00:00"),  # of no zone
        ("as_of", "0001-01-01T00:00:00+14:00"),
        ("as_of", "9999-12-31T23:59:59-14:00"),
        ("as_of", "2201-01-01T00:00:00Z"),
        ("figures", {"articles": {"value": -1}}),
        ("figures", {"articles": {"value": 10**30}}),
        ("figures", {"articles": {"value": "18"}}),
        ("figures", {"articles": {"value": True}}),
        ("method", {}),
        ("figures", {"articles": {"value": float("inf")}}),
        ("stories", [{"headline": {"article": 1, "text": ""}, "articles": []}]),
        ("revisions", [{}]),
    ],
)
def test_a_damaged_digest_is_refused(field: str, value: object) -> None:
    data = {**json.loads(render_json(digest_of("holiday"))), field: value}
    with pytest.raises(ValueError, match=r"."):
        read_published(json.dumps(data))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("label", "\ud800"),
        ("label", 2026),
        ("first_day", "9999-12-31"),
        ("first_day", 3),
        ("per_day", []),
        ("per_day", [0] * 367),
        ("per_day", [-4]),
        ("is_whole", "no"),
    ],
)
def test_a_damaged_season_is_refused(field: str, value: object) -> None:
    data = json.loads(render_json(digest_of("holiday")))
    data["coverage"]["seasons"][0][field] = value
    with pytest.raises(ValueError, match=r"."):
        read_published(json.dumps(data))


@pytest.mark.parametrize("number", [-2, 1, 3, "2", None])
def test_revisions_are_numbered_from_two_on(number: object) -> None:
    data = json.loads(render_json(digest_of("holiday")))
    blank = {"as_of": "2027-01-05T00:00:00Z", "added": [], "withdrawn": [], "figures": {}}
    data["revisions"] = [{"number": number, **blank}]
    with pytest.raises(ValueError, match="in the place of 2"):
        read_published(json.dumps(data))
