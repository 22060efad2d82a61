"""TLS for servers of tests: certificates made here, and a front of PostgreSQL that speaks it.

The PostgreSQL of the tests is built without TLS, and none speaks it on a socket of Unix. So the
front answers the client's request as a server does, and hands on what it decrypts.
"""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pair:
    """A certificate and its key, as files."""

    certificate: Path
    key: Path


class Authority:
    """Signs certificates; its own is `certificate`."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = folder / f"{name}.pem"
        built = self._builder(self._name, self._key, DAY).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
        self._write(self.certificate, built)

    def signed(self, host: str, valid: timedelta = DAY) -> Pair:
        """A certificate for a host; with a negative time it has expired."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        built = self._builder(name, key, valid).add_extension(names, critical=False)
        base = self._folder / f"{host} {valid.days}"
        pair = Pair(Path(f"{base}.pem"), Path(f"{base}.key"))
        self._write(pair.certificate, built)
        how = serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        pair.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, *how))
        return pair

    def _builder(self, name: x509.Name, key, valid: timedelta) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 3 * DAY)
            .not_valid_after(now + valid)
        )

    def _write(self, path: Path, built: x509.CertificateBuilder) -> None:
        found = built.sign(self._key, hashes.SHA256())
        path.write_bytes(found.public_bytes(serialization.Encoding.PEM))


@contextmanager
def front(server: Path, pair: Pair | None) -> Iterator[int]:
    """The port of a PostgreSQL whose socket `server` is; without a pair it has no TLS."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        Thread(target=_serve, args=(listening, server, pair), daemon=True).start()
        yield listening.getsockname()[1]


def _serve(listening: socket.socket, server: Path, pair: Pair | None) -> None:
    with suppress(OSError):
        while True:
            client, _address = listening.accept()
            Thread(target=_answer, args=(client, server, pair), daemon=True).start()


def _answer(client: socket.socket, server: Path, pair: Pair | None) -> None:
    """The first eight bytes ask whether there is TLS."""
    with suppress(OSError), client:
        client.recv(8, socket.MSG_WAITALL)
        client.sendall(b"S" if pair else b"N")
        if pair is None:
            client.recv(1)
            return
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pair.certificate, pair.key)
        with (
            context.wrap_socket(client, server_side=True) as safe,
            socket.socket(socket.AF_UNIX) as behind,
        ):
            behind.connect(str(server))
            Thread(target=_pass_on, args=(behind, safe), daemon=True).start()
            _pass_on(safe, behind)


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while data := one.recv(1 << 16):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)
