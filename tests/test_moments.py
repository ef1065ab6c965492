"""find_moments: when a page was published and changed, among all the days that it names."""

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from pipeline.articles.declared import read_declared
from pipeline.articles.moments import Moments, find_moments
from pipeline.model import Moment, Precision

BAKU = ZoneInfo("Asia/Baku")
NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)

HEADLINE = "<h1>The ferry line counts its passengers</h1>"
PROSE = "The ferry line of the river towns carried more passengers this year than ever before. "
ARTICLE = HEADLINE + f"<p>{PROSE * 3}</p>"


def find(
    body: str,
    head: str = "",
    *,
    url: str = "https://courier.example/a",
    zone: ZoneInfo = BAKU,
    now: datetime = NOW,
    lang: str = "",
) -> Moments:
    markup = f"<html lang='{lang}'><head>{head}</head><body>{body}</body></html>"
    root = etree.fromstring(markup, etree.HTMLParser())
    return find_moments(root, read_declared(root), url=url, zone=zone, now=now)


def json_ld(**fields: str) -> str:
    inner = ",".join(f'"{name}":"{value}"' for name, value in fields.items())
    described = f'{{"@type":"NewsArticle","headline":"x",{inner}}}'
    return f'<script type="application/ld+json">{described}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def told(moment: Moment | None) -> tuple[str, str, str] | None:
    """Return the moment in Baku with its precision and origin."""
    if moment is None:
        return None
    at = moment.at.astimezone(BAKU).strftime("%Y-%m-%d %H:%M")
    return at, moment.precision.value, moment.origin


