"""fold, words and sentences: the text side of “any spelling finds it”."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import fold, sentences, words

ALIKE = [
    ("HƏMRƏYLİYİ", "həmrəyliyi"),
    ("HƏMRƏYLİYİ", "hemreyliyi"),
    ("DAYANIŞMA", "dayanışma"),
    ("Hǝmrǝylik", "Həmrəylik"),  # U+01DD, another letter for the same sound
    ("hәmrәylik", "həmrəylik"),  # Cyrillic schwa typed into a Latin text
    ("I\u0307stanbul", "İstanbul"),  # i and a combining dot
    ("s\u0327ey", "şey"),  # s and a combining cedilla
    ("всё ещё", "все еще"),
    ("Й", "и\u0306"),
    ("Azerbaïdjanais", "Azerbaidjanais"),
    ("Solidarität", "SOLIDARITAT"),
    ("Straße", "strasse"),
    ("Azerbaijanis’ day", "Azerbaijanis' day"),
    ("Azerbaijanis` day", "Azerbaijanis´ day"),
    ("آذربایجانی\u200cهای", "اذربایجانیهای"),
    ("كتابي", "کتابی"),
    ("مُحَمَّد", "محمد"),
    ("جـــهان", "جهان"),
    ("۳۱ دسامبر ٢٠٢٣", "31 دسامبر 2023"),
    ("a\u00a0 b\n\tc", "a b c"),
    ("co\u00adope\u200bration", "cooperation"),
    ("«birlik»", '"birlik"'),
    ("1991–2026", "1991-2026"),
    ("Ǣ ŵ ǖ", "ae w u"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_spellings_of_one_word_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("й", "и"), ("gün", "gen"), ("солидарность", "солидарности"), ("ї", "і")]
)
def test_different_letters_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


@given(st.text(alphabet="aəİIıi’´ِـ\u200c \u0307\u0327ǣكيآۀ\u064f۵ﷲﹷ"))
def test_folding_twice_changes_nothing_where_it_is_hard(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert "  " not in once
    assert once.strip() == once


def test_words_keep_the_form_in_which_they_are_written() -> None:
    text = "Bakı’nın 31 dekabr 2021-ci il qərarı: «İstiqlal» — 1,5 milyon, o'zbek; e_mail!"
    assert words(text) == [
        "Bakı’nın", "31", "dekabr", "2021-ci", "il", "qərarı", "İstiqlal", "1,5", "milyon",
        "o'zbek", "e", "mail",
    ]  # fmt: skip


def test_a_persian_word_is_not_parted_by_its_joiner_or_marks() -> None:
    assert words("آذربایجانی\u200cهای جهان، مُحَمَّد") == ["آذربایجانی\u200cهای", "جهان", "مُحَمَّد"]


def test_hyphens_and_quotes_at_the_edge_do_not_belong_to_a_word() -> None:
    assert words("'solidarity' -- day-") == ["solidarity", "day"]


@given(st.text())
def test_every_letter_is_in_some_word(text: str) -> None:
    letters = [c for c in text if c.isalnum()]
    assert [c for word in words(text) for c in word if c.isalnum()] == letters


SENTENCES = [
    ("31 dekabr 1991-ci ildə qərar qəbul olundu. Bu gün bayramdır.", 2),
    ("Tədbirdə prof. Əliyev, dos. Quliyeva və s. qonaqlar iştirak edib. Çıxışlar olub.", 2),
    ("Sərgi H. Əliyev adına Mərkəzdə açılıb. Giriş sərbəstdir.", 2),
    ("В г. Баку, по ул. Низами, прошло шествие. Это было 31 дек. 1989 г. на границе.", 2),
    ("Всего собралось 2,5 тыс. Человек из т.н. диаспоры ждали!", 1),
    ("Prof. Dr. A. B. Yılmaz 29. Kongrede konuştu. Salon doluydu.", 2),
    ("The U.S. embassy greeted Mr. Guliyev at 5.30 p.m. on Monday. It rained.", 2),
    ("It is marked on December 31. The day was named in 1991. Why then?", 3),
    ("Am 31. Dezember, im 20. Jahrhundert, am 3. Tag. Danach nicht mehr.", 2),
    ("«Bu bizim günümüzdür!» Natiq belə dedi.", 2),
    ("“Is it?” asked the reader. “Yes… it is.”", 2),
    ("“Really?” he asked.", 1),
    ("امروز روز همبستگی است؟ بله. فردا چه؟", 3),
    ("یہ دن ہے۔ وہ رات ہے۔", 2),
    ("1. Madde kabul edildi. 2. Madde reddedildi.", 2),
    ("今日は祝日です。明日は違います。", 2),
    ("A heading\nThe text without a stop", 2),
    ("... and so on. End", 2),
    ("", 0),
    ("\n \n", 0),
]


@pytest.mark.parametrize(("text", "number"), SENTENCES)
def test_sentences_are_counted_as_a_reader_would(text: str, number: int) -> None:
    assert len(sentences(text)) == number


@given(st.text())
def test_sentences_lose_nothing_but_blanks(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
