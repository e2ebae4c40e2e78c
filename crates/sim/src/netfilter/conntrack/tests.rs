//! The table of connections.

use super::entry::Entry;
use super::*;
use proptest::prelude::*;
use roundtrip_wire::IpProtocol;
use std::collections::BTreeMap;

fn tuple(n: u8) -> CtTuple {
    CtTuple {
        src: [10, 0, 0, n % 4].into(),
        dst: [10, 0, 1, n / 64].into(),
        protocol: IpProtocol::UDP,
        src_port: u16::from(n % 16),
        dst_port: 80,
    }
}

fn entry(id: u32, n: u8, expires: u64) -> Box<Entry> {
    let tuple = tuple(n);
    let mut entry = Entry::new(CtId(id), tuple, tuple.inverse().unwrap(), SimTime::ZERO);
    entry.expires = SimTime::from_secs(expires);
    entry.status.set(Status::SRC_NAT_DONE);
    Box::new(entry)
}

#[derive(Clone, Debug)]
enum Do {
    Insert(u8, u8),
    Remove(u8),
    Refresh(u8, u8),
    Wait(u8),
}

fn doings() -> impl Strategy<Value = Vec<Do>> {
    let one = prop_oneof![
        3 => (any::<u8>(), 1..100u8).prop_map(|(n, life)| Do::Insert(n, life)),
        1 => any::<u8>().prop_map(Do::Remove),
        2 => (any::<u8>(), 1..100u8).prop_map(|(n, life)| Do::Refresh(n, life)),
        1 => (0..40u8).prop_map(Do::Wait),
    ];
    prop::collection::vec(one, 1..200)
}

proptest! {
    /// The table against a plain map from tuple to id and time.
    #[test]
    fn the_table_is_a_map_that_forgets(doings in doings()) {
        let mut table = Table::default();
        let mut model: BTreeMap<CtTuple, (CtId, u64)> = BTreeMap::new();
        let (mut now, mut next) = (0u64, 0u32);
        for doing in doings {
            match doing {
                Do::Insert(n, life) => {
                    let taken = model.contains_key(&tuple(n));
                    let result = table.insert(entry(next, n, now + u64::from(life)));
                    prop_assert_eq!(result.is_err(), taken);
                    if !taken {
                        model.insert(tuple(n), (CtId(next), now + u64::from(life)));
                        next += 1;
                    }
                }
                Do::Remove(n) => {
                    let removed = table.find(&tuple(n)).and_then(|(slot, _)| table.remove(slot)).map(|entry| entry.id);
                    prop_assert_eq!(removed, model.remove(&tuple(n)).map(|(id, _)| id));
                }
                Do::Refresh(n, life) => {
                    if let Some((slot, _)) = table.find(&tuple(n)) {
                        table.get_mut(slot).unwrap().expires = SimTime::from_secs(now + u64::from(life));
                        table.requeue(slot);
                        model.get_mut(&tuple(n)).unwrap().1 = now + u64::from(life);
                    }
                }
                Do::Wait(seconds) => now += u64::from(seconds),
            }
            let mut expired = Vec::new();
            while let Some(entry) = table.pop_expired(SimTime::from_secs(now)) {
                prop_assert!(entry.expires <= SimTime::from_secs(now));
                expired.push(entry.id);
            }
            expired.sort();
            let mut gone: Vec<CtId> = model.values().filter(|(_, at)| *at <= now).map(|(id, _)| *id).collect();
            gone.sort();
            prop_assert_eq!(expired, gone);
            model.retain(|_, (_, at)| *at > now);
            prop_assert_eq!(table.len(), model.len());
            let ids: Vec<CtId> = table.in_order().iter().map(|(_, entry)| entry.id).collect();
            let mut expected: Vec<CtId> = model.values().map(|(id, _)| *id).collect();
            expected.sort();
            prop_assert_eq!(ids, expected);
            for (tuple, (id, _)) in &model {
                for (wanted, direction) in [(*tuple, CtDirection::Original), (tuple.inverse().unwrap(), CtDirection::Reply)] {
                    let (slot, found) = table.find(&wanted).unwrap();
                    prop_assert_eq!((table.get(slot).unwrap().id, found), (*id, direction));
                }
                let same_source = model.iter().filter(|(other, _)| (other.src, other.src_port) == (tuple.src, tuple.src_port)).count();
                prop_assert_eq!(table.sharing_source(tuple).count(), same_source);
            }
        }
    }
}

#[test]
fn a_reused_place_is_not_taken_for_the_entry_that_was_there() {
    let mut conntrack = Conntrack::default();
    let slot = conntrack.table.insert(entry(1, 1, 10)).unwrap();
    let link = CtLink::InTable(slot, CtId(1), CtInfo::New);
    assert!(conntrack.entry(&link).is_some());
    conntrack.table.remove(slot);
    assert_eq!(conntrack.table.insert(entry(2, 2, 10)).unwrap(), slot);
    // A packet that was linked to the first keeps it, for a while.
    let mut link = link;
    assert_eq!(conntrack.entry(&link).map(|entry| entry.id), Some(CtId(1)));
    assert!(conntrack.entry_mut(&mut link).is_none());
    for id in 3..300 {
        let slot = conntrack.table.insert(entry(id, 3, 10)).unwrap();
        conntrack.table.remove(slot);
    }
    assert!(conntrack.entry(&link).is_none());
}
