"""What can be tested without root: `python3 -B -m unittest` in this folder."""
import struct
import unittest

import action
import canon
import frame
import network
import table
import trace

MACS = bytes.fromhex("020000000001"), bytes.fromhex("020000000002")


def ethernet(payload, kind=0x0800):
    return MACS[1] + MACS[0] + struct.pack("!H", kind) + payload


def ip(protocol, payload, fragment=0, ttl=64, source=(10, 0, 0, 1), target=(10, 0, 0, 2), total=None):
    total = 20 + len(payload) if total is None else total
    return struct.pack("!BBHHHBBH", 0x45, 0, total, 7, fragment, ttl, protocol, 0) + bytes(source) + bytes(target) + payload


def tcp(flags, sequence, acknowledged=0, data=b"", options=b"", ports=(40001, 80)):
    words = (20 + len(options)) // 4
    return struct.pack("!HHIIBBHHH", *ports, sequence, acknowledged, words << 4, flags, 64000, 0, 0) + options + data


def lines(*packets):
    """The canonical texts of packets in this order."""
    frames = [frame.decode(ethernet(packet)) for packet in packets]
    trace.make_relative(frames)
    return [frame.text(each) for each in frames]


class Frames(unittest.TestCase):
    def test_tcp_numbers_are_relative(self):
        mss = b"\x02\x04\x05\xb4"
        back = {"source": (10, 0, 0, 2), "target": (10, 0, 0, 1)}
        first, answer = 0xFFFFFFF0, 500
        sack = b"\x01\x01\x05\x0a" + struct.pack("!II", (first + 11) & 0xFFFFFFFF, (first + 21) & 0xFFFFFFFF)
        self.assertEqual(lines(
            ip(6, tcp(2, first, options=mss), 0x4000),
            ip(6, tcp(18, answer, first + 1, options=mss, ports=(80, 40001)), 0x4000, **back),
            ip(6, tcp(24, first + 1, answer + 1, b"x" * 30), 0x4000),
            ip(6, tcp(16, answer + 1, first + 1, options=sack, ports=(80, 40001)), 0x4000, **back),
        ), [
            "tcp 10.0.0.1:40001>10.0.0.2:80 [S] seq=0 len=0 mss=1460 ttl=64",
            "tcp 10.0.0.2:80>10.0.0.1:40001 [SA] seq=0 ack=1 len=0 mss=1460 ttl=64",
            "tcp 10.0.0.1:40001>10.0.0.2:80 [PA] seq=1 ack=1 len=30 ttl=64",
            "tcp 10.0.0.2:80>10.0.0.1:40001 [A] seq=1 ack=1 len=0 sack=11-21 ttl=64",
        ])

    def test_the_same_ports_again_count_anew(self):
        self.assertEqual([line.split("[")[1] for line in lines(ip(6, tcp(2, 100)), ip(6, tcp(2, 100)), ip(6, tcp(2, 9000)))],
                         ["S] seq=0 len=0 ttl=64"] * 3)

    def test_an_error_quotes_what_it_is_about(self):
        syn = ip(6, tcp(2, 100, options=b"\x02\x04\x05\xb4"), 0x4000)
        redirect = ip(1, struct.pack("!BBH4s", 5, 1, 0, bytes((10, 0, 0, 9))) + syn)
        too_large = ip(1, struct.pack("!BBHHH", 3, 4, 0, 0, 1400) + syn[:28])
        self.assertEqual(lines(syn, redirect, too_large)[1:], [
            "icmp redirect-host 10.0.0.1>10.0.0.2 gw=10.0.0.9 (tcp 10.0.0.1:40001>10.0.0.2:80 [S] seq=0 len=0) ttl=64",
            "icmp unreach-frag-needed 10.0.0.1>10.0.0.2 mtu=1400 (tcp 10.0.0.1:40001>10.0.0.2:80 seq=0) ttl=64",
        ])

    def test_udp_icmp_and_fragments(self):
        echo = struct.pack("!BBHHH", 8, 0, 0, 101, 1) + b"x" * 56
        datagram = struct.pack("!HHHH", 50001, 7, 40, 0) + frame.mark(3, 0) + b"u" * 20
        self.assertEqual(lines(ip(1, echo, 0x4000), ip(17, datagram, 0x2000), ip(17, b"x" * 16, 0x2), ip(47, b"x" * 8)), [
            "icmp echo 10.0.0.1>10.0.0.2 id=101 seq=1 len=56 ttl=64 DF",
            "udp 10.0.0.1:50001>10.0.0.2:7 len=32 frag(off=0 len=33 mf=1) ttl=64",
            "frag udp 10.0.0.1>10.0.0.2 off=16 len=16 mf=0 ttl=64",
            "ip proto=47 10.0.0.1>10.0.0.2 ttl=64",
        ])
        self.assertEqual(frame.packet(ip(17, datagram))["mark"], 3)

    def test_arp(self):
        request = struct.pack("!HHBBH", 1, 0x0800, 6, 4, 1) + MACS[0] + bytes((10, 0, 0, 1)) + bytes(6) + bytes((10, 0, 0, 2))
        self.assertEqual(frame.text(frame.decode(ethernet(request, 0x0806))), "arp who-has 10.0.0.2 tell 10.0.0.1")

    def test_any_bytes_have_a_text(self):
        for protocol in (1, 6, 17, 47):
            for length in range(60):
                for byte in range(0, 256, 5):
                    self.assertTrue(lines(ip(protocol, bytes([byte] * length))))
                    self.assertTrue(lines(ip(1, bytes([3, 4] + [0] * 6) + ip(protocol, bytes([byte] * length)))))
                    one = frame.decode(ethernet(bytes([byte] * length), 0x0806))
                    self.assertTrue(frame.text(one))


