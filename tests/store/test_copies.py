"""Traces are counted as far as it matters, and tell whose weights an arrival changes."""

import pytest
import sqlalchemy as sa

from pipeline.duplicates import MOST_COUNTED, seasons_of, shingle
from pipeline.store.copies import count_traces, drop_bands, find_texts, let_speak, note_compared
from pipeline.store.database import Archive
from pipeline.store.tables import article, band, trace
from tests.fakes import NOW, TEXT, days, read_article, source
from tests.store.filing import file_article, start

A = source("a")
[SEASON] = seasons_of(NOW)


@pytest.fixture
def numbers(archive: Archive) -> list[int]:
    """Articles that begin each otherwise and go on alike."""
    run = start(archive, A)
    return [
        file_article(
            archive, run, A, read_article(f"http://a.example/{n}", f"{n} {'x' * n} {TEXT}")
        )
        for n in range(MOST_COUNTED + 2)
    ]


def speak(archive: Archive, number: int, *, speaks: bool = True) -> set[int]:
    with archive.writing() as connection:
        [one] = find_texts(connection, [number])
        return let_speak(connection, one, speaks=speaks)


def test_only_a_step_passed_stirs_others(archive: Archive, numbers: list[int]) -> None:
    passing = {}
    assert speak(archive, numbers[0]) == set()
    speak(archive, numbers[0], speaks=False)
    with archive.writing() as connection:
        note_compared(connection, numbers)
    for place, number in enumerate(numbers):
        if stirred := speak(archive, number):
            assert stirred == set(numbers[:place])
            passing[place] = number
    assert list(passing) == [3, 9, 27]
    common = set(shingle(TEXT).traces)
    with archive.reading() as connection:
        counts = count_traces(connection, common, SEASON)
        assert set(counts.values()) == {MOST_COUNTED}
        assert count_traces(connection, common, SEASON + 1) == dict.fromkeys(common, 0)
    for place, number in reversed(list(enumerate(numbers))):
        expected = set(numbers[:place]) if place in passing else set()
        assert speak(archive, number, speaks=False) == expected
    with archive.reading() as connection:
        assert connection.execute(sa.select(trace)).all() == []
        assert set(connection.scalars(sa.select(article.c.speaks))) == {False}


def test_a_text_of_the_first_days_of_a_season_counts_in_two(archive: Archive) -> None:
    run = start(archive, A)
    at = next(NOW - days(n) for n in range(365) if len(seasons_of(NOW - days(n))) > 1)
    read = read_article("http://a.example/1", published_at=at)
    speak(archive, file_article(archive, run, A, read))
    with archive.reading() as connection:
        found = set(connection.scalars(sa.select(trace.c.season)))
    assert found == {SEASON - 1, SEASON}


def test_bands_are_forgotten_with_the_words(archive: Archive, numbers: list[int]) -> None:
    with archive.writing() as connection:
        drop_bands(connection, numbers[0])
        left = set(connection.scalars(sa.select(band.c.article_id)))
    assert left == set(numbers[1:])


def test_who_was_never_compared_is_not_stirred(archive: Archive, numbers: list[int]) -> None:
    for number in numbers[:3]:
        speak(archive, number)
    with archive.writing() as connection:
        note_compared(connection, numbers[1:2])
    assert speak(archive, numbers[3]) == {numbers[1]}
    assert speak(archive, numbers[3], speaks=False) == set(numbers[:3])
