"""Whom and what an article names: spellings, endings, the longest name, hostile input."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.entities import find_entities
from pipeline.model import Article, Entity, EntityKind, EntityMention, Phrase, Season, Topic
from pipeline.sources import parse_sources

ROOT = Path(__file__).parents[1]
TOPIC = parse_sources((ROOT / "sources.yaml").read_text()).topic
OTHER_TOPIC = parse_sources((ROOT / "tests/cases/topic/other_holiday.yaml").read_text()).topic


def article(title: str, text: str = "") -> Article:
    return Article(url="https://example.org/", title=title, text=text)


def named(title: str, text: str = "", topic: Topic = TOPIC) -> list[tuple[str, str]]:
    return [(one.entity_id, one.form) for one in find_entities(article(title, text), topic)]


def topic_of(**patterns: str) -> Topic:
    """Return a topic with an entity of one spelling for each keyword."""
    entities = tuple(
        Entity(
            id=entity_id,
            name=entity_id,
            kind=EntityKind.BODY,
            spellings=(Phrase(language="en", pattern=pattern),),
        )
        for entity_id, pattern in patterns.items()
    )
    return Topic(
        name="any",
        time_zone="UTC",
        season=Season(start=(1, 1), day=(1, 2), end=(1, 3)),
        names=(Phrase(language="en", pattern="joy"),),
        entities=entities,
    )


@pytest.mark.parametrize(
    ("text", "entity", "form"),
    [
        ("Heydər Əliyevin qərarı", "heydar-aliyev", "Heydər Əliyevin"),
        ("HEYDƏR ƏLİYEV", "heydar-aliyev", "HEYDƏR ƏLİYEV"),
        ("Heyder Eliyevin qerari", "heydar-aliyev", "Heyder Eliyevin"),
        ("Һејдәр Әлијевин гәрары", "heydar-aliyev", "Һејдәр Әлијевин"),
        ("решение Гейдара Алиева", "heydar-aliyev", "Гейдара Алиева"),
        ("Haydar Aliyev’in kararı", "heydar-aliyev", "Haydar Aliyev"),
        ("Heydar\nAliyev's decision", "heydar-aliyev", "Heydar Aliyev"),
        ("рішення Гейдара Алієва", "heydar-aliyev", "Гейдара Алієва"),
        ("ჰეიდარ ალიევის გადაწყვეტილება", "heydar-aliyev", "ჰეიდარ ალიევის"),
        ("قرار حيدر علييف", "heydar-aliyev", "حيدر علييف"),
        ("تصمیم حیدر علی‌اف", "heydar-aliyev", "حیدر علی‌اف"),
        ("Mehriban Əliyevanın təbriki", "mehriban-aliyeva", "Mehriban Əliyevanın"),
        ("Bakü'de toplantı", "baku", "Bakü"),
        ("l’Azerbaïdjan", "azerbaijan", "Azerbaïdjan"),
        ("Naxçıvan Muxtar Respublikasında", "nakhchivan", "Naxçıvan Muxtar Respublikasında"),
        ("в Нагорном Карабахе", "karabakh", "Нагорном Карабахе"),
        ("«Yeni Azərbaycan» Partiyasının", "new-azerbaijan-party", "Yeni Azərbaycan» Partiyasının"),
        ("Съезда азербайджанцев мира", "congress-world-azerbaijanis", "Съезда азербайджанцев мира"),
        ("44-day Patriotic War", "patriotic-war-2020", "44-day Patriotic War"),
    ],
)
def test_a_spelling_is_found_with_its_endings(text: str, entity: str, form: str) -> None:
    assert named(text) == [(entity, form)]


def test_many_spellings_count_as_one() -> None:
    text = "Heydər Əliyevin və Haydar Aliyev'in, Гейдар Алиев.\n\nHeydar Aliyev."
    assert find_entities(article("Гейдару Алиеву", text), TOPIC) == (
        EntityMention(entity_id="heydar-aliyev", count=5, form="Гейдару Алиеву", in_title=True),
    )


def test_those_of_the_title_come_first_then_as_they_come() -> None:
    found = find_entities(article("Shusha", "Baku, Nakhchivan, Shusha, Baku"), TOPIC)
    assert [(one.entity_id, one.count, one.in_title) for one in found] == [
        ("shusha", 2, True),
        ("baku", 2, False),
        ("nakhchivan", 1, False),
    ]


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("the Heydar Aliyev Foundation", ["heydar-aliyev-foundation"]),
        ("Heydər Əliyev Mərkəzində", ["heydar-aliyev-center"]),
        ("Ali Məclisin qərarı", ["supreme-majlis-nakhchivan"]),
        ("Cənubi Azərbaycanda", ["south-azerbaijan"]),
        ("Popular Front of Azerbaijan", ["popular-front"]),
        ("Ilham Aliyev and Mehriban Aliyeva", ["ilham-aliyev", "mehriban-aliyeva"]),
    ],
)
def test_the_longest_name_wins(text: str, entities: list[str]) -> None:
    assert [entity for entity, _ in named(text)] == entities


@pytest.mark.parametrize(
    "text",
    [
        "Aliyev said",  # which one?
        "20 января",  # a day
        "Great Patriotic War",
        "Azerbaijanis",  # a people
        "Heydar. \n\nAliyev",
        "Heydar (says the poet) Aliyev",
        "bakuba",
        "",
    ],
)
def test_what_is_no_name_is_not_found(text: str) -> None:
    assert named(text, text) == []


@pytest.mark.parametrize(
    ("pattern", "text", "forms"),
    [
        ("blue? river* council", "river council, Blue Rivers Council", ["river council"]),
        ("council|board", "the boards, a board", ["board"]),
        ("un", "UN, under", ["UN"]),
        ("river*", "river" + "s" * 30, ["river" + "s" * 30]),
        ("river*", "river" + "s" * 31, []),
        ("d river", "d'river", ["d'river"]),
    ],
)
def test_a_pattern_is_read_as_elsewhere(pattern: str, text: str, forms: list[str]) -> None:
    found = find_entities(article(text), topic_of(council=pattern))
    assert [one.form for one in found] == forms


def test_an_ending_behind_an_apostrophe_is_no_name() -> None:
    assert named("Ankara'un, Council's UN", topic=topic_of(un="un", body="council un")) == [
        ("body", "Council's UN")
    ]


def test_another_topic_has_entities_of_its_own() -> None:
    text = "Sámediggái ja Sámediggi, Kaarasjoella. Bakı."
    assert named("Kárášjohkas", text, OTHER_TOPIC) == [
        ("karasjok", "Kárášjohkas"),
        ("sametinget", "Sámediggi"),
    ]
    assert find_entities(article("Bakı"), topic_of()) == ()


def test_each_entity_is_found_by_each_of_its_plain_spellings() -> None:
    """No spelling belongs to two entities, and none is out of reach."""
    for entity in TOPIC.entities:
        for phrase in entity.spellings:
            words = [
                word.split("|")[0].strip("*") for word in phrase.pattern.split() if "?" not in word
            ]
            text = " ".join(words)
            assert [found for found, _ in named(text)] == [entity.id], phrase.pattern


@pytest.mark.parametrize(
    "unit",
    [
        "Heydər ",
        "Naxçıvan Muxtar ",
        "diasporla iş üzrə dövlət ",
        "ﷺ ",
        "ـ ",
        "a'",
        "baku",
        "'",
        "É\u0301",
    ],
)
def test_a_megabyte_of_almost_names_takes_linear_time(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        started = time.process_time()
        find_entities(article("", text), TOPIC)
        return time.process_time() - started

    seconds(100)  # reads the topic
    # Ten times the text may take ten times as long, forty on a busy machine, not a hundred.
    assert seconds(1_000_000) < 40 * max(seconds(100_000), 0.05)


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    for one in find_entities(article(text), TOPIC):
        assert one.count >= 1
        assert one.in_title
