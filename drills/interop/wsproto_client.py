"""A fan by the `wsproto` library (Debian: python3-wsproto) on a plain socket.

usage: wsproto_client.py ws://HOST:PORT/ws CHANNEL

As websockets_client.py, by a state machine that shares no code with it: every
event of the protocol is seen here one by one.
"""
import json
import socket
import sys
from urllib.parse import urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Ping, Pong, Request, TextMessage

url, channel = urlsplit(sys.argv[1]), sys.argv[2]
stream = socket.create_connection((url.hostname, url.port), timeout=20)
fan = WSConnection(ConnectionType.CLIENT)


def say(event):
    stream.sendall(fan.send(event))


def tell(what):
    print(json.dumps(what), flush=True)


say(Request(host=url.netloc, target=url.path, subprotocols=["golazo.v1.json"]))
text, is_over = "", False
while not is_over:
    received = stream.recv(65536)
    assert received, "the server ended without a close frame"
    fan.receive_data(received)
    for event in fan.events():
        if isinstance(event, AcceptConnection):
            assert event.subprotocol == "golazo.v1.json", event.subprotocol
            assert event.extensions == [], event.extensions
            say(TextMessage(json.dumps({"hello": {"deviceId": "w", "instanceId": "i"}})))
            # Two fragments are one message.
            request = json.dumps({"subscribe": {"id": 1, "channel": channel}})
            say(TextMessage(request[:20], message_finished=False))
            say(TextMessage(request[20:]))
        elif isinstance(event, TextMessage):
            text += event.data
            if not event.message_finished:
                continue
            frame, text = json.loads(text), ""
            tell(frame)
            if "subscribed" in frame:
                say(Ping(b"ninety-minutes"))
            if "goal" in frame.get("publication", {}):
                say(CloseConnection(1000, "seen enough"))
        elif isinstance(event, Pong):
            tell({"pong": event.payload.decode()})
        elif isinstance(event, CloseConnection):
            tell({"closed": event.code})
            is_over = True
        else:
            raise AssertionError(f"nobody expected {event}")
