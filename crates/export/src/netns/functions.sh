usage() {
    cat <<'END'
Builds a lab in network namespaces of its own, runs what happens in it, and takes everything down again.
Nothing else of this machine is touched. Needs root.

    sh SCRIPT                run the lab; a line for each action: name, result, figures
    sh SCRIPT --capture DIR  also capture every interface into DIR (pcap files), with tables where the lab takes them
    sh SCRIPT --shell        build the network, say how to get into its nodes, and wait for Enter
    sh SCRIPT --help         this text

Exit status: 0 it ran, 1 something failed, 3 it cannot run here.
END
}

cannot() {
    printf 'This lab cannot be built here: %s\n' "$1" >&2
    exit 3
}

note() {
    printf 'note: %s\n' "$1" >&2
}

need() { # PROGRAM PACKAGE
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}

cleanup() {
    trap '' INT TERM
    for process in $processes; do
        kill "$process" 2>/dev/null
    done
    for space in $spaces; do
        for process in $(ip netns pids "$space" 2>/dev/null); do
            kill -9 "$process" 2>/dev/null
        done
        ip netns del "$space" 2>/dev/null
    done
    [ -z "$dir" ] || rm -rf "$dir"
}

begin() {
    PATH="$PATH:/usr/sbin:/sbin"
    capture='' shell='' missing='' processes='' spaces='' dir='' cables=''
    run="rtlab$$"
    while [ $# -gt 0 ]; do
        case $1 in
            --capture) [ $# -ge 2 ] || { usage >&2; exit 1; }; capture=$2; shift ;;
            --shell) shell=yes ;;
            -h | --help) usage; exit 0 ;;
            *) usage >&2; exit 1 ;;
        esac
        shift
    done
    [ "$(uname -s)" = Linux ] || cannot 'network namespaces are Linux'\''s'
    [ "$(id -u)" = 0 ] || cannot 'only root may make network namespaces; try: sudo sh SCRIPT'
    need ip iproute2
    need python3 python3
    [ -z "$capture" ] || need tcpdump tcpdump
}

prepare() {
    [ -z "$missing" ] || cannot "programs are missing; on Debian: apt-get install$missing"
    trap cleanup EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    dir=$(mktemp -d) || exit 1
    space fabric || cannot 'this kernel, or this container, does not let root make network namespaces'
    [ -z "$capture" ] || mkdir -p -- "$capture" || exit 1
}

space() { # NODE
    ip netns add "$run-$1" 2>"$dir/error" || return 1
    spaces="$spaces $run-$1"
    # No IPv6: its own packets would be in every capture.
    inside "$1" sh -c 'for place in all default; do echo 1 > "/proc/sys/net/ipv6/conf/$place/disable_ipv6"; done' 2>/dev/null
    ip -n "$run-$1" link set lo up
}

inside() { # NODE COMMAND…
    node=$1
    shift
    ip netns exec "$run-$node" "$@"
}

failed() { # WHAT
    printf 'failed: %s: %s\n' "$1" "$(head -n 2 "$dir/error")" >&2
    exit 1
}

must() { # COMMAND…
    "$@" 2>"$dir/error" || failed "$*"
}

# What a kernel refuses is left out, and said.
try() { # COMMAND…
    "$@" 2>"$dir/error" || note "$*: $(head -n 1 "$dir/error")"
}

# What a new namespace takes from the machine, with a mainline kernel's values. Writing ip_forward makes the kernel
# rewrite accept_redirects, so it comes before what the lab sets.
node() { # NAME FORWARDS
    must space "$1"
    inside "$1" sh -c 'cd /proc/sys/net/ipv4/conf || exit
        for key in rp_filter=0 accept_redirects=1 secure_redirects=1 shared_media=1 send_redirects=1 proxy_arp=0 \
            proxy_arp_pvlan=0 accept_local=0 arp_ignore=0 arp_announce=0 arp_filter=0 arp_accept=0 arp_notify=0 \
            route_localnet=0 log_martians=0 accept_source_route=0 src_valid_mark=0 ignore_routes_with_linkdown=0 \
            drop_gratuitous_arp=0; do
            for place in all default; do echo "${key#*=}" > "$place/${key%=*}"; done
        done
        echo "$1" > ../ip_forward' sh "$2" 2>/dev/null
}

segment() { # NUMBER
    must ip -n "$run-fabric" link add "br$1" type bridge stp_state 0 forward_delay 0 mcast_snooping 0
    must ip -n "$run-fabric" link set "br$1" mtu 65535 up
}

