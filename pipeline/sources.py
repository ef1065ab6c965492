"""sources.yaml → the topic and the outlets that we read.

The file is written by people, so an error names its line. Three habits of YAML
would bite them and are left out: every scalar is taken as it is written (``no``
stays Norwegian, ``12-31`` stays a day), aliases are refused (a few lines of them
can stand for a billion values), and so is a key that comes twice.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import inf
from typing import Annotated, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import soupsieve
import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pipeline.errors import ConfigError
from pipeline.model import (
    ArticleSelectors,
    Entity,
    EntityKind,
    Fact,
    FactKind,
    Feed,
    FeedKind,
    Keep,
    Phrase,
    PublisherKind,
    Season,
    Selectors,
    Source,
    Topic,
)
from pipeline.patterns import STEM_LETTERS, parse_pattern

#: ISO 639-1, the codes in force.
_CODES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy "
    "da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht "
    "hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky "
    "la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny "
    "oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss "
    "st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo "
    "za zh zu"
)
LANGUAGES = frozenset(_CODES.split())

#: Characters of a value that an error quotes, so that it stays one readable line.
QUOTED_CHARACTERS = 60

#: Words of a spelling that may be missing; each doubles the ways to write it.
MOST_OPTIONAL_WORDS = 5

#: The name by which robots.txt knows us (RFC 9309, 2.2.1).
PRODUCT = "solidarity-digest"
#: Seconds between two requests; with more, a host is as good as not read.
LONGEST_GAP = 3_600
#: Characters of a User-Agent and of a selector; nobody who means well needs more.
LONGEST_LINE = 200

#: The way from the root of the file to a value: keys and positions.
_Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What sources.yaml says."""

    topic: Topic
    sources: tuple[Source, ...]
    hash: str  # 12 hex digits of the content; comments and layout do not change it


def parse_sources(text: str, *, name: str = "sources.yaml") -> Catalogue:
    """Read the text of a sources.yaml; ``name`` stands in the errors.

    Raises ConfigError for the first thing in the file that cannot be used. Its
    message is one line, such as
    ``sources.yaml:9: sources[0].feeds[0].url: not an http(s) address: 'htp://x'``.
    """
    try:
        root = _compose(text)
        content = _content(root)
        entries = _validate(root, content)
    except _LineError as error:
        raise ConfigError(f"{name}:{error.line}: {error}") from error
    return Catalogue(
        topic=entries.topic.noun(),
        sources=tuple(entry.noun() for entry in entries.sources),
        hash=hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12],
    )


