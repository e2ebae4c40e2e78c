# What is said about conversations: how they end, why, and what would cure them.

list-separator = , 

## How a conversation ended

outcome-healthy = Works.
outcome-healthy-name = It works
outcome-recovered = Works in the end, after losses.
outcome-recovered-name = It works in the end
outcome-partial = Some answers come, some do not.
outcome-partial-name = Some answers are missing
outcome-stalled = Stalls: the client believes it is connected, and then nothing more gets through.
outcome-stalled-name = The connection stalls
outcome-timed-out = No answer.
outcome-timed-out-name = No answer
outcome-refused = Refused.
outcome-refused-name = Refused
outcome-unreachable = Unreachable.
outcome-unreachable-name = Unreachable
outcome-reset = Broken off by a reset.
outcome-reset-name = Broken off
outcome-ended = Ended early by the far end.
outcome-ended-name = Ended too early
outcome-failed = Failed.
outcome-failed-name = It fails
outcome-unfinished = Not finished when the simulation ended.
outcome-unfinished-name = Not finished

## Names of packets

packet-syn = ① SYN
packet-syn-ack = ② SYN,ACK
packet-handshake-ack = ③ ACK
packet-ack = ACK
packet-data = { $bytes } bytes of data
packet-http-request = HTTP request
packet-http-response = HTTP response
packet-fin = FIN
packet-rst = RST
packet-echo-request = echo request { $seq }
packet-echo-reply = echo reply { $seq }
packet-redirect = ICMP redirect to { $gateway }
packet-unreachable = ICMP { $code }
packet-time-exceeded = ICMP time exceeded
packet-icmp = ICMP type { $type }
packet-arp-request = ARP request for { $address }
packet-arp-reply = ARP reply for { $address }
packet-udp = UDP datagram of { $bytes } bytes
packet-fragment = fragment at { $offset }
packet-other = packet of protocol { $protocol }
packet-unsent = packet
packet-duplicate-ack = repeated ACK
passage = { $packet }: { $way }
packet-again = { $packet } (again, { $after } later)

## Why a packet died

drop-rule = rule “{ $rule }”
drop-rule-rejected = rule “{ $rule }”
drop-nat-exhausted = no free port for address translation
drop-nat-no-address = the outgoing interface has no address to translate to
drop-nat-interface-changed = its connection was masqueraded for another interface
drop-nat-redirect = redirect about a translated connection
drop-conntrack-full = the table of tracked connections is full
drop-no-route = no route
drop-route-unreachable = route of type unreachable
drop-route-prohibit = route of type prohibit
drop-route-blackhole = route of type blackhole
drop-not-forwarding = it does not forward (ip_forward=0)
drop-rp-filter = reverse path filter (rp_filter)
drop-martian-source = impossible source address
drop-martian-destination = impossible destination address
drop-ttl-exceeded = TTL used up
drop-fragmentation-needed = longer than the MTU, and DF is set
drop-neighbour-failed = no answer to ARP
drop-neighbour-queue-full = too many packets wait for the next hop's Ethernet address
drop-link-down = the interface is down
drop-cable-cut = the cable is cut
drop-frame-too-long = it is longer than the receiving interface takes
drop-no-socket = no socket for it
drop-no-protocol = nobody speaks this protocol
drop-reassembly-timeout = not all fragments came in time
drop-not-answerable = it does not answer this
drop-tcp-out-of-window = outside the receive window
drop-tcp-old-timestamp = timestamp too old (PAWS)
drop-tcp-bad-ack = acknowledges what was never sent
drop-tcp-rst-not-exact = RST with an inexact sequence number
drop-tcp-unexpected-syn = SYN on a running connection
drop-tcp-no-ack = no ACK where one is needed
drop-tcp-accept-queue-full = the accept queue is full
drop-tcp-bad-request = fits no half-open connection
drop-tcp-closed = the connection is closed

death = Dropped by { $node }: { $reason }
death-invalid = Dropped by { $node }: connection tracking calls it invalid; { $reason }
reason-refused = the system call failed
reason-no-carrier = nothing is at the other end of its cable

redirect-not-accepted = accept_redirects is off
redirect-forwarding = it forwards packets itself, and routers take no such advice
redirect-not-from-gateway = the advice is not from the gateway in use
redirect-gateway-not-on-link = the new gateway is not on the link
redirect-gateway-not-listed = the new gateway is not among its default gateways (secure_redirects)
redirect-gateway-impossible = the new gateway's address cannot be one
redirect-no-route = it has no route to the destination

