"""What a store refuses, as a sentence: what, where, what to do now; never words of the store's.

Those hold addresses, and an address may hold a signature.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from core.errors import SegferryError, SourceFailed
from core.profiles.sources.stores.address import Address
from core.texts import _

NO_BUCKET = _("There is no bucket or container {store}. Correct the path, or the region.")
MISSING = _("{path} is missing. Put the file there, or correct the path.")
VARIABLES = {
    "s3": "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY",
    "az": "AZURE_STORAGE_ACCOUNT_NAME, AZURE_STORAGE_ACCOUNT_KEY",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS",
}
DENIED = _(
    "{path} may not be read with the credentials of this server, or isn't there. Grant them the "
    "right to list and to read it (docs/sources.md has the policies)."
)
# The first whose pattern is found in what the store or its client says counts.
KINDS: Sequence[tuple[str, str]] = (
    (r"NoSuchBucket|ContainerNotFound|specified bucket does not exist", NO_BUCKET),
    (
        r"latest/api/token|169\.254\.169\.254|169\.254\.170\.2|metadata\.google"
        r"|Missing ?(Account|AccessKey|Secret|Credential)|Account must be specified|no credentials"
        r"|Unable to (open|decode) service account|OpenCredentials|TokenRequest",
        _(
            "There are no credentials for {path}. Set {variables} for this server, or give its "
            "machine a role (docs/sources.md)."
        ),
    ),
    (
        r"InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|InvalidToken|AuthenticationFailed"
        r"|RequestTimeTooSkewed|InvalidAuthenticationInfo|401 Unauthorized|UnauthenticatedError",
        _(
            "{store} doesn't accept the credentials of this server: they are wrong or have ended. "
            "Correct {variables}."
        ),
    ),
    (
        r"incorrectly configured region|PermanentRedirect|AuthorizationHeaderMalformed"
        r"|IllegalLocationConstraint|TemporaryRedirect",
        _("{store} is in another region than this server takes it for. Set {region}."),
    ),
    (r"403 Forbidden|AccessDenied|AuthorizationPermissionMismatch|PermissionDenied", DENIED),
    (r"FileNotFoundError|404 Not Found|NoSuchKey|BlobNotFound", MISSING),
    (
        r"No CA certificates",
        _(
            "This server has no certificates by which it could check others. Install the system's "
            "(ca-certificates), or name a file of them in SSL_CERT_FILE."
        ),
    ),
    (
        r"invalid peer certificate|UnknownIssuer|CERTIFICATE_VERIFY_FAILED",
        _(
            "The certificate of {host} isn't trusted. Have it mended, or name the file of your "
            "authority in SSL_CERT_FILE."
        ),
    ),
    (
        r"dns error|failed to lookup|gaierror|Name or service not known|nodename",
        _("No server of the name {host} is known. Correct the path or the endpoint."),
    ),
    (
        r"TimedOut|timed out|TimeoutError|deadline",
        _("{host} doesn't answer in time. Try again later."),
    ),
    (
        r"kind: Connect|Connection refused|ConnectionRefused|unreachable|error sending request"
        r"|ConnectionReset|SSLError|OSError",
        _(
            "Nothing answers at {host}. Check the path or the endpoint, and whether it can be "
            "reached from here."
        ),
    ),
)
OTHER = _("{path} can't be read: the store answered {why}. Try again later.")
CODES = (re.compile(r"<Code>(\w+)</Code>"), re.compile(r"status code: (\d{3})"))


def sentence(error: BaseException, address: Address, host: str) -> str:
    """What is said of an error at this address, whose store is reached at the host."""
    words = f"{type(error).__mro__} {error}"
    known = next((text for kind, text in KINDS if re.search(kind, words, re.IGNORECASE)), OTHER)
    codes = filter(None, (code.search(words) for code in CODES))
    return known.format(
        path=address.shown,
        store=address.store,
        host=host,
        variables=VARIABLES.get(address.scheme, ""),
        region="AWS_REGION" if address.scheme == "s3" else _("its endpoint"),
        why=next((code.group(1) for code in codes), _("with an error")),
    )


@contextmanager
def translated(address: Address, host: str) -> Iterator[None]:
    """Whatever fails inside becomes SourceFailed; no word of the error itself is kept."""
    try:
        yield
    except SegferryError:
        raise
    except Exception as error:
        raise SourceFailed(sentence(error, address, host)) from None


def changed(address: Address) -> SourceFailed:
    """What was read isn't what was found before."""
    text = _("{path} changed while it was being read. Try again once it is written.")
    return SourceFailed(text.format(path=address.shown))