class _LineError(Exception):
    """Something is wrong at ``line`` (from 1) of a file whose name the caller knows."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        super().__init__(message)


# --- what each value must be -----------------------------------------------


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("empty")
    return value.strip()


def _identifier(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9_-]+", value):
        raise ValueError(f"not an id of a-z, 0-9, _ and -: {_quote(value)}")
    return value


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # brackets that hold no IPv6 address, a port that is no number
        usable = False
    if not usable or re.search(r"\s", value):
        raise ValueError(f"not an http(s) address: {_quote(value)}")
    return value


def _time_zone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    # KeyError: no such zone; ValueError: not a name; OSError: a folder of zones
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"not a time zone such as Asia/Baku: {_quote(value)}") from error


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise ValueError(f"not a language code of ISO 639-1 such as az: {_quote(value)}")
    return value


def _country(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}", value):
        raise ValueError(f"not a country code of ISO 3166-1 such as AZ: {_quote(value)}")
    return value


def _month_day(value: str) -> str:
    found = re.fullmatch(r"(\d\d)-(\d\d)", value, re.ASCII)
    try:
        date.fromisoformat(f"2000-{value}" if found else "")  # a leap year: 02-29 is a day
    except ValueError as error:
        raise ValueError(f"not a month and day such as 12-31: {_quote(value)}") from error
    return value


def _day(value: object) -> date:
    found = re.fullmatch(r"\d{4}-\d\d-\d\d", str(value), re.ASCII)
    try:
        return date.fromisoformat(found[0] if found else "")
    except ValueError as error:
        raise ValueError(f"not a day such as 2024-12-31: {_quote(str(value))}") from error


def _pattern(value: str) -> str:
    parse_pattern(value)
    return " ".join(value.split())


def _spelling(value: str) -> str:
    forms = [form for word in parse_pattern(value) for form in word.forms]
    short = next((f.text for f in forms if f.any_ending and len(f.text) < STEM_LETTERS), None)
    if short is not None:
        what = f"too short to take any ending, below {STEM_LETTERS} letters"
        raise ValueError(f"{what}: {_quote(short)}")
    if sum(word.optional for word in parse_pattern(value)) > MOST_OPTIONAL_WORDS:
        what = f"more than {MOST_OPTIONAL_WORDS} words that may be missing"
        raise ValueError(f"{what}: {_quote(value)}")
    return " ".join(value.split())


def _claim(value: str) -> str:
    found = value.split()
    others = [word for word in found if word not in {"0", "..."}]
    if found.count("0") != 1:
        raise ValueError(f"needs one 0 for the year or number: {_quote(value)}")
    if "..." in {found[0], found[-1]} or ("...", "...") in pairwise(found):
        raise ValueError(f"needs a word on either side of ...: {_quote(value)}")
    parse_pattern(" ".join(others))
    return " ".join(found)


def _gap(value: object) -> float:
    found = re.fullmatch(r"\d{1,9}(\.\d{1,9})?", str(value), re.ASCII)
    if not found or float(found[0]) > LONGEST_GAP:
        raise ValueError(f"not a number of seconds from 0 to {LONGEST_GAP}: {_quote(str(value))}")
    return float(found[0])


def _user_agent(value: str) -> str:
    if not re.fullmatch(rf"[!-~](?:[ -~]{{0,{LONGEST_LINE - 2}}}[!-~])?", value):
        what = f"not one line of printable ASCII up to {LONGEST_LINE} characters"
        raise ValueError(f"{what}: {_quote(value)}")
    if not re.search(rf"(?<![\w-]){PRODUCT}(?![\w-])", value):
        what = f"must name the robot as {PRODUCT} (RFC 9309, 2.2.1)"
        raise ValueError(f"{what}: {_quote(value)}")
    return value


def _bounds(value: object) -> tuple[float, float]:
    given = value if isinstance(value, list) else []
    if len(given) != 2 or not all(re.fullmatch("[0-9]{1,9}", str(one)) for one in given):  # noqa: PLR2004 - an interval
        raise ValueError("should be two whole numbers such as [1985, 2000]")
    least, most = map(float, given)
    if least > most:
        raise ValueError(f"should begin with the smaller: [{given[0]}, {given[1]}]")
    return least, most


def _selector(value: str) -> str:
    # The old name of :-soup-contains works, and warns on every page.
    if len(value) > LONGEST_LINE or ":contains(" in value:
        raise ValueError(f"not a CSS selector that we take: {_quote(value)}")
    try:
        soupsieve.compile(value)
    # NotImplementedError: a pseudo-element such as ::before
    except (soupsieve.SelectorSyntaxError, NotImplementedError) as error:
        what = str(error).splitlines()[0].partition(". ")[0]
        raise ValueError(f"not a CSS selector: {_quote(value)}: {what}") from error
    return value


#: What strptime reads alike on every machine; the others go by the locale, by weeks, or by
#: names of zones that mean several.
_DIRECTIVES = frozenset("dmbBjyYHIpMSfzaA")
_DIRECTIVE = re.compile(r"%(.?)", re.DOTALL)


def _date_pattern(value: str) -> str:
    used = _DIRECTIVE.findall(value.replace("%%", ""))
    tells_day = "j" in used or ("d" in used and {"m", "b", "B"} & set(used))
    if not tells_day or set(used) - _DIRECTIVES or len(used) > len(set(used)):
        what = "not a pattern of strptime with a day and a month such as %d.%m.%Y"
        raise ValueError(f"{what}: {_quote(value)}")
    return value


def _quote(value: str) -> str:
    return repr(value if len(value) <= QUOTED_CHARACTERS else value[:QUOTED_CHARACTERS] + "…")


_Text = Annotated[str, AfterValidator(_text)]
_Url = Annotated[str, AfterValidator(_url)]
_TimeZone = Annotated[str, AfterValidator(_time_zone)]
_Language = Annotated[str, AfterValidator(_language)]
_MonthDay = Annotated[str, AfterValidator(_month_day)]
_Day = Annotated[date, BeforeValidator(_day)]
_Pattern = Annotated[str, AfterValidator(_pattern)]
_Gap = Annotated[float, BeforeValidator(_gap)]
_Bounds = Annotated[tuple[float, float], BeforeValidator(_bounds)]
_UserAgent = Annotated[str, AfterValidator(_user_agent)]
_Selector = Annotated[str, AfterValidator(_selector)]
_DatePattern = Annotated[str, AfterValidator(_date_pattern)]
_Spelling = Annotated[str, AfterValidator(_spelling)]
_Phrases = dict[_Language, list[_Pattern]]
_Claims = dict[
    _Language, Annotated[list[Annotated[str, AfterValidator(_claim)]], Field(min_length=1)]
]
_Spellings = dict[_Language, Annotated[list[_Spelling], Field(min_length=1)]]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _SeasonEntry(_Entry):
    start: _MonthDay
    day: _MonthDay
    end: _MonthDay

    @model_validator(mode="after")
    def _holds_its_day(self) -> Self:
        if not self.noun().holds(date(2000, *_pair(self.day))):
            raise ValueError("its day is not between its start and its end")
        return self

    def noun(self) -> Season:
        return Season(start=_pair(self.start), day=_pair(self.day), end=_pair(self.end))


class _TopicEntity(_Entry):
    id: Annotated[str, AfterValidator(_identifier)]
    name: _Text
    kind: EntityKind
    spellings: Annotated[_Spellings, Field(min_length=1)]

    def noun(self) -> Entity:
        return Entity(
            id=self.id, name=self.name, kind=self.kind, spellings=_phrases(self.spellings)
        )


class _TopicFact(_Entry):
    id: Annotated[str, AfterValidator(_identifier)]
    kind: FactKind
    unit: _Text = ""
    between: _Bounds = (0, inf)
    phrases: Annotated[_Claims, Field(min_length=1)]

    def noun(self) -> Fact:
        return Fact(
            id=self.id,
            kind=self.kind,
            unit=self.unit,
            phrases=_phrases(self.phrases),
            least=self.between[0],
            most=self.between[1],
        )


class _TopicEntry(_Entry):
    name: _Text
    time_zone: _TimeZone
    season: _SeasonEntry
    names: Annotated[_Phrases, Field(min_length=1)]
    short_names: _Phrases = {}
    subjects: _Phrases = {}
    moments: _Phrases = {}
    settings: _Phrases = {}
    excluded: _Phrases = {}
    notices: _Phrases = {}
    occasions: _Phrases = {}
    entities: list[_TopicEntity] = []
    facts: list[_TopicFact] = []

    def noun(self) -> Topic:
        return Topic(
            name=self.name,
            time_zone=self.time_zone,
            season=self.season.noun(),
            names=_phrases(self.names),
            short_names=_phrases(self.short_names),
            subjects=_phrases(self.subjects),
            moments=_phrases(self.moments),
            settings=_phrases(self.settings),
            excluded=_phrases(self.excluded),
            notices=_phrases(self.notices),
            occasions=_phrases(self.occasions),
            entities=tuple(entity.noun() for entity in self.entities),
            facts=tuple(fact.noun() for fact in self.facts),
        )


class _SelectorsEntry(_Entry):
    item: _Selector
    link: _Selector | None = None
    title: _Selector | None = None
    date: _Selector | None = None
    date_pattern: _DatePattern | None = None

    def noun(self) -> Selectors:
        return Selectors(
            item=self.item,
            link=self.link,
            title=self.title,
            date=self.date,
            date_pattern=self.date_pattern,
        )


class _FeedEntry(_Entry):
    url: _Url
    kind: FeedKind = FeedKind.FEED  # before the selectors: they are judged by it
    language: _Language | None = None
    selectors: _SelectorsEntry | None = None

    @field_validator("selectors")
    @classmethod
    def _of_a_listing(cls, value: _SelectorsEntry, info: ValidationInfo) -> _SelectorsEntry:
        if info.data.get("kind", FeedKind.LISTING) is not FeedKind.LISTING:
            raise ValueError("only a feed with `kind: listing` has selectors")
        return value

    def noun(self) -> Feed:
        return Feed(
            url=self.url,
            kind=self.kind,
            language=self.language,
            selectors=self.selectors.noun() if self.selectors else None,
        )


class _ArticleEntry(_Entry):
    until: _Day | None = None
    title: _Selector | None = None
    text: _Selector | None = None  # before `remove`, which is judged by it
    remove: _Selector | None = None
    byline: _Selector | None = None
    published: _Selector | None = None

    @field_validator("remove")
    @classmethod
    def _within_the_text(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("text", "") is None:
            raise ValueError("works within `text`, which is missing")
        return value

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("empty")
        return self

    def noun(self) -> ArticleSelectors:
        return ArticleSelectors(
            until=self.until,
            title=self.title,
            text=self.text,
            remove=self.remove,
            byline=self.byline,
            published=self.published,
        )


#: What pydantic puts into the path of an error, and is not in the file.
_ONE, _SEVERAL = "[one]", "[several]"
_MARKS = frozenset({_ONE, _SEVERAL, "[key]"})  # the last one: it is the key that is wrong


def _number(value: object) -> str:
    return _SEVERAL if isinstance(value, list) else _ONE


_Articles = Annotated[
    Annotated[_ArticleEntry, Tag(_ONE)]
    | Annotated[list[_ArticleEntry], Field(min_length=1), Tag(_SEVERAL)],
    Discriminator(_number),
]


class _SourceEntry(_Entry):
    id: Annotated[str, AfterValidator(_identifier)]
    name: _Text
    publisher: PublisherKind
    languages: Annotated[list[_Language], Field(min_length=1)]
    time_zone: _TimeZone
    feeds: Annotated[list[_FeedEntry], Field(min_length=1)]
    article: _Articles | None = None
    homepage: _Url | None = None
    country: Annotated[str, AfterValidator(_country)] | None = None
    keep: Keep = Keep.TOPIC
    enabled: bool = True
    gap: _Gap | None = None
    user_agent: _UserAgent | None = None
    verify_tls: bool = True

    @property
    def articles(self) -> list[_ArticleEntry]:
        """Where the parts of its articles stand, as written: at first, then later."""
        return [self.article] if isinstance(self.article, _ArticleEntry) else self.article or []

    def noun(self) -> Source:
        return Source(
            id=self.id,
            name=self.name,
            publisher=self.publisher,
            languages=tuple(self.languages),
            time_zone=self.time_zone,
            feeds=tuple(feed.noun() for feed in self.feeds),
            article=tuple(one.noun() for one in self.articles),
            homepage=self.homepage,
            country=self.country,
            keep=self.keep,
            enabled=self.enabled,
            gap=self.gap,
            user_agent=self.user_agent,
            verify_tls=self.verify_tls,
        )


class _File(_Entry):
    topic: _TopicEntry
    sources: Annotated[list[_SourceEntry], Field(min_length=1)]


def _pair(month_day: str) -> tuple[int, int]:
    month, day = month_day.split("-")
    return int(month), int(day)


def _phrases(by_language: _Phrases) -> tuple[Phrase, ...]:
    return tuple(
        Phrase(language=language, pattern=pattern)
        for language, patterns in by_language.items()
        for pattern in patterns
    )


# --- from the content to its lines -----------------------------------------


def _validate(root: Node, content: object) -> _File:
    """Return the checked entries; raise _LineError for the first error in the file's order."""
    try:
        entries = _File.model_validate(content)
    except ValidationError as error:
        found = [(one["loc"], _message(one)) for one in error.errors()]
    else:
        found = [
            *_repeated_entities(entries.topic.entities),
            *_repeated_facts(entries.topic.facts),
            *_repetitions(entries.sources),
            *_disorder(entries.sources),
        ]
        if not found:
            return entries
    errors = [_LineError(_line(root, path), f"{_dotted(path)}{what}") for path, what in found]
    raise min(errors, key=lambda error: error.line)


