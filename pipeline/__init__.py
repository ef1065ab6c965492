"""The pipeline: from sources.yaml to a digest. This is the map, in data order.

Files are pure, folders touch the world; data flows one way, and so do imports.

model       the nouns                        errors      what can go wrong
intervals   when a feed is asked next        settings    what can be chosen
urls        one spelling per address         countries   what a domain tells of place and time
outlets     whose article stands at an address
sources     sources.yaml → Topic, Sources    entries     a new Source → lines in sources.yaml
patterns    a phrase's pattern → its words
discovery   a page → where its feeds may be  profiles    what tells of a new outlet → Source
charsets    bytes → text, by evidence        text        fold, words, sentences
dates       what is said of a moment         stopwords   words that carry no topic
inflection  a word → one key for all its forms
languages   a text → its language, by letters
feeds       feed bytes → FeedEntries         listings    section page, sitemap → FeedEntries
articles    Page → Article | Rejection
relevance   Article × Topic → about it, a mention, or not
entities    Article × Topic → whom and what it names
learning    a researcher's labels → a second opinion on the doubtful
passages    a text → its sentences, to be recognised in other years
duplicates  ArchivedArticles → DuplicateGroups
stories     DuplicateGroups → Stories
keywords    a week's terms against a baseline
summaries   the sentences that tell a Story
disagreements  years and numbers on which outlets differ
excerpts    how much is quoted of an article
wording     the digest's own words, in four languages
digests     a week's Stories → Digest
charts      figures → SVG
render      Digest → HTML, Markdown, JSON, mail; the digests of a folder → front page, Atom feed

web/        the only code that opens a socket to a host; jobs/mail, to the operator's mail server
store/      the only code that knows SQL and the archive's files
jobs/       the only code that joins them: collect, backfill, curate, label, digest, mail,
            extract, schedule
demo/       a small invented newsroom on loopback, for `solidarity demo`
cli/        the door: parse, call one job, print

Where the house departs from its first plan: errors stand above model, since an
error names a Reason; feeds and section pages stand above dates and charsets,
since they carry both; articles, render and cli have grown into folders. Web archives
of others are read by a reader of our own (store/records), since the libraries hand out
halves of pages where a file is damaged.
"""

__version__ = "0.1.0"
