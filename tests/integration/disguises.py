"""Finds a secret in bytes, also where somebody encoded it on the way."""

import base64
import urllib.parse


def base64_forms(secret):
    """What every base64 text that contains the secret contains, at each of three alignments."""
    for before in range(3):
        text = base64.b64encode(b"\0" * before + secret)
        # The first characters mix with what stood before, the last with what follows.
        start = (0, 2, 3)[before]
        whole = (before + len(secret)) * 8 // 6
        yield text[start:whole]
        yield text[start:whole].translate(bytes.maketrans(b"+/", b"-_"))


def forms(secret):
    yield secret
    yield secret[::-1]
    yield secret.hex().encode()
    yield urllib.parse.quote(secret, safe="").encode()
    yield "".join(f"%{byte:02x}" for byte in secret).encode()
    yield secret.replace(b"/", b"\\/").replace(b'"', b'\\"')
    yield from base64_forms(secret)


def find(secrets, haystack):
    """Names of the secrets that stand in the bytes in any form, in either case."""
    lower = haystack.lower()
    return sorted(name for name, secret in secrets.items()
                  if any(form.lower() in lower for form in forms(secret.encode())))