def _repeated_entities(entities: Sequence[_TopicEntity]) -> Iterator[tuple[_Path, str]]:
    """Find what would let one name mean two entities."""
    ids: set[str] = set()
    owners: dict[str, str] = {}
    for n, entity in enumerate(entities):
        here: _Path = ("topic", "entities", n)
        if entity.id in ids:
            yield (*here, "id"), f"used twice: {_quote(entity.id)}"
        ids.add(entity.id)
        for language, patterns in entity.spellings.items():
            for m, pattern in enumerate(patterns):
                if owners.setdefault(pattern, entity.id) != entity.id:
                    what = f"already a spelling of {owners[pattern]}: {_quote(pattern)}"
                    yield (*here, "spellings", language, m), what


def _repeated_facts(facts: Sequence[_TopicFact]) -> Iterator[tuple[_Path, str]]:
    ids: set[str] = set()
    for n, fact in enumerate(facts):
        if fact.id in ids:
            yield ("topic", "facts", n, "id"), f"used twice: {_quote(fact.id)}"
        ids.add(fact.id)


def _repetitions(sources: Sequence[_SourceEntry]) -> Iterator[tuple[_Path, str]]:
    ids: set[str] = set()
    urls: dict[str, str] = {}
    for n, source in enumerate(sources):
        if source.id in ids:
            yield ("sources", n, "id"), f"used twice: {_quote(source.id)}"
        ids.add(source.id)
        for m, feed in enumerate(source.feeds):
            if feed.url in urls:
                what = f"already listed under {urls[feed.url]}: {_quote(feed.url)}"
                yield ("sources", n, "feeds", m, "url"), what
            urls[feed.url] = source.id


