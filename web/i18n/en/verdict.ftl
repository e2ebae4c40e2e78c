# Verdict, causes, cures.

verdict-news = { $conversation }: { $outcome }.
glance-name = All conversations
glance-empty = Nobody speaks with anybody yet: choose a traffic.
chain-works = How it goes
asides = What else has to do with it
goal-packet = Packet
goal-rule = Rule at { $device }
goal-route = Routes of { $device }
goal-neighbour = ARP table of { $device }
goal-conntrack = Connections at { $device }
goal-device = { $device }
goal-moment = That moment
goal-spoken = { $goal }: show it. { $link }
contrast-title = Why “{ $other }” works and this does not
contrast-steps = What { $device } does with the two
causes-all = All causes
cause-source = Source: { $source }
cure-taken-back = Taken back
cure-again = Apply again
cure-mends = Also mends: { $conversations }
fares-title = Before and after
fares-conversation = Conversation
fares-before = Before
fares-after = After
fares-none = –