## Causes: one sentence about the case, a general description, the source

cause-healthy = { $client } and { $server } reach each other, there and back through the same devices.
cause-healthy-name = Works, there and back by the same devices
cause-healthy-about = Every packet that counted was taken at the other end, and both directions meet the same devices.
cause-healthy-source = RFC 791, RFC 9293

cause-asymmetric-harmless = The way there and the way back differ, and it does no harm: no device on only one of them has to see both.
cause-asymmetric-harmless-name = Works although the ways differ
cause-asymmetric-harmless-about = IP routes each direction by itself, so differing ways are allowed. They hurt only where a device on one of them keeps state that it can get right only by seeing both directions. Here the devices that one direction alone meets keep no state, or let everything of that direction pass.
cause-asymmetric-harmless-source = RFC 1812 section 5.2, RFC 3234

cause-redirected = { $client } uses a shorter way than its routing table says: it followed an ICMP redirect.
cause-redirected-name = Works by a way that an ICMP redirect taught
cause-redirected-about = A router that sends a packet out by the interface it came in on tells the sender of the nearer gateway. A host that accepts such redirects keeps an exception to its route for that destination for some minutes.
cause-redirected-source = RFC 792, RFC 1122 section 3.2.2.2; Linux: accept_redirects

cause-asymmetric-invalid-ack = { $node } drops { $packet }: it saw { $seen } but never { $other }, which went around it ({ $way }).
cause-asymmetric-invalid-ack-name = Stateful device saw the SYN and never the SYN,ACK
cause-asymmetric-invalid-ack-about = A stateful device follows the TCP handshake. If it sees the SYN and not the SYN,ACK, its entry stays in SYN_SENT, and in that state an ACK from the client is invalid. The client has received the SYN,ACK and believes that it is connected; the server waits for the ACK and repeats its SYN,ACK. Ping does not notice, because each echo request begins an exchange of its own.
cause-asymmetric-invalid-ack-source = Linux nf_conntrack (nf_conntrack_proto_tcp, state table); RFC 9293 section 3.5

cause-asymmetric-unseen-request = { $node } drops { $packet }: it lets only answers pass whose request it saw, and { $other } went around it ({ $way }).
cause-asymmetric-unseen-request-name = Stateful device sees answers to requests that it never saw
cause-asymmetric-unseen-request-about = A stateful filter that accepts “established” packets knows a connection from its first packet on. If that one took another way, the answer is the first that the filter sees of the connection, and it finds nothing to which it would belong.
cause-asymmetric-unseen-request-source = Linux nf_conntrack; nft(8), ct state

cause-asymmetric-invalid = { $node } drops { $packet }: it followed the connection until { $other } went around it ({ $way }).
cause-asymmetric-invalid-name = Stateful device lost sight of one direction
cause-asymmetric-invalid-about = A stateful device checks sequence numbers of both directions against each other. When one direction changes its way in the middle of a connection, the device stops seeing acknowledgements, and what it still sees falls outside the window that it knows, or into a state in which it makes no sense.
cause-asymmetric-invalid-source = Linux nf_conntrack (TCP window tracking)

cause-conntrack-forgotten = { $node } drops { $packet }: it does not know the connection any more.
cause-conntrack-forgotten-name = Stateful device does not know the connection any more
cause-conntrack-forgotten-about = Entries of tracked connections expire after a time without packets, and they are gone when the table is emptied. A packet from the middle of a connection then begins nothing: it is invalid, or new without being a SYN.
cause-conntrack-forgotten-source = Linux: nf_conntrack_tcp_timeout_*, nf_conntrack_tcp_loose

cause-conntrack-invalid = { $node } drops { $packet }: its connection tracking finds it invalid.
cause-conntrack-invalid-name = Invalid to connection tracking
cause-conntrack-invalid-about = Connection tracking calls a packet invalid that fits no connection in its state, or that is malformed. A rule then drops it.
cause-conntrack-invalid-source = Linux nf_conntrack; nft(8), ct state

