# Time, ladder, captures, tables.

## Captures

column-number = No.
column-place = Place
tap-add = Watch one more place
tap-remove = Stop watching { $tap }
lanes = Side by side
tall = More room for the lists
packets-filtered = { $count } of { $total }
packets-none = Nothing was seen here.
packets-none-pass = No frame passes the filter.
relative-times = From start of conversation
absolute-numbers = Raw Seq/Ack

## The display filter

filter = Display filter
filter-example = Filter: tcp.flags.syn == 1 && ip.addr == 192.168.1.10
filter-clear = Remove the filter
filter-unknown = There is no field “{ $name }”.
filter-unknown-nearest = There is no field “{ $name }”. Do you mean { $nearest }?
filter-wants-test = A field such as tcp or ip.addr is missing here.
filter-wants-value = A value is missing here.
filter-wants-connective = “and” or “or” is missing here.
filter-wants-set = After “in” comes a set, as in {"{"}80, 443, 8000..8080{"}"}.
filter-wrong-value = { $field } cannot be “{ $value }”. It looks like { $example }.
filter-not-comparable = { $field } is there or is not: it has no value to compare.
filter-unclosed = This { $sign } is never closed.
filter-stray = “{ $sign }” means nothing here.
filter-single-equals = To compare, write two equals signs: ==
filter-unsupported = Wireshark knows { $what }, this filter does not.
filter-too-deep = This filter is too long or too deeply nested.
filter-flag-alone = { $field } alone is in every segment, set or not. Do you mean { $field } == 1?

## One frame

detail-title = Frame { $number } at { $tap }
detail-close = Close the detail
detail-fields = Fields
detail-bytes = Bytes
detail-more-bytes = { $count } more bytes
follow = Follow stream
follow-title = What they said, as seen here
follow-client = Client
follow-server = Server
follow-missing = { $count } bytes were not seen here.
follow-nothing = Nothing was said.

## Time

scope = What a step goes through
scope-conversation = by conversation
scope-everything = by any event
scope-packet = by packet
scope-device = by device
act-step-any = Next event anywhere
act-step-back-any = Event before, anywhere
act-step-packet = Next event of this packet
act-step-back-packet = Event of this packet before
act-step-conversation = Next event of this conversation
act-step-back-conversation = Event of this conversation before
act-step-device = Next event of this device
act-step-back-device = Event of this device before
act-slower = Slower
act-faster = Faster

## The ladder

lifeline-name = { $device }: place { $place } of { $count }. Drag, or press the left or right arrow, to move it
lifelines-reset = Usual order
tie-name = Repeats { $packet } of { $time }

## Tables

table-nat = Translations
table-counters = Rules and what they counted
table-stations = Stations the switch knows
line-new = new
line-changed = changed
line-gone = gone
line-before = (was: { $before })
believes-title = What each one believes at { $time }
believes-disagree = They do not agree.
believes-agree = They agree.
role-client = client
role-between = between
role-server = server

## All pairs

pairs-open = All pairs
pairs-title = Ways between all pairs of hosts
pairs-hosts = Hosts
pairs-there = There
pairs-back = Back
pairs-differ = Differ?
pairs-one-sided = Tracks connections, sees one side only
pairs-yes = differ
pairs-no = same
pairs-unknown = unknown
pairs-lost = lost
pairs-probed = (tried by a ping)
pairs-working = Trying out the ways …
pairs-sum = { $count ->
    [one] 1 pair
   *[other] { $count } pairs
  }, of which { $differing } with different ways there and back.
pairs-note = The ways are those that packets of this run took. Where none did, a ping was simulated in the network as it stands at the start.
follow-data = { $bytes } bytes of data
