"""Building the network of a lab: a namespace for each node, one with a bridge for each segment.

Between a node and its bridge port lies a cable in two parts, over whose middle `cable` passes the frames:

    node: eth0 == f3  ~delay~  q3 == p3 in the bridge

IPv6 is off, and so are offloads, so that frames look as they do on a wire. Settings are those of a freshly
booted mainline kernel, written out, since a new namespace takes some from the machine.
"""
import array
import errno
import fcntl
import glob
import re
import socket
import struct
import time

from cable import OWN_COST
from namespace import Refused, inside, name_of, run, write_setting

# Settings of an interface, with a mainline kernel's values.
INTERFACE_SETTINGS = {
    "rp_filter": 0, "accept_redirects": 1, "secure_redirects": 1, "shared_media": 1, "send_redirects": 1,
    "proxy_arp": 0, "proxy_arp_pvlan": 0, "accept_local": 0, "arp_ignore": 0, "arp_announce": 0, "arp_filter": 0,
    "arp_accept": 0, "arp_notify": 0, "route_localnet": 0, "log_martians": 0, "accept_source_route": 0,
    "src_valid_mark": 0, "ignore_routes_with_linkdown": 0, "drop_gratuitous_arp": 0,
}
_ONE_EACH = set(INTERFACE_SETTINGS) | {"forwarding"}
_FABRIC_MTU = 65_535
_SIOCETHTOOL = 0x8946
# ETHTOOL_SRXCSUM, STXCSUM, STSO, SGSO, SGRO.
_OFFLOADS = (0x15, 0x17, 0x1F, 0x24, 0x2C)


def full_name(key):
    """The full name of a setting that has no value of its own for each interface."""
    if "." in key:
        return key
    if key.startswith("nf_conntrack_"):
        return f"net.netfilter.{key}"
    if key in ("tcp_loose", "tcp_be_liberal"):
        return f"net.netfilter.nf_conntrack_{key}"
    return f"net.ipv4.{key}"


def write_settings(settings, interfaces):
    """Writes settings in the order in which they are given, those of interfaces to ``all``, ``default`` and each."""
    for key, value in settings.items():
        if key in _ONE_EACH:
            for place in ["all", "default"] + interfaces:
                write_setting(f"net/ipv4/conf/{place}/{key}", value)
        elif key.startswith(("net.ipv4.conf.", "net.ipv4.neigh.")):
            family, rest = key[:key.index(".", 9)], key[key.index(".", 9) + 1:]
            place, last = rest.rsplit(".", 1)
            # The interface's name may have dots of its own.
            write_setting(f"{family.replace('.', '/')}/{place}/{last}", value)
        else:
            write_setting(full_name(key), value)


def route_words(route):
    """A route in the words of ``ip route``."""
    words = [route["type"]] if route.get("type") else []
    words.append(route["dst"])
    for key in ("via", "dev", "src", "metric", "mtu"):
        if key in route:
            words += [key, str(route[key])]
    return words + (["onlink"] if route.get("onlink") else [])


def watch_rules(ruleset):
    """Rules beside the node's own that report what becomes of each packet and how it is classed.

    Asking for the state switches connection tracking on, so that is done only where the node's rules do it.
    """
    text = ("table ip roundtrip_watch {\n"
            " chain pre { type filter hook prerouting priority -310; policy accept; meta nftrace set 1; }\n"
            " chain out { type filter hook output priority -310; policy accept; meta nftrace set 1; }\n")
    if re.search(r"\bct\b|masquerade|snat|dnat|redirect", ruleset):
        states = " ".join(f"ct state {state} counter;" for state in ("new", "established", "related", "invalid", "untracked"))
        text += (f" chain ctpre {{ type filter hook prerouting priority -149; policy accept; {states} }}\n"
                 f" chain ctout {{ type filter hook output priority -149; policy accept; {states} }}\n")
    return text + "}\n"


