"""JSON-RPC 2.0 messages with Content-Length framing (the Language Server Protocol's) on a pair of byte streams."""

from __future__ import annotations

import json
import math
import os
import sys
import threading
from typing import Any, BinaryIO

MAX_MESSAGE = 2**31


class ProtocolError(Exception):
    """What came in is not a message: nothing after it can be trusted."""


class Channel:
    def __init__(self, reader: BinaryIO, writer: BinaryIO) -> None:
        self._reader = reader
        self._writer = writer
        self._lock = threading.Lock()

    @staticmethod
    def take_stdio() -> Channel:
        """Keeps stdin and stdout for the protocol alone: whatever else prints, in Python or in C, goes to stderr."""
        reader = os.fdopen(os.dup(0), "rb")
        writer = os.fdopen(os.dup(1), "wb")
        with open(os.devnull, "rb") as nothing:
            os.dup2(nothing.fileno(), 0)
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        return Channel(reader, writer)

    def read(self) -> dict[str, Any] | None:
        """The next message; None at the end of the stream. Raises ProtocolError on anything else."""
        length: int | None = None
        while True:
            line = self._reader.readline(4096)
            if line == b"" and length is None:
                return None
            if not line.endswith(b"\r\n"):
                raise ProtocolError(f"a header line is not ended: {line[:80]!r}")
            if line == b"\r\n":
                break
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length" and value.strip().isdigit():
                length = int(value)
        if length is None or length > MAX_MESSAGE:
            raise ProtocolError("a message has no usable Content-Length")
        body = self._reader.read(length)
        if len(body) < length:
            return None
        try:
            message = json.loads(body)
        except ValueError as error:
            raise ProtocolError(f"a message is not JSON: {error}") from error
        if not isinstance(message, dict) or not isinstance(message.get("method"), str):
            raise ProtocolError("a message has no method")
        return message

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps(jsonable({"jsonrpc": "2.0", **message}), allow_nan=False).encode()
        with self._lock:
            self._writer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            self._writer.flush()


def jsonable(value: Any) -> Any:
    """JSON has no NaN and no infinity: they cross as words."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {key: jsonable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [jsonable(item) for item in value]
    return value
