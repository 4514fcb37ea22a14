"""A certificate for localhost and 127.0.0.1, its own authority, made anew with the `openssl` program.

Clients that are given `Certificate.file` as their CA file trust the server; all others must refuse it.
"""

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    file: Path  # PEM; also the CA file
    key_file: Path  # PEM, readable by its owner only

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file, self.key_file)
        return context

    def client_context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.file))


def make_certificate(folder: Path) -> Certificate:
    """Writes `cert.pem` and `key.pem` into `folder`; valid for 30 days."""
    certificate = Certificate(file=folder / "cert.pem", key_file=folder / "key.pem")
    command = ["openssl", "req", "-x509", "-nodes", "-days", "30", "-subj", "/CN=localhost"]
    command += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    command += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    command += ["-addext", "keyUsage=critical,digitalSignature,keyCertSign"]
    command += ["-keyout", str(certificate.key_file), "-out", str(certificate.file)]
    subprocess.run(command, check=True, capture_output=True)
    certificate.key_file.chmod(0o600)
    return certificate