def _disorder(sources: Sequence[_SourceEntry]) -> Iterator[tuple[_Path, str]]:
    """Find the selectors of articles that could never be chosen."""
    for n, source in enumerate(sources):
        for m, (one, following) in enumerate(pairwise(source.articles)):
            here: _Path = ("sources", n, "article")
            if one.until is None:
                yield (*here, m), "without `until` it holds from then on, so it must be the last"
            elif following.until is not None and following.until <= one.until:
                what = f"not after the one before: {_quote(following.until.isoformat())}"
                yield (*here, m + 1, "until"), what


#: pydantic's name of an error → what the operator reads.
_MESSAGES = {
    "missing": "missing key",
    "extra_forbidden": "unknown key",
    "string_type": "should be a text",
    "list_type": "should be a list",
    "dict_type": "should be a mapping",
    "model_type": "should be a mapping",
    "bool_parsing": "should be true or false",
    "too_short": "empty",
}


def _message(error: ErrorDetails) -> str:
    match error["type"]:
        case "value_error":
            return str(error["ctx"]["error"])
        case "enum":
            return f"not one of {error['ctx']['expected']}"
        case name:
            return _MESSAGES[name]


def _dotted(path: _Path) -> str:
    """Write the path as people do: ``sources[4].feeds[0].url: ``; nothing for the root."""
    steps = "".join(_step(step) for step in _plain(path))
    return f"{steps.lstrip('.')}: " if steps else ""


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if re.fullmatch(r"[\w-]+", step) else f"[{_quote(step)}]"


