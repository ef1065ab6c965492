"""On which plain facts of the topic the week's outlets give different years or numbers.

Which facts, and in which words they are told, comes from the `Topic`; this module knows none.
A figure is found within one sentence, on the match form, so that "50 milyon", "50 млн" and
"۵۰ میلیون" are one answer. It shows who says what, not who is right.

Three cautions, for it is outlets that are quoted. What fewer than two outlets say may be a
slip, or ours, and is not shown. The first answer of an article is its own: later ones are
often told of something else. A year of its publication or later is none: such a fact lies
back, and the year stands there because of the day's report. Of a range ("40–50 million") no
end is taken, and what lies outside the fact's bounds is told of something else.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from pipeline.model import ArchivedArticle, Claim, DisputedFact, Fact, FactKind, Topic
from pipeline.patterns import parse_pattern
from pipeline.text import fold, sentences

#: An answer of fewer outlets is not shown.
LEAST_OUTLETS = 2
#: Answers that make a disagreement.
_LEAST_ANSWERS = 2
#: Words for which ``...`` stands: a date, a parliament's full name and the holiday's.
_MOST_BETWEEN = 20
#: Characters between two words: a full stop and a quotation mark.
_BETWEEN = r"[\W_]{1,4}"
#: Nothing of a longer number, nor the end of a range.
_ALONE = r"(?<![\d.,])(?<!\d-)"
_FIGURES = {
    FactKind.YEAR: rf"{_ALONE}(?P<figure>(?:19|20)\d\d)(?!\d|-\d)",
    FactKind.NUMBER: rf"{_ALONE}(?P<figure>\d{{1,4}}(?:[.,]\d{{1,2}})?)(?![\d]|[.,-]\d)",
}
#: A word between; no other figure of the kind, for then that one is meant. Nothing that
#: parts words is in it, lest a line of underscores be parted in all ways there are.
_WORDS_BETWEEN = {
    FactKind.YEAR: r"(?!(?:19|20)\d\d)[^\W_]{1,60}",
    FactKind.NUMBER: r"[^\W\d_]{1,60}",
}
_HAS_DIGIT = re.compile(r"\d")


def find_disagreements(
    articles: Iterable[ArchivedArticle], topic: Topic
) -> tuple[DisputedFact, ...]:
    """Return the facts of ``topic`` on which the outlets of ``articles`` differ.

    In the topic's order. Each has two answers or more, each of `LEAST_OUTLETS` outlets or more.
    """
    ordered = sorted(articles, key=lambda one: (one.published_at, one.id))
    answers: dict[str, dict[str, dict[str, ArchivedArticle]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for article in ordered:
        for fact, value in _answers(article, topic):
            answers[fact][value].setdefault(article.source.id, article)
    disputed = (DisputedFact(about=f.id, claims=_claims(answers[f.id])) for f in topic.facts)
    return tuple(fact for fact in disputed if len(fact.claims) >= _LEAST_ANSWERS)


def _claims(answers: dict[str, dict[str, ArchivedArticle]]) -> tuple[Claim, ...]:
    """Return the answers that enough outlets give, that of most outlets first."""
    found = [
        Claim(value=value, articles=tuple(by_outlet.values()))
        for value, by_outlet in answers.items()
        if len(by_outlet) >= LEAST_OUTLETS
    ]
    return tuple(sorted(found, key=lambda claim: (-len(claim.articles), claim.value)))


def _answers(article: ArchivedArticle, topic: Topic) -> Iterator[tuple[str, str]]:
    """Yield the facts that the article tells, each with its first answer."""
    lines = [
        f" {fold(sentence)} "
        for sentence in sentences(f"{article.article.title}\n{article.article.text}")
        if _HAS_DIGIT.search(sentence)
    ]
    for fact in topic.facts if lines else ():
        patterns = _patterns(fact, article.article.language)
        value = next(_values(fact, lines, patterns, before=article.published_at.year), None)
        if value is not None:
            yield fact.id, value


def _values(
    fact: Fact, lines: Iterable[str], patterns: Sequence[re.Pattern[str]], *, before: int
) -> Iterator[str]:
    """Yield the answers in order, as they are shown."""
    for line in lines:
        found = [match for pattern in patterns for match in pattern.finditer(line)]
        for match in sorted(found, key=lambda match: match.start("figure")):
            figure = float(match["figure"].replace(",", "."))
            is_meant = fact.kind is FactKind.NUMBER or figure < before
            if is_meant and fact.least <= figure <= fact.most:
                yield f"{figure:g} {fact.unit}".strip()


# --- patterns --------------------------------------------------------------


@lru_cache(maxsize=256)  # a topic has a few facts, each in a few languages
def _patterns(fact: Fact, language: str | None) -> tuple[re.Pattern[str], ...]:
    """Return the fact's phrases in ``language`` as expressions on the match form."""
    return tuple(
        re.compile(_expression(phrase.pattern, fact.kind))
        for phrase in fact.phrases
        if phrase.language == language
    )


def _expression(pattern: str, kind: FactKind) -> str:
    """Return the expression of a phrase; each of its parts begins with what parts it."""
    parts = []
    for word in pattern.split():
        if word == "...":
            parts.append(rf"(?:{_BETWEEN}{_WORDS_BETWEEN[kind]}){{0,{_MOST_BETWEEN}}}?")
        elif word == "0":
            parts.append(f"{_BETWEEN}{_FIGURES[kind]}")
        else:
            parts.append(_word(word))
    return "".join(parts)


def _word(word: str) -> str:
    forms = [
        re.escape(fold(form.text)) + (r"[^\W_]{0,30}" if form.any_ending else r"(?!\w)")
        for form in parse_pattern(word.removesuffix("?"))[0].forms
    ]
    found = f"(?:{_BETWEEN}(?:{'|'.join(forms)}))"
    return f"{found}?" if word.endswith("?") else found
