//! Named sets: what they hold is put in where rules name them.

use super::error::NftError;
use super::parser::Parser;
use super::value::{self, Numeric, SetContent, tidy};
use roundtrip_sim::netfilter::ruleset::Family;

/// Named sets of one table, in the order in which they were made.
#[derive(Clone, Debug, Default)]
pub(super) struct Sets(Vec<(String, SetContent)>);

impl Sets {
    pub(super) fn get(&self, name: &str) -> Option<&SetContent> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, content)| content)
    }

    fn get_mut(&mut self, name: &str) -> Option<&mut SetContent> {
        self.0.iter_mut().find(|(known, _)| known == name).map(|(_, content)| content)
    }

    fn insert(&mut self, name: String, content: SetContent) {
        match self.get_mut(&name) {
            Some(known) => *known = content,
            None => self.0.push((name, content)),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &SetContent)> {
        self.0.iter().map(|(name, content)| (name.as_str(), content))
    }
}

impl Parser<'_> {
    /// Reads a set's block, its opening bracket taken.
    pub(super) fn set_block(&mut self, family: Family, table: &str, name: String) -> Result<(), NftError> {
        let mut kind = None;
        let mut content = None;
        loop {
            self.cursor.skip_separators();
            let place = self.cursor.place();
            if self.cursor.take_symbol("}") {
                break;
            }
            let (word, _) = self.cursor.word("type, flags or elements")?;
            match word.as_str() {
                "type" | "typeof" => {
                    let (first, type_place) = self.cursor.word("a type")?;
                    let position = self.cursor.position();
                    self.cursor.skip_statement();
                    let rest = self.cursor.text_from(position);
                    let whole = if rest.is_empty() { first } else { format!("{first} {rest}") };
                    kind = Some(set_type(&whole).ok_or_else(|| NftError::unsupported(type_place, format!("a set of {whole}")))?);
                }
                "flags" => loop {
                    let (flag, flag_place) = self.cursor.word("a flag")?;
                    if !matches!(flag.as_str(), "interval" | "constant") {
                        return Err(NftError::unsupported(flag_place, format!("a set with the flag {flag}")));
                    }
                    if !self.cursor.take_symbol(",") {
                        break;
                    }
                },
                "elements" => {
                    self.cursor.need_symbol("=")?;
                    content = Some(
                        self.set_elements(kind.ok_or_else(|| NftError::syntax(place, "the set's type must come before its elements"))?)?,
                    );
                }
                "auto-merge" | "counter" => {}
                "comment" | "size" | "policy" => {
                    self.cursor.word_or_quoted("a value")?;
                }
                "timeout" | "gc-interval" => return Err(NftError::unsupported(place, "a set whose elements expire")),
                _ => return Err(NftError::syntax(place, format!("type, flags or elements is expected, but {word} is there"))),
            }
        }
        let place = self.cursor.place();
        let kind = kind.ok_or_else(|| NftError::syntax(place, format!("the set {name} has no type")))?;
        let empty = || kind.map_or_else(|| SetContent::Names(Vec::new()), |kind| SetContent::Numbers(kind, Vec::new()));
        self.sets.entry((family, table.to_owned())).or_default().insert(name, content.unwrap_or_else(empty));
        Ok(())
    }

    fn set_elements(&mut self, kind: Option<Numeric>) -> Result<SetContent, NftError> {
        self.cursor.need_symbol("{")?;
        Ok(match kind {
            Some(kind) => SetContent::Numbers(kind, tidy(value::elements(&mut self.cursor, |cursor| value::range(cursor, kind))?)),
            None => SetContent::Names(value::elements(&mut self.cursor, value::interface)?),
        })
    }

    /// `add element`
    pub(super) fn add_elements(&mut self, family: Family, table: &str) -> Result<(), NftError> {
        let (name, place) = self.cursor.word("a set's name")?;
        let missing = || NftError::syntax(place, format!("there is no set {name} in this table"));
        let known = self.sets.get(&(family, table.to_owned())).and_then(|sets| sets.get(&name)).ok_or_else(missing)?;
        let used = self.parsed.commands.iter().any(|(_, command)| command.uses_set(&name));
        if used {
            return Err(NftError::unsupported(place, "adding elements to a set that a rule uses already"));
        }
        let kind = match known {
            SetContent::Names(_) => None,
            SetContent::Numbers(kind, _) => Some(*kind),
        };
        let more = self.set_elements(kind)?;
        if let Some(set) = self.sets.get_mut(&(family, table.to_owned())).and_then(|sets| sets.get_mut(&name)) {
            match (set, more) {
                (SetContent::Numbers(_, ranges), SetContent::Numbers(_, more)) => {
                    ranges.extend(more);
                    *ranges = tidy(std::mem::take(ranges));
                }
                (SetContent::Names(names), SetContent::Names(more)) => names.extend(more),
                _ => return Err(missing()),
            }
        }
        Ok(())
    }
}

/// The kind of a set's elements: numbers of a kind, or names of interfaces.
fn set_type(name: &str) -> Option<Option<Numeric>> {
    Some(match name {
        "ifname" | "iifname" | "oifname" | "meta iifname" | "meta oifname" => None,
        "ip saddr" | "ip daddr" => Some(Numeric::Address),
        "tcp dport" | "tcp sport" | "udp dport" | "udp sport" | "th dport" | "th sport" => Some(Numeric::Port),
        "ip protocol" | "meta l4proto" => Some(Numeric::Protocol),
        "icmp type" => Some(Numeric::IcmpType),
        "meta mark" | "ct mark" => Some(Numeric::Mark),
        other => Some(Numeric::of_type(other)?),
    })
}