#: What stands in the head and in the body → the moment in Baku, its precision, its origin.
PUBLISHED = {
    "JSON-LD": (
        json_ld(datePublished="2025-12-31T10:00:00+04:00"),
        ARTICLE,
        ("2025-12-31 10:00", "minute", "json-ld"),
    ),
    "JSON-LD before meta": (
        json_ld(datePublished="2025-12-31T10:00:00+04:00")
        + meta("article:published_time", "2025-12-31T10:05:00+04:00"),
        ARTICLE,
        ("2025-12-31 10:00", "minute", "json-ld"),
    ),
    "meta where JSON-LD tells nothing that can be": (
        json_ld(datePublished="0000-00-00 00:00:00")
        + meta("article:published_time", "2025-12-31T10:05:00+04:00"),
        ARTICLE,
        ("2025-12-31 10:05", "minute", "meta"),
    ),
    "microdata": (
        "",
        (
            "<div itemscope itemtype='https://schema.org/NewsArticle'>"
            "<h1 itemprop='headline'>The ferry line counts its passengers</h1><time "
            "itemprop='datePublished' datetime='2025-12-31T10:00:00+04:00'>31 dek</time></div>"
        ),
        ("2025-12-31 10:00", "minute", "microdata"),
    ),
    "time marked with pubdate": (
        "",
        "<time datetime='2026-01-05'>5 January 2026</time>"
        + ARTICLE
        + "<time pubdate datetime='2025-12-31T10:00+04:00'>31 December 2025</time>",
        ("2025-12-31 10:00", "minute", "time"),
    ),
    "time beside the headline": (
        "",
        "<ul class='related'><li><time datetime='2026-01-09'>9 January</time></li></ul>"
        + HEADLINE
        + f"<div><time datetime='2025-12-31'>31 December</time></div><p>{PROSE}</p>",
        ("2025-12-31 00:00", "day", "time"),
    ),
    "words behind the headline": (
        "",
        HEADLINE + "<div><span>31 dekabr, 2025</span> <span>10:15</span></div>",
        ("2025-12-31 10:15", "minute", "dateline"),
    ),
    "words behind a row of empty elements": (
        "",
        HEADLINE + "<i></i>" * 100 + "<p>31 dekabr 2025</p>",
        ("2025-12-31 00:00", "day", "dateline"),
    ),
    "words before the headline": (
        "",
        "<div>31.12.2025 10:15</div>" + ARTICLE,
        ("2025-12-31 10:15", "minute", "dateline"),
    ),
    "a day beside the author's name": (
        "",
        HEADLINE + "<p>by <a href='/x'>the editors</a>, 31.12.25</p>",
        ("2025-12-31 00:00", "day", "dateline"),
    ),
    "a day in the tail of a link": (
        "",
        HEADLINE + "<div>Written by <a href='/x'>the editors of the river towns</a> in "
        "<a href='/y'>the section of traffic</a> on 31 December 2025 at 10:15. <b>5</b></div>",
        ("2025-12-31 10:15", "minute", "dateline"),
    ),
    "the headline that the title names, not the outlet's": (
        meta("og:title", "The ferry line counts its passengers"),
        (
            "<h1>Courier of the river towns</h1><p>9 January 2026</p>"
            f"<p>{PROSE * 9}</p><h2>The ferry line counts its passengers</h2><p>31.12.2025</p>"
        ),
        ("2025-12-31 00:00", "day", "dateline"),
    ),
    "the Iranian calendar": (
        "",
        HEADLINE + "<div class='meta'>چهارشنبه ۱۰ دی ۱۴۰۴ - ۱۰:۱۵</div>",
        ("2025-12-31 10:15", "minute", "dateline"),
    ),
    "an element named for a date": (
        "",
        ARTICLE * 3 + "<div class='post-date'>31 dekabr 2025</div>",
        ("2025-12-31 00:00", "day", "dateline"),
    ),
    "a footer of the article": (
        "",
        f"<article>{ARTICLE * 3}<footer class='entry-meta'>31 dekabr 2025</footer></article>",
        ("2025-12-31 00:00", "day", "dateline"),
    ),
    "a line that says that it was published": (
        "",
        ARTICLE * 3 + "<i>Dərc edilib: 31 dekabr 2025, 10:15</i>",
        ("2025-12-31 10:15", "minute", "dateline"),
    ),
    "an agency's first words": (
        "",
        f"<p>BAKU, 31 December 2025 - {PROSE}</p>",
        None,
    ),
    "a script's variables": (
        "<script>var a = {'createdAt': '2025-12-01', 'publishedAt': '2025-12-31 10:15'}</script>",
        ARTICLE,
        ("2025-12-31 10:15", "minute", "script"),
    ),
    "only a change": (
        meta("article:modified_time", "2025-12-31T10:15:00+04:00"),
        ARTICLE,
        ("2025-12-31 10:15", "minute", "modified"),
    ),
    "only a change that is shown": (
        "",
        HEADLINE + "<p>Yenilənib: 31 dekabr 2025</p>",
        ("2025-12-31 00:00", "day", "modified"),
    ),
    "a day without a year": (
        "",
        HEADLINE + "<p>31 dekabr, 10:15</p>",
        ("2025-12-31 10:15", "minute", "dateline"),
    ),
    "yesterday": ("", HEADLINE + "<p>dünən, 10:15</p>", ("2026-01-09 10:15", "minute", "dateline")),
}


@pytest.mark.parametrize("case", PUBLISHED)
def test_the_publication_is_found(case: str) -> None:
    head, body, published = PUBLISHED[case]
    assert told(find(body, head).published) == published


@pytest.mark.parametrize(
    "body",
    [
        ARTICLE,
        ARTICLE + "<aside class='related'><span class='date'>8 January 2026</span></aside>",
        ARTICLE + "<div class='comments'><time datetime='2026-01-09'>9 January 2026</time></div>",
        ARTICLE + "<footer><p class='date'>10 January 2026</p></footer>",
        ARTICLE + "<div class='most-read'><p>9 January 2026</p></div>",
        ARTICLE + "<form><select><option>9 January 2026</option></select></form>",
        HEADLINE + "<figure><figcaption>The quay, 5 May 2019</figcaption></figure>",
        HEADLINE + f"<p>On 5 May 2019 the line was opened. {PROSE}</p>",
        HEADLINE + "<p>Phone 050-12-34</p><p>5 min read</p><p>51 comments</p><p>1.2.3</p>",
        HEADLINE + "<p>31 December 2031</p><p>0000-00-00</p><p>12 rəcəb 1447</p>",
    ],
)
def test_days_of_other_things_are_not_the_publication(body: str) -> None:
    assert find(body).published is None