def _plain(path: _Path) -> _Path:
    """Return ``path`` without what pydantic puts into it."""
    return tuple(step for step in path if step not in _MARKS)


def _line(root: Node, path: _Path) -> int:
    """Return the line of the last step of ``path`` that is in the file."""
    node, line = root, root.start_mark.line
    for step in _plain(path):
        if isinstance(node, MappingNode):
            pairs = [(key, value) for key, value in node.value if key.value == step]
            if not pairs:  # a missing key: its parent's line
                break
            line, node = pairs[0][0].start_mark.line, pairs[0][1]
        else:
            node = node.value[step]
            line = node.start_mark.line
    return int(line) + 1


# --- YAML as it is written -------------------------------------------------


class _Loader(yaml.BaseLoader):
    """Every scalar stays text; no node may stand in two places."""

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # stubs' gap
            raise _LineError(mark.line + 1, "an alias (*name): write the value out")
        return super().compose_node(parent, index)


def _compose(text: str) -> Node:
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _LineError(mark.line + 1 if mark else 1, _yaml_message(error)) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _LineError(line, f"not YAML: {error.reason}") from error
    except RecursionError as error:
        raise _LineError(1, "not usable: nested too deeply") from error
    if root is None:
        raise _LineError(1, "empty")
    return root


def _yaml_message(error: yaml.MarkedYAMLError) -> str:
    if "'\\t'" in (error.problem or ""):
        return "a tab: YAML indents with blanks"
    return ": ".join(part for part in ("not YAML", error.context, error.problem) if part)


def _content(node: Node) -> object:
    match node:
        case ScalarNode():
            return node.value
        case SequenceNode():
            return [_content(item) for item in node.value]
        case MappingNode():
            return {key: _content(value) for key, value in _pairs(node)}
        case _:
            raise AssertionError(node)


def _pairs(node: MappingNode) -> Iterator[tuple[str, Node]]:
    seen = set()
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode):
            raise _LineError(line, "a key should be a text")
        if key.value in seen:
            raise _LineError(line, f"the key comes twice: {_quote(key.value)}")
        seen.add(key.value)
        yield key.value, value
