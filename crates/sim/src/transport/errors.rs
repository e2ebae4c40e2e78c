//! Which error number an ICMP error becomes (RFC 1122 section 4.2.3.9; kernel: `icmp_err_convert`).

use crate::trace::Errno;
use roundtrip_wire::{Icmp, UnreachableCode};

/// The error number that a socket's owner sees.
pub(crate) fn errno(icmp: &Icmp) -> Option<Errno> {
    match icmp {
        Icmp::Unreachable { code, .. } => Some(match code {
            UnreachableCode::Net | UnreachableCode::NetUnknown | UnreachableCode::NetProhibited | UnreachableCode::NetTos => {
                Errno::Enetunreach
            }
            UnreachableCode::Protocol => Errno::Enoprotoopt,
            UnreachableCode::Port => Errno::Econnrefused,
            UnreachableCode::FragmentationNeeded => Errno::Emsgsize,
            UnreachableCode::Host
            | UnreachableCode::SourceRoute
            | UnreachableCode::HostUnknown
            | UnreachableCode::HostProhibited
            | UnreachableCode::HostTos
            | UnreachableCode::AdminProhibited
            | UnreachableCode::Other(_) => Errno::Ehostunreach,
        }),
        Icmp::TimeExceeded { .. } => Some(Errno::Ehostunreach),
        Icmp::ParameterProblem { .. } => Some(Errno::Eproto),
        Icmp::Redirect { .. } | Icmp::Echo { .. } | Icmp::Other { .. } => None,
    }
}