# A cable has two parts, over whose middle frames are passed with a delay:
#     node: eth0 == f3  ~delay~  q3 == p3 in the bridge
interface() { # NODE NAME MAC MTU NUMBER [SEGMENT SECONDS]
    must ip -n "$run-fabric" link add "f$5" mtu 65535 type veth peer name "$2" address "$3" mtu "$4" netns "$run-$1"
    [ $# -ge 7 ] || return 0    # no cable: the far end stays down
    must ip -n "$run-fabric" link add "p$5" mtu 65535 type veth peer name "q$5" mtu 65535
    must ip -n "$run-fabric" link set "p$5" master "br$6"
    for end in "f$5" "q$5" "p$5"; do
        must ip -n "$run-fabric" link set "$end" up
    done
    must inside fabric python3 "$dir/helper.py" offloads "f$5" "q$5" "p$5"
    cables="$cables f$5 q$5 $7"
}

address() { # NODE INTERFACE ADDRESS/LENGTH
    case $3 in
        */31 | */32) try ip -n "$run-$1" addr add "$3" dev "$2" ;;
        *) try ip -n "$run-$1" addr add "$3" brd + dev "$2" ;;
    esac
}

up() { # NODE INTERFACE
    must inside "$1" python3 "$dir/helper.py" offloads "$2"
    must ip -n "$run-$1" link set "$2" up
}

settings() { # NODE FILE VALUE…, files below /proc/sys/net
    node=$1
    shift
    # One that this kernel does not have is passed over, and said.
    inside "$node" sh -c 'while [ $# -ge 2 ]; do
        printf %s "$2" > "/proc/sys/net/$1" || printf "note: this kernel does not take %s = %s\n" "$1" "$2" >&3
        shift 2
    done' sh "$@" 3>&2 2>/dev/null
}

route() { # NODE add|replace|del WORDS…
    node=$1 verb=$2
    shift 2
    try ip -n "$run-$node" route "$verb" "$@"
}

rules() { # NODE TEXT
    printf '%s\n' "$2" > "$dir/rules"
    must inside "$1" nft -f "$dir/rules"
}

tracking() { # loads connection tracking, so that its settings are there
    inside fabric conntrack -L >/dev/null 2>&1
}

ready() { # FILE: waits until a helper says that it is ready
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        grep -q ready "$1" 2>/dev/null && return 0
        sleep 0.2
    done
    cat "$dir/error" >&2
    printf 'failed: a helper did not start\n' >&2
    exit 1
}

connect() { # passes frames over all cables from now on
    # shellcheck disable=SC2086 # three words each
    ip netns exec "$run-fabric" python3 "$dir/helper.py" relay $cables > "$dir/relay" 2>"$dir/error" &
    processes="$processes $!"
    ready "$dir/relay"
}

serve() { # NODE WORDS…
    node=$1
    shift
    : > "$dir/serve"
    ip netns exec "$run-$node" python3 "$dir/helper.py" serve "$@" > "$dir/serve" 2>"$dir/error" &
    processes="$processes $!"
    ready "$dir/serve"
}

record() { # NODE INTERFACE
    [ -n "$capture" ] || return 0
    ip netns exec "$run-$1" tcpdump -i "$2" -n -p -U --immediate-mode -s 0 -Z root -w "$capture/$1.$2.pcap" 2>"$dir/dump.$1.$2" &
    processes="$processes $!"
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        grep -q 'listening on' "$dir/dump.$1.$2" 2>/dev/null && return 0
        sleep 0.2
    done
}

begin_time() { # SECONDS until the lab's time zero
    if [ -n "$shell" ]; then
        printf 'The network stands. Get into a node by one of\n'
        for space in $spaces; do
            printf '    ip netns exec %s sh\n' "$space"
        done
        printf 'and press Enter here to take it down. '
        read -r _
        exit 0
    fi
    start=$(python3 "$dir/helper.py" start "$1") || exit 1
}

client() { # NODE KIND NAME SECONDS WORDS…
    node=$1
    kind=$2 name=$3 at=$4
    shift 4
    ip netns exec "$run-$node" python3 "$dir/helper.py" "$kind" "$name" "$start" "$at" "$@" 2>/dev/null &
    processes="$processes $!"
}

at() { # NODE KIND NAME SECONDS WORDS…: a change, made by a program in the node
    client "$@"
}

tables() { # NAME NODE…
    [ -n "$capture" ] || return 0
    moment=$1
    shift
    for each; do
        inside "$each" python3 "$dir/helper.py" tables > "$capture/$each.$moment.txt" 2>/dev/null
    done
}

snapshot() { # NUMBER NAME SECONDS NODE…
    number=$1 said=$2 when=$3
    shift 3
    client fabric run "$said" "$when" -- true
    [ -n "$capture" ] || return 0
    for each; do
        ip netns exec "$run-$each" python3 "$dir/helper.py" later "$start" "$when" > "$capture/$each.$number.txt" 2>/dev/null &
        processes="$processes $!"
    done
}

finish() { # SECONDS NODE…
    python3 "$dir/helper.py" wait "$start" "$1" &
    processes="$processes $!"
    wait $!
    shift
    # Whoever has not ended says so.
    for process in $processes; do
        kill "$process" 2>/dev/null
    done
    sleep 0.3
    tables end "$@"
}
