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
    assert next(text.rpartition("%")[2][-24:] for text in pictures).endswith("2026–27: 61 articles")
    assert len(pictures) == 5
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
    assert_valid_atom(render_feed(weeks, language=language))
    assert f'<html lang="{language}"' in render_index(weeks, language=language)


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
    data["coverage"]["seasons"][1]["per_day"] = [-4, 10**20]
    harmless([read_published(json.dumps(data))])


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
        ("as_of", "2026-12-31T00:00:00"),  # of no zone
        ("figures", {"articles": {"value": float("inf")}}),
        ("stories", [{"headline": {"article": 1, "text": ""}, "articles": []}]),
        ("revisions", [{}]),
    ],
)
def test_a_damaged_digest_is_refused(field: str, value: object) -> None:
    data = {**json.loads(render_json(digest_of("holiday"))), field: value}
    with pytest.raises(ValueError, match=r"."):
        read_published(json.dumps(data))
