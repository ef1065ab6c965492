"""Every language has the same words, and writes its numbers as it does."""

import re
from string import Formatter

import pytest

from pipeline.errors import ConfigError
from pipeline.model import Outcome, PublisherKind, Reason
from pipeline.wording import FORMS, LANGUAGES, PLURALS, Words, load_words

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


def test_names_fall_back_to_the_key_and_texts_do_not() -> None:
    words = load_words()
    assert words.name("languages", "az") == "Azerbaijani"
    assert words.name("languages", "xx") == "xx"
    with pytest.raises(KeyError):
        words.say("no such text")


def test_a_language_without_words_is_refused() -> None:
    with pytest.raises(ConfigError, match="choose one of az, en, ru, tr"):
        load_words("../settings")
