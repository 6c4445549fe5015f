"""Attacks a page of illava; says what was not refused.

usage: attacks.py ADDRESS SPOOL PROCESS PICTURE [TOKEN]
"""

import base64
import http.client
import json
import random
import socket
import sys
import time
from pathlib import Path

address, spool, process, picture = sys.argv[1], Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]).read_bytes()
token = sys.argv[5] if len(sys.argv) > 5 else None
host, port = address.removeprefix("http://").split(":")
port = int(port)
FUZZED = 10_000
CHAT = "/v1/chat/completions"


def ask(method, path, body=None, headers=None, skip_host=False):
    connection = http.client.HTTPConnection(host, port, timeout=60)
    connection.putrequest(method, path, skip_host=skip_host, skip_accept_encoding=True)
    for name, value in (headers or {}).items():
        connection.putheader(name, value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    reply = connection.getresponse()
    result = reply.status, reply.read()
    connection.close()
    return result


def raw(data, wait=2):
    """The head of the reply; nothing where the server only closes, or waits for more."""
    with socket.create_connection((host, port), timeout=wait) as client:
        got = b""
        try:
            client.sendall(data)
            while b"\r\n\r\n" not in got and (piece := client.recv(65536)):
                got += piece
        except (TimeoutError, ConnectionError):
            pass
        return got


def status(data):
    first = raw(data).split(b" ", 2)
    return int(first[1]) if len(first) > 1 else 0


def memory():
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    return 0


def expect(what, got, *wanted):
    assert got in wanted, f"{what}: {got}, not {wanted}"


def doors():
    """Who is let in at all."""
    for name in ("evil.com", "evil.com:7862", "127.0.0.1.evil.com", ""):
        expect(f"Host {name}", ask("GET", "/jobs", headers={"Host": name}, skip_host=True)[0], 403)
    expect("no Host", status(b"GET /jobs HTTP/1.1\r\n\r\n"), 400, 403)
    expect("two Hosts", status(b"GET /jobs HTTP/1.1\r\nHost: localhost\r\nHost: evil.com\r\n\r\n"), 400, 403)
    for origin in ("http://evil.com", "null"):
        for path in ("/queue/pause", CHAT, "/uploads", "/api/chat"):
            expect(f"Origin {origin} {path}", ask("POST", path, b"{}", {"Origin": origin})[0], 403)
    expect("cross-site", ask("POST", "/queue/pause", b"", {"Sec-Fetch-Site": "cross-site"})[0], 403)
    expect("preflight", ask("OPTIONS", CHAT, headers={"Origin": "http://evil.com"})[0], 403)
    assert b"ccess-control" not in raw(f"OPTIONS {CHAT} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())


def paths():
    """What is outside of the jobs' folders stays there."""
    (spool / "outbox/secret.json").write_text("{}")
    job = "01a21e42-2ea2-706c-82cb-e03afdc7f8b9"
    for path in (
        "/jobs/../../etc/passwd", "/jobs/%2e%2e/%2e%2e/etc/passwd", f"/jobs/{job}/files/..%2fsecret.json", "/jobs/secret.json",
        f"/jobs/{job}/files/%2e%2e%2fstate.sqlite", "/state.sqlite", "//etc/passwd", "/files/answer.json", "/%00", "/\\..\\x",
        f"/jobs/{job}/files/.hidden.json", f"/jobs/{job}/events/x", "/style.css/x",
    ):
        expect(path, ask("GET", path)[0], 400, 404)
    expect("a job that is not there", ask("GET", f"/jobs/{job}")[0], 404)
    answer = ask("POST", f"/jobs/{job}/cancel", b"back=//evil.com/", {"Content-Type": "application/x-www-form-urlencoded"})
    expect("back to another site", answer[0], 303)
    assert b"Location: //" not in raw(
        f"POST /jobs/{job}/cancel HTTP/1.1\r\nHost: localhost\r\nContent-Length: 13\r\n\r\nback=//evil/x".encode()
    )


def bodies():
    """Bodies that are too long, lie about their length, or ask to fetch something."""
    for url in ("http://127.0.0.1:22/x.png", "https://169.254.169.254/latest", "file:///etc/passwd", "data:#1", "/etc/passwd"):
        body = {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]}]}
        expect(url, ask("POST", CHAT, json.dumps(body).encode())[0], 400)
    head = f"POST {CHAT} HTTP/1.1\r\nHost: localhost\r\n".encode()
    for bad in (
        b"Content-Length: -1\r\n\r\n", b"Content-Length: x\r\n\r\n", b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        b"Content-Length: 100\r\n\r\n{}",
    ):
        expect(str(bad), status(head + bad), 0, 400, 401, 403, 500)
    expect("long head", status(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * (1 << 20) + b"\r\n\r\n"), 0, 400, 431)
    expect("many headers", status(b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 500 + b"\r\n"), 0, 400, 431)
    deep = b"[" * 100_000
    expect("deep JSON", ask("POST", CHAT, deep)[0], 400)
    before = len(list((spool / "inbox").iterdir()))
    # Ten gigabytes: sent until the server has enough.
    for path, start in ((CHAT, b'{"x": "data:image/png;base64,'), ("/uploads?name=x", b"")):
        with socket.create_connection((host, port), timeout=10) as client:
            client.sendall(f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {10 << 30}\r\n\r\n".encode() + start)
            sent = 0
            try:
                while sent < 1 << 30:
                    client.sendall(b"A" * (1 << 20))
                    sent += 1 << 20
            except OSError:
                pass
            assert sent < 64 << 20, f"{path}: {sent >> 20} MiB were taken"
    time.sleep(0.5)
    # The upload that broke off waits for the rest of its question; nothing else is left.
    assert len(list((spool / "inbox").iterdir())) <= before + 1


def slow():
    """Clients that send a byte now and then are closed, and keep nobody else waiting."""
    clients = [socket.create_connection((host, port), timeout=60) for _ in range(200)]
    for index, client in enumerate(clients):
        client.sendall(b"GET /jobs HTTP/1.1\r\nHost: loc" if index % 2 else f"POST {CHAT} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n".encode())
    begun = time.time()
    expect("beside slow clients", ask("GET", "/health")[0], 200)
    assert time.time() - begun < 2
    for client in clients:
        client.close()


def fuzz():
    """Damaged requests: anything but a crash."""
    random.seed(7)
    b64 = base64.b64encode(picture).decode()[:400]
    seeds = [
        b"GET /jobs?state=done&text=a%20b HTTP/1.1\r\nHost: localhost\r\nCookie: a=b\r\n\r\n",
        f"POST {CHAT} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90\r\n\r\n".encode()
        + json.dumps({"model": "none", "messages": [{"role": "user", "content": "data:image/png;base64," + b64}]}).encode(),
        b'POST /api/chat HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1e\r\n{"model":"x","images":["AAEC"]}\r\n0\r\n\r\n',
        b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\ntoken=abc",
    ]
    client = None
    for number in range(FUZZED):
        data = bytearray(random.choice(seeds))
        for _ in range(random.randint(1, 6)):
            place = random.randrange(len(data))
            kind = random.randrange(4)
            if kind == 0:
                data[place] = random.randrange(256)
            elif kind == 1:
                del data[place : place + random.randint(1, 20)]
            elif kind == 2:
                data[place:place] = random.choice([b"\r\n", b"%", b"\\u00", b'"', b"{", b"\0", b"data:", b"\xff", b"../"])
            else:
                data[place:place] = data[:place][-30:]
            if not data:
                data = bytearray(b"x")
        try:
            client = socket.create_connection((host, port), timeout=5)
            client.sendall(bytes(data))
            if number % 50 == 0:
                client.shutdown(socket.SHUT_WR)
                client.recv(1000)
        except OSError:
            pass
        finally:
            client.close()
    expect("after damaged requests", ask("GET", "/health")[0], 200)


def tokens():
    """Without the token nothing is shown but the door."""
    for path in ("/jobs", "/box", "/ask", "/events"):
        expect(path, ask("GET", path)[0], 401)
    for path in ("/v1/models", "/api/tags", "/metrics", "/props"):
        expect(path, ask("GET", path, headers={"Authorization": f"Bearer {token[:-1]}"})[0], 401)
        expect(path, ask("GET", path, headers={"Authorization": f"Bearer {token}"})[0], 200)
    expect("login", ask("POST", "/login", f"token={token}x".encode())[0], 401)
    expect("login", ask("POST", "/login", f"token={token}".encode())[0], 303)
    expect("cookie", ask("GET", "/jobs", headers={"Cookie": f"illava_token={token}"})[0], 200)
    expect("order", ask("POST", "/queue/pause", b"")[0], 401)
    expect("question", ask("POST", CHAT, b"{}")[0], 401)
    expect("health", ask("GET", "/health")[0], 200)


for part in (tokens, doors) if token else (doors, paths, bodies, slow, fuzz):
    begun = time.time()
    part()
    print(f"{part.__name__}: {time.time() - begun:.1f} s, {memory()} MiB")
assert memory() < 150, f"the page holds {memory()} MiB"