cause-conntrack-full = { $node } drops { $packet }: its table of tracked connections is full.
cause-conntrack-full-name = Table of tracked connections is full
cause-conntrack-full-about = A device that tracks connections has room for a limited number of them. Packets that would begin one more are dropped.
cause-conntrack-full-source = Linux: nf_conntrack_max

cause-nat-hairpin = { $packet } comes to { $client } straight from { $address } and not from the address that was asked: the translation on the way there is not undone on the way back.
cause-nat-hairpin-name = Hairpin: the answer goes past the router that translated
cause-nat-hairpin-about = A router translated the destination of a request and sent it back into the segment from which it came. The server sees a client on its own segment and answers it directly. The client gets an answer from an address that it never spoke to, and resets it. It works if the router translates the source as well, so that the answer comes back to it.
cause-nat-hairpin-source = RFC 4787 section 6 (hairpinning), RFC 3022

cause-nat-bypassed = { $packet } comes to { $client } from { $address } and not from the address that was asked: it went past the device that had translated the destination.
cause-nat-bypassed-name = The answer goes past the device that translated
cause-nat-bypassed-about = Who translates the destination of a request must see the answer, to translate its source back. Here the answer takes another way.
cause-nat-bypassed-source = RFC 3022 section 2

cause-nat-failed = { $node } cannot translate { $packet }: { $reason }.
cause-nat-failed-name = Address translation cannot be done
cause-nat-failed-about = Address translation needs a free port and an address of the outgoing interface, and it keeps to the interface that a connection began with.
cause-nat-failed-source = RFC 3022; nft(8), masquerade

cause-filter-drop = { $node } drops { $packet ->
    [none] the packet
   *[other] { $packet }
  }: { $reason }.
cause-filter-drop-name = Packet filter drops it in silence
cause-filter-drop-about = A rule or the policy of a packet filter discards the packet without a word. The sender hears nothing and tries again until it gives up.
cause-filter-drop-source = nft(8), drop

cause-filter-reject = { $node } rejects { $packet } and says so to the sender: { $reason }.
cause-filter-reject-name = Packet filter rejects it and says so
cause-filter-reject-about = A rule of a packet filter discards the packet and tells its sender, with a RST or an ICMP message. The application fails at once.
cause-filter-reject-source = nft(8), reject; RFC 1122 section 3.2.2.1

cause-no-route = { $node } has no route to { $address }.
cause-no-route-name = No route to the destination
cause-no-route-about = A node that finds no route for a packet discards it. A router tells the sender “network unreachable”; on the sender itself the call fails.
cause-no-route-source = RFC 1812 section 4.3.3.1

cause-no-return-route = The request arrives, but { $node } has no route for the answer to { $address }.
cause-no-return-route-name = No route for the answer
cause-no-return-route-about = Every packet needs a route, answers too. A host that has none for its answer discards it and tells nobody; a router on the way back tells the one who answers, not the one who asked.
cause-no-return-route-source = RFC 1812 section 4.3.3.1; RFC 1122 section 3.3.1

cause-route-refuses = A route on { $node } refuses packets to { $address }.
cause-route-refuses-name = A route says unreachable or prohibit
cause-route-refuses-about = Routes of the types unreachable and prohibit exist to say no, and say so to the sender.
cause-route-refuses-source = ip-route(8)

cause-route-blackhole = A route on { $node } swallows packets to { $address }.
cause-route-blackhole-name = A route swallows it
cause-route-blackhole-about = A route of the type blackhole discards packets without a word.
cause-route-blackhole-source = ip-route(8)

cause-not-forwarding = { $node } gets { $packet } for { $address }, and it does not forward.
cause-not-forwarding-name = A device on the way does not forward
cause-not-forwarding-about = A host that gets a packet for somebody else discards it. Only a router, with forwarding switched on, sends it on.
cause-not-forwarding-source = RFC 1122 section 3.3.4.2; Linux: ip_forward

cause-routing-loop = { $packet } runs in a circle, { $way }, until its TTL is used up.
cause-routing-loop-name = Routing loop
cause-routing-loop-about = Each of the routers on the circle believes that the next one is nearer to the destination. Every round costs the packet some of its TTL, and when none is left, a router discards it and tells the sender.
cause-routing-loop-source = RFC 1812 section 5.3.1, RFC 792

