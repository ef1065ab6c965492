"""An entry is added to the text of sources.yaml: it means what it should, nothing else moves."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.entries import Addition, add_entry
from pipeline.errors import ConfigError
from pipeline.model import Feed, FeedKind, PublisherKind, Source
from pipeline.sources import parse_sources

DAY = date(2026, 1, 2)
SHIPPED = (Path(__file__).parents[1] / "sources.yaml").read_bytes().decode()

HARBOUR = Source(
    id="harbour",
    name="The Harbour Post",
    publisher=PublisherKind.OTHER,
    country="AZ",
    languages=("az", "no"),
    time_zone="Asia/Baku",
    homepage="https://harbour.example/",
    feeds=(
        Feed(url="https://harbour.example/rss", language="az"),
        Feed(url="https://harbour.example/map.xml", kind=FeedKind.SITEMAP),
    ),
)

TOPIC = """\
topic:
  name: Lantern Day
  time_zone: Asia/Baku
  season: {start: 12-15, day: 12-31, end: 01-10}
  names: {en: [lantern day*]}
"""
INDENTED = f"""\
# whom we read
{TOPIC}
sources:
  # the old ones
  - id: one
    name: The One  # its name
    publisher: private
    languages: [en]
    time_zone: UTC
    feeds:
      - url: https://one.example/feed

  - id: two
    name: The Two
    publisher: private
    languages: [en]
    time_zone: UTC
    feeds:
      - url: https://two.example/feed  # slow
        # at night
"""
AT_THE_MARGIN = """\
sources:
- id: one
  name: The One
  publisher: private
  languages: [en]
  time_zone: UTC
  feeds:
  - url: https://one.example/feed
- {id: two, name: The Two, publisher: private, languages: [en], time_zone: UTC,
   feeds: [{url: "https://two.example/feed"}]}  # in braces

# what we look for
"""


def added(text: str, source: Source = HARBOUR) -> Addition:
    """Add a source, and hold the result to what every addition promises."""
    addition = add_entry(text, source, added_on=DAY, guessed=("publisher",), name="s.yaml")
    before, after = parse_sources(text), parse_sources(addition.text)
    assert (after.topic, after.sources) == (before.topic, (*before.sources, source))
    longer = len(addition.text) - len(text)
    pairs = enumerate(zip(text, addition.text, strict=False))
    differs = next((n for n, (old, new) in pairs if old != new), len(text))
    assert any(
        addition.text[:start] + addition.text[start + longer :] == text
        for start in range(max(0, differs - longer), differs + 1)
    ), "all that was there is there, byte for byte"
    lines = addition.text.splitlines()
    count = len(addition.entry.splitlines())
    assert lines[addition.line - 1 : addition.line - 1 + count] == addition.entry.splitlines()
    return addition


# --- where, and in which layout ----------------------------------------------


def test_an_entry_in_an_indented_list_with_blank_lines() -> None:
    entry = """
  # added on 2026-01-02, found by `solidarity sources add`; guessed, to be checked: publisher
  - id: harbour
    name: The Harbour Post
    publisher: other
    country: AZ
    languages: [az, "no"]
    time_zone: Asia/Baku
    homepage: https://harbour.example/
    feeds:
      - url: https://harbour.example/rss
        language: az
      - url: https://harbour.example/map.xml
        kind: sitemap
"""
    assert added(INDENTED).text == INDENTED + entry


def test_an_entry_in_a_list_at_the_margin_before_another_key() -> None:
    entry = """\
# added on 2026-01-02, found by `solidarity sources add`; guessed, to be checked: publisher
- id: harbour
  name: The Harbour Post
  publisher: other
  country: AZ
  languages: [az, "no"]
  time_zone: Asia/Baku
  homepage: https://harbour.example/
  feeds:
  - url: https://harbour.example/rss
    language: az
  - url: https://harbour.example/map.xml
    kind: sitemap
"""
    rest = "\n# what we look for\n"
    before = AT_THE_MARGIN.removesuffix(rest)
    assert added(AT_THE_MARGIN + TOPIC).text == before + entry + rest + TOPIC


def test_an_entry_in_the_shipped_file() -> None:
    addition = added(SHIPPED)
    assert addition.text.startswith(SHIPPED.rstrip("\n"))
    first, *_ = re.findall(r"  - id: [^-]*?    feeds:\n", SHIPPED)
    assert [line[:8] for line in first.splitlines()[:3]] == ["  - id: ", "    name", "    publ"]
    assert [line[:8] for line in addition.entry.splitlines()[1:4]] == [
        *("  - id: ", "    name", "    publ")
    ]


ITEM = "{id: one, name: One, publisher: private, languages: [en], time_zone: UTC, feeds: [FEED]}"
ITEM = ITEM.replace("FEED", '{url: "https://one.example/feed"}')
BLOCK_SCALAR = INDENTED.replace(
    "https://two.example/feed  # slow", "|-\n          https://t.example/"
)
WIDE = """\
sources:
    -   id: one
        name: The One
        publisher: private
        languages:
            -   en
        time_zone: UTC
        feeds:
            -   url: https://one.example/feed
