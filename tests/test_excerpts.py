"""No rendering of a digest quotes more than an excerpt of any article."""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from html import unescape

import pytest

from pipeline.digests import WeekMaterial, make_digest
from pipeline.excerpts import LONGEST_TITLE, Quota, count_words, cut_words
from pipeline.model import (
    ArchivedArticle,
    Digest,
    Keyword,
    Passage,
    PublisherKind,
    Sentence,
    StorySummary,
)
from pipeline.render import (
    Envelope,
    read_addresses,
    read_published,
    render_feed,
    render_html,
    render_index,
    render_json,
    render_mail,
    render_markdown,
)
from pipeline.summaries import MOST_QUOTED
from tests.cases.digests.weeks import HOLIDAY, HOLIDAY_WEEK, TOPIC, archived, told

#: Each word tells its article and its place in it.
_MARKED = re.compile(r"a(\d+)w\d+")


def marked(article: int, first: int, count: int) -> str:
    return " ".join(f"a{article}w{n}" for n in range(first, first + count))


def greedy_story(number: int, *, title: int) -> StorySummary:
    """Return a story that would quote 25 words four times over, under a long title."""
    sentences = tuple(marked(number, 1_000 + 25 * n, 25) for n in range(4))
    text = f"{marked(number, 1, 900)} {' '.join(sentences)} söz{number} {marked(number, 5_000, 9)}"
    article = archived(number, marked(number, 0, title), text=text)
    return told((article,), sentences=sentences)


def greedy_week() -> WeekMaterial:
    stories = tuple(greedy_story(n, title=3 + 9 * n) for n in range(1, 12))
    first = stories[0].story.articles[0]
    passages = tuple(
        Passage(
            text=marked(99, 20 * n, 20),
            language="az",
            times=2,
            first_at=datetime(2020, 12, 31, tzinfo=UTC),
            first_source="Agentlik",
            first_publisher=PublisherKind.STATE_AGENCY,
            first_url="https://news.example/99",
        )
        for n in range(6)
    )
    keywords = tuple(
        Keyword(term=f"söz{n}", language="az", articles=2, keyness=9.0) for n in range(1, 12)
    )
    mention = archived(50, marked(50, 0, 400), text=marked(50, 0, 900))
    return replace(
        HOLIDAY,
        stories=(*stories, told((replace(first, id=77),), sentences=(marked(1, 2_000, 59),))),
        mentions=(mention,),
        passages=passages,
        keywords=keywords,
        disagreements=(),
    )


@pytest.fixture(scope="module")
def digest() -> Digest:
    return make_digest(HOLIDAY_WEEK, greedy_week(), TOPIC)


def feed_of(digest: Digest) -> str:
    return render_feed([read_published(render_json(digest))])


def index_of(digest: Digest) -> str:
    return render_index([read_published(render_json(digest))])


def mail_of(digest: Digest) -> str:
    """Return both parts of the mail, decoded."""
    people = read_addresses("a@news.example")
    moment = datetime(2027, 1, 4, tzinfo=UTC)
    envelope = Envelope(sender=people[0], recipients=people, sent_at=moment)
    message = message_from_bytes(render_mail(digest, envelope), policy=default)
    return "\n".join(part.get_content() for part in message.iter_parts())


@pytest.mark.parametrize(
    "render", [render_html, render_markdown, render_json, feed_of, index_of, mail_of]
)
def test_no_rendering_quotes_more_than_sixty_words_of_an_article(
    digest: Digest, render: Callable[[Digest], str]
) -> None:
    words: dict[str, set[str]] = defaultdict(set)
    for found in _MARKED.finditer(unescape(render(digest))):
        words[found[1]].add(found[0])
    assert all(len(quoted) <= MOST_QUOTED for quoted in words.values())
    if render in {render_html, render_markdown, render_json, mail_of}:
        assert len(words["1"]) > MOST_QUOTED - 25  # and what may be quoted is
        assert len(words["99"]) == MOST_QUOTED
        assert len(words["50"]) == (0 if render is mail_of else LONGEST_TITLE)  # a mere mention


def test_what_an_article_has_no_room_for_is_left_out_whole(digest: Digest) -> None:
    assert [len(s.sentences) for s in digest.stories[:3]] == [1, 1, 1]
    assert [bool(passage.text) for passage in digest.passages] == [True] * 3 + [False] * 3
    assert "And 3 more passages." in render_html(digest)
    assert len(digest.stories) == 12


def test_each_word_of_the_week_has_a_line_of_its_week(digest: Digest) -> None:
    def context(term: str) -> Sentence | None:
        return next(word.context for word in digest.keywords if word.term == term)

    line = context("söz2")
    assert line is not None
    assert line.text == f"… {marked(2, 1095, 5)} söz2 {marked(2, 5_000, 5)} …"
    assert line.article.id == 2


def test_a_word_stands_in_its_line_as_a_word_and_in_its_language() -> None:
    other = archived(1, "x", text="Birliklər günü", language="az")
    turkish = archived(2, "x", text="Bu birlik günü.", language="tr")
    right = archived(3, "x", text="Başlıq\nHər kəs üçün birlik!\nSon", language="az")
    word = Keyword(term="birlik", language="az", articles=3, keyness=9.0)

    def line(*articles: ArchivedArticle) -> Sentence | None:
        stories = tuple(told((article,)) for article in articles)
        material = replace(HOLIDAY, stories=stories, keywords=(word,))
        return make_digest(HOLIDAY_WEEK, material, TOPIC).keywords[0].context

    found = line(other, turkish, right)
    assert found is not None
    assert (found.text, found.article.id) == ("Hər kəs üçün birlik!", 3)
    assert line(other, turkish) is None


def test_the_same_excerpt_is_quoted_once_however_often_it_is_shown() -> None:
    quota = Quota()
    assert all(quota.admits("https://a.example/", marked(1, 0, 40)) for _ in range(5))
    assert quota.admits("https://a.example/", f"… {marked(1, 5, 10)} …")  # a part of it
    assert not quota.admits("https://a.example/", marked(1, 50, 21))
    assert quota.admits("https://a.example/", marked(1, 50, 20))
    assert quota.admits("https://b.example/", marked(1, 50, 21))


def test_a_sentence_is_told_once_in_a_story() -> None:
    story = told((archived(1, "Xəbər"),), sentences=("Bir.", "İki.", "Bir."))
    digest = make_digest(HOLIDAY_WEEK, replace(HOLIDAY, stories=(story,)), TOPIC)
    assert [one.text for one in digest.stories[0].sentences] == ["Bir.", "İki."]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("— …", 2),  # never fewer than what stands between blanks
        ("a,b,c", 3),
        ("https://a.example/x", 4),
        ("世界阿塞拜疆人团结日", 5),
        ("x" * 10_000, 250),
    ],
)
def test_words_are_counted_so_that_none_slips_through(text: str, count: int) -> None:
    assert count_words(text) == count


def test_a_title_is_cut_even_where_it_has_no_blank() -> None:
    assert count_words(cut_words("团结日" * 100, LONGEST_TITLE)) <= LONGEST_TITLE
    assert count_words(cut_words("x" * 10_000, LONGEST_TITLE)) <= LONGEST_TITLE
    assert cut_words("Qısa başlıq", LONGEST_TITLE) == "Qısa başlıq"
