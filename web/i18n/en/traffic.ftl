# What happens in time.

## Kinds of actions

do-ping = Ping
do-tcp = TCP connection
do-udp = UDP datagrams
do-traceroute = Trace route
do-link = Link down or up
do-route = Route comes or goes
do-addr = Address comes or goes
do-sysctl = Settings change
do-nft = Rules change
do-neigh-flush = Forget neighbours (ARP)
do-conntrack-flush = Forget tracked connections
do-snapshot = Write down all tables
do-inject = Forged TCP segment
profile-http = asks for a web page
profile-ssh = logs in by ssh
profile-connect = connects and closes
profile-script = follows a script
give-up-leave = leaves the connection to the system
give-up-close = closes it
give-up-abort = resets it
link-down = down
link-up = up
link-admin = by the device (ip link set)
link-cable = by the cable, pulled at the other end
op-add = add
op-replace = replace
op-del = delete
spoof-server = the server
spoof-client = the client

## The time line

traffic-title = Traffic and changes ({ $count })
traffic-empty = Nothing happens yet. Send something, or add a change.
traffic-add = Add to the time line …
action-time = Time of { $action }
action-look = Show { $action }
action-show = Show
action-duplicate = Duplicate: { $action }
action-earlier = Earlier in the list: { $action }
action-later = Later in the list: { $action }
action-remove = Remove: { $action }
result-done = done
result-refused = refused
result-not-yet = not yet

## Shooting at once

shoot-title = Send at once
shoot-kind = What
shoot-http = Web page (HTTP)
shoot-ssh = Login (ssh)
shoot-tcp = TCP to a port
shoot-udp = UDP to a port
shoot-bad-port = A port is a number from 1 to 65535.
shoot-pick = Choose on the picture
shoot-pick-from = Click the source …
shoot-pick-to = Click the target …
shoot-now = Send now
shoot-end = Send at { $time }

## Changes, after “Undo:”

change-action-add = add { $action }
change-action-remove = remove { $action }
change-action-at = time of { $action }
change-action-duplicate = duplicate { $action }
change-action-order = order of { $action }
