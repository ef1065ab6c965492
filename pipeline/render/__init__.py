"""Digest → HTML, Markdown, JSON: the same digest gives the same bytes.

quotes      the words of strangers, made harmless
pages       what the templates show
documents   HTML and Markdown                         data    JSON

Jinja escapes for HTML and `escape_markdown` for Markdown, both without being
asked. The HTML also carries a policy that forbids every script and every
request, so that a mistake here would stay a blemish.

The page is read in a minute and mailed, so lists are capped and say how much
they leave out: about 60 kB however many articles there are. The JSON has all.
"""

from pipeline.render.data import render_json
from pipeline.render.documents import render_html, render_markdown

__all__ = ["render_html", "render_json", "render_markdown"]
