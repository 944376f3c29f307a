"""One TCP flow. "send" with an address listens there, prints its port, and sends for as long as anybody reads; "read" with an
address, a port and seconds reads for so long and prints how many bytes came.

It sends as most of the internet does (CUBIC): a machine may have another by default, such as BBR, and a namespace of it may not
choose, but a socket may.
"""

import socket
import sys
import time

role, address, *rest = sys.argv[1:]

if role == "send":
    listener = socket.socket()
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b"cubic")
    listener.bind((address, 0))
    listener.listen()
    print(listener.getsockname()[1], flush=True)
    block = bytes(256 * 1024)
    while True:
        reader, _ = listener.accept()
        try:
            while True:
                reader.sendall(block)
        except OSError:
            # Whoever read has read enough.
            reader.close()
else:
    end = time.monotonic() + float(rest[1])
    count = 0
    with socket.create_connection((address, int(rest[0]))) as sender:
        sender.settimeout(0.2)
        while time.monotonic() < end:
            try:
                count += len(sender.recv(256 * 1024))
            except TimeoutError:
                continue
    print(count, flush=True)
