"""Digest → HTML, Markdown, JSON, mail: the same digest gives the same bytes.

quotes      the words of strangers, made harmless
writing     days, moments and names in the page's language
coverage    charts and the tables behind them      methods     how a digest was made
pages       what the templates show
documents   HTML and Markdown                      data        JSON, by digest.schema.json
mail        a message in HTML and in plain words
published   JSON → what was published              revisions   what changed since then
overview    all weeks → front page and Atom feed

Jinja escapes for HTML and `escape_markdown` for Markdown, both without being
asked. The HTML also carries a policy that forbids every script and every
request, so that a mistake here would stay a blemish.

The page is read in a minute and mailed, so lists are capped and say how much
they leave out: about 60 kB however many articles there are. The JSON has all.
"""

from pipeline.render.data import json_schema, render_json
from pipeline.render.documents import render_html, render_markdown
from pipeline.render.mail import Envelope, read_addresses, render_mail
from pipeline.render.overview import render_feed, render_index
from pipeline.render.published import PublishedWeek, read_published
from pipeline.render.revisions import revised

__all__ = [
    "Envelope",
    "PublishedWeek",
    "json_schema",
    "read_addresses",
    "read_published",
    "render_feed",
    "render_html",
    "render_index",
    "render_json",
    "render_mail",
    "render_markdown",
    "revised",
]
