"""Digest → HTML and Markdown, by the templates beside this package."""

import re
from collections.abc import Callable
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.model import Digest
from pipeline.render.pages import DigestPage
from pipeline.render.quotes import Quote, escape_markdown
from pipeline.summaries import MOST_QUOTED
from pipeline.wording import load_words


def render_html(digest: Digest) -> str:
    """Return the digest as one HTML file that asks for nothing else."""
    return templates().get_template("digest.html").render(page_context(digest)).lstrip()


def render_markdown(digest: Digest) -> str:
    """Return the digest as CommonMark with tables."""
    template = templates(escape_markdown).get_template("digest.md")
    text = template.render(page_context(digest), link=_link, outlet=_outlet, code=_code)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def page_context(digest: Digest) -> dict[str, object]:
    """Return what the templates of a digest are filled in with."""
    words = load_words(digest.language)
    return {
        "page": DigestPage(digest, words),
        "say": words.say,
        "count": words.count,
        "number": words.number,
        "most_quoted": MOST_QUOTED,
    }


def _link(quote: Quote) -> Markup:
    return _markdown_link(quote.text, quote.url)


def _outlet(quote: Quote) -> Markup:
    return _markdown_link(quote.outlet, quote.url)


def _code(text: str) -> Markup:
    """Return ``text`` as code, to be copied as it is."""
    text = " ".join(text.split())
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    return Markup(f"{fence} {text} {fence}")  # noqa: S704 - nothing within is read as markup


def _markdown_link(text: str, url: str | None) -> Markup:
    shown = escape_markdown(text)
    return Markup(f"[{shown}]({url})") if url else shown  # noqa: S704 - both made safe


@cache
def templates(escape: Callable[[object], Markup] | None = None) -> Environment:
    """Return the templates; ``escape`` is for every value where HTML's own does not fit."""
    return Environment(
        loader=PackageLoader("pipeline.render", "templates"),
        autoescape=escape is None,  # noqa: S701 - one of the two escapes is always on
        finalize=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
