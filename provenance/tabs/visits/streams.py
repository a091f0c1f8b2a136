"""How many streams an address holds open at a time. An open page holds one for as long as it is open, and each answer
that it waits for is another; nothing else ends one that a program leaves open.

GENZU_STREAMS says how many (300): a hundred and fifty people of one office, each with a page that waits for a painting.
A stream takes about 30 kB and an open file (docs/decisions/0371).
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

# A page's sign of life, the answers it waits for, and those of programs and agents.
_STREAMS = re.compile(r"/(heartbeat/[^/]+|queue/data|call/[^/]+/[^/]+|mcp(/.*)?)$")
_WAITED_FOR = re.compile(r"/queue/data$")


@dataclass
class Streams:
    """The streams that are open, counted by address; at most `most` of one, 0: any number."""

    most: int
    _open: Counter[str] = field(default_factory=Counter)

    def take(self, address: str) -> bool:
        """Counts one more; False where the address holds its share already."""
        if self.most and self._open[address] >= self.most:
            return False
        self._open[address] += 1
        return True

    def give_back(self, address: str) -> None:
        """One has ended."""
        self._open[address] -= 1
        if not self._open[address]:
            del self._open[address]


def is_stream(request: Request) -> bool:
    """Whether the answer stays open until something happens."""
    return request.method == "GET" and _STREAMS.search(request.url.path) is not None


def is_waited_for(request: Request) -> bool:
    """Whether a page reads its answers from it: what it is told there, its visitor sees."""
    return _WAITED_FOR.search(request.url.path) is not None


def told_on_it(title: str, words: str) -> Response:
    """The sentence as a stream that ends with it: a page shows it for every answer that it waits for."""
    output = {"error": words, "title": title, "visible": True, "duration": 12}
    messages = ({"msg": "process_completed", "success": False, "output": output}, {"msg": "close_stream"})
    lines = "".join(f"data: {json.dumps(each, ensure_ascii=False)}\n\n" for each in messages)
    return Response(lines, media_type="text/event-stream", headers={"Cache-Control": "no-store"})