@pytest.mark.parametrize(
    ("url", "published"),
    [
        ("https://courier.example/2025/12/31/ferry", "2025-12-31"),
        ("https://courier.example/news/20251231/ferry.html", "2025-12-31"),
        ("https://courier.example/2025-12-31-ferry", "2025-12-31"),
        ("https://courier.example/az/20251231104438608.html", "2025-12-31"),
        ("https://courier.example/news/A2025123114320005196", "2025-12-31"),
        ("https://courier.example/2025/1/5/", "2025-01-05"),
        ("https://web.example/20260105000000/http://courier.example/2025/12/31/f", "2025-12-31"),
        ("https://web.example/20260105000000/http://courier.example/ferry", None),
        ("https://courier.example/2025/12/3-reasons", None),
        ("https://courier.example/news/2025123", None),
        ("https://courier.example/news/20251399", None),
        ("https://courier.example/20311231/ferry", None),
        ("https://courier.example/a?day=20251231", None),
    ],
)  # fmt: skip
def test_an_address_tells_a_day(url: str, published: str | None) -> None:
    found = find(ARTICLE, url=url)
    assert (found.day and found.day.isoformat()) == published
    assert (found.published.origin if found.published else None) == (published and "url")


#: What is declared, what is shown, the address → the day believed, and the one noted.
CONTRADICTIONS = {
    "an update is shown": ("2025-12-01", "31 December 2025", "/a", "2025-12-01", "2025-12-31"),
    "the pages were moved": ("2025-12-01", "5 May 2019", "/a", "2019-05-05", "2025-12-01"),
    "declared anew at each visit": ("2026-01-10", "5 May 2019", "/a", "2019-05-05", "2026-01-10"),
    "the address is older": ("2025-12-01", "", "/2019/05/05/a", "2019-05-05", "2025-12-01"),
    "the address is younger": ("2025-12-01", "", "/2025/12/31/a", "2025-12-01", "2025-12-31"),
    "the address agrees": (
        "2025-12-01", "5 May 2019", "/2025/12/01/a", "2025-12-01", "2019-05-05",
    ),
    "the month of the address agrees": (
        "2025-12-01", "5 May 2019", "/2025/12/a", "2025-12-01", "2019-05-05",
    ),
    "a zone apart": ("2025-12-31", "1 January 2026", "/2025/12/30/a", "2025-12-31", None),
    "American order": ("2025-03-11", "11.3.2025", "/a", "2025-03-11", None),
    "American order is wrongly read": ("2025-11-03", "11.3.2025", "/a", "2025-11-03", None),
}  # fmt: skip


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_what_is_declared_is_held_against_what_is_seen(case: str) -> None:
    declared, shown, path, day, other = CONTRADICTIONS[case]
    head = json_ld(datePublished=f"{declared}T12:00:00+04:00")
    found = find(f"{HEADLINE}<p>{shown}</p>", head, url=f"https://courier.example{path}")
    assert found.day == date.fromisoformat(day)
    assert [note.other for note in found.disagreements] == ([other] if other else [])
    for note in found.disagreements:
        assert (note.about, note.taken) == ("published", day)
        assert {note.taken_from, note.other_from} <= {"json-ld", "dateline", "url"}


