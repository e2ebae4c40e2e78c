//! Rules that say several things at once: one value of a map or of several fields at a time.

use super::condition::{self, CT_STATES, Condition};
use super::cursor::Cursor;
use super::error::NftError;
use super::key::Key;
use super::value::{self, Form, Names, Numbers, Numeric};
use roundtrip_sim::netfilter::ruleset::Match;

/// One value of a key.
pub(super) struct Value {
    /// Where nft lists it among the others.
    pub(super) order: u32,
    /// How nft writes it.
    pub(super) shown: String,
    /// The condition that it is this one.
    pub(super) condition: Condition,
}

/// Reads one value, or one range, of a key.
pub(super) fn value(cursor: &mut Cursor, key: Key) -> Result<Value, NftError> {
    let place = cursor.place();
    match key {
        Key::InInterface(_) | Key::OutInterface(_) => {
            let names = Names { negated: false, form: Form::One, names: vec![value::interface(cursor)?] };
            Ok(Value { order: 0, shown: names.text(), condition: condition::interfaces(key, names) })
        }
        Key::CtState => {
            let (word, place) = cursor.word("a connection state")?;
            let (order, (_, state)) = CT_STATES
                .iter()
                .enumerate()
                .find(|(_, (name, _))| *name == word)
                .ok_or_else(|| NftError::syntax(place, format!("a connection state is expected, but {word} is there")))?;
            let matches = vec![Match::CtState { negated: false, any_of: vec![*state] }];
            let condition = Condition { matches, text: String::new(), protocols: None };
            Ok(Value { order: u32::try_from(order).unwrap_or(0), shown: word, condition })
        }
        _ => {
            let kind = Numeric::of(key)
                .filter(|_| key != Key::FragmentOffset)
                .ok_or_else(|| NftError::unsupported(place, format!("{} in a map or beside other fields", key.text())))?;
            let range = value::range(cursor, kind)?;
            let numbers = Numbers { negated: false, form: Form::One, ranges: vec![range] };
            Ok(Value { order: range.0, shown: kind.show(range), condition: condition::numeric(key, kind, &numbers) })
        }
    }
}

/// Reads a value of each of several keys, with dots between them.
pub(super) fn combination(cursor: &mut Cursor, keys: &[Key]) -> Result<(String, Vec<Match>), NftError> {
    let mut shown = Vec::new();
    let mut matches = Vec::new();
    for (place, key) in keys.iter().enumerate() {
        if place > 0 {
            cursor.need_word(".")?;
        }
        let value = value(cursor, *key)?;
        shown.push(value.shown);
        matches.extend(value.condition.matches);
    }
    Ok((shown.join(" . "), matches))
}
