"""Page → Article, or the reason why there is none.

extraction  all of it: Page → Article | Rejection
tree        bytes → the page's tree, whatever the bytes
declared    what the page writes for machines: json_ld, microdata, meta elements, links
titles      its headline, among headings and without sitenames
moments     when it was published and changed; shown_dates: where it shows the day
bylines     who wrote it, by the names that people read in a line
pictures    its first picture
metadata    all that it says of itself: these, alternates, address, language, paywall
selected    what stands where sources.yaml says that it stands
walls       pages that are no article: walls, errors, lists; notices: what these say
names       what the names of a page's elements tell
blocks      the page cut into runs of text
looks       what the text of a block looks like
places      where the article stands, by rules
vocabulary  what single words tell of a block
features    all that tells of a block, in figures
forest      boosted trees as plain arrays
judges      who gives each block its probability: a model, or rules
content     the article's part of the tree
paragraphs  that part → paragraphs, with BeautifulSoup

The whole page is parsed with lxml alone: a BeautifulSoup of it costs eleven times as
much, for objects that are thrown away. Of the article's own part it costs little.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.articles.extraction import extract_article

__all__ = ["extract_article"]


def __getattr__(name: str) -> object:
    """Import the extractor when it is asked for: its expressions take a quarter of a second."""
    if name == "extract_article":
        from pipeline.articles.extraction import extract_article  # noqa: PLC0415

        return extract_article
    raise AttributeError(name)