class Tables(unittest.TestCase):
    def test_what_runs_on_by_itself_is_left_out(self):
        self.assertEqual(table.neighbours(["10.0.0.2 dev eth0 lladdr 02:00:00:00:00:02 REACHABLE", "10.0.0.9 dev eth0 FAILED"]),
                         ["10.0.0.2 dev eth0 lladdr 02:00:00:00:00:02", "10.0.0.9 dev eth0 UNRESOLVED"])
        self.assertEqual(table.sockets(["ESTAB 0 80 a:1 b:2 timer:(on,200ms,1)"]), ["ESTAB 0 80 a:1 b:2 timer:on"])
        self.assertEqual(table.learned(["10.0.0.2 via 10.0.0.9 dev eth0 cache <redirected> expires 299sec"]),
                         ["10.0.0.2 via 10.0.0.9 dev eth0 <redirected>"])
        self.assertEqual(table.tracked(["tcp 6 119 SYN_SENT src=10.0.0.1 dst=10.0.0.2 mark=0 use=1"]),
                         ["tcp SYN_SENT src=10.0.0.1 dst=10.0.0.2"])

    def test_counters_are_those_of_the_node_alone(self):
        own = ["table inet filter {", "chain forward {", "type filter hook forward priority filter; policy accept;",
               "tcp dport { 22, 80 } counter packets 3 bytes 180 accept", "}", "}"]
        watching = ["table ip roundtrip_watch {", "chain ctpre {", "ct state new counter packets 9 bytes 9", "}", "}"]
        self.assertEqual(table.counters(own + watching),
                         [{"chain": "inet filter forward", "rule": "tcp dport { 22, 80 } counter accept", "packets": 3, "bytes": 180}])


class Outcomes(unittest.TestCase):
    def test_ping(self):
        total = "3 packets transmitted, {} received, 0% packet loss, time 2003ms"
        self.assertEqual(action.ping_outcome(total.format(3)), {"result": "ok", "sent": 3, "received": 3})
        self.assertEqual(action.ping_outcome(total.format(1))["result"], "partial")
        self.assertEqual(action.ping_outcome(total.format(0))["result"], "timeout")
        self.assertEqual(action.ping_outcome("From 10.0.0.1: icmp_seq=1 Redirect Host(New nexthop: 10.0.0.9)\n" + total.format(0))["result"],
                         "timeout")
        self.assertEqual(action.ping_outcome("From 10.0.0.1 icmp_seq=1 Time to live exceeded\n" + total.format(0))["result"], "unreachable")

    def test_traceroute(self):
        output = "traceroute to 10.0.2.1 (10.0.2.1), 8 hops max\n 1  10.0.0.1  0.5 ms\n 2  *\n 3  10.0.2.1  1.2 ms\n"
        self.assertEqual(action.traceroute_outcome(output, "10.0.2.1"), {"result": "ok", "hops": [
            {"ttl": 1, "answer": "10.0.0.1"}, {"ttl": 2, "answer": "*"}, {"ttl": 3, "answer": "10.0.2.1"}]})
        self.assertEqual(action.traceroute_outcome(" 1  10.0.0.1  0.5 ms !N\n", "10.0.2.1")["result"], "unreachable")

    def test_actions_have_numbers_of_their_own(self):
        numbered = action.numbered([{"type": "ping", "at": 0}, {"id": "web", "type": "tcp", "port": 80, "at": 0}, {"type": "udp", "port": 7, "at": 0}])
        self.assertEqual([each["id"] for each in numbered], ["a1", "web", "a3"])
        self.assertEqual([each["flow"] for each in numbered],
                         [{"id": 101}, {"sport": 40002, "dport": 80}, {"sport": 50003, "dport": 7}])


