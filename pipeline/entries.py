"""A new source becomes an entry in the text of sources.yaml.

The file is its owner's: they have written its comments, parted its entries and chosen its
indentation, and what loads and dumps YAML would lose all that. So nothing is written anew.
The marks of a YAML parser show where the list of sources ends, lines in the file's own
layout are put in there, and every other byte stays. Whatever an outlet calls itself is
quoted; and what `parse_sources` makes of the result must be the old sources and the new
one, or the file is left as it is.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

from pipeline.errors import ConfigError
from pipeline.model import Feed, FeedKind, Source
from pipeline.sources import Catalogue, parse_sources

#: Columns from a dash to the keys behind it, where the file shows no other habit.
_USUAL_STEP = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A sources.yaml with one more entry."""

    text: str  # the whole file
    entry: str  # what was added: its lines, with the file's indentation
    line: int  # of the file, where the entry begins, from 1


def add_entry(
    text: str, source: Source, *, added_on: date, guessed: Sequence[str] = (), name: str
) -> Addition:
    """Append ``source`` to the list of sources in the text of a sources.yaml.

    Args:
        text: of the file, with its own line ends.
        source: what is added: id, name, publisher, country, languages, time zone, homepage,
            and its feeds with address, kind and language.
        added_on: the day that the comment above the entry names.
        guessed: keys of the entry that a person should look at.
        name: of the file, for the errors.

    Raises:
        ConfigError: the file cannot be used as it is, or its list stands in brackets.
    """
    before = parse_sources(text, name=name)
    listed = _find_list(text)
    if listed.flow_style:
        raise ConfigError(_in_brackets(listed, source, name))
    layout = _read_layout(text, listed)
    lines = [_comment(added_on, guessed), *_entry_lines(source, layout)]
    indented = [" " * layout.dash + line for line in lines]
    place = _end_of_list(text, listed)
    gap = [""] if layout.parted else []
    inserted = "".join(layout.newline + line for line in (*gap, *indented))
    after = text[:place] + inserted + text[place:]
    _check(before, parse_sources(after, name=name), source, name)
    begin = len(text[:place].splitlines()) + len(gap) + 1
    return Addition(text=after, entry="\n".join(indented), line=begin)


def _check(before: Catalogue, after: Catalogue, source: Source, name: str) -> None:
    if (after.topic, after.sources) != (before.topic, (*before.sources, source)):
        raise ConfigError(
            f"{name}: nothing can be added at the end of sources: without changing what is "
            f"there; paste this as one more line of the list: - {_in_one_line(source)}"
        )


def _in_brackets(listed: SequenceNode, source: Source, name: str) -> str:
    begin, end = listed.start_mark.line + 1, listed.end_mark.line + 1
    return (
        f"{name}:{begin}: the list of sources is in brackets; write it with dashes, or paste this "
        f"behind a comma before its last bracket (line {end}): {_in_one_line(source)}"
    )


# --- the layout of the file --------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """How the file writes its list."""

    dash: int  # column of the dashes
    step: int  # columns from a dash to the keys behind it
    nested: int  # columns from the key of a nested list to its dashes
    parted: bool  # by a blank line
    newline: str


def _find_list(text: str) -> SequenceNode:
    """Return the list of sources, with its places in ``text``, which is known to be usable."""
    root = yaml.compose(text, Loader=yaml.BaseLoader)
    for key, value in root.value if isinstance(root, MappingNode) else ():
        if key.value == "sources" and isinstance(value, SequenceNode):
            return value
    raise AssertionError  # parse_sources has seen it


def _read_layout(text: str, listed: SequenceNode) -> _Layout:
    dash = listed.start_mark.column
    step, nested = _USUAL_STEP, dash
    for item in listed.value:
        if isinstance(item, MappingNode) and not item.flow_style:
            step = item.start_mark.column - dash
            nested = _nested_indent(item, default=nested)
    newline = re.search(r"\r\n|\r|\n", text)
    return _Layout(
        dash=dash,
        step=step,
        nested=nested,
        parted=len(listed.value) == 1 or _is_parted(text, listed),
        newline=newline[0] if newline else "\n",
    )


def _nested_indent(item: MappingNode, *, default: int) -> int:
    for key, value in item.value:
        if isinstance(value, SequenceNode) and not value.flow_style:
            return int(value.start_mark.column - key.start_mark.column)
    return default


def _is_parted(text: str, listed: SequenceNode) -> bool:
    """Tell whether a blank line stands between any two entries."""
    pairs = zip(listed.value, listed.value[1:], strict=False)
    between = (text[_last_index(one) : other.start_mark.index] for one, other in pairs)
    return any(not line.strip() for span in between for line in span.splitlines()[1:-1])


