"""A provider in the test's own process, which can say more of its arrivals than the stub does.

`answer(arrival)` is called on the provider's thread for each complete request and gives the bytes
of the reply, or None to say nothing until the client goes.
"""

import asyncio
import dataclasses
import json
import threading
import time


@dataclasses.dataclass
class Arrival:
    path: str
    headers: dict
    body: bytes
    boot_ms: float  # CLOCK_BOOTTIME, as in attempt lines

    @property
    def request_id(self):
        return self.headers.get("x-request-id", "")


def http(status, body, headers=()):
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Reason", "content-type: application/json",
             f"content-length: {len(payload)}", "connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + payload


def chat_completion(content="ok", model="test-model"):
    message = {"role": "assistant", "content": content, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": 1700000000, "model": model,
            "choices": [choice],
            "usage": {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14}}


class Provider:
    def __init__(self, answer):
        self.answer = answer
        self.arrivals = []
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.listening = threading.Event()
        self.thread.start()
        self.listening.wait()

    def url(self, name=""):
        return f"http://127.0.0.1:{self.port}/{name}".rstrip("/")

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    def _work(self):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=512))
        self.port = server.sockets[0].getsockname()[1]
        self.listening.set()
        self.loop.run_forever()
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        self.loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self.loop.close()

    async def _serve(self, reader, writer):
        try:
            arrival = await self._read(reader)
            self.arrivals.append(arrival)
            reply = self.answer(arrival)
            if reply is None:
                await reader.read()
            else:
                writer.write(reply)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client went away in the middle
        finally:
            writer.close()

    async def _read(self, reader):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in head[1:] if line)
        headers = {name.lower(): text.strip() for name, _, text in pairs}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        boot_ms = time.clock_gettime(time.CLOCK_BOOTTIME) * 1000
        return Arrival(head[0].split(" ")[1], headers, body, boot_ms)
