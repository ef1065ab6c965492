"""What `digest --mail` and `schedule --mail` do with a digest that was written."""

from dataclasses import dataclass

from pipeline.jobs.digest import WrittenReport
from pipeline.jobs.mail import Relay, mail_of, read_envelope, read_relay, send
from pipeline.render import Envelope
from pipeline.settings import Settings
from pipeline.web.clock import utc_now


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """To whom a digest is sent, and through which server."""

    envelope: Envelope
    relay: Relay | None  # None: nothing is sent

    def deliver(self, written: WrittenReport) -> str:
        """Send what was written and return to whom; without a relay return the message.

        Raises:
            ConfigError: the mail server refuses us, the sender or a recipient.
            MailError: the mail server does not take it this time.
        """
        message = mail_of(written, self.envelope)
        if self.relay is None:
            return message.decode("ascii").replace("\r\n", "\n")
        send(message, self.envelope, self.relay)
        to = ", ".join(one.addr_spec for one in self.envelope.recipients)
        return f"{written.newest.week}: sent to {to}"


def read_post(settings: Settings, *, dry_run: bool = False) -> Post:
    """Read the mail settings, before anything is written.

    Raises:
        ConfigError: one is missing or cannot be used.
    """
    return Post(
        envelope=read_envelope(settings, now=utc_now()),
        relay=None if dry_run else read_relay(settings),
    )