cause-ttl-exceeded = The TTL of { $packet } is used up at { $node }.
cause-ttl-exceeded-name = TTL too small for the way
cause-ttl-exceeded-about = Every router takes one off the TTL. The packet was sent with less than the way has routers.
cause-ttl-exceeded-source = RFC 1812 section 5.3.1

cause-rp-filter = { $node } drops { $packet }: its own way back to { $address } leads through another interface than the one it came in by.
cause-rp-filter-name = Reverse path filter
cause-rp-filter-about = With rp_filter=1 a node accepts a packet only by the interface by which it would send to its source. Where the ways there and back differ, that drops packets that are perfectly all right, without a word.
cause-rp-filter-source = RFC 3704 section 2.2; Linux: rp_filter

cause-martian-address = { $node } drops { $packet }: { $reason }.
cause-martian-address-name = Impossible address
cause-martian-address-about = Some addresses cannot be the source or the destination of a packet on a wire: loopback, zero, broadcast or multicast as a source, the node's own.
cause-martian-address-source = RFC 1812 sections 5.3.7 and 5.3.8

cause-duplicate-address = { $packet } ends up at { $node }, because two devices have the address { $address }.
cause-duplicate-address-name = Two devices with one address
cause-duplicate-address-about = Who of the two answers ARP last, or is nearer, gets the packets; the other one waits for them.
cause-duplicate-address-source = RFC 5227

cause-stale-neighbour = { $packet } still goes to { $node } by an old neighbour entry, but { $node } does not have { $address } any more.
cause-stale-neighbour-name = A neighbour entry leads to a device that no longer has the address
cause-stale-neighbour-about = A node that knows a next hop's Ethernet address goes on using it. When the address moves to another device, or is deleted, packets go to the old one until the entry is asked for again, or the new owner announces itself (gratuitous ARP, arp_notify). The old owner is not the destination and discards them.
cause-stale-neighbour-source = RFC 826, RFC 5227 section 3; Linux: arp_notify, gc_stale_time

cause-broadcast-address = { $address } is a broadcast address to { $node }, not the address of one host.
cause-broadcast-address-name = The address is a subnet's broadcast address
cause-broadcast-address-about = The last address of a subnet is for everybody on it. With too narrow a mask an ordinary neighbour's address becomes one: programs may not send to it unless they ask for broadcasts, TCP cannot connect to it, and answers to it go out as broadcasts, which TCP discards.
cause-broadcast-address-source = RFC 919, RFC 922, RFC 1122 sections 3.3.6 and 4.2.3.10

cause-neighbour-failed = Nobody answers the ARP requests of { $node } for { $address }.
cause-neighbour-failed-name = Nobody answers ARP for the next hop
cause-neighbour-failed-about = To send a packet on, a node needs the Ethernet address of the next hop. Linux asks three times, a second apart, then discards the packets that waited and tells their senders “host unreachable”.
cause-neighbour-failed-source = RFC 826, RFC 1122 section 2.3.2.2

cause-link-down = { $packet } gets no further than { $node }: { $reason }.
cause-link-down-name = Interface down or cable out
cause-link-down-about = An interface that was switched off, or whose cable is cut, carries nothing. Routes through it stay as long as nobody takes them out.
cause-link-down-source = ip-link(8)

cause-fragmentation-needed = { $packet ->
    [none] The packet
   *[other] { $packet }
  } is too long for a link behind { $node } and must not be fragmented; its sender is told how long it may be.
cause-fragmentation-needed-name = Too long for a link, and the sender is told
cause-fragmentation-needed-about = With DF set a router does not fragment: it discards the packet and tells the sender the MTU of the next link. TCP then sends smaller segments, which is how path MTU discovery works. A ping with a fixed size fails.
cause-fragmentation-needed-source = RFC 1191

cause-pmtu-black-hole = { $packet } is too long for a link behind { $node } and must not be fragmented, and its sender never hears of it.
cause-pmtu-black-hole-name = Path MTU black hole
cause-pmtu-black-hole-about = Path MTU discovery needs the ICMP message “fragmentation needed”. If that one is filtered, or never sent, the sender repeats the long packets for ever: small ones pass, the handshake succeeds, and the first full segment stalls.
cause-pmtu-black-hole-source = RFC 2923 section 2.1, RFC 4821

