"""`python -m midtrain_trainer`, alone or under torchrun. Requests come on stdin of rank 0, answers leave on its stdout."""

from __future__ import annotations

import os
import queue
import sys
import threading
import traceback
from typing import Any

from .channel import Channel, ProtocolError


def refuse_network() -> None:
    """Nothing here needs another host; what would ask one (a library's telemetry, a download) fails at once."""
    if os.environ.get("MIDTRAIN_TRAINER_NETWORK") == "allowed" or "RANK" in os.environ:
        return

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect" and isinstance(arguments[1], tuple):
            raise PermissionError(f"the training worker opens no connections (to {arguments[1][0]})")
        if event == "socket.getaddrinfo":
            raise PermissionError(f"the training worker looks up no hosts ({arguments[0]})")

    sys.addaudithook(hook)


def serve(channel: Channel) -> None:
    requests: queue.Queue[dict[str, Any] | None] = queue.Queue()
    threading.Thread(target=_read, args=(channel, requests), daemon=True).start()
    worker = _worker(lambda kind, text: channel.send({"method": "event", "params": {"kind": kind, "text": text}}))
    from . import ranks

    while (request := requests.get()) is not None:
        method, params = request["method"], request.get("params") or {}
        ranks.share((method, params))
        reply = _answer(worker, method, params)
        if "id" in request:
            channel.send({"id": request["id"], **{key: value for key, value in reply.items() if key != "fatal"}})
        if reply.get("fatal"):
            os._exit(1)
        if method == "exit":
            return
    # Whoever started this is gone: the other ranks wait for a word that will not come.
    os._exit(0)


def _read(channel: Channel, requests: queue.Queue[dict[str, Any] | None]) -> None:
    """Its own thread, so that the end of the stream is noticed in the middle of a long computation."""
    try:
        while (message := channel.read()) is not None:
            requests.put(message)
    except ProtocolError as error:
        print(f"midtrain_trainer: protocol error: {error}", file=sys.stderr, flush=True)
        os._exit(3)
    # A save under way is worth its seconds: it is atomic either way, but what it holds is not yet anywhere else.
    requests.put(None)
    threading.Timer(20, os._exit, [0]).start()


def follow() -> None:
    """Ranks other than 0: the same verbs on the same arguments, no words."""
    from . import ranks

    worker = _worker(lambda kind, text: None)
    while True:
        method, params = ranks.share(None)
        reply = _answer(worker, method, params)
        if reply.get("fatal"):
            os._exit(1)
        if method == "exit":
            return


def _worker(say: Any) -> Any:
    from .worker import Worker

    return Worker(say)


def _answer(worker: Any, method: str, params: dict[str, Any]) -> dict[str, Any]:
    from . import ranks
    from .errors import WorkerError
    from .worker import VERBS

    if method == "exit":
        worker.close()
        return {"result": None}
    if method not in VERBS:
        return _failure(-32601, f"There is no verb {method}.", {"reason": "internal"})
    try:
        return {"result": getattr(worker, method)(**params)}
    except WorkerError as error:
        return _failure(-32000, str(error), error.data())
    except Exception as error:
        traceback.print_exc()
        reply = _failure(-32001, f"{type(error).__name__}: {error}", {"reason": "internal", "where": method})
        # The other ranks may be anywhere by now.
        return {**reply, "fatal": True} if ranks.WORLD > 1 else reply


def _failure(code: int, message: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "data": data}}


def main() -> None:
    refuse_network()
    rank = int(os.environ.get("RANK", "0"))
    # Before torch is imported: whatever it prints is not the protocol.
    channel = Channel.take_stdio() if rank == 0 else None
    from . import ranks

    ranks.start()
    if channel is not None:
        serve(channel)
    else:
        follow()
    ranks.leave()


if __name__ == "__main__":
    main()
