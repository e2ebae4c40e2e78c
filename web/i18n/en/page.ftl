page-title = Roundtrip: where packets go, and where they die

## The head

examples = Examples
undo = Undo
redo = Redo
close = Close
help-title = Keys
theme-button = Colours: { $theme }
theme-system = as the system
theme-light = light
theme-dark = dark

## Parts of the page

canvas-name = Network
transport-name = Time
ladder-name = Ladder of the conversation
packets-name = Packet list
inspector-name = Device
tabs-name = Parts of the page
pane-canvas = Network
pane-packets = Packets
pane-details = Details

## Changes, after “Undo:”

change-move = move { $device }
change-label = rename { $device }
change-gateway = gateway of { $device }
change-add-route = new route on { $device }
change-route = route on { $device }
change-remove-route = remove a route from { $device }
change-address = address of { $device }
change-setting = { $setting } of { $device }
change-open = open another lab

## Keys

act-toggle = Play or pause
act-step = Next event
act-step-back = Event before
act-start = To the beginning
act-end = To the end
act-first-loss = To the first loss
act-undo = Undo
act-redo = Redo
act-escape = Deselect, close
act-fit = Show the whole network
act-zoom-in = Zoom in
act-zoom-out = Zoom out
act-help = List of keys
act-pane-canvas = Network (small screens)
act-pane-packets = Packets (small screens)
act-pane-details = Details (small screens)

## Time

play = Play
pause = Pause
step = Step
step-back = Back
first-loss = First loss
scrub = Moment
speed = Speed
speed-very-slow = very slow
speed-slow = slow
speed-normal = normal
speed-fast = fast
speed-very-fast = very fast
conversation = Conversation
all-traffic = All traffic
wait-shortened = Nothing moves for { $span }: shortened
span-seconds = { $number } s
span-milliseconds = { $number } ms

## Conversations and packets

packet-again = { $packet } again, { $after }

## The picture

segment-name = Segment { $segment } { $subnet }
device-name = { $written }: { $kind }, { $addresses }
kind-host = host
kind-router = router
kind-l3-switch = L3 switch
kind-firewall = firewall
kind-internet = Internet
subtitle-gateway = gateway { $gateway }
subtitle-no-gateway = no gateway
subtitle-stateful-router = stateful router
subtitle-router = router
subtitle-l3-switch = L3 switch
subtitle-firewall = firewall
subtitle-internet = Internet
service-web = web
only-there = only on the way there
only-back = only on the way back
legend-name = Ways
way-there = The way there: { $way }
way-back = The way back: { $way }
way-skips = skips { $devices }
callout-dropped = { $packet } dropped by { $device }
callout-more = and { $count } more at the same time

## Why packets die: in a sentence

why-never-seen = { $device } never saw { $packet }: it went around it.
why-invalid-state = For { $device }, it does not fit the state of its connection.
why-invalid-window = For { $device }, it lies outside the window of its connection.
why-invalid-not-first = { $device } knows no connection that it belongs to.
why-invalid-flags = No packet may carry these flags.
why-invalid-unrequested = { $device } saw no request that it answers.
why-invalid-error = { $device } knows no connection that this error is about.
why-invalid-malformed = The packet is broken.
why-rule = Rule of { $device }: { $rule }

## The ladder and the list

ladder-title = Ladder
ladder-empty = No packet yet. Choose a conversation, or let this one run.
ladder-gap = { $span } later
show-arp = ARP
rung-name = { $time }: { $packet }, { $way }.
rung-dropped = Dropped by { $device }: { $reason }.
packets-title = Packets seen at
packets-count = { $count ->
    [one] 1 packet
   *[other] { $count } packets
  }
tap = Where to look
tap-mirror = Mirror of { $segment }
column-time = Time
column-source = Source
column-destination = Destination
column-info = Info
note-again = retransmission
note-again-here = passes here again
note-lost = ✕ lost at { $device }

## The pane at the right

cannot-run = This lab cannot run
verdict-name = Verdict
beliefs = What each one believes
chain = Why, step by step
cures-title = What would cure it (each one simulated)
cures-trying = Trying out what would cure it …
cures-none = No change of this network is known to cure it.
cure-apply = Apply
cure-apply-name = Apply: { $cure }
cure-applied = Applied
cure-take-back = Take back
cure-breaks = But this would suffer: { $conversations }
segment-latency = { $span } from device to device
segment-mirror = Watch its mirror port
about-lab = About this lab
tables-title = { $device } at { $time }
table-conntrack = Connections tracked
table-sockets = Sockets
table-neighbours = Neighbours (ARP)
table-learned = Learned by redirect or path MTU
table-routes = Routes
table-empty = Nothing.
field-gateway = Gateway
add-route = Add a route
route-to = Destination
route-via = Next hop

## When the page breaks

failure-title = This page has broken down
failure-text = That is our mistake. What you have drawn is still there: save it, then load the page again.
failure-download = Save the lab as a file
failure-reload = Load again
failure-details = What happened