cause-mtu-mismatch = { $packet } is longer than the interface of { $node } takes: neighbours on one segment have different MTUs, and nobody is told.
cause-mtu-mismatch-name = Neighbours with different MTUs
cause-mtu-mismatch-about = All devices on a segment must have the same MTU. A frame that is longer than the receiver takes is discarded in its Ethernet interface: there is no router in between that could fragment it or send an ICMP message. TCP notices less, for each end tells the other its maximum segment size.
cause-mtu-mismatch-source = RFC 1122 section 3.3.3; RFC 9293 section 3.7.1

cause-closed-port = { $port ->
    [none] Nothing on { $node } waits for { $packet }.
   *[other] Nothing on { $node } listens on port { $port }.
  }
cause-closed-port-name = Nothing listens on the port
cause-closed-port-about = A port without a listener answers a SYN with RST and a UDP datagram with ICMP “port unreachable”. The way there and back works, then.
cause-closed-port-source = RFC 9293 section 3.10.7.1, RFC 1122 section 4.1.3.1

cause-echo-ignored = { $node } does not answer echo requests.
cause-echo-ignored-name = Echo requests are not answered
cause-echo-ignored-about = A setting keeps the host from answering pings; that says nothing about its services.
cause-echo-ignored-source = Linux: icmp_echo_ignore_all, icmp_echo_ignore_broadcasts

cause-no-answer = { $node } takes { $packet } and does not answer.
cause-no-answer-name = The service says nothing
cause-no-answer-about = The network did its work in this direction. The service at the far end says nothing.
cause-no-answer-source = RFC 1122 section 4.1

cause-socket-gone = The connection does not exist on { $node } any more.
cause-socket-gone-name = The connection is gone at one end
cause-socket-gone-about = A segment for a connection that was closed, given up or never completed is answered with RST.
cause-socket-gone-source = RFC 9293 section 3.10.7.1

cause-tcp-unacceptable = TCP on { $node } discards { $packet }: { $reason }.
cause-tcp-unacceptable-name = TCP finds it unacceptable
cause-tcp-unacceptable-about = TCP discards segments that do not fit the connection's state and window.
cause-tcp-unacceptable-source = RFC 9293 section 3.10.7.4

cause-reset = { $node } breaks the connection off.
cause-reset-name = One end breaks the connection off
cause-reset-about = An application that closes with data unread, or wants no orderly end, sends a RST.
cause-reset-source = RFC 9293 section 3.5.2

cause-forged-segment = A segment forged by { $node } breaks the connection off.
cause-forged-segment-name = A forged segment breaks it off
cause-forged-segment-about = Who guesses addresses, ports and the right sequence number can end a connection of others.
cause-forged-segment-source = RFC 5961

cause-closed-early = { $node } ends the stream before all is there.
cause-closed-early-name = The far end closes too early
cause-closed-early-about = The far end closed in good order, and the client had waited for more.
cause-closed-early-source = RFC 9293 section 3.6

cause-local-failure = { $node } cannot send: { $reason }.
cause-local-failure-name = The sender's own system refuses
cause-local-failure-about = The system call failed on the sender itself; no packet was made.
cause-local-failure-source = errno(3)

cause-too-slow = Packets were still arriving when the application's patience ended.
cause-too-slow-name = Too slow for the application's patience
cause-too-slow-about = Nothing was lost for good: the time limit is shorter than the transmission takes.
cause-too-slow-source = RFC 6298

cause-unfinished = The simulation ended first.
cause-unfinished-name = The simulation ended first
cause-unfinished-about = The run was shorter than the conversation.
cause-unfinished-source = —

cause-unexplained = The trace does not show why.
cause-unexplained-name = Not explained
cause-unexplained-about = No death, no error and no silence in the trace accounts for the outcome.
cause-unexplained-source = —

## Links of the chain

