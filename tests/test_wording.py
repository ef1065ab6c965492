"""Every language has the same words, and writes its numbers as it does."""

import re
from string import Formatter

import pytest

from pipeline.errors import ConfigError
from pipeline.model import Outcome, PublisherKind, Reason, Week
from pipeline.render.writing import Writer
from pipeline.wording import FORMS, LANGUAGES, PLURALS, Words, load_words

NO_BREAK = "\N{NO-BREAK SPACE}"

ALL_FORMS = frozenset[str]().union(*FORMS.values())

#: Ends like a form of a plural, and is none.
NO_FORMS = {"coverage.other", "publishers.other"}


def texts_of(words: Words) -> dict[str, dict[str, str]]:
    """Return each text by its key, and the forms of each that has some."""
    found: dict[str, dict[str, str]] = {}
    for key, text in words.entries.items():
        stem, _, form = key.rpartition(".")
        is_form = form in ALL_FORMS and key not in NO_FORMS
        found.setdefault(stem if is_form else key, {})[form if is_form else ""] = text
    return found


def braces_of(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_texts_in_all_forms_that_it_needs(language: str) -> None:
    words, english = load_words(language), texts_of(load_words("en"))
    found = texts_of(words)
    assert found.keys() == english.keys()
    needed = FORMS[words.entries["plural"]]
    for key, forms in found.items():
        assert forms.keys() == ({""} if "" in english[key] else needed), key
        assert all(forms.values()), key
    assert words.entries["language"] == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_filled_in_with_the_same_things(language: str) -> None:
    english = texts_of(load_words("en"))
    for key, forms in texts_of(load_words(language)).items():
        wanted = set().union(*(braces_of(text) for text in english[key].values()))
        for form, text in forms.items():
            # "The one source" needs no number.
            assert wanted - braces_of(text) <= ({"n"} if form == "one" else set()), (key, form)
            assert braces_of(text) <= wanted, (key, form)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_has_a_name_has_one_in_every_language(language: str) -> None:
    entries = load_words(language).entries
    assert {f"publishers.{kind}" for kind in PublisherKind} <= entries.keys()
    assert {f"outcomes.{outcome}" for outcome in Outcome} <= entries.keys()
    assert {f"reasons.{reason}" for reason in Reason} <= entries.keys()
    assert len([key for key in entries if re.fullmatch(r"months\.\d+", key)]) == 12
    assert len([key for key in entries if re.fullmatch(r"weekdays\.\d", key)]) == 7


@pytest.mark.parametrize(
    ("n", "form"),
    [
        (0, "many"), (1, "one"), (2, "few"), (4, "few"), (5, "many"), (11, "many"), (12, "many"),
        (14, "many"), (21, "one"), (22, "few"), (25, "many"), (101, "one"), (111, "many"),
        (112, "many"), (122, "few"), (1001, "one"),
    ],
)  # fmt: skip
def test_russian_has_three_forms(n: int, form: str) -> None:
    assert PLURALS["one few many"](n) == form


def test_other_languages_have_the_forms_that_they_have() -> None:
    assert [load_words("en").count("count.articles", n) for n in (0, 1, 2)] == [
        "0 articles", "1 article", "2 articles",
    ]  # fmt: skip
    assert [load_words("az").count("count.articles", n) for n in (1, 5)] == [
        "1 məqalə", "5 məqalə",
    ]  # fmt: skip
    assert [load_words("tr").count("count.articles", n) for n in (1, 5)] == ["1 haber", "5 haber"]


@pytest.mark.parametrize(
    ("language", "small", "large", "percent"),
    [
        ("en", "1,284", "1,284,000", "16%"),
        ("ru", "1284", "1\u00a0284\u00a0000", "16\u00a0%"),
        ("az", "1.284", "1.284.000", "16%"),
        ("tr", "1.284", "1.284.000", "%16"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(
    language: str, small: str, large: str, percent: str
) -> None:
    words = load_words(language)
    assert words.number(1_284) == small
    assert words.number(1_284_000) == large
    assert words.percent(16) == percent
    assert words.signed(words.percent(16), -16) == f"−{percent}"


@pytest.mark.parametrize(
    ("language", "within", "across", "new_year"),
    [
        ("en", "22–28 December 2025", "27 April – 3 May 2026", "29 December 2025 – 4 January 2026"),
        ("az", "22–28 dekabr 2025", "27 aprel – 3 may 2026", "29 dekabr 2025 – 4 yanvar 2026"),
        ("tr", "22–28 Aralık 2025", "27 Nisan – 3 Mayıs 2026", "29 Aralık 2025 – 4 Ocak 2026"),
        (
            "ru",
            "22–28 декабря 2025 г.",
            "27 апреля – 3 мая 2026 г.",
            "29 декабря 2025 г. – 4 января 2026 г.",
        ),
    ],
)
def test_a_week_names_its_month_and_year_once(
    language: str, within: str, across: str, new_year: str
) -> None:
    writer = Writer(load_words(language), "Asia/Baku")
    ranges = [writer.week_range(week) for week in (Week(2025, 52), Week(2026, 18), Week(2026, 1))]
    assert [shown.replace(NO_BREAK, " ") for shown in ranges] == [within, across, new_year]
    for shown in ranges:  # no line ends between a day and its month, or begins with the dash
        assert not re.search(r"\b\d\d? \w| –", shown)


@pytest.mark.parametrize(
    ("language", "text", "lowered"),
    [
        ("en", "Distinct texts", "distinct texts"),
        ("en", "Istanbul", "istanbul"),
        ("ru", "Разные тексты", "разные тексты"),
        ("az", "İstiqlal", "istiqlal"),
        ("tr", "Irmak İli", "ırmak İli"),
        ("tr", "", ""),
    ],
)
def test_a_label_within_a_sentence_begins_small(language: str, text: str, lowered: str) -> None:
    assert load_words(language).lowered(text) == lowered


def test_one_source_is_spoken_of_as_one() -> None:
    said = {code: load_words(code).count("headline.healthy", 1) for code in ("en", "ru")}
    assert said["en"] == "the one source asked has answered"
    assert said["ru"].replace(NO_BREAK, " ") == "ответил 1 источник из 1"


@pytest.mark.parametrize("language", ["az", "tr"])
def test_no_word_before_or_after_a_share_makes_it_a_guess(language: str) -> None:
    words = load_words(language)
    for key in ("headline.recycled", "recycled.share", "new.share"):
        assert words.say(key, percent="95%").rstrip(".").endswith(": 95%")


def test_russian_writes_a_dash_for_a_verb_and_keeps_numbers_with_their_nouns() -> None:
    for key, text in load_words("ru").entries.items():
        if not key.startswith("date.range"):
            assert "–" not in text, key
        assert not re.search(rf"[^{NO_BREAK}]—|\{{n\}} [а-я]{{3}}", text), key
        assert not re.search(r"\b(в|из|с|по|на) \{", text), key


def test_names_fall_back_to_the_key_and_texts_do_not() -> None:
    words = load_words()
    assert words.name("languages", "az") == "Azerbaijani"
    assert words.name("languages", "xx") == "xx"
    with pytest.raises(KeyError):
        words.say("no such text")


def test_a_language_without_words_is_refused() -> None:
    with pytest.raises(ConfigError, match="choose one of az, en, ru, tr"):
        load_words("../settings")
