import json
import threading
from itertools import chain
from queue import Empty

import pytest
from kombu import Connection, Exchange, Queue

PEOPLE = Queue("people", Exchange("people"), routing_key="people")


@pytest.fixture
def connect(tmp_path):
    (tmp_path / "messages").mkdir()
    opened = []

    def open_connection():
        connection = Connection(
            "filesystem://localhost",
            transport="core.queue:Transport",
            transport_options={
                "data_folder_in": str(tmp_path / "messages"),
                "data_folder_out": str(tmp_path / "messages"),
                "control_folder": str(tmp_path / "control"),
                "polling_interval": 0.01,
            },
        )
        opened.append(connection)
        return connection

    yield open_connection
    for connection in opened:
        connection.release()


def _send(connection, *bodies):
    queue = connection.SimpleQueue(PEOPLE)
    for body in bodies:
        queue.put(body)
    queue.close()


def _receive(connection, most=1000):
    queue = connection.SimpleQueue(PEOPLE, no_ack=True)
    received = []
    try:
        while len(received) < most:
            received.append(queue.get(timeout=0.2).payload)
    except Empty:
        pass
    queue.close()
    return received


def test_messages_come_out_in_the_order_in_which_they_went_in(connect):
    _send(connect(), *range(20))

    assert _receive(connect()) == list(range(20))


def test_each_of_two_hundred_messages_reaches_one_of_four_readers(connect):
    received = [[] for _ in range(4)]

    def read(into):
        into.extend(_receive(connect()))

    readers = [threading.Thread(target=read, args=[into]) for into in received]
    for reader in readers:
        reader.start()
    _send(connect(), *range(200))
    for reader in readers:
        reader.join()

    assert sorted(chain.from_iterable(received)) == list(range(200))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff\xfe", b"null"])
def test_a_file_that_holds_no_message_is_set_aside(connect, tmp_path, content):
    broken = tmp_path / "messages" / "0.people.msg"
    broken.write_bytes(content)
    _send(connect(), "after")

    assert _receive(connect()) == ["after"]
    assert (tmp_path / "messages" / "broken" / broken.name).read_bytes() == content


def test_a_file_that_is_still_being_written_is_not_seen(connect, tmp_path):
    _send(connect(), "whole")
    (message,) = (tmp_path / "messages").glob("*.msg")
    half = message.read_bytes()[:50]
    message.unlink()
    (tmp_path / "messages" / ".5f2c.draft").write_bytes(half)

    assert _receive(connect()) == []


def test_queues_whose_names_end_alike_stay_apart(connect):
    other = Queue("more.people", Exchange("more.people"), routing_key="more.people")
    connection = connect()
    queue = connection.SimpleQueue(other)
    queue.put("not for people")
    queue.close()

    assert _receive(connect()) == []


def test_a_queue_can_be_counted_and_emptied(connect):
    connection = connect()
    _send(connection, 1, 2, 3)
    channel = connection.channel()

    assert channel._size("people") == 3
    assert channel._purge("people") == 3
    assert _receive(connect()) == []


def test_bindings_made_at_the_same_time_are_all_kept(connect, tmp_path):
    exchange = Exchange("news", type="fanout")
    names = [f"reader{number}" for number in range(8)]

    def bind(name):
        Queue(name, exchange, routing_key="")(connect().channel()).declare()

    binders = [threading.Thread(target=bind, args=[name]) for name in names]
    for binder in binders:
        binder.start()
    for binder in binders:
        binder.join()

    table = json.loads((tmp_path / "control" / "news.exchange").read_text())
    assert sorted(queue for _key, _pattern, queue in table) == names