def test_a_change_that_is_shown_without_a_word_is_no_disagreement() -> None:
    head = json_ld(datePublished="2025-12-01", dateModified="2025-12-31")
    found = find(HEADLINE + "<p>31 December 2025</p>", head)
    assert found.day == date(2025, 12, 1)
    assert told(found.modified) == ("2025-12-31 00:00", "day", "json-ld")
    assert found.disagreements == ()


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Сегодня, 31 декабря, в городе прошёл вечер обществ.", "2025-12-31"),
        ("Bu gün 31 dekabr, şəhərdə cəmiyyətlərin gecəsi keçirilir.", "2025-12-31"),
        ("Bakı, 31 dekabr, agentlik - Şəhərdə cəmiyyətlərin gecəsi keçirilir.", "2025-12-31"),
        ("Bakı, 29 dekabr, agentlik - Şəhərdə cəmiyyətlərin gecəsi keçirilir.", None),
        ("Сегодня, 30 декабря, в городе прошёл вечер обществ.", None),
        ("The day of 31 December has been kept since 1991 by many.", None),
    ],
)
def test_the_text_may_name_another_day_than_the_page(text: str, other: str | None) -> None:
    head = json_ld(datePublished="2025-12-29T09:00:00+04:00")
    found = find(f"{HEADLINE}<p>{text} {PROSE}</p>", head)
    assert found.day == date(2025, 12, 29)
    assert [note.other for note in found.disagreements] == ([other] if other else [])


@pytest.mark.parametrize(
    ("published", "modified", "found"),
    [
        ("2025-12-31T10:00:00+04:00", "2025-12-31T18:00:00+04:00", "2025-12-31 18:00"),
        ("2025-12-31T10:00:00+04:00", "2025-12-31T06:00:40Z", None),  # seconds later
        ("2025-12-31T10:00:00+04:00", "2025-12-30T10:00:00+04:00", None),
        ("2025-12-31T10:00:00+04:00", "2025-12-31", None),
        ("2025-12-31T10:00:00+04:00", "2026-01-02", "2026-01-02 00:00"),
        ("2025-12-31", "2025-12-31", None),
        ("2025-12-31", "2031-01-01", None),
        ("2025-12-31", "", None),
    ],
)
def test_a_change_is_later_than_the_publication(
    published: str, modified: str, found: str | None
) -> None:
    moments = find(ARTICLE, json_ld(datePublished=published, dateModified=modified))
    assert (told(moments.modified) or (None,))[0] == found


@pytest.mark.parametrize(
    "line",
    [
        "<p>31 December 2025, 10:15 | Updated 2 January 2026, 11:30</p>",
        "<p>Updated: 2 January 2026, 11:30. Published: 31 December 2025, 10:15</p>",
        "<p><b>Published:</b> 31 December 2025 10:15</p><p><b>Edited:</b> 2 January 2026 11:30</p>",
        (
            "<p><span>Last updated on:</span> <span>2 January 2026 11:30</span></p>"
            "<p><span>Published:</span> <span>31 December 2025, 10:15</span></p>"
        ),
        "<p>31 Aralık 2025 10:15</p><p>2 Ocak 2026 11:30 tarihinde güncellendi</p>",
        "<p>Опубликовано: 31 декабря 2025, 10:15</p><p>Обновлено: 2 января 2026, 11:30</p>",
        "<p>Publié le 31 décembre 2025 à 10h15 - Mis à jour le 2 janvier 2026 à 11h30</p>",
        "<p class='modified-date'>2 January 2026 11:30</p><p>31 December 2025 10:15</p>",
        (
            "<p>Updated <time datetime='2026-01-02T11:30+04:00'>2 January</time></p>"
            "<p>Published <time datetime='2025-12-31T10:15+04:00'>31 December</time></p>"
        ),
        (
            "<time class='updated' datetime='2026-01-02T11:30+04:00'>2 January</time>"
            "<time class='published' datetime='2025-12-31T10:15+04:00'>31 December</time>"
        ),
    ],
)
def test_publication_and_change_are_told_apart_by_words(line: str) -> None:
    found = find(HEADLINE + line)
    assert (told(found.published) or ("",))[0] == "2025-12-31 10:15"
    assert (told(found.modified) or ("",))[0] == "2026-01-02 11:30"
    assert found.disagreements == ()


