# What is wrong with a document, and what helps. `similar` is empty or a word that was perhaps meant.

link-unknown = This is no link to a lab: behind its # there is no document.
    .remedy = Copy the whole link again; behind the # it begins with { $known } and a dot.
link-newer = The link is of the form { $found }; this program knows up to { $known }.
    .remedy = Open it with a newer program, or ask for the lab as a file.
link-letter = The link holds "{ $found }" as letter { $place } of the document, which no link has.
    .remedy = Copy the link again, without what stands around it.
link-cut = The link's end is missing.
    .remedy = Copy the whole link again. If a chat or mail program cut it, ask for the lab as a file.
link-damaged = The link was changed on its way: what it holds is no whole document.
    .remedy = Copy the link again from where it was made, or ask for the lab as a file.
link-too-large = The document is larger than the { $limit } bytes that a link may hold.
    .remedy = Pass it on as a file.

document-too-large = The document is larger than { $limit } bytes.
    .remedy = Split it into several labs.
json-syntax = Line { $line }, column { $column } is not JSON: { $reason }.
    .remedy = Check quotes, commas and brackets just before that place.
duplicate-field = The field { $field } is there more than once.
    .remedy = Keep one of them.
version-missing = The document does not say which version of the format it has.
    .remedy = Write "version": { $known } at its beginning; that is what it is taken for.
version-unknown = The document has version { $found } of the format; this program knows up to { $known }.
    .remedy = Open it with a newer program.
unknown-field = There is no field { $field } here; it is left out.
    .remedy = { $similar ->
        [none] Take it out, or look for its right name in the format's description.
       *[other] Perhaps { $similar } is meant.
    }
missing-field = The field { $field } is missing.
    .remedy = Add it.
wrong-type = This must be { $expected }, but it is { $found }.
    .remedy = Write { $expected }.
unknown-word = { $found } is not known here.
    .remedy = { $similar ->
        [none] Possible are { $words }.
       *[other] Perhaps { $similar } is meant. Possible are { $words }.
    }
out-of-range = { $found } is not between { $min } and { $max }.
    .remedy = Choose a number from { $min } to { $max }.
too-many = There are more than { $limit } here.
    .remedy = Take some out.
too-long = This is longer than { $limit } characters.
    .remedy = Shorten it.
bad-address = { $found } is not an IPv4 address.
    .remedy = Write four numbers from 0 to 255, as in 192.168.1.10.
bad-prefix = { $found } is not an IPv4 address with its prefix length.
    .remedy = Write it as in 192.168.1.10/24.
bad-mac = { $found } is not an Ethernet address.
    .remedy = Write six pairs of hexadecimal digits, as in 02:00:00:01:00:10.
bad-value = { $found } cannot be read here.
    .remedy = Write { $expected }.

name-invalid = "{ $name }" cannot be a name.
    .remedy = A name has 1 to 64 characters without slashes and quotes; a device's also without blanks, dots and colons, and an interface's has up to 15 and no blanks.
name-duplicate = The name { $name } is taken by { $other }.
    .remedy = Give one of them another name.
name-similar = The names { $name } and { $other } differ in upper and lower case only.
    .remedy = Choose names that nobody confuses.
unknown-segment = There is no segment { $name }.
    .remedy = { $similar ->
        [none] Add the segment, or name one that is there.
       *[other] Perhaps { $similar } is meant.
    }
unknown-device = There is no device { $name }.
    .remedy = { $similar ->
        [none] Add the device, or name one that is there.
       *[other] Perhaps { $similar } is meant.
    }
unknown-interface = { $device } has no interface { $name }.
    .remedy = { $similar ->
        [none] Add the interface, or name one that is there.
       *[other] Perhaps { $similar } is meant.
    }
unknown-flow = There is no TCP action { $name }.
    .remedy = { $similar ->
        [none] Name an action of type tcp.
       *[other] Perhaps { $similar } is meant.
    }

subnet-host-bits = { $subnet } has bits set behind its prefix.
    .remedy = Write { $network }.
subnet-overlap = The subnet { $subnet } of { $segment } shares addresses with { $other }.
    .remedy = Give each segment a subnet of its own, unless the overlap is what you want to see.
address-outside-subnet = { $address } is not in the subnet { $subnet } of { $segment }.
    .remedy = Choose an address in { $subnet }, or another segment.
address-prefix-differs = { $address } has the prefix length { $prefix }, but the segment's subnet is { $subnet }.
    .remedy = Use the subnet's prefix length, unless a wrong mask is what you want to see.