link-repeats = { $node } repeats { $packet }: { $times } ×, the last { $last } after the first
link-gave-up = { $node } gives up after { $after }
link-error = { $node } gets the error { $errno }
link-told = { $by } sends { $node } the { $packet }
link-lost = { $packet } dropped at { $node }: { $reason }
link-unanswered = { $node } takes { $packet }, and nothing more comes from it
link-waiting = { $packet } waits at { $node } for the next hop's Ethernet address
link-held = { $node } waits for the other fragments of { $packet }
link-not-taken = { $node } sends { $packet } to { $mac }, and nobody takes the frame
link-reset-sent = { $node } sends { $packet }
link-ended-stream = { $node } closes the stream
link-refused = { $node } refuses to send: { $errno }
link-tracked = { $node } tracks the connection as { $state }: it saw { $seen }, never { $unseen }
link-not-tracked = { $node } has no entry for the connection: it never saw { $unseen }
link-expired = the entry on { $node } expired after { $at }
link-flushed = the table on { $node } was emptied after { $at }
link-went-around = { $packet } went { $way }, around { $node }
link-on-link = { $node } stands on { $net } itself and hands { $packet } over directly
link-route = { $node } sends { $packet } to { $via } (route { $route })
link-route-learned = { $node } sends { $packet } to { $via }, as a redirect had taught it
link-no-route = { $node } has no route to { $address }
link-route-says-no = the route to { $address } on { $node }: { $reason }
link-not-forwarding = { $node } is not { $address } and does not forward (ip_forward=0)
link-reverse-path = { $source } came in by { $came }, but { $node } would reach it by { $back }
link-no-reverse-path = { $source } came in by { $came }, but { $node } has no route to it
link-nobody-answers = nobody on { $dev } of { $node } answers ARP for { $address }
link-nobody-has = no device has the address { $address }
link-owner-elsewhere = { $owner } has { $address }, but on another segment than { $dev }
link-no-carrier = { $dev } of { $node } has no carrier
link-two-have = { $node } and { $other } both have { $address }
link-circle = { $way }, { $times } ×
link-too-long = { $packet } has { $length } bytes with its IP header; behind { $node } only { $mtu } fit
link-error-lost = the { $packet } about it dropped at { $node }: { $reason }
link-error-not-sent = { $node } sends no ICMP message about it
link-translated = { $node } translates the destination { $from } to { $to }
link-answers-from = { $node } answers from { $address }; { $asked } was asked
link-nothing-listens = nothing on { $node } listens on port { $port }
link-rule-at = { $node }, table { $table }, chain { $chain }: { $rule }
link-redirect-ignored = { $by } tells { $node } that { $gateway } is nearer; { $node } does not follow: { $reason }
link-redirect-resolving = { $by } tells { $node } that { $gateway } is nearer; { $node } first asks for its Ethernet address
link-redirect-accepted = { $by } tells { $node } that { $gateway } is nearer; { $node } follows
link-path-mtu = { $node } has learned a path MTU of { $mtu } bytes
link-changed = at { $at }: { $what } (action “{ $action }”)
link-came-through = { $packet } comes through { $after } later: { $way }
link-way-there = there: { $way }
link-way-back = back: { $way }
link-keeps-no-state = { $node } is on one way only and keeps no state
link-lets-pass = { $node } sees one direction only, classes it as { $state } each time, and lets it pass

## Why another conversation lives

contrast-state-each-new = “{ $other }” lives: to { $node }, { $lives } begins an exchange of its own (ct state { $lives-how }), while { $dies } has to fit a connection (ct state { $dies-how }).
contrast-state = “{ $other }” lives: { $node } classes { $lives } as { $lives-how }, but { $dies } as { $dies-how }.
contrast-rule = “{ $other }” lives: { $lives-how ->
    [none] no rule on { $node } stops { $lives }
   *[other] rule “{ $lives-how }” on { $node } lets { $lives } pass
  }, while { $dies } meets “{ $dies-how }”.
contrast-length = “{ $other }” lives: { $lives } has { $lives-how } bytes and fits, { $dies } has { $dies-how }.
contrast-end-system = “{ $other }” lives: { $lives } is answered by the system of { $node } itself, while { $dies } needs somebody who waits for it.
contrast-end-service = “{ $other }” lives: on { $node } somebody waits for { $lives }, and nobody for { $dies }.
contrast-other-way = “{ $other }” lives: { $lives } never comes to { $node }.

## Cures

