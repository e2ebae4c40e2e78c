# What the command line says.

error = error
warning = warning
cannot-read = { $name } cannot be read: { $error }
cannot-write = the output cannot be written: { $error }
cannot-write-file = { $name } cannot be written: { $error }
picture-canvas = The network of the lab: devices, segments, and the ways that packets take.
picture-ladder = The packets of the conversation in the order of time, from device to device.
picture-there = the way there: { $way }
picture-back = the way back: { $way }
picture-only-there = only on the way there
picture-only-back = only on the way back
picture-gap = { $span } later
picture-more = and { $count } more
subtitle-gateway = gateway { $gateway }
subtitle-no-gateway = no gateway
subtitle-stateful-router = stateful router
subtitle-router = router
subtitle-l3-switch = L3 switch
subtitle-firewall = firewall
subtitle-internet = Internet
service-web = web
netns-reserved = On a Linux machine the interface { $interface } of { $device } cannot have that name: the kernel keeps it for itself. Give it another.
no-terminal = This file is not text. Write it to a file with -o FILE, or send it to another program.
cannot-run = The lab cannot run as long as there are errors in it.
no-example = There is neither a file nor an example { $name }. Examples are: { $similar }
link-long = The link has { $length } characters. Some chat and mail programs cut links longer than { $limit }: a file is safer.
no-place = There is no place { $name } to capture at. Places are: { $known }

check-fine = Nothing is wrong.
check-warnings = It can run. Errors: 0, warnings: { $warnings }.
check-errors = It cannot run. Errors: { $errors }, warnings: { $warnings }.

counts = Devices: { $devices }, segments: { $segments }, frames: { $frames }, simulated seconds: { $seconds }
result-ok = ok
result-partial = in part
result-timeout = gave up
result-timeout-kernel = timed out
result-refused = refused
result-unreachable = unreachable
result-reset = reset
result-eof = ended early
result-error = failed
result-running = still running
ping-counts = { $received } of { $sent } answered
tcp-connected = connected, { $bytes } bytes received
tcp-not-connected = not connected
udp-replies = answers: { $replies }
stage = stuck at { $stage }

no-drops = No packet was dropped.
drops = Packets dropped
first-at = first at { $seconds } s:
made-here = a packet of its own

## roundtrip explain

no-conversation = There is no conversation { $name } in this lab. Its conversations are: { $known }
no-cause = There is no cause { $name }. roundtrip causes lists them all.
no-conversations = There is no conversation in this lab: nobody pings, connects or asks.
explain-begins = at { $seconds } s
explain-lights = How far it got
explain-why = Why, from what is seen to what is at the root of it
explain-harmless = Why it does no harm
explain-works = The ways
explain-asides = What else has to do with it
explain-beliefs = What each one believes at { $seconds } s
explain-disagree = they do not agree
explain-contrast = Why “{ $other }” works and this does not
explain-steps = Where they part, step by step at { $node }
explain-cures = What would cure it (each one simulated)
explain-no-cure = No change of this network is known to cure it.
explain-also-mends = also mends: { $conversations }
explain-breaks = but this would suffer: { $conversations }
explain-causes = The causes in general
explain-source = Source: { $source }