def _last_index(node: Node) -> int:
    """Return where the last value within ``node`` ends.

    The end of a block is no use: to the parser it lies behind the comments that follow.
    """
    while isinstance(node, SequenceNode | MappingNode) and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return int(node.end_mark.index)


_REST_OF_LINE = re.compile(r"[^\r\n]*")
_EMPTY_LINE = re.compile(r"(?:\r\n|\r|\n)([ \t]*)(#[^\r\n]*)?(?=[\r\n]|\Z)")


def _end_of_list(text: str, listed: SequenceNode) -> int:
    """Return the place behind the last entry and the comments that belong to it.

    These are as far to the right as the dashes, or further; at the left margin, where
    a comment may as well be about the next key, only further.
    """
    dash = listed.start_mark.column
    # A block scalar ends behind the blank lines that follow it.
    place = len(text[: _last_index(listed)].rstrip())
    end = place = _matched_to(_REST_OF_LINE, text, place)
    while found := _EMPTY_LINE.match(text, place):
        place = found.end()
        if found[2] and len(found[1]) >= max(dash, 1):
            end = place
    return end


def _matched_to(pattern: re.Pattern[str], text: str, place: int) -> int:
    found = pattern.match(text, place)
    return found.end() if found else place


# --- the entry ---------------------------------------------------------------


def _comment(added_on: date, guessed: Iterable[str]) -> str:
    told = f"# added on {added_on.isoformat()}, found by `solidarity sources add`"
    keys = ", ".join(guessed)
    return f"{told}; guessed, to be checked: {keys}" if keys else told


def _entry_lines(source: Source, layout: _Layout) -> list[str]:
    pairs = _pairs(source)
    lines = [f"{key}: {value}" for key, value in pairs]
    lines.append("feeds:")
    for feed in source.feeds:
        of_feed = [f"{key}: {value}" for key, value in _feed_pairs(feed)]
        lines += [" " * layout.nested + line for line in _behind_dash(of_feed, layout.step)]
    return _behind_dash(lines, layout.step)


def _behind_dash(lines: Sequence[str], step: int) -> list[str]:
    return [("-" if n == 0 else "").ljust(step) + line for n, line in enumerate(lines)]


def _pairs(source: Source) -> list[tuple[str, str]]:
    pairs = [("id", _scalar(source.id)), ("name", _scalar(source.name))]
    pairs.append(("publisher", source.publisher.value))
    if source.country:
        pairs.append(("country", _scalar(source.country)))
    pairs.append(("languages", f"[{', '.join(map(_scalar, source.languages))}]"))
    pairs.append(("time_zone", _scalar(source.time_zone)))
    if source.homepage:
        pairs.append(("homepage", _scalar(source.homepage)))
    return pairs


def _feed_pairs(feed: Feed) -> list[tuple[str, str]]:
    pairs = [("url", _scalar(feed.url))]
    if feed.kind is not FeedKind.FEED:
        pairs.append(("kind", feed.kind.value))
    if feed.language:
        pairs.append(("language", _scalar(feed.language)))
    return pairs


def _in_one_line(source: Source) -> str:
    feeds = (", ".join(_quoted(_feed_pairs(feed))) for feed in source.feeds)
    listed = ", ".join(f"{{{feed}}}" for feed in feeds)
    return "{" + ", ".join(_quoted(_pairs(source))) + f", feeds: [{listed}]}}"


def _quoted(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Put into quotes what may stand plain in a line of its own, but not between braces."""
    for key, value in pairs:
        yield f"{key}: {value}" if value.startswith(('"', "[")) else f'{key}: "{value}"'


#: Text that no reader of YAML takes for anything but itself: it begins with a letter and
#: holds neither ": " nor " #".
_PLAIN = re.compile(r"[^\W\d_](?:[\w .,()/&+’-]*[\w.)])?")
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9.:-]+(?:/[A-Za-z0-9._~/?&=%+-]*)?(?<!:)")
#: Words that YAML 1.1 takes for something else (yaml.org/type).
_NOT_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})


def _scalar(text: str) -> str:
    r"""Write a text as YAML that means it, whatever is in it.

    >>> print(_scalar("Azadlıq Radiosu (RFE/RL)"), _scalar("no"), _scalar("1news"))
    Azadlıq Radiosu (RFE/RL) "no" "1news"
    >>> print(_scalar('Say "A: b" #1\n\u202e'))
    "Say \"A: b\" #1\U0000000A\U0000202E"
    """
    plain = _PLAIN_URL if "://" in text else _PLAIN
    if plain.fullmatch(text) and text.isprintable() and text.lower() not in _NOT_WORDS:
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(one: str) -> str:
    if one in '"\\':
        return "\\" + one
    return one if one.isprintable() else f"\\U{ord(one):08X}"
