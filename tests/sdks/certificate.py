"""Write a certificate for the loopback and its key into one file; run where the extra `dev-sdks` is installed.

    python -m tests.sdks.certificate FILE

The file is made for one run and never kept.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from importlib import import_module
from ipaddress import ip_address
from pathlib import Path


def certificate() -> bytes:
    """Return a self-signed certificate of 127.0.0.1 that holds for an hour, behind its key."""
    x509, ec = import_module("cryptography.x509"), import_module("cryptography.hazmat.primitives.asymmetric.ec")
    hashes = import_module("cryptography.hazmat.primitives.hashes")
    serialization = import_module("cryptography.hazmat.primitives.serialization")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private: bytes = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    public: bytes = signed.public_bytes(pem)
    return private + public


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(certificate())
