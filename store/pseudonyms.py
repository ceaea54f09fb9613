"""Keyed pseudonyms: a person can be found again in the log, and the log holds no number."""

import hmac
import os
import secrets
from dataclasses import dataclass, field
from typing import Final, Self

from domain.errors import HeduiError
from store.workspace import Workspace, sync_folder

KEY_FILE: Final = "access.key"
_KEY_BYTES: Final = 32
_BLOCK_DIGITS: Final = 14  # division and birth date: numbers tried one after another share them


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """HMAC-SHA256 under a key of the workspace's own.

    The space of identity numbers is small enough to try them all, so a plain hash would hide
    nothing. Whoever loses the key can no longer say who looked at whom.
    """

    key: bytes = field(repr=False)

    @classmethod
    def open(cls, workspace: Workspace) -> Self:
        """Those of ``workspace``; its key is made when first wanted, readable by its owner only.

        Raises HeduiError ``access_key_damaged``.
        """
        path = workspace.path / KEY_FILE
        if not path.exists():
            half = workspace.path / f".{KEY_FILE}.{secrets.token_hex(4)}"
            handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as stream:
                stream.write(secrets.token_bytes(_KEY_BYTES))
                stream.flush()
                os.fsync(stream.fileno())
            try:
                os.link(half, path)  # two at once: the first one's key stays
            except FileExistsError:
                pass
            finally:
                half.unlink()
            sync_folder(workspace.path)
        key = path.read_bytes()
        if len(key) != _KEY_BYTES:
            raise HeduiError("access_key_damaged", path=path)
        return cls(key)

    def of_number(self, id_no: str) -> str:
        """The pseudonym of an identity number."""
        return self._of("number", id_no)

    def of_place(self, case_no: str, seq: int) -> str:
        """The pseudonym of a person who has no valid number: their place in a case."""
        return self._of("place", f"{case_no}#{seq}")

    def of_block(self, id_no: str) -> str:
        """What numbers of one division and birth date have in common, for finding enumeration."""
        return self._of("block", id_no[:_BLOCK_DIGITS])

    def of_request(self, asked: str) -> str:
        """What tells one request from another, where it holds numbers."""
        return self._of("request", asked)

    def _of(self, kind: str, value: str) -> str:
        return hmac.digest(self.key, f"{kind}:{value}".encode(), "sha256").hex()[:32]
