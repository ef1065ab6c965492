"""What can go wrong.

PipelineError
├── ConfigError              sources.yaml, a setting or an option cannot be used
├── FetchError               the web gave no usable reply for .url
│   ├── RefusedError         robots.txt, the host, or our own guard forbids it
│   ├── UnreachableError     no reply, or one cut short; worth another try
│   ├── PostponedError       not asked now, since the host wants or needs a rest
│   └── StatusError          a reply with a status that is not a page
├── MailError                the mail server did not take a message this time
└── StoreError               the database, an archive file or the output said no

A page that is read but not wanted is no error: it is a `model.Rejection`.
"""

from datetime import datetime

from pipeline.model import Reason


class PipelineError(Exception):
    """The root: whatever the pipeline itself knows how to report."""


class ConfigError(PipelineError):
    """Something the operator wrote cannot be used; the message says what and where."""


#: Characters of what a host said that are kept.
_LONGEST_DETAIL = 500


class FetchError(PipelineError):
    """The web gave no usable reply for ``url``; ``detail`` is printable, whatever a host sent."""

    def __init__(self, url: str, reason: Reason, detail: str = "") -> None:
        self.url = url
        self.reason = reason
        shown = detail[:_LONGEST_DETAIL]
        self.detail = "".join(one if one.isprintable() else "\ufffd" for one in shown)
        super().__init__(f"{url}: {self.detail or reason}")


class RefusedError(FetchError):
    """It must not be asked: robots.txt, an address that is not public, a scheme."""


class UnreachableError(FetchError):
    """No reply, or one that was cut short; worth another try later."""


class PostponedError(FetchError):
    """It was not asked, since its host wants or needs a rest until ``retry_at``."""

    def __init__(self, url: str, reason: Reason, detail: str, *, retry_at: datetime) -> None:
        super().__init__(url, reason, detail)
        self.retry_at = retry_at


class StatusError(FetchError):
    """The host replied with ``status``; ``retry_at`` is when it asked us to return."""

    def __init__(
        self,
        url: str,
        reason: Reason,
        detail: str = "",
        *,
        status: int,
        retry_at: datetime | None = None,
    ) -> None:
        super().__init__(url, reason, detail or f"HTTP {status}")
        self.status = status
        self.retry_at = retry_at


class MailError(PipelineError):
    """The mail server cannot be reached or did not take a message; worth another try."""


class StoreError(PipelineError):
    """The database or an archive file cannot be read or written."""
