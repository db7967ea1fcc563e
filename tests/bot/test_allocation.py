"""That freed memory goes back, looked at where the C library accounts for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.cli.allocation import ARENAS, give_memory_back, giving_holes_back

SCRIPT = """
import ctypes, threading, sys
from bot.cli.allocation import give_memory_back
if "told" in sys.argv:
    give_memory_back()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
begun = threading.Barrier(9)
def need():
    libc.malloc(1000)
    begun.wait()
    begun.wait()
for _ in range(8):
    threading.Thread(target=need).start()
begun.wait()
libc.fdopen.restype = ctypes.c_void_p
libc.malloc_info(0, ctypes.c_void_p(libc.fdopen(1, b"w")))
libc.fflush(None)
begun.wait()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's")
def test_threads_share_few_heaps():
    def heaps(*told: str) -> int:
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, *told], capture_output=True, text=True, check=True
        )
        return done.stdout.count("<heap nr=")

    assert heaps("told") <= ARENAS < heaps()


HOLES = """
import asyncio, sys
from bot.cli import allocation

def resident():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))

async def main():
    allocation.give_memory_back()
    allocation.EVERY = 0.01
    pieces = [bytes(20_000) for _ in range(4_000)]
    full = resident()
    del pieces[1::2]  # none of what stays lies at the end of the heap
    left = resident()
    async with allocation.giving_holes_back():
        async with asyncio.timeout(20):
            while resident() > full - 20_000:
                await asyncio.sleep(0.01)
    print(full - left < 5_000)

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's")
def test_holes_in_the_heap_go_back_though_something_lies_behind_them():
    done = subprocess.run([sys.executable, "-c", HOLES], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


async def test_elsewhere_nothing_is_done(monkeypatch):
    monkeypatch.setattr("ctypes.CDLL", lambda _: object())
    give_memory_back()
    async with giving_holes_back():
        pass
