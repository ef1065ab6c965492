"""Function words of every language of the digest, in the match form."""

import pytest

from pipeline.stopwords import STOP_WORDS
from pipeline.text import fold, words

#: A neutral sentence in each language and script, and what in it carries a topic.
SENTENCES = {
    "az": ("Bu tədbir həm də uşaqlar üçün keçirilib və çox maraqlı olub.", 5),
    "az-Cyrl": ("Бу тәдбир һәм дә ушаглар үчүн кечирилиб вә чох мараглы олуб.", 5),
    "az-Arab": ("بو تدبیر هم ده اوشاقلار اوچون کئچیریلیب و چوخ ماراقلی اولوب.", 5),
    "tr": ("Bu etkinlik hem de çocuklar için düzenlendi ve çok ilginç oldu.", 5),
    "ru": ("Это мероприятие также было проведено для детей и очень понравилось всем.", 5),
    "uk": ("Цей захід також було проведено для дітей, і він дуже сподобався всім.", 5),
    "en": ("This event was also held for the children and it has been very popular.", 5),
    "de": ("Diese Veranstaltung wurde auch für die Kinder organisiert und war sehr beliebt.", 4),
    "fr": ("Cet événement a aussi été organisé pour les enfants et il est très apprécié.", 4),
    "es": ("Este evento también se ha organizado para los niños y es muy popular.", 4),
    "fa": ("این برنامه برای کودکان نیز برگزار شد و بسیار جالب بود.", 4),
    "ar": ("هذا الحدث كان أيضا من أجل الأطفال وقد أعجب كل الحاضرين.", 5),
    "ka": ("ეს ღონისძიება ასევე ბავშვებისთვის იყო და ძალიან მოეწონა ყველა სტუმარს.", 5),
}


def test_every_language_of_the_digest_has_a_short_list() -> None:
    assert set(STOP_WORDS) == {
        "az", "tr", "ru", "uk", "en", "de", "fr", "es", "fa", "ar", "ka",
    }  # fmt: skip
    scripts = {"az": 3}
    for language, listed in STOP_WORDS.items():
        assert 100 <= len(listed) <= 250 * scripts.get(language, 1)


@pytest.mark.parametrize("language", sorted(STOP_WORDS))
def test_they_stand_in_the_match_form_and_are_words(language: str) -> None:
    for word in STOP_WORDS[language]:
        assert fold(word) == word
        assert words(word) == [word]


@pytest.mark.parametrize("language", SENTENCES)
def test_what_is_left_of_a_sentence_is_its_topic(language: str) -> None:
    sentence, telling = SENTENCES[language]
    stop = STOP_WORDS[language[:2]]
    left = [word for word in words(sentence) if fold(word) not in stop]
    assert len(left) <= telling
    assert len(left) < len(words(sentence)) / 2 + 1


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("az", "həmrəylik"), ("az", "bayram"), ("tr", "dayanışma"), ("ru", "солидарность"),
        ("uk", "солідарність"), ("en", "solidarity"), ("de", "Tag"), ("fr", "journée"),
        ("es", "día"), ("fa", "همبستگی"), ("ar", "تضامن"), ("ka", "სოლიდარობა"),
    ],
)  # fmt: skip
def test_the_holidays_own_words_are_none(language: str, word: str) -> None:
    assert fold(word) not in STOP_WORDS[language]
