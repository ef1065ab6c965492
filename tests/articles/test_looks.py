"""looks_of: the figures of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.articles.looks import looks_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Menu", False),
        ("Read more.", False),
        ("The ferry will sail on Monday", False),
        ("The ferry will sail on Monday.", True),
        ("“The ferry will sail on Monday.”", True),
        ("Bərə bazar ertəsi yola düşəcək.", True),
        ("قایق روز دوشنبه حرکت خواهد کرد؟", True),
        ("渡船星期一将从港口出发前往岛上的学校和老市政厅还有海边的小镇。", True),
        ("The ferry costs 2.50 on the way", False),
        ("word " * 16, True),
    ],
)
def test_prose_is_a_sentence_or_long(text: str, expected: bool) -> None:
    assert looks_of(text).is_prose is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("© 2024 The Courier", True),
        ("Copyright © 2024", True),
        ("(c) 1998 The Courier", True),
        ("2011 © The Courier", True),
        ("All Rights Reserved", True),
        ("Bütün hüquqlar qorunur", True),
        ("Все права защищены.", True),
        ("TÜM HAKLARI SAKLIDIR", True),
        ("Alle Rechte vorbehalten", True),
        ("Tous droits réservés", True),
        ("The copyright of the song is disputed", False),
        ("The rights of pupils", False),
        ("Photo: © The Courier", False),
        ("2024", False),
    ],
)
def test_a_line_of_copyright_is_known(text: str, expected: bool) -> None:
    assert looks_of(text).is_copyright is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31 December 2025, 18:05", 2),
        ("31.12.2025 18.05", 2),
        ("31 dekabr 2025", 1),
        ("18:05", 0),
        ("Monday", 0),
        ("31 December 1889", 0),
    ],
)
def test_a_date_is_a_year_and_better_with_a_clock(text: str, expected: int) -> None:
    assert looks_of(text).date == expected


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("a word.", 1, 1),
        ("A word؟", 2, 1),
        ("3 words:", 3, 3),
        ("«Bir söz»", 4, 2),
        ("– a word,", 5, 4),
        ("• word", 5, 0),
        ("خبر", 0, 0),
        ("|", 0, 0),
    ],
)
def test_the_ends_of_a_text_are_numbered(text: str, first: int, last: int) -> None:
    looks = looks_of(text)
    assert (looks.first, looks.last) == (first, last)


def test_words_commas_and_kinds_of_characters_are_counted() -> None:
    looks = looks_of("ABC, de, 12")
    assert (looks.length, looks.words) == (11, 3)
    assert looks.word_length == pytest.approx(11 / 3)
    assert looks.commas == pytest.approx(2 / 3)
    assert looks.capitals == pytest.approx(3 / 11)
    assert looks.digits == pytest.approx(2 / 11)


@given(st.text(min_size=1))
def test_shares_are_shares(text: str) -> None:
    looks = looks_of(text)
    assert looks.length == len(text)
    assert looks.words >= 1
    assert 0 <= looks.capitals <= 1
    assert 0 <= looks.digits <= 1
    assert looks_of(text) == looks