address-duplicate = { $address } is also the address of { $other } on the same segment.
    .remedy = Give one of them another address, unless the conflict is what you want to see.
address-repeated = { $address } is also the address of this device's { $other }.
    .remedy = Take one of them out.
address-is-network = { $address } stands for the subnet itself.
    .remedy = Choose an address between the subnet's first and last.
address-is-broadcast = { $address } stands for everybody on the subnet.
    .remedy = Choose an address between the subnet's first and last.
address-unusable = No interface can have the address { $address }.
    .remedy = Choose one that is not 0.0.0.0, loopback, multicast or broadcast.
mac-unusable = { $mac } belongs to a group or to nobody.
    .remedy = Choose one with an even first byte, as in 02:00:00:01:00:10, or leave it out.
mac-duplicate = { $mac } is also the Ethernet address of { $other }.
    .remedy = Leave one of them out, so that a free one is chosen.
mtu-differs = The MTU is { $mtu } here, but { $theirs } at { $other } on the same segment.
    .remedy = Use the same MTU on a whole segment, unless the difference is what you want to see.

gateway-off-subnet = The gateway { $gateway } is on none of the device's subnets ({ $subnets }).
    .remedy = Choose a router's address on one of them. Without it there is no default route.
gateway-is-self = The gateway { $gateway } is the device itself.
    .remedy = Choose the address of the next router.
next-hop-nobody = Nobody on { $segment } has the address { $address }.
    .remedy = Check the address; packets that go this way end in "host unreachable".
route-next-hop-unreachable = The next hop { $address } is on none of the device's subnets ({ $subnets }), so the route is refused.
    .remedy = Choose a router's address on one of them, or say onlink together with dev.
route-incomplete = The route has neither a next hop nor an interface, so it is refused.
    .remedy = Add via, dev, or a type that discards.
route-host-bits = { $destination } has bits set behind its prefix, so the route is refused.
    .remedy = Write { $network }.
route-duplicate = There is a route to { $destination } with the same metric already ({ $other }), so this one is refused.
    .remedy = Take one of them out, or give it another metric.
source-not-own = { $address } is none of { $device }'s addresses.
    .remedy = Choose one of its own addresses.

setting-unknown = The setting { $setting } is not simulated; it has no effect.
    .remedy = { $similar ->
        [none] Take it out if you expect something of it.
       *[other] Perhaps { $similar } is meant.
    }
setting-range = { $setting } cannot be { $found }.
    .remedy = Choose a number from { $min } to { $max }.
nft-syntax = Line { $line }, column { $column } of the rules: { $reason }.
    .remedy = Correct the rules there; the words are those of nft(8).
nft-unsupported = Line { $line }, column { $column } of the rules: { $construct } is not simulated.
    .remedy = Take it out, or say it with what is simulated.
nft-note = Line { $line }, column { $column } of the rules: { $reason }.
    .remedy = Nothing needs to be done if that is fine with you.
nft-and-form = The device has its rules as text and as a form.
    .remedy = Keep nft, or keep filter and nat.
rule-unknown-interface = A rule speaks of the interface { $name }, which the device does not have.
    .remedy = { $similar ->
        [none] Check the name; the rule never holds.
       *[other] Perhaps { $similar } is meant; now the rule never holds.
    }
rule-field-unused = The field { $field } has no meaning in a rule of this kind.
    .remedy = Take it out.
rule-wrong = The rule cannot be: { $reason }.
    .remedy = Change the conditions so that they fit each other.
nat-without-target = The rule does not say what is translated to.
    .remedy = Add to, as in "to": "192.168.10.20:80".
service-duplicate = Port { $port } is taken by { $other }.
    .remedy = Choose another port, or bind each service to an address of its own.

target-without-address = { $name } has no address.
    .remedy = Give it one, or write the address that is meant.
port-missing = The port is missing.
    .remedy = Add port.
action-after-end = The action starts at { $at } s, but the simulation ends at { $duration } s.
    .remedy = Start it earlier, or make the duration longer.
bad-flags = { $found } are not TCP flags.
    .remedy = Use the letters F, S, R, P and A.

command-unknown = { $found } is not known here.
    .remedy = Use one of { $words }.
command-wrong = { $found } cannot stand here.
    .remedy = Expected: { $expected }.
command-ends = The line ends too early.
    .remedy = Expected: { $expected }.
