"""The words of a week: what it uses more than the baseline, in the form that people read."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.keywords import TermCounts, compare_terms, count_terms, find_keywords, keyness
from pipeline.model import (
    ArchivedArticle,
    Article,
    EntityMention,
    PublisherKind,
    Relevance,
    Source,
    Verdict,
)

NOON = datetime(2025, 12, 31, 12, tzinfo=UTC)


def made(
    id_: int,
    text: str,
    language: str = "az",
    *,
    copy_of: int | None = None,
    outlet: str = "Outlet",
    names: Mapping[str, str] | None = None,
) -> ArchivedArticle:
    return ArchivedArticle(
        id=id_,
        article=Article(url=f"https://example.org/{id_}", title="", text=text, language=language),
        source=Source(
            id=outlet,
            name=outlet,
            publisher=PublisherKind.PRIVATE,
            languages=(language,),
            time_zone="Asia/Baku",
            feeds=(),
        ),
        relevance=Relevance(verdict=Verdict.ABOUT, score=1.0),
        first_seen_at=NOON,
        representative_id=copy_of or id_,
        entities=tuple(
            EntityMention(entity_id=id_, count=text.count(form), form=form, in_title=False)
            for id_, form in (names or {}).items()
        ),
    )


def all_of(texts: Iterable[str], language: str = "az", start: int = 1) -> list[ArchivedArticle]:
    return [made(n, text, language) for n, text in enumerate(texts, start)]


#: What the archive usually has, a hundred texts a language.
USUAL = [
    *all_of((f"Bayram tədbiri keçirilib, {n} qonaq gəlib." for n in range(100)), "az", 1000),
    *all_of((f"Прошёл праздничный вечер, гостей {n}." for n in range(100)), "ru", 2000),
    *all_of((f"Bayram programı düzenlendi, {n} konuk geldi." for n in range(100)), "tr", 3000),
    *all_of((f"مراسم جشن با حضور {n} مهمان برگزار شد." for n in range(100)), "fa", 4000),
]


def terms(week: list[ArchivedArticle], *, most: int = 20) -> list[str]:
    found = find_keywords(week, USUAL, most=most)
    return [keyword.term for keyword in found]


# --- the figure ------------------------------------------------------------


def test_keyness_is_the_log_likelihood_ratio() -> None:
    # 6 of 10 texts against 2 of 90: 8 of 100 in all, so 0.8 and 7.2 are expected with
    # the term, 9.2 and 82.8 without.
    by_hand = 2 * (6 * log(6 / 0.8) + 2 * log(2 / 7.2) + 4 * log(4 / 9.2) + 88 * log(88 / 82.8))
    assert keyness(6, 10, 2, 90) == pytest.approx(by_hand)
    assert by_hand == pytest.approx(23.11, abs=0.01)


@given(st.data())
def test_keyness_has_the_sign_of_the_difference(data: st.DataObject) -> None:
    of, of_there = data.draw(st.integers(1, 50)), data.draw(st.integers(1, 50))
    here, there = data.draw(st.integers(0, of)), data.draw(st.integers(0, of_there))
    value = keyness(here, of, there, of_there)
    difference = here / of - there / of_there
    assert abs(value) == pytest.approx(abs(keyness(there, of_there, here, of)), abs=1e-9)
    assert value * difference >= -1e-9


def test_the_figures_of_a_keyword() -> None:
    week = all_of(["Şahmat turniri bitib.", "Yeni şahmat klubu açılıb.", "Kitab çapdan çıxıb."])
    (keyword,) = find_keywords(week, USUAL)
    assert (keyword.term, keyword.language, keyword.articles) == ("şahmat", "az", 2)
    assert keyword.keyness == pytest.approx(keyness(2, 3, 0, 100))


# --- which terms -----------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "texts", "expected"),
    [
        ("az", ["ŞAHMAT turniri bitib.", "Şəhərdə şahmat klubu açılıb."], "şahmat"),
        ("ru", ["Открыта горная школа.", "В селе горная школа!"], "горная школа"),
        ("tr", ["Yeni Kütüphane kapısını açtı.", "Gençler Kütüphane istedi."], "Kütüphane"),
        ("fa", ["کتابخانهٔ تازه باز شد.", "نمایشگاه در کتابخانهٔ شهر بود."], "کتابخانهٔ"),
    ],
)
def test_terms_are_found_in_every_language(language: str, texts: list[str], expected: str) -> None:
    assert terms(all_of(texts, language)) == [expected]


def test_the_most_frequent_real_form_is_shown() -> None:
    spelled = ["HƏMRƏYLİK forumu", "Həmrəylik forumu", "hemreylik forumu", "Həmrəylik forumu"]
    assert terms(all_of(spelled)) == ["Həmrəylik forumu"]


def test_inflected_forms_are_one_term_in_the_form_that_is_most_used() -> None:
    inflected = ["Şahmatın günü", "Şahmata maraq var", "şahmatçı və şahmatı", "Şahmatı sevirik"]
    assert terms(all_of(inflected)) == ["şahmatı"]


def test_a_longer_term_stands_for_its_parts() -> None:
    week = all_of(["Ana dili kursu açılıb.", "Kənddə ana dili kursu başlayır."])
    assert terms(week) == ["ana dili kursu"]


def test_a_frequent_word_is_not_lost_in_a_rare_phrase() -> None:
    week = all_of(
        [
            "Şahmat klubu gəldi.",
            "Şahmat klubu getdi.",
            "Şahmat!",
            "Yenə Şahmat",
            "Nə Şahmat",
            "Şahmat",
        ]
    )
    assert terms(week) == ["Şahmat"]


def test_a_term_does_not_cross_sentences() -> None:
    week = all_of(["Açılış oldu: şahmat. Teatr da gəldi.", "Sevirik şahmat. Teatr gözəldir."])
    assert set(terms(week)) == {"şahmat", "Teatr"}


@pytest.mark.parametrize(
    "text",
    [
        "2025 31 146",  # numbers alone
        "və ilə üçün olan",  # stop words
        "a b c",  # single letters
    ],
)
def test_no_terms_of_nothing(text: str) -> None:
    assert terms(all_of([text, text])) == []


def test_one_text_and_its_copies_have_no_say() -> None:
    text = "Şahmat turniri bitib."
    week = [made(1, text), made(2, text, copy_of=1), made(3, text, copy_of=1), made(4, "Kitab.")]
    assert terms(week) == []


def test_names_of_outlets_are_left_out() -> None:
    week = [made(n, "Dağ Səsi yazır: şahmat, teatr.", outlet="DAĞ SƏSİ") for n in (1, 2)]
    found = terms(week)
    assert not any("Dağ Səsi" in term for term in found)
    assert any("şahmat" in term for term in found)


def test_a_week_with_more_of_a_language_has_no_keywords_for_it() -> None:
    week = all_of((f"Прошёл праздничный вечер, гостей {n}." for n in range(60)), "ru")
    assert terms(week) == []


def test_without_a_baseline_in_the_language_there_is_nothing_to_compare() -> None:
    week = all_of(["Schach im Rathaus", "Schach im Theater"], "de")
    assert terms(week) == []
    assert find_keywords(week, []) == ()


def test_a_term_of_two_languages_goes_to_that_with_more_texts() -> None:
    week = [*all_of(["Satranç"] * 2, "az"), *all_of(["Satranç"] * 3, "tr", 10)]
    (keyword,) = find_keywords(week, USUAL)
    assert (keyword.language, keyword.articles) == ("tr", 3)


def test_not_more_than_asked() -> None:
    week = all_of(["Şahmat. Teatr. Kitab. Körpü."] * 2)
    assert len(terms(week)) == 4
    assert len(terms(week, most=2)) == 2


def test_counts_of_the_baseline_can_be_given() -> None:
    week = all_of(["Şahmat turniri.", "Şahmat klubu.", "Bayram tədbiri keçirilib."])
    counts = count_terms(USUAL)
    assert counts.texts["az"] == 100
    assert counts.terms["az"]["bayram tedbir"] == 100
    assert find_keywords(week, counts) == find_keywords(week, USUAL)
    none = TermCounts(texts={"az": 100}, terms={})
    assert {k.term for k in find_keywords(week, none)} == {"Şahmat"}


@settings(max_examples=8, deadline=None)
@given(order=st.permutations(range(5)))
def test_the_order_makes_no_difference(order: list[int]) -> None:
    week = all_of(["Şahmat. Teatr", "ŞAHMAT. Körpü", "şahmat. Teatr", "Körpü. Bağ", "Teatr. Bağ"])
    assert find_keywords([week[n] for n in order], USUAL) == find_keywords(week, USUAL)


def test_an_empty_week_has_no_words() -> None:
    assert find_keywords([], USUAL) == ()


def test_no_term_begins_or_ends_with_a_pages_furniture() -> None:
    week = all_of(["Foto: şahmat. Telegram xəbər verir", "Foto: şahmat! Telegram xəbər verir"])
    assert terms(week) == ["şahmat"]


def test_what_stands_early_and_often_comes_first() -> None:
    early = "Şahmat turnirdədir, yenə şahmat. Qonaqlar uzaqdan gəlib, axşam isə körpü salınıb."
    late = "Yeni şahmat turu! Kim udacaq, şahmat bilir; uzun yolun sonunda isə körpü var."
    found = terms(all_of([early, late]))
    assert found[0] == "şahmat"
    assert "körpü" in found


# --- names -----------------------------------------------------------------


def test_names_are_merged_across_languages_and_spellings() -> None:
    week = [
        made(1, "Dəniz Şurası toplanıb.", "az", names={"council": "Dəniz Şurası"}),
        made(2, "Dəniz Şurası yığışıb.", "az", names={"council": "Dəniz Şurası"}),
        made(3, "Собрался Морской Совет.", "ru", names={"council": "Морской Совет"}),
        made(4, "Deniz Kurulu toplandı.", "tr", names={"council": "Deniz Kurulu"}),
    ]
    (keyword,) = find_keywords(week, USUAL)
    assert (keyword.term, keyword.language, keyword.articles) == ("Dəniz Şurası", "az", 4)
    parts = [keyness(2, 2, 0, 100), keyness(1, 1, 0, 100), keyness(1, 1, 0, 100)]
    assert keyword.keyness == pytest.approx(sum(parts))


def test_a_name_that_the_archive_always_has_is_no_keyword() -> None:
    usual = [
        made(n, "Dəniz Şurası toplanıb.", names={"council": "Dəniz Şurası"})
        for n in range(1000, 1100)
    ]
    assert find_keywords(usual[:5], usual[5:]) == ()


def test_a_word_that_mostly_stands_without_the_name_is_not_lost_in_it() -> None:
    week = [
        made(1, "Dəniz Şurası toplanıb.", names={"council": "Dəniz Şurası"}),
        made(2, "Dəniz Şurası yığışıb.", names={"council": "Dəniz Şurası"}),
        *all_of(["Dəniz qabarıb.", "Bu dəniz!", "Dəniz sakitdir.", "Soyuq dəniz"], start=3),
    ]
    found = find_keywords(week, USUAL)
    assert [keyword.articles for keyword in found if "dəniz" in keyword.term.lower()] == [6]


def test_a_query_finds_all_forms_of_a_word() -> None:
    week = all_of(["Şahmatçılar gəlib.", "Şahmatçıların turu.", "Yeni şahmatçılara salam."])
    [keyword] = [one for one in find_keywords(week, USUAL) if "ahmat" in one.term]
    assert keyword.search == "şahmatçılar*"


# --- what the week lacks ---------------------------------------------------


def test_what_the_archive_has_and_the_week_lacks_has_a_negative_figure() -> None:
    week = all_of([*(f"Şahmat turu {n}." for n in range(19)), "Bayram axşamı."])
    risen, *gone = compare_terms(week, USUAL)
    assert risen.term == "Şahmat turu"
    figures = {word.term: (word.articles, round(word.keyness, 6)) for word in gone}
    assert figures["Bayram tədbiri keçirilib"] == (0, -round(keyness(100, 100, 0, 20), 6))
    assert all(word.keyness < 0 and word.language == "az" for word in gone)


def test_of_a_large_week_all_texts_that_still_have_a_word_are_counted() -> None:
    usual = "Bayram tədbiri keçirilib, qonaq gəlib"
    texts = (f"{'Şahmat turu' if n % 10 else usual} {n}." for n in range(900))
    gone = [word for word in compare_terms(all_of(texts), USUAL) if word.keyness < 0]
    word = next(word for word in gone if word.term == "Bayram tədbiri keçirilib")
    assert word.articles == 90
    assert word.keyness == pytest.approx(-keyness(100, 100, 90, 900))


def test_a_language_that_the_week_has_not_at_all_is_not_missed_word_by_word() -> None:
    assert all(word.language == "az" for word in compare_terms(all_of(["Şahmat."] * 30), USUAL))


def test_an_empty_week_or_archive_lacks_nothing() -> None:
    assert compare_terms([], USUAL) == ()
    assert compare_terms(all_of(["Şahmat."] * 30), []) == ()


# --- a large week ----------------------------------------------------------


def test_of_a_large_week_all_texts_are_counted() -> None:
    texts = (f"Şahmat turu {n}." if n % 2 else f"Bayram tədbiri keçirilib {n}." for n in range(900))
    (keyword,) = find_keywords(all_of(texts, start=1), USUAL, most=1)
    assert keyword.term == "Şahmat turu"
    assert keyword.articles == 450
    assert keyword.keyness == pytest.approx(keyness(450, 900, 0, 100))
