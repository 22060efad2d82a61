"""Signs documents with a certificate that this installation makes once, and checks them."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from core.errors import Invalid
from core.store import Store
from core.store.own_keys import own_key
from core.texts import _

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

NAME = "signature"  # of the key
FIELD = "Signature"
YEARS = 30


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of a document's signature found: `at` is when it was signed, as it says itself.

    `whole`: nothing was changed or added since; `ours`: it was made by this installation.
    """

    whole: bool
    ours: bool
    at: datetime | None
    fingerprint: str  # SHA-256 of the certificate, hexadecimal


def sign(store: Store, document: bytes) -> bytes:
    """The PDF with a signature that covers all of it, and forbids any change. Raises Invalid."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import MDPPerm

    signed = signers.sign_pdf(
        IncrementalPdfFileWriter(BytesIO(document)),
        signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        ),
        signer=_signer(store),
    )
    return bytes(signed.getvalue())


def check(store: Store, document: bytes) -> Checked:
    """Looks whether a document is as it was signed. Raises Invalid for what isn't signed."""
    from pyhanko.keys import load_certs_from_pemder_data
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko_certvalidator import ValidationContext

    (own,) = load_certs_from_pemder_data(_kept(store)["certificate"].encode())
    try:
        (signature,) = PdfFileReader(BytesIO(document)).embedded_signatures
        context = ValidationContext(trust_roots=[own], allow_fetching=False)
        status = validate_pdf_signature(signature, context)
    except (PdfError, SignatureValidationError, ValueError, KeyError, TypeError) as error:
        raise Invalid(
            _("This is no PDF with one signature, or it is damaged. Use the file as it was made.")
        ) from error
    made = signature.signer_cert
    return Checked(
        whole=bool(status.intact and status.valid and status.docmdp_ok),
        ours=made.sha256 == own.sha256,
        at=status.signer_reported_dt,
        fingerprint=made.sha256.hex(),
    )


def fingerprint(store: Store) -> str:
    """That of this installation's certificate: SHA-256, hexadecimal."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    certificate = x509.load_pem_x509_certificate(_kept(store)["certificate"].encode())
    return certificate.fingerprint(hashes.SHA256()).hex()


def _signer(store: Store) -> "SimpleSigner":
    try:
        from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
        from pyhanko.sign.signers import SimpleSigner
        from pyhanko_certvalidator.registry import SimpleCertificateStore
    except ModuleNotFoundError as error:
        text = _("Documents need the extra “pdf”: install segferry[pdf].")
        raise Invalid(text) from error
    kept = _kept(store)
    (certificate,) = load_certs_from_pemder_data(kept["certificate"].encode())
    key = load_private_key_from_pemder_data(kept["key"].encode(), passphrase=None)
    others = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    return SimpleSigner(signing_cert=certificate, signing_key=key, cert_registry=others)


def _kept(store: Store) -> dict[str, str]:
    """The key and its certificate, PEM."""
    found: dict[str, str] = json.loads(own_key(store, NAME, _made))
    return found


def _made() -> str:
    """A new key (P-256) with a certificate that it signs itself: no authority knows this one."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Segferry")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(_for_signatures(x509), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    return json.dumps({"key": private.decode(), "certificate": public.decode()})


def _for_signatures(x509: Any) -> Any:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
