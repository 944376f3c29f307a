"""A long cable between machines: every packet is held for its delay, some are lost, and each machine's line has a rate.

The kernel's own emulator (netem) is a module that many machines lack, so this does it in user space: one TUN device in each
namespace, and this process between them.

First argument: JSON, { "ends": [{ "namespace", "addresses" }], "delay", "loss", "rate", "queue" }: delay in seconds each way,
loss a share of all packets, rate in bits per second of what one machine receives (0: without a limit), queue in seconds, what
the router before such a line keeps. Standard input takes such objects, too, a line each; what they name changes at once, and
"cut": true lets nothing through. Prints "ready" when packets flow, and ends when its input does.
"""

import ctypes
import errno
import fcntl
import heapq
import json
import os
import random
import select
import socket
import struct
import subprocess
import sys
import time

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
# What the machine calls its end.
DEVICE = "wan"
# WebRTC's packets are 1,200 bytes; a tunnel on the internet takes about this much.
MTU = 1400
# As many as a burst of a window's size has.
QUEUED_PACKETS = 5000

libc = ctypes.CDLL(None, use_errno=True)


def enter(namespace):
    """From here on, this process opens devices in that namespace."""
    descriptor = os.open(f"/var/run/netns/{namespace}", os.O_RDONLY)
    if libc.setns(descriptor, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), f"setns {namespace}")
    os.close(descriptor)


def open_end(namespace, addresses):
    enter(namespace)
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", DEVICE.encode(), IFF_TUN | IFF_NO_PI))
    for address in addresses:
        subprocess.run(["ip", "address", "add", f"{address}/24", "dev", DEVICE], check=True)
    size = ["mtu", str(MTU), "txqueuelen", str(QUEUED_PACKETS)]
    subprocess.run(["ip", "link", "set", DEVICE, *size, "up"], check=True)
    return {socket.inet_aton(address): tun for address in addresses}


def main():
    line = {"delay": 0, "loss": 0, "rate": 0, "queue": 0.2, "cut": False}
    given = json.loads(sys.argv[1])
    ends = given.pop("ends")
    line.update(given)
    tuns = {}
    for end in ends:
        tuns.update(open_end(**end))
    # When each machine's line has sent what is queued for it.
    free_at = dict.fromkeys(tuns, 0.0)
    flying = []
    count = 0

    poll = select.poll()
    for descriptor in {0, *tuns.values()}:
        poll.register(descriptor, select.POLLIN)
    print("ready", flush=True)

    while True:
        wait = max(0.0, flying[0][0] - time.monotonic()) if flying else None
        for descriptor, _ in poll.poll(None if wait is None else wait * 1000):
            if descriptor == 0:
                text = sys.stdin.readline()
                if not text:
                    return
                line.update(json.loads(text))
                continue
            for _ in range(64):
                try:
                    packet = os.read(descriptor, MTU + 100)
                except BlockingIOError:
                    break
                to = packet[16:20]
                if to not in tuns or line["cut"] or random.random() < line["loss"]:
                    continue
                now = time.monotonic()
                begins = max(now, free_at[to])
                if line["rate"] > 0:
                    if begins - now > line["queue"]:
                        continue
                    free_at[to] = begins + len(packet) * 8 / line["rate"]
                    begins = free_at[to]
                count += 1
                heapq.heappush(flying, (begins + line["delay"], count, tuns[to], packet))
        now = time.monotonic()
        while flying and flying[0][0] <= now:
            _, _, tun, packet = heapq.heappop(flying)
            try:
                os.write(tun, packet)
            except OSError as error:
                # Not taken fast enough, or a line that is down: a network card drops it, too.
                if error.errno not in (errno.EAGAIN, errno.EIO):
                    raise


main()
