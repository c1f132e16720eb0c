"""A fan by the `websockets` library (Debian: python3-websockets).

usage: websockets_client.py ws://HOST:PORT/ws CHANNEL

Says Hello and subscribes by JSON, prints every message that comes, pings once
subscribed, and closes with 1000 when it heard the goal. Ends with 0 only where
the library found no fault with anything.
"""
import asyncio
import json
import sys

import websockets


async def watch(url, channel):
    async with websockets.connect(url, subprotocols=["golazo.v1.json"], max_size=2**20) as socket:
        assert socket.subprotocol == "golazo.v1.json", socket.subprotocol
        await socket.send(json.dumps({"hello": {"deviceId": "d", "instanceId": "i", "attempt": 1}}))
        await socket.send(json.dumps({"subscribe": {"id": 1, "channel": channel}}))
        async for message in socket:
            print(message, flush=True)
            frame = json.loads(message)
            if "subscribed" in frame:
                pong = await socket.ping(b"ninety-minutes")
                await asyncio.wait_for(pong, 5)
                print(json.dumps({"pong": "ninety-minutes"}), flush=True)
            if "goal" in frame.get("publication", {}):
                await socket.close(1000, "seen enough")
    assert socket.close_code == 1000, socket.close_code
    print(json.dumps({"closed": socket.close_code}), flush=True)


asyncio.run(asyncio.wait_for(watch(sys.argv[1], sys.argv[2]), 20))