@pytest.mark.parametrize(
    ("declared", "shown", "url", "day"),
    [
        # told in UTC: the day is the one that readers see
        ("2025-12-31T22:30:00Z", "1 yanvar 2026, 02:30", "", "2026-01-01"),
        ("2025-12-31T22:30:00Z", "1 yanvar 2026", "", "2026-01-01"),
        ("2025-12-31T22:30:00Z", "", "/2026/01/01/a", "2026-01-01"),
        ("2026-01-01T02:30:00Z", "31 December 2025", "", "2025-12-31"),
        ("2025-12-31T22:30:00Z", "<time datetime='2025-12-31T22:30:00Z'>1 Jan 2026</time>", "",
         "2026-01-01"),
        # and else that of the source's zone
        ("2025-12-31T22:30:00Z", "", "", "2026-01-01"),
        ("2025-12-31T10:30:00Z", "", "", "2025-12-31"),
        # told in a zone of its own
        ("2025-12-31T22:30:00-05:00", "", "", "2025-12-31"),
        ("2025-12-31T22:30:00-05:00", "1 January 2026", "", "2025-12-31"),
        ("2025-12-31", "", "", "2025-12-31"),
    ],
)  # fmt: skip
def test_the_day_is_that_of_the_page(declared: str, shown: str, url: str, day: str) -> None:
    found = find(
        f"{HEADLINE}<p>{shown}</p>",
        json_ld(datePublished=declared),
        url=f"https://courier.example{url}",
    )
    assert found.day == date.fromisoformat(day)
    assert found.disagreements == ()


def test_the_clock_is_taken_from_where_it_stands() -> None:
    found = find(HEADLINE + "<p>31.12.2025, 10:15</p>", json_ld(datePublished="2025-12-31"))
    assert told(found.published) == ("2025-12-31 10:15", "minute", "dateline")


def test_words_and_markup_of_one_time_element_may_differ() -> None:
    later = "<time datetime='2025-12-31T10:15+04:00'>Updated on 5 January 2026</time>"
    earlier = "<time datetime='2025-12-31T10:15+04:00'>5 May 2025</time>"
    assert find(HEADLINE + later).day == date(2025, 12, 31)
    assert find(HEADLINE + earlier).day == date(2025, 5, 5)


@pytest.mark.parametrize(
    ("lang", "head", "other", "day"),
    [
        ("en", "", "", "2025-04-03"),
        ("en-US", "", "", "2025-03-04"),
        ("en", meta("og:locale", "en_US"), "", "2025-03-04"),
        ("en-GB", "", "", "2025-04-03"),
        ("en", "", "<li>12/31/2024</li><li>4/25/2025</li>", "2025-03-04"),
        ("en-US", "", "<li>31/12/2024</li><li>25/4/2025</li>", "2025-04-03"),
    ],
)
def test_the_page_tells_whether_its_months_come_first(
    lang: str, head: str, other: str, day: str
) -> None:
    found = find(f"{HEADLINE}<p>3/4/2025</p><p>{PROSE * 9}</p><ul>{other}</ul>", head, lang=lang)
    assert found.day == date.fromisoformat(day)


def test_the_address_names_the_year_of_a_day_without_one() -> None:
    found = find(HEADLINE + "<p>5 May</p>", url="https://courier.example/2019/news/a")
    assert found.day == date(2019, 5, 5)


def test_now_bounds_what_is_declared() -> None:
    head = meta("article:published_time", "2026-06-01T10:00:00+04:00")
    assert find(ARTICLE, head).published is None
    found = find(ARTICLE, head, now=datetime(2026, 7, 1, tzinfo=UTC)).published
    assert found is not None
    assert found.precision is Precision.MINUTE


@pytest.mark.parametrize(
    "body",
    [
        HEADLINE + "<div class=date>" * 200 + "<i></i>" * 50_000,
        HEADLINE + "<p class=date>3/4/2020</p>" * 30_000,
        "<time>x 12</time>" * 50_000,
        "<p>updated 12 published 13" * 50_000,
        "<div>" * 200 + HEADLINE + "<b></b>" * 50_000,
        "<b></b>" * 50_000 + HEADLINE,
        "<script>" + '"published_at" : ' * 100_000 + "</script>",
    ],
)
def test_no_page_takes_long(body: str) -> None:
    started = time.process_time()
    find(body)
    assert time.process_time() - started < 2
