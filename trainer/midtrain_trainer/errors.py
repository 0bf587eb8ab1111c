"""Errors that a person can act on, as the TypeScript side has them: reason, what happened, where, what to do next."""

from __future__ import annotations

import errno
from typing import Any


class WorkerError(Exception):
    """reason is one of ErrorReason in protocol/src/errors.ts."""

    def __init__(self, reason: str, message: str, where: str | None = None, next: str | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.where = where
        self.next = next

    def data(self) -> dict[str, Any]:
        parts = {"reason": self.reason, "where": self.where, "next": self.next}
        return {key: value for key, value in parts.items() if value is not None}


def explain_write_error(error: Exception, file: str) -> Exception:
    """A full disk or a missing right in words; other errors pass unchanged.

    The safetensors writer raises its own error type, which carries the system's message only as text.
    """
    number = error.errno if isinstance(error, OSError) else None
    text = str(error)
    if number in (errno.ENOSPC, errno.EDQUOT) or "No space left" in text or "os error 28" in text:
        return WorkerError("environment", "The disk is full.", file, "Free some space, or choose another place with --out, and resume.")
    if number in (errno.EACCES, errno.EROFS, errno.EPERM) or "Permission denied" in text or "Read-only" in text:
        return WorkerError("environment", "Not allowed to write.", file, "Make the directory writable, or choose another with --out.")
    return error