class Decisions(unittest.TestCase):
    def test_a_packet_is_classed_and_dropped(self):
        packet = 'packet: iif "eth0" ip saddr 10.0.0.1 ip daddr 10.0.0.2 ip ttl 64 ip id 7 ip protocol tcp tcp sport 40001 tcp dport 80'
        found = trace.decisions([
            f"trace id 1a ip roundtrip_watch pre {packet}",
            "trace id 1a ip roundtrip_watch ctpre rule ct state invalid counter packets 1 bytes 52 (verdict continue)",
            "trace id 1a inet filter forward rule ct state invalid counter packets 1 bytes 52 drop (verdict drop)",
            f"trace id 2b ip roundtrip_watch pre {packet}",
            "trace id 2b inet filter forward rule reject with tcp reset (verdict drop)",
            "trace id 3c ip roundtrip_watch out packet: oif \"eth0\"",
        ])
        self.assertEqual([(each["class"], each["verdict"]) for each in found], [("invalid", "drop"), (None, "reject")])
        self.assertEqual(found[0]["iif"], "eth0")
        self.assertEqual(found[0]["ident"], 7)


class Recordings(unittest.TestCase):
    def test_times_agree_in_a_step(self):
        self.assertEqual(canon.rounded([1003.1, 1003.4, 1003.9]), (1003, 1))
        self.assertEqual(canon.rounded([210, 216, 219]), (220, 10))

    def test_runs_are_aligned(self):
        rows, extra = canon.align([["a", "b", "c"], ["a", "c", "d"]], [[0, 1, 2], [0, 2, 3]])
        self.assertEqual(rows, [[0, 0], [1, None], [2, 1]])
        self.assertEqual(extra, [(1, 2)])
        # The same text much later is another retransmission.
        self.assertEqual(canon.align([["a"], ["a"]], [[0], [2000]]), ([[0, None]], [(1, 0)]))

    def test_numbers_that_nobody_chose_are_hidden(self):
        lab = {"nodes": [{"listeners": [{"port": 8080}]}], "actions": []}
        hide = canon._Random(lab, action.numbered([{"type": "ping", "at": 0}, {"type": "tcp", "port": 80, "at": 0}])).hide
        self.assertEqual(hide("tcp 10.0.0.1:51234>10.0.0.2:8080 id=77"), "tcp 10.0.0.1:*>10.0.0.2:8080 id=*")
        self.assertEqual(hide(["sport=40002 dport=2000 id=101"]), ["sport=40002 dport=* id=101"])


class Settings(unittest.TestCase):
    def test_names_and_routes(self):
        self.assertEqual(network.full_name("tcp_loose"), "net.netfilter.nf_conntrack_tcp_loose")
        self.assertEqual(network.full_name("nf_conntrack_udp_timeout"), "net.netfilter.nf_conntrack_udp_timeout")
        self.assertEqual(network.full_name("tcp_syn_retries"), "net.ipv4.tcp_syn_retries")
        route = {"dst": "10.0.0.0/8", "type": "unreachable", "metric": 5, "onlink": True, "may_fail": True}
        self.assertEqual(network.route_words(route), ["unreachable", "10.0.0.0/8", "metric", "5", "onlink"])

    def test_only_tracking_nodes_are_asked_for_the_state(self):
        self.assertIn("ctpre", network.watch_rules("table ip t { chain c { ct state new accept } }"))
        self.assertNotIn("ctpre", network.watch_rules("table ip t { chain c { tcp dport 80 drop } }"))


if __name__ == "__main__":
    unittest.main()
