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

## Changes, after “Undo:”

change-action-add = add { $action }
change-action-remove = remove { $action }
change-action-at = time of { $action }
change-action-duplicate = duplicate { $action }
change-action-order = order of { $action }
