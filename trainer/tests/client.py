"""The other end of the worker's pipe."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

TRAINER = str(Path(__file__).parent.parent)


class Remote(Exception):
    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.data = error.get("data", {})


class Client:
    def __init__(self, processes: int = 1, code: str | None = None) -> None:
        launcher = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(processes)] if processes > 1 else []
        self.process = subprocess.Popen(
            [sys.executable, *launcher, *(["-m", "midtrain_trainer"] if code is None else ["-c", code])],
            cwd=TRAINER,
            env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": TRAINER},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.events: list[dict[str, str]] = []
        self._next = 0

    def send(self, body: bytes) -> None:
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def call(self, verb: str, /, **params: Any) -> Any:
        self._next += 1
        self.send(json.dumps({"jsonrpc": "2.0", "id": self._next, "method": verb, "params": params}).encode())
        while True:
            message = self._read()
            if message.get("method") == "event":
                self.events.append(message["params"])
                continue
            assert message["id"] == self._next
            if "error" in message:
                raise Remote(message["error"])
            return message["result"]

    def _read(self) -> dict[str, Any]:
        header = self.process.stdout.readline()
        assert header.startswith(b"Content-Length: "), (header, self.process.stderr.read()[-2000:].decode())
        assert self.process.stdout.readline() == b"\r\n"
        return json.loads(self.process.stdout.read(int(header.split(b":")[1])))

    def end(self) -> int:
        self.process.stdin.close()
        code = self.process.wait(60)
        self.process.stdout.close()
        self.process.stderr.close()
        return code