def no_offloads(devices):
    """Switches checksum and segmentation offloads off (what ``ethtool -K`` does)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for device in devices:
            for command in _OFFLOADS:
                value = array.array("I", [command, 0])
                request = struct.pack("16sP", device.encode(), value.buffer_info()[0])
                try:
                    fcntl.ioctl(control, _SIOCETHTOOL, request.ljust(40, b"\0"))
                except OSError as error:
                    if error.errno != errno.EOPNOTSUPP:     # what it cannot, it does not do
                        raise


class Network:
    """The namespaces of one lab while they exist."""

    def __init__(self, lab):
        self.lab = lab
        self.fabric = name_of()
        self.namespaces = {node["name"]: name_of(node["name"], place) for place, node in enumerate(lab["nodes"])}
        self.cables = []                    # [f, q, seconds each way]
        self.ports = {}                     # "node.interface": the fabric's end of its cable, if it has one

    def _batch(self, name, lines):
        run(["ip", "-n", name, "-batch", "-"], "\n".join(lines) + "\n")

    def build(self):
        """Makes everything; ``Refused`` names the node if this kernel does not take what the lab asks for."""
        run(["ip", "netns", "add", self.fabric])
        inside(self.fabric, self._defaults, {}, False)
        if any("nf_conntrack_" in full_name(key) for node in self.lab["nodes"] for key in node.get("sysctls", {})):
            # Its settings are there once the module is, which the kernel loads when somebody asks for the table.
            inside(self.fabric, run, ["conntrack", "-L"], check=False)
        self._batch(self.fabric, [line for place in range(len(self.lab["segments"])) for line in (
            f"link add br{place} address 02:ff:00:00:00:{place & 255:02x} type bridge stp_state 0 forward_delay 0 mcast_snooping 0",
            f"link set br{place} mtu {_FABRIC_MTU} up")])
        for node in self.lab["nodes"]:
            self._each(node, self._links)
        inside(self.fabric, no_offloads, [end for f, q, _ in self.cables for end in (f, q, "p" + q[1:])])
        for node in self.lab["nodes"]:
            self._each(node, self._addresses)
        time.sleep(0.15)                    # until carrier is everywhere
        for node in self.lab["nodes"]:
            self._each(node, self._rest)

    @staticmethod
    def _each(node, step):
        try:
            step(node)
        except Refused as error:
            raise Refused(f"{node['name']}: {error}") from error

    @staticmethod
    def _defaults(settings, router):
        for place in ("all", "default"):
            write_setting(f"net.ipv6.conf.{place}.disable_ipv6", 1)
        for path in glob.glob("/proc/sys/net/bridge/bridge-nf-call-*"):
            write_setting(path[len("/proc/sys/"):], 0)
        for key, value in INTERFACE_SETTINGS.items():
            for place in ("all", "default"):
                write_setting(f"net.ipv4.conf.{place}.{key}", value)
        # First, since the kernel then rewrites accept_redirects of conf.all.
        write_setting("net.ipv4.ip_forward", settings.get("ip_forward", int(router)))
        write_settings({k: v for k, v in settings.items() if k != "ip_forward" and "." not in k}, [])

    def _links(self, node):
        """Interfaces and their cables."""
        name = self.namespaces[node["name"]]
        run(["ip", "netns", "add", name])
        inside(name, self._defaults, node.get("sysctls", {}), node.get("role") == "router")
        segments = {segment["name"]: place for place, segment in enumerate(self.lab["segments"])}
        lines = []
        for interface in node["interfaces"]:
            number = len(self.cables) + sum(port is None for port in self.ports.values())
            f, q, p = (f"{letter}{number}" for letter in "fqp")
            lines.append(f"link add {f} address 02:fe:00:00:{number >> 8:02x}:{number & 255:02x} mtu {_FABRIC_MTU} type veth peer "
                         f"name {interface['name']} address {interface['mac']} mtu {interface.get('mtu', 1500)} netns {name}")
            place = segments.get(interface.get("segment"))
            if place is None:
                # Down at the far end: no cable, so no carrier.
                self.ports[f"{node['name']}.{interface['name']}"] = None
                continue
            self.ports[f"{node['name']}.{interface['name']}"] = f
            # The time from node to node is crossed in two halves, one on each cable.
            delay = self.lab["segments"][place].get("latency_ms", 0.5) / 2 + interface.get("delay_ms", 0)
            self.cables.append([f, q, max(0, delay - OWN_COST) / 1000])
            lines.append(f"link add {p} mtu {_FABRIC_MTU} type veth peer name {q} mtu {_FABRIC_MTU}")
            lines.append(f"link set {p} master br{place}")
            lines += [f"link set {end} up" for end in (f, q, p)]
        self._batch(self.fabric, lines)

    def _addresses(self, node):
        name = self.namespaces[node["name"]]
        lines = ["link set lo up"]
        for interface in node["interfaces"]:
            for address in interface.get("addresses", []):
                # A link between two has no broadcast address (RFC 3021).
                broadcast = "" if int(address.split("/")[1]) >= 31 else " brd +"
                lines.append(f"addr add {address}{broadcast} dev {interface['name']}")
            lines.append(f"link set {interface['name']} up")
        inside(name, no_offloads, [interface["name"] for interface in node["interfaces"]])
        self._batch(name, lines)

    def _rest(self, node):
        """What needs the interfaces to be up: their settings, routes and rules."""
        name = self.namespaces[node["name"]]
        interfaces = [interface["name"] for interface in node["interfaces"]]
        settings = {k: v for k, v in node.get("sysctls", {}).items() if k in _ONE_EACH or "." in k}
        inside(name, write_settings, settings, interfaces)
        for route in node.get("routes", []):
            run(["ip", "-n", name, "route", "add"] + route_words(route), check=not route.get("may_fail"))
        if node.get("nft"):
            inside(name, run, ["nft", "-f", "-"], node["nft"])
            inside(name, run, ["nft", "-f", "-"], watch_rules(node["nft"]))
