"""The heartbeat: an address that is asked after each refresh, so that silence is noticed.

Only administrators choose it. It is asked by GET; no redirect is followed, and of the answer no
more than a few bytes are read.
"""

from core import __version__
from core.alerts.services import NotTaken, redacted
from core.destinations.http import BaseTransport, Client, HTTPError, InvalidURL, Response
from core.texts import _

TIMEOUT = 10.0  # seconds
MOST = 2_000  # bytes of an answer that are read


def ask(address: str, transport: BaseTransport | None = None) -> str:
    """What the other side answered, in short. Raises NotTaken unless it is a 2xx."""
    headers = {"User-Agent": f"Segferry/{__version__}"}
    try:
        with (
            Client(timeout=TIMEOUT, follow_redirects=False, transport=transport) as client,
            client.stream("GET", address, headers=headers) as answer,
        ):
            words = _begin(answer)
    except (HTTPError, InvalidURL) as error:
        why = str(error) or type(error).__name__
        text = _("It could not be reached: {why}").format(why=why)
        raise NotTaken(redacted(text, [address])) from None
    if not answer.is_success:
        text = _("It answered with status {status}: {words}")
        said = text.format(status=answer.status_code, words=words or answer.reason_phrase)
        raise NotTaken(redacted(said, [address]))
    return redacted(words, [address])


def _begin(answer: Response) -> str:
    read = b""
    for piece in answer.iter_raw(MOST):
        read += piece
        if len(read) >= MOST:
            break
    return read[:MOST].decode("utf-8", "replace").strip()