cure-route = Give { $device } the route { $to } via { $via } ({ $router })
cure-gateway = Make { $router } ({ $via }) the default gateway of { $device }
cure-accept-redirects = Let { $device } accept ICMP redirects (accept_redirects=1)
cure-shared-media = Let { $device } accept redirects to other gateways than its default ones (shared_media=1)
cure-send-redirects = Let { $device } send ICMP redirects (send_redirects=1)
cure-masquerade = Let { $device } translate the source address (masquerade) of what it sends from { $from } to { $to }, so that answers come back to it
cure-loose-rp-filter = Loosen the reverse path filter of { $device } (rp_filter=2)
cure-forwarding = Let { $device } forward packets (ip_forward=1)
cure-accept-rule = Let { $device } accept this traffic: “{ $rule }”, before its other rules
cure-mtu-probing = Let { $device } probe for the path MTU itself (tcp_mtu_probing=1)
cure-mtu = Set the MTU of { $device } on { $interface } to { $mtu }
cure-echo = Let { $device } answer echo requests
cure-timeout = Let { $device } remember idle connections for longer ({ $setting }={ $value })

## Steps that a device takes with a packet

step-conntrack = connection tracking: { $state }
step-rule-accept = rule “{ $rule }” accepts
step-rule-continue = rule “{ $rule }”
step-rule-translate = rule “{ $rule }” translates
step-translated-source = source translated
step-translated-destination = destination translated
step-route = route: via { $via } by { $dev }
step-route-link = route: on the link of { $dev }
step-route-local = for this device
step-neighbour-asked = asks for the next hop's Ethernet address
step-fragmented = cut into { $pieces } pieces
step-dies = dropped: { $reason }
step-taken = taken
step-passes = sent on

## Lights and conversations

stage-request = Request
stage-reply = Answer
light-arrived = arrived
light-arrived-later = arrived at a later try
light-lost = lost at { $device }
light-missing = never arrived
light-never-sent = never sent
purpose-ping = ping
purpose-web = Web page
purpose-ssh = ssh
purpose-tcp = TCP { $port }
purpose-udp = UDP { $port }
purpose-traceroute = Trace route

## Why a packet died, in a few words

short-rule = dropped by a rule
short-rule-rejected = rejected by a rule
short-rule-invalid = invalid: dropped by a rule

## Sentences about causes that show in more than one way

cause-asymmetric-harmless-links = Packets there and packets back cross different segments between the same devices, and it does no harm: every device sees both.
cause-rp-filter-no-route = { $node } drops { $packet }: it has no route back to { $address }, and its source check (rp_filter) lets pass only what it could answer.
cause-rp-filter-arp = { $node } does not answer { $packet }: its own way back to { $address } leads through another interface than the one the question came in by (rp_filter).
cause-fragmentation-needed-local = { $node } itself refuses to send: it is longer than the MTU that { $node } knows for this way, and must not be fragmented.
cause-no-answer-more = { $node } answers with { $seen } and then says nothing more; { $client } waits for the rest.
cause-conntrack-forgotten-sent = { $node } does not know the connection any more: { $packet } leaves it with another source than before, and the far end does not recognise it.
cause-conntrack-forgotten-taken = { $node } does not know the connection any more, and takes { $packet } for its own instead of translating it back.

## Changes of the network

change-link-down = { $dev } of { $node } is switched off
change-link-up = { $dev } of { $node } is switched on
change-cable-out = the cable of { $dev } of { $node } is pulled out
change-cable-in = the cable of { $dev } of { $node } is plugged in
change-route-add = { $node } gets the route { $route }
change-route-replace = a route of { $node } becomes { $route }
change-route-del = { $node } loses the route { $route }
change-address-add = { $node } gets the address { $address }
change-address-del = { $node } loses the address { $address }
change-sysctl = { $node } is set to { $setting }
change-nft = the rules of { $node } change
change-neigh-flush = the neighbour table of { $node } is emptied
change-conntrack-flush = { $node } forgets its tracked connections

link-stale-entry = { $node } still has the Ethernet address of { $holder } for { $address }
link-owner-now = { $address } belongs to { $node } by then
link-is-broadcast = { $address } is the broadcast address of { $own }, which { $node } has
link-mtus-differ = { $from } (MTU { $own }) sends { $length } bytes at once; { $node } takes { $mtu }
link-owner-off = { $node } has { $address }, but its interface { $dev } is down or has no cable
link-source-changed = { $node } gives the packets the source { $now }; before it was { $then }
link-other-segment = { $node } and { $other }: there by segment { $there }, back by { $back }
link-arp-unanswered = { $node } has { $address }, but does not answer the ARP request of { $by }
link-route-mtu = { $node } may send { $mtu } bytes at once by { $dev }