"""


@pytest.mark.parametrize(
    "text",
    [
        INDENTED.rstrip("\n"),
        INDENTED + "\n\n\n",
        INDENTED + "\n  # - id: three\n  #   name: resting\n# the end\n",
        INDENTED + "...\n",
        INDENTED.replace("\n", "\r\n"),
        INDENTED.replace("\n", "\r\n").rstrip(),
        INDENTED.replace("\n", "\r"),
        "\ufeff" + INDENTED,
        "%YAML 1.1\n---\n" + INDENTED,
        BLOCK_SCALAR,
        BLOCK_SCALAR + "\n\n",
        INDENTED.replace("# at night\n", "# at night\u2028        # and by day\n"),
        INDENTED.replace("name: The Two", "name: Həmrəylik 🏮 şərhi"),
        INDENTED.replace("  - id: two", "  -\n    id: two"),
        AT_THE_MARGIN + TOPIC,
        TOPIC + AT_THE_MARGIN,
        TOPIC + WIDE,
        f"{TOPIC}sources:\n  - {ITEM}",
        f"{TOPIC}sources: # here\n- {ITEM}\n",
        f'{TOPIC}"sources":\n- {ITEM}\n',
        TOPIC + WIDE.partition("        feeds:")[0] + "        feeds: [{url: https://o.example/}]",
        re.sub(
            r"languages:\n.*-   en", "languages: [en]", TOPIC + WIDE.partition("        feeds:")[0]
        )
        + "        feeds: [{url: https://o.example/}]\n",
    ],
)
def test_all_that_was_there_stays(text: str) -> None:
    addition = added(text)
    breaks = set(re.findall("\r\n|\r|\n", text))
    assert set(re.findall("\r\n|\r|\n", addition.text)) == breaks
    again = added(addition.text, _other("quay"))
    assert again.line > addition.line


def _other(name: str) -> Source:
    return Source(
        id=name,
        name=name,
        publisher=PublisherKind.OTHER,
        languages=("en",),
        time_zone="UTC",
        feeds=(Feed(url=f"https://{name}.example/feed"),),
    )


def test_a_wide_layout_is_kept() -> None:
    lines = added(TOPIC + WIDE).entry.splitlines()
    assert lines[1] == "    -   id: harbour"
    assert lines[2] == "        name: The Harbour Post"
    assert "            -   url: https://harbour.example/rss" in lines


def test_comments_behind_the_last_entry_stay_with_it() -> None:
    resting = "\n  # - id: three\n  #   name: resting\n"
    text = added(INDENTED + resting + "\n# the end\n").text
    assert text.index("resting") < text.index("harbour") < text.index("# the end")
    text = added(TOPIC + AT_THE_MARGIN).text
    assert text.index("# in braces") < text.index("harbour") < text.index("# what we look for")


# --- what cannot be changed --------------------------------------------------


def error_of(text: str, source: Source = HARBOUR) -> str:
    with pytest.raises(ConfigError) as raised:
        add_entry(text, source, added_on=DAY, name="s.yaml")
    message = str(raised.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize("layout", ["[{item}]", "[\n  {item},\n]", "[{item}] # all of them"])
def test_a_list_in_brackets_is_refused_with_what_to_paste(layout: str) -> None:
    text = TOPIC + "sources: " + layout.format(item=ITEM) + "\n"
    message = error_of(text)
    end = text.count("\n", 0, text.rindex("]") + 1) + 1
    assert message.startswith("s.yaml:6: the list of sources is in brackets")
    assert f"before its last bracket (line {end})" in message
    pasted = message.partition("): ")[2]
    place = text.rindex("]")
    comma = "" if text[:place].rstrip().endswith(",") else ", "
    mended = parse_sources(text[:place] + comma + pasted + text[place:])
    assert mended.sources[-1] == HARBOUR


def test_a_json_file_is_refused_likewise() -> None:
    topic = yaml.safe_load(TOPIC.replace("12-15", "'12-15'"))["topic"]
    text = str({"topic": topic | {"name": "T"}, "sources": [yaml.safe_load(ITEM)]})
    assert "is in brackets" in error_of(text.replace("datetime", ""))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "s.yaml:1: empty"),
        (TOPIC, "s.yaml:1: sources: missing key"),
        (TOPIC + "sources: []\n", "s.yaml:6: sources: empty"),
        (INDENTED + "\tx: y\n", "s.yaml"),
        (INDENTED.replace("id: two", "id: one"), "s.yaml:"),
    ],
)
def test_a_file_that_cannot_be_used_is_left_alone(text: str, said: str) -> None:
    assert error_of(text).startswith(said)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (_other("two"), "used twice: 'two'"),
        (_other("one.example/feed?x="), "not an id"),
    ],
)
def test_an_entry_that_cannot_stand_in_the_file_is_refused(source: Source, said: str) -> None:
    assert said in error_of(INDENTED, source)


def test_where_nothing_can_be_added_without_a_change_nothing_is() -> None:
    # Blank lines that belong to the last value.
    pattern = "selectors:\n          item: li\n          date_pattern: |+\n            %d.%m\n\n\n"
    text = INDENTED.replace("# at night\n", f"kind: listing\n        {pattern}")
    parse_sources(text)
    assert "paste this as one more line of the list: - {id: " in error_of(text)


SELECTORS = """\
    article:
      - until: 2020-12-31
        text: td
      - text: .story  # since it was rebuilt
        remove: aside
