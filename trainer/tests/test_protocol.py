"""The pipe: framing, garbage, what prints, what asks for the network."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from client import TRAINER, Client, Remote
from conftest import options

from midtrain_trainer.channel import jsonable


@pytest.fixture()
def client():
    opened = Client()
    yield opened
    opened.process.kill()
    opened.process.wait()


NOISY = """
import os
from midtrain_trainer import __main__ as entry
quiet = entry._worker
def noisy(say):
    print("hello from a library", flush=True)
    os.write(1, b"hello from C")
    os.system("echo hello from a child")
    return quiet(say)
entry._worker = noisy
entry.main()
"""


def test_prints_go_to_the_log_and_the_end_of_input_ends_it(model):
    """In Python, below it and in a child: stdout is the protocol's alone."""
    client = Client(code=NOISY)
    facts = client.call("load", **options(model))
    assert facts["vocabulary"] == 67
    assert client.events[0]["kind"] == "loaded" and "attention sdpa" in client.events[0]["text"]
    client.process.stdin.close()
    assert client.process.wait(60) == 0
    log = client.process.stderr.read()
    assert log.count(b"hello from") == 3


def test_unknown_verbs_and_wrong_arguments_are_answered(client):
    for method in ("nosuch", "_loaded", "__init__", "say"):
        with pytest.raises(Remote, match="no verb"):
            client.call(method)
    with pytest.raises(Remote, match="TypeError"):
        client.call("load", nosuch=1)
    with pytest.raises(Remote, match="comes first"):
        client.call("snapshot")


@pytest.mark.parametrize("garbage", [b"hello\r\n\r\n", b"Content-Length: x\r\n\r\n", b"Content-Length: 3\r\n\r\n[1]", b"\x00" * 9000])
def test_garbage_ends_it_with_a_word(client, garbage):
    client.process.stdin.write(garbage)
    client.process.stdin.flush()
    assert client.process.wait(60) == 3
    assert b"protocol error" in client.process.stderr.read()


def test_values_that_are_not_numbers_cross_as_words():
    text = json.dumps(jsonable({"a": [float("nan"), float("inf"), -float("inf"), 1.5]}), allow_nan=False)
    assert text == '{"a": ["NaN", "Infinity", "-Infinity", 1.5]}'


def test_the_network_is_refused():
    code = """
import socket
from midtrain_trainer.__main__ import refuse_network
refuse_network()
for ask in (lambda: socket.create_connection(("203.0.113.1", 80), 1), lambda: socket.getaddrinfo("example.com", 80)):
    try:
        ask()
    except PermissionError as error:
        print("refused", error)
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=TRAINER, capture_output=True, text=True, check=True)
    assert run.stdout.count("refused") == 2
