"""Every state renders, adds up, repeats byte for byte, and is harmless."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pipeline.digests import make_digest, season_spans
from pipeline.model import (
    ArchivedArticle,
    Digest,
    Keyword,
    Moment,
    Outcome,
    Passage,
    Precision,
    PublisherKind,
    Season,
    SeasonCounts,
    Sentence,
    StorySummary,
    Week,
)
from pipeline.render import render_html, render_json, render_markdown
from pipeline.render.quotes import Quote, clean, escape_markdown, web_address
from tests.cases.digests.weeks import (
    EMPTY,
    HOLIDAY,
    HOLIDAY_WEEK,
    QUIET_WEEK,
    TOPIC,
    WEEKS,
    archived,
    digest_of,
    large_digest,
    method,
    told,
)

STATES = sorted(WEEKS)

Key = TypeVar("Key")
Value = TypeVar("Value")

#: What must never be seen or obeyed. Each is at once a title, an outlet, a word …
HOSTILE = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "attribute": '" onmouseover="alert(1)" style=\'position:fixed\'',
    "template": "{{ 7*7 }} {% include 'x' %} ${7*7} {messages.x} %(x)s",
    "markdown": "[click](https://evil.example) ![x](https://evil.example/x.png) <https://evil.example>",
    "bare link": "see https://evil.example/a or www.evil.example",
    "heading": "# heading ``code`` **bold** ~~gone~~ | cell | @team $x$",
    "list": "1. first",
    "rule": "--- - + =",
    "word": "x" * 10_000,
    "override": "invoice\u202egnp.exe\u2066 isolated \u2069",
    "zero width": "so\u200bli\ufeffda\u2060ri\u00adty\u200e\u200f",
    "joiners": "a\u200c\u200d\u200c\u200d\u200c\u200db",
    "tower": "z" + "\u0301" * 500,
    "control": "a\x00b\x1bc\x08\x85d\u2028e\nf",
    "surrogate": "half \ud83d pair",
    "emoji": "🎉👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "comment": "--> <!-- ]]> </style></title></textarea>",
    "empty": "",
    "unseen": "\u200b\u200c\u202e",
}

HOSTILE_URLS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "//evil.example/x",
    "/relative",
    "https://",
    "https://bank.example@evil.example/",
    "https://[broken/",
    "",
]


def hostile_digest(text: str, url: str = "https://news.example/1") -> Digest:
    """Return a digest in which ``text`` stands wherever a stranger can write."""
    first = archived(1, text, by=text or "?", text=text, language=text[:9], url=url)
    second = archived(2, text, by="Agentlik", language="fa", url=url, seen=1.0)
    story = told((first, second), sentences=(text, text))
    health = replace(method(down=1).failing[0], name=text, reason=text)
    box = replace(method(), failing=(health,), silent=(health,), reasons={text: 3})
    passage = Passage(
        text=text,
        language=text[:9],
        times=2,
        first_at=datetime(2020, 1, 1, tzinfo=UTC),
        first_source=text,
        first_publisher=PublisherKind.STATE_AGENCY,
        first_url=url,
    )
    material = replace(
        HOLIDAY,
        stories=(story, *many_stories(first)),
        mentions=(first, second),
        passages=(passage,),
        keywords=tuple(
            Keyword(term=text, language=text[:9], articles=1, keyness=k) for k in (3, -3)
        ),
        method=box,
        made_from={text: text},
    )
    return make_digest(HOLIDAY_WEEK, material, replace(TOPIC, name=text))


def many_stories(article: ArchivedArticle) -> tuple[StorySummary, ...]:
    return tuple(told((replace(article, id=n, representative_id=n),)) for n in range(10, 22))


def links_of(tokens: list[Token]) -> list[str]:
    found = []
    for token in tokens:
        if token.type == "link_open":
            found.append(str(token.attrs["href"]))
        found.extend(links_of(token.children or []))
    return found


def types_of(tokens: list[Token]) -> set[str]:
    return {t.type for token in tokens for t in (token, *(token.children or []))}


def parse_markdown(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def attributes(element: etree._Element) -> list[tuple[str, str]]:
    return [(str(name), str(value)) for name, value in element.attrib.items()]


def words_of(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def assert_page_is_harmless(page: str) -> None:
    page.encode()  # no half character
    tree = html.fromstring(page)
    tags = {str(element.tag) for element in tree.iter()}
    assert not tags & {"script", "img", "iframe", "object", "embed", "form", "base", "template"}
    assert not list(tree.iter(etree.Comment, etree.PI))
    for element in tree.iter():
        for name, value in attributes(element):
            assert not name.startswith("on")
            assert name not in {"src", "srcset", "action", "background", "poster"}
            if name == "href":
                assert re.match(r"#[a-z]+$|https://(news|payam)\.example/|data:,$", value), value
            if name == "style":
                assert re.fullmatch(r"((left|bottom|width):[\d.]+%;?)+", value)
            if name == "lang":
                assert re.fullmatch(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*", value)
    for named in tree.iter("a", "h1", "h2", "h3", "th"):
        assert words_of(named)
    assert not re.search("[\x00-\x08\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f]", page)


@pytest.mark.parametrize("state", STATES)
def test_every_state_renders_and_is_harmless(state: str) -> None:
    digest = digest_of(state)
    page = render_html(digest)
    assert_page_is_harmless(page)
    tree = html.fromstring(page)
    assert [words_of(h) for h in tree.iter("h1")] == [digest.headline]
    assert f"# {digest.headline}\n" in render_markdown(digest).replace("\\", "")
    assert json.loads(render_json(digest))["headline"] == digest.headline


def backwards(mapping: Mapping[Key, Value]) -> dict[Key, Value]:
    return dict(reversed(list(mapping.items())))


@pytest.mark.parametrize("state", STATES)
def test_equal_digests_give_equal_bytes(state: str) -> None:
    one, other = digest_of(state), digest_of(state)
    box = one.method
    # Equal though the order of a mapping differs.
    shuffled = replace(
        box,
        outcomes=backwards(box.outcomes),
        reasons=backwards(box.reasons),
    )
    made_from = backwards(one.made_from)
    other = replace(other, method=shuffled, made_from=made_from)
    assert one == other
    assert render_html(one) == render_html(other)
    assert render_markdown(one) == render_markdown(other)
    assert render_json(one) == render_json(other)


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_strangers_words_are_only_words_in_html(name: str) -> None:
    page = render_html(hostile_digest(HOSTILE[name]))
    assert_page_is_harmless(page)
    assert len(page) < 150_000


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_strangers_words_are_only_words_in_markdown(name: str) -> None:
    plain = types_of(parse_markdown(render_markdown(hostile_digest("plain"))))
    text = render_markdown(hostile_digest(HOSTILE[name]))
    tokens = parse_markdown(text)
    text.encode()
    assert set(links_of(tokens)) <= {"https://news.example/1"}
    assert types_of(tokens) <= plain  # no image, no HTML, no list, heading or code of its own


@pytest.mark.parametrize("url", HOSTILE_URLS)
def test_only_web_addresses_become_links(url: str) -> None:
    assert web_address(url) is None
    digest = hostile_digest("Title", url)
    links = html.fromstring(render_html(digest)).xpath("//main//a/@href")
    assert isinstance(links, list)
    assert links == []
    assert links_of(parse_markdown(render_markdown(digest))) == []


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://a.example/ə?q=1&r=[x]#y", "https://a.example/%C9%99?q=1&r=[x]#y"),
        ("https://a.example/a%20b", "https://a.example/a%20b"),
        ("https://a.example/x)](javascript:y", "https://a.example/x%29]%28javascript:y"),
        ('https://a.example/"><script>', "https://a.example/%22%3E%3Cscript%3E"),
        ("https://a.example/\u202egnp", "https://a.example/%E2%80%AEgnp"),
        ("https://a.example/\ud83d", "https://a.example/?"),
    ],
)
def test_addresses_are_written_so_that_they_cannot_break_out(url: str, address: str) -> None:
    assert web_address(url) == address


@given(st.text(st.characters(), max_size=60))
def test_any_text_stays_one_line_and_within_its_length(text: str) -> None:
    shown = clean(text, 30)
    assert len(shown) <= 30
    assert shown == " ".join(shown.split())
    shown.encode()
    assert clean(shown, 30) == shown


@given(st.text(st.sampled_from('[]()<>!*_`#-+=.1~|\\&;: \tahtpws/@$"'), max_size=25))
def test_any_markdown_is_shown_as_it_is_written(text: str) -> None:
    wanted = clean(text)
    tokens = parse_markdown(f"- {escape_markdown(wanted)}\n")
    assert types_of(tokens) <= types_of(parse_markdown("- a\\*&amp;b\n- \n"))
    inline = [t for t in tokens if t.type == "inline"]
    shown = "".join(child.content for t in inline for child in t.children or [])
    assert shown == wanted


@pytest.mark.parametrize(
    ("text", "language", "direction"),
    [
        ("Baku میزبان", "fa", "rtl"),
        ("123 مرحبا", "ar", "rtl"),
        ("دونیا آذربایجانلیلاری", "az", "rtl"),  # Azerbaijani in Arabic letters
        ("Dünya", "az", "ltr"),
        ("ملی", None, "rtl"),
        ("2026", None, "ltr"),
        ("", None, "ltr"),
    ],
)
def test_writing_runs_as_its_language_does(text: str, language: str | None, direction: str) -> None:
    assert Quote(text, language, None).direction == direction


def test_quotations_carry_their_language_and_direction() -> None:
    tree = html.fromstring(render_html(digest_of("holiday")))
    persian = [e for e in tree.iter() if e.get("lang") == "fa"]
    assert len(persian) >= 3
    assert {e.get("dir") for e in persian} == {"rtl"}
    assert {e.get("dir") for e in tree.iter() if e.get("lang") in {"az", "ru", "de"}} == {"ltr"}


def test_a_long_title_is_cut_at_a_blank_and_a_long_word_anywhere() -> None:
    assert clean("alpha beta gamma delta", 20) == "alpha beta gamma…"
    assert clean("x" * 10_000, 10) == "xxxxxxxxx…"
    assert clean("short", 10) == "short"


def text_of(page: str) -> str:
    return words_of(html.fromstring(page))


def test_the_figures_stand_beside_the_weeks_before() -> None:
    tree = html.fromstring(render_html(digest_of("holiday")))
    figures = next(e for e in tree.iter("dl") if e.get("class") == "figures")
    shown = [words_of(e) for e in figures]
    assert shown == [
        "Articles 18 week before 4 +14 year before 16 +2 earlier years 9–21",
        "Distinct texts 8 week before 2 +6 year before 10 −2 earlier years 6–14",
        "Stories 5 week before 3 +2",
        "Outlets 12 week before 1 +11 year before 4 +8 earlier years 2–5",
        "Languages 6 week before 4 +2 year before 6 = earlier years 6",
    ]


@pytest.mark.parametrize(
    ("state", "parts"),
    [
        ("holiday", ["new", "recycled", "coverage", "words", "mentions", "method"]),
        ("down", ["new", "recycled", "coverage", "words", "mentions", "method"]),
        (
            "disputed",
            ["new", "recycled", "coverage", "words", "disagreements", "mentions", "method"],
        ),
        ("first", ["new", "recycled", "coverage", "words", "mentions", "method"]),
        ("quiet", ["new", "coverage", "method"]),
        ("empty", ["coverage", "method"]),
    ],
)
def test_parts_come_in_one_order_where_they_have_something_to_say(
    state: str, parts: list[str]
) -> None:
    tree = html.fromstring(render_html(digest_of(state)))
    assert [section.get("id") for section in tree.iter("section")] == parts
    (nav,) = tree.iter("nav")
    assert [link.get("href") for link in nav.iter("a")] == [f"#{name}" for name in parts]


def test_markdown_has_the_same_parts_in_the_same_order() -> None:
    titles = re.findall(r"^## (.+)$", render_markdown(digest_of("holiday")), re.MULTILINE)
    tree = html.fromstring(render_html(digest_of("holiday")))
    assert titles == [words_of(e) for e in tree.iter("h2")]


@pytest.mark.parametrize(
    ("state", "said", "unsaid"),
    [
        ("empty", "Every source that was asked answered", "failed more often"),
        ("empty", "The week before: 3 articles.", "Distinct texts"),
        ("empty", "a year before: 1 article.", "up from"),
        ("empty-down", "20 sources failed more often than they answered", "The week before"),
        ("down", "Read the counts with care", "Is the silence real?"),
        ("first", "Nothing to compare with yet", "week before "),
        ("holiday", "First on Wed 30 December, 10:10", "Read the counts with care"),
        ("holiday", "10 articles are copies of others.", "Nothing to compare"),
        ("holiday", "7 copies folded in", "and 0 more"),
        ("holiday", "34% of its words are new", " 0% of its words"),
        ("quiet", "all of its words are new", "was the busiest day"),
    ],
)
def test_each_state_says_what_it_must(state: str, said: str, unsaid: str) -> None:
    for shown in (text_of(render_html(digest_of(state))), render_markdown(digest_of(state))):
        plain = shown.replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")
        assert said in plain
        assert unsaid not in plain


def test_only_the_days_of_the_season_stand_out_in_it() -> None:
    marked = "The days of this week stand out."
    assert marked in text_of(render_html(digest_of("holiday")))
    quiet = render_html(digest_of("quiet"))
    assert "16 December to 10 January." in text_of(quiet)
    assert marked not in text_of(quiet)
    assert 'class="point"' not in quiet


def test_who_says_which_is_shown_with_links() -> None:
    tree = html.fromstring(render_html(digest_of("disputed")))
    founded, other = (t for t in tree.iter("table") if t.get("class") == "claims")
    assert [words_of(row) for row in founded.iter("tr")][1:] == [
        "1991Agentlik (State agency), پیام شهر (Private)",
        "1993Хроника дня (Private)",
    ]
    assert [link.get("href") for link in founded.iter("a")] == [
        f"https://news.example/{number}" for number in (100, 300, 400)
    ]
    assert [words_of(h) for h in (*founded.iter("h3"), *other.iter("h3"))] == [
        "Year in which the day was founded",
        "Delegates at the forum",  # a question without a name of ours
    ]
    text = render_markdown(digest_of("disputed"))
    assert "| 1991 | [Agentlik](https://news.example/100) (State agency), [پیام شهر]" in text
    assert "disagree" not in render_html(digest_of("holiday"))


def test_what_is_to_be_copied_stands_in_markdown_as_it_is() -> None:
    material = replace(HOLIDAY, made_from={"articles": "SELECT a_b FROM `c` WHERE d < 1\nAND e"})
    text = render_markdown(make_digest(HOLIDAY_WEEK, material, TOPIC))
    assert "- Articles: `` SELECT a_b FROM `c` WHERE d < 1 AND e ``\n" in text


def test_the_unit_of_a_figure_is_written_in_the_language_of_the_page() -> None:
    [fact] = digest_of("disputed").disagreements[:1]
    claims = tuple(
        replace(claim, value=value)
        for claim, value in zip(fact.claims, ("50 million", "30 boats"), strict=True)
    )
    material = replace(HOLIDAY, disagreements=(replace(fact, claims=claims),))
    text = render_markdown(make_digest(HOLIDAY_WEEK, material, TOPIC, language="ru"))
    assert "| 50 млн | " in text
    assert "| 30 boats | " in text


def test_each_word_has_the_command_that_finds_its_articles() -> None:
    words = tuple(
        Keyword(term=term, language="az", articles=2, keyness=9.0, search=query)
        for term, query in (("nar", "nar*"), ("it's", "it's"), ("yol", ""))
    )
    digest = make_digest(HOLIDAY_WEEK, replace(HOLIDAY, keywords=words), TOPIC)
    commands = ["solidarity search 'nar*'", """solidarity search 'it'"'"'s'"""]
    tree = html.fromstring(render_html(digest))
    shown = [words_of(one) for one in tree.iter("code")]
    assert [one for one in shown if one.startswith("solidarity search")] == commands
    assert all(f"- ` {one} `" in render_markdown(digest) for one in commands)


def test_every_outlet_that_is_named_in_a_story_leads_to_its_article() -> None:
    tree = html.fromstring(render_html(digest_of("holiday")))
    first = next(one for one in tree.iter("ol") if one.get("class") == "stories")[0]
    named = {words_of(one) for one in first.iter("a") if one.get("class") == "source"}
    story = digest_of("holiday").stories[0].story
    assert {source.name for source in story.sources} <= named


def test_what_was_left_out_between_two_sentences_is_marked() -> None:
    text = "The hall was full. Nobody left. The choir sang. All were glad."
    article = archived(1, "Xəbər", text=text)

    def shown(*sentences: str) -> str:
        material = replace(HOLIDAY, stories=(told((article,), sentences=sentences),))
        return text_of(render_html(make_digest(HOLIDAY_WEEK, material, TOPIC)))

    assert "The hall was full. Nobody left." in shown("The hall was full.", "Nobody left.")
    assert "The hall was full. … The choir sang." in shown("The hall was full.", "The choir sang.")


def test_an_empty_week_in_which_nobody_was_asked_says_so() -> None:
    digest = make_digest(QUIET_WEEK, replace(EMPTY, method=method(asked=0)), TOPIC)
    assert "so this page says nothing about the news" in render_html(digest)
    assert "come from files" not in render_html(digest)


def test_a_week_of_files_says_that_nobody_was_asked_and_still_tells_its_news() -> None:
    digest = make_digest(HOLIDAY_WEEK, replace(HOLIDAY, method=method(asked=0)), TOPIC)
    for shown in (render_html(digest), render_markdown(digest)):
        assert "No source was asked this week: its articles come from files" in shown
        assert "says nothing about the news" not in shown


def test_whole_seasons_are_compared_whole_over_a_leap_day() -> None:
    """From 1 February to 20 March: a day longer in 2028 than in the years beside it."""
    topic = replace(TOPIC, season=Season(start=(2, 1), day=(3, 1), end=(3, 20)))

    def page_of(week: Week) -> tuple[list[tuple[int, bool]], str]:
        spans = season_spans(week, topic, count=3)
        seasons = tuple(
            SeasonCounts(
                label=span.label,
                first=span.first,
                per_day=(5, *[0] * (len(span.days) - 2), 3),
                is_whole=span.is_whole,
            )
            for span in spans
        )
        shown = text_of(render_html(replace(digest_of("holiday"), seasons=seasons)))
        return [(len(span.days), span.is_whole) for span in spans], shown

    spans, whole = page_of(Week(2029, 20))
    assert spans == [(48, True), (49, True), (48, True)]
    assert "2029 had 8 articles, 2028 had 8" in whole
    assert "1 February to 20 March." in whole
    assert "Whole season" not in whole
    spans, running = page_of(Week(2029, 9))
    assert spans == [(48, True), (49, True), (32, False)]
    assert "2029 has 8 articles so far, 2028 had 5 by then" in running
    assert "1 February to 20 March." in running
    assert "Whole season" in running


def outcome_rows(page: str) -> dict[str, int]:
    tree = html.fromstring(page)
    table = next(t for t in tree.iter("table") if t.find("tfoot") is not None)
    cells = [[words_of(c) for c in row] for row in table.iter("tr")][1:]
    return {name: int(value.replace(",", "")) for name, value in cells}


@pytest.mark.parametrize("state", STATES)
def test_outcomes_add_up_to_the_addresses_seen(state: str) -> None:
    rows = outcome_rows(render_html(digest_of(state)))
    assert rows.pop("all addresses seen") == sum(rows.values()) == 812
    box = json.loads(render_json(digest_of(state)))["method"]
    assert sum(box["outcomes"].values()) == box["addresses_seen"]
    assert list(box["outcomes"]) == [str(outcome) for outcome in Outcome]


def test_addresses_without_an_outcome_are_shown_too() -> None:
    digest = make_digest(
        QUIET_WEEK, replace(EMPTY, method=replace(method(), addresses_seen=820)), TOPIC
    )
    rows = outcome_rows(render_html(digest))
    assert rows["not finished"] == 8
    assert rows.pop("all addresses seen") == sum(rows.values())


def test_a_page_of_ten_thousand_articles_is_small_and_says_what_it_leaves_out() -> None:
    digest = large_digest(10_000)
    page = render_html(digest)
    assert len(page.encode()) < 150_000
    shown = text_of(page)
    stories = len(digest.stories)
    for left in (
        f"And {stories - 30} more stories.",
        "And 94 more passages.",
        "And 185 more words.",
        "And 112 more articles.",
        "And 48 more sources.",
        "other languages",
    ):
        assert left in shown
    assert_page_is_harmless(page)


def test_the_page_asks_for_nothing_and_forbids_the_rest() -> None:
    page = render_html(digest_of("holiday"))
    assert "default-src 'none'" in page
    assert "@import" not in page
    assert "url(" not in page


def test_json_carries_the_same_numbers() -> None:
    digest = digest_of("holiday")
    data = json.loads(render_json(digest))
    assert list(data)[:4] == ["format", "language", "week", "first_day"]
    assert (data["week"], data["first_day"], data["last_day"]) == (
        "2026-W53",
        "2026-12-28",
        "2027-01-03",
    )
    assert {f.name: f.value for f in digest.figures} == {
        name: figure["value"] for name, figure in data["figures"].items()
    }
    assert sum(len(s["articles"]) for s in data["stories"]) == 18
    assert sum(s["texts"] + s["copies"] for s in data["stories"]) == 18
    assert sum(data["coverage"]["days"].values()) == 18
    last = data["coverage"]["seasons"][-1]
    assert (last["label"], last["first_day"], sum(last["per_day"])) == ("2026–27", "2026-12-16", 61)
    assert data["stories"][0]["share_seen_before"] == pytest.approx(0.6635, abs=1e-4)
    assert data["recycled"]["passages"][0]["first_at"] == "2019-12-30T08:00:00Z"
    assert data["stories"][0]["articles"][1]["copy_of"] == 100
    assert "həmrəylik" in render_json(digest)


def test_json_has_the_words_as_the_archive_has_them() -> None:
    text = render_json(hostile_digest(HOSTILE["override"]))
    assert json.loads(text)["mentions"][0]["title"] == HOSTILE["override"]
    render_json(hostile_digest(HOSTILE["surrogate"])).encode()


def test_a_moment_is_told_no_more_exactly_than_the_page_tells_it() -> None:
    found = archived(1, "Xəbər")
    day = Moment(at=found.published_at, precision=Precision.DAY)
    by_day = replace(found, article=replace(found.article, published=day))
    digest = make_digest(HOLIDAY_WEEK, replace(EMPTY, mentions=(found, by_day)), TOPIC)
    text = render_markdown(digest)
    assert "(Agentlik, State agency, Thu 31\N{NO-BREAK SPACE}December, 10:30)" in text
    assert "(Agentlik, State agency, Thu 31\N{NO-BREAK SPACE}December)" in text


def test_what_is_not_known_is_not_said() -> None:
    """Seven articles, one a day, not yet compared with the archive: no peak, no share."""
    days = [datetime(2026, 12, 28 + n, 9, tzinfo=UTC) for n in range(4)]
    days += [datetime(2027, 1, 1 + n, 9, tzinfo=UTC) for n in range(3)]
    stories = tuple(
        told((archived(n, f"Xəbər {n}", at=day, seen=None),)) for n, day in enumerate(days)
    )
    text = render_markdown(make_digest(HOLIDAY_WEEK, replace(EMPTY, stories=stories), TOPIC))
    assert "### Articles per day" in text
    assert "busiest" not in text
    assert "words are new" not in text
    assert "recycled" not in text


def test_the_headline_links_to_the_article_it_is_quoted_from() -> None:
    first, second = archived(1, "Birinci"), archived(2, "İkinci", copy_of=1)
    story = replace(told((first, second)), headline=Sentence(text="İkinci", article=second))
    digest = make_digest(HOLIDAY_WEEK, replace(EMPTY, stories=(story,)), TOPIC)
    text = render_markdown(digest)
    assert "### [İkinci](https://news.example/2)" in text
    assert "10:30, [Agentlik](https://news.example/1)" in text