"""


@pytest.mark.parametrize("place", [INDENTED.index("    feeds:\n"), len(INDENTED)])
def test_selectors_of_articles_stay_as_they_are(place: int) -> None:
    text = INDENTED[:place] + SELECTORS + INDENTED[place:]
    assert added(text).text.count(SELECTORS) == 1


# --- text from the web -------------------------------------------------------

NAMES = [
    "Say “A: b” #1",
    "He said \"no\": 'yes'",
    "# not a comment",
    "- not a list",
    "{not: a, map: ping}",
    "[x]",
    "*alias &anchor !tag %directive @at `tick`",
    "ends with a colon:",
    "a\nid: stolen",
    "a\r\n  - id: stolen",
    "back\\slash \\n",
    "\u202eevil\u202c",
    "bell\x07 escape\x1b[2J nul\x00",
    "next\x85line\u2028and\u2029paragraph",
    "\ufeffmark",
    "half a pair \ud83d",
    "🏮 Fənər",
    "ندای آذربایجان",
    "می‌خواهم",  # with a joiner
    "no",
    "Null",
    "~",
    "1_000",
    "2026-01-02",
    "0x1f",
    "<<",
    "---",
    "...",
    "| block",
    "> block",
    "? key",
    "x" * 300,
]


def _named(name: str) -> Source:
    return Source(
        id="harbour",
        name=name,
        publisher=PublisherKind.OTHER,
        languages=("en",),
        time_zone="UTC",
        feeds=(Feed(url="https://harbour.example/rss"),),
    )


@pytest.mark.parametrize("name", NAMES)
def test_no_name_is_more_than_a_name(name: str) -> None:
    entry = added(INDENTED, _named(name)).entry
    assert all(line.isprintable() for line in entry.split("\n"))
    assert len(entry.split("\n")) == 8
    # Others read the file as well, with YAML's own ideas of types.
    assert yaml.safe_load(entry)[0]["name"] == name


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1).map(str.strip).filter(bool))
def test_any_name_is_kept(name: str) -> None:
    entry = add_entry(f"{TOPIC}sources:\n- {ITEM}\n", _named(name), added_on=DAY, name="s").entry
    assert yaml.safe_load(entry)[0]["name"] == name


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.2:8800",
        "https://harbour.example/rss?cat=a&lang=az#x",
        "https://harbour.example/a,b[1]{2}:",
        "https://harbour.example/%C9%99?q=%22a%22+OR+b",
        "http://harbour.example:",
        "https://harbour.example/\"'",
    ],
)
def test_any_address_is_kept(url: str) -> None:
    source = Source(
        id="harbour",
        name="Harbour",
        publisher=PublisherKind.OTHER,
        languages=("en",),
        time_zone="UTC",
        feeds=(Feed(url=url),),
    )
    entry = added(INDENTED, source).entry
    assert yaml.safe_load(entry)[0]["feeds"] == [{"url": url}]
    assert url.replace('"', '\\"') in error_of(f"{TOPIC}sources: [{ITEM}]\n", source)
