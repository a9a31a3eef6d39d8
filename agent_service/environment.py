"""Reading environment variables: every fault is collected, so that all of them can be mended at once."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Mapping, Sequence

MIN_SECRET_BYTES = 32
_PLACEHOLDERS = ("changeme", "change-me", "your_", "your-", "dev-ingest-secret", "placeholder", "example", "xxxxxxxx")


class SettingsError(ValueError):
    """The environment is not usable. The message has one line for each fault, and no values."""


class Environment:
    """Variables, and the faults found while they were read. A faulty variable reads as its default, or empty."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._faults: list[str] = []

    def fault(self, sentence: str) -> None:
        """Record a fault; the sentence begins with the variable's name and leaves its value out."""
        self._faults.append(sentence)

    def raise_faults(self) -> None:
        """Raise SettingsError if there was a fault."""
        if self._faults:
            raise SettingsError("\n".join(self._faults))

    def text(self, name: str, default: str = "") -> str:
        return self._environ.get(name, "").strip() or default

    def need(self, name: str, reason: str) -> None:
        """Record a fault if the variable is empty."""
        if not self.text(name):
            self.fault(f"{name} is missing: {reason}")

    def choice(self, name: str, options: Sequence[str], default: str) -> str:
        value = self.text(name, default)
        if value not in options:
            self.fault(f"{name} must be one of {', '.join(options)}")
            return default
        return value

    def url(self, name: str, schemes: tuple[str, ...]) -> str:
        """Read a URL without credentials, query or fragment; a slash at its end is removed."""
        text = self.text(name)
        if text and not _is_url(text, schemes):
            self.fault(f"{name} must be an address such as {schemes[-1]}://host, without user, query or fragment")
            return ""
        return text.rstrip("/")

    def origin(self, name: str) -> str:
        """Read an http or https URL without a path."""
        url = self.url(name, ("http", "https"))
        if urllib.parse.urlsplit(url).path:
            self.fault(f"{name} must be an address without a path, such as https://host")
        return url

    def integer(self, name: str, default: int, most: int) -> int:
        """Read a whole number from 1 to `most`."""
        text = self.text(name, str(default))
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= most):
            self.fault(f"{name} must be a whole number from 1 to {most:,}")
            return default
        return int(text)

    def secret(self, name: str) -> str:
        """Read a secret: long enough, not a placeholder, and valid in an HTTP header."""
        value = self._environ.get(name, "")
        if not value:
            self.fault(f"{name} is missing or empty: set it to {MIN_SECRET_BYTES} random bytes or more")
        elif len(value.encode()) < MIN_SECRET_BYTES:
            self.fault(f"{name} is shorter than {MIN_SECRET_BYTES} bytes")
        elif any(word in value.lower() for word in _PLACEHOLDERS) or len(set(value)) < 8:
            self.fault(f"{name} is a placeholder: set it to random bytes")
        elif not (value.isascii() and value.isprintable()) or " " in value:
            self.fault(f"{name} has blanks, line breaks or characters that no header carries: use base64")
        return value

    def check_distinct(self, *names: str) -> None:
        """Record a fault if two of these secrets are the same."""
        values = [value for name in names if (value := self._environ.get(name))]
        if len(set(values)) < len(values):
            self.fault(f"{' and '.join(names)} must differ")


def _is_url(text: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urllib.parse.urlsplit(text)
        port_is_possible = parts.port != 0  # reading it raises ValueError when it is no number
    except ValueError:
        return False
    bare = not (parts.query or parts.fragment or parts.username or parts.password)
    return parts.scheme in schemes and bool(parts.hostname) and port_is_possible and bare and not re.search(r"\s", text)
