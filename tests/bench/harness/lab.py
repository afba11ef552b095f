# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Two hosts for one measurement: a client and a server network namespace joined by a veth pair.

The client side also has mounts of its own (an empty /run), so that a daemon there shares neither
lock files nor sockets nor configuration with this machine. Everything dies with the two holder
processes.
"""

import json

from . import processes

SERVER = "10.79.0.2"
_CLIENT = "10.79.0.1"
_CLIENT_MAC = "02:00:00:00:79:01"
_SERVER_MAC = "02:00:00:00:79:02"
FIRST_PORT = 7000
PORT_COUNT = 16


class Lab:
    def __init__(self, bin_dir):
        self._bin_dir = bin_dir
        self._client = self._server = self._load_server = None

    def __enter__(self):
        try:
            self._client = _hold("--net", "--mount")
            self._server = _hold("--net")
            self._connect()
            self._load_server = processes.start_until_ready(
                _enter(self._server, "--net")
                + [str(self._bin_dir / "load_server"), str(FIRST_PORT), str(PORT_COUNT)])
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in (self._load_server, self._client, self._server):
            if process:
                processes.stop(process)

    def client_command(self, *command):
        """The command line that runs `command` on the client's side."""
        return _enter(self._client, "--net", "--mount") + [str(word) for word in command]

    def server_command(self, *command):
        """The same on the server's side."""
        return _enter(self._server, "--net") + [str(word) for word in command]

    def run_client(self, *command):
        return processes.run(self.client_command(*command)).stdout

    def queue_counters(self):
        """The kernel's counters of queue 0: packets queued and lost. Zeros without a queue."""
        path = f"/proc/{self._client.pid}/net/netfilter/nfnetlink_queue"
        with open(path, encoding="ascii") as file:
            for line in file:
                field = line.split()
                if field[0] == "0":
                    return {"listening": True, "queued": int(field[7]), "waiting": int(field[2]),
                            "lost": int(field[5]) + int(field[6])}
        return {"listening": False, "queued": 0, "waiting": 0, "lost": 0}

    def end_server(self):
        """Stops the server and returns what reached it: {"connections": n, "datagrams": n}."""
        self._load_server.terminate()
        arrivals = json.loads(self._load_server.stdout.readline())
        self._load_server.wait()
        return arrivals

    def _connect(self):
        client, server = (_enter(holder, "--net") for holder in (self._client, self._server))
        processes.run(client + ["ip", "link", "add", "toserver", "address", _CLIENT_MAC, "type",
                                "veth", "peer", "name", "toclient", "address", _SERVER_MAC,
                                "netns", str(self._server.pid)])
        ends = ((client, "toserver", _CLIENT, SERVER, _SERVER_MAC),
                (server, "toclient", SERVER, _CLIENT, _CLIENT_MAC))
        for side, link, own, peer, peer_mac in ends:
            # No IPv6 on the links: router solicitations are nobody's connections. No neighbour
            # discovery either: it would show as rare slow connections.
            processes.run(side + ["sh", "-ec", f"""
                echo 1 > /proc/sys/net/ipv6/conf/{link}/disable_ipv6
                ip link set lo up
                ip link set {link} up
                ip address add {own}/24 dev {link}
                ip neighbour add {peer} lladdr {peer_mac} dev {link} nud permanent
                echo '1024 65535' > /proc/sys/net/ipv4/ip_local_port_range"""])
        # Tracefs where systemd mounts it: what runs without the witness wants it.
        processes.run(self.client_command("sh", "-ec", """
            mount -t tmpfs none /run
            [ -e /sys/kernel/tracing/events ] || mount -t tracefs none /sys/kernel/tracing || :"""))


def _hold(*namespaces):
    """A process that only keeps new namespaces alive."""
    process = processes.start_until_ready(["unshare", *namespaces, "sh", "-c", "echo ready; read _"])
    return process


def _enter(holder, *namespaces):
    return ["nsenter", "--target", str(holder.pid), *namespaces, "--"]
