//! What a chain says about itself: type, hook, priority, policy.

use super::command::Command;
use super::error::{NftError, Place};
use super::lexer::Kind;
use super::names::PRIORITIES;
use super::parser::Parser;
use roundtrip_sim::netfilter::ruleset::{BaseChain, Chain, ChainKind, Family, Hook, Policy};

/// What a chain says about itself.
#[derive(Default)]
struct Header {
    hook: Option<(ChainKind, Hook, i32)>,
    policy: Option<Policy>,
}

impl Header {
    fn base(&self) -> Option<BaseChain> {
        let (kind, hook, priority) = self.hook?;
        Some(BaseChain { kind, hook, priority, policy: self.policy.unwrap_or(Policy::Accept) })
    }
}

impl Parser<'_> {
    /// Reads a chain's `type … hook …` and passes over its rules.
    pub(super) fn chain_header(&mut self, family: Family, table: &str, name: String, place: Place) -> Result<(), NftError> {
        let mut header = Header::default();
        loop {
            self.cursor.skip_separators();
            if self.cursor.take_symbol("}") {
                break;
            }
            match self.cursor.peek_word() {
                Some("type") => self.hook(&mut header)?,
                Some("policy") => self.policy(&mut header)?,
                _ if matches!(self.cursor.peek(), Kind::End) => return Err(self.cursor.expected("}")),
                _ => self.cursor.skip_statement(),
            }
        }
        let base = header.base();
        if let Some(base) = base {
            self.bases.insert((family, table.to_owned(), name.clone()), base);
        }
        self.push(
            place,
            Command::AddChain {
                family,
                table: table.to_owned(),
                chain: Chain { name, base, rules: Vec::new() },
                policy: header.policy,
                must_be_new: false,
            },
        );
        Ok(())
    }

    /// `type filter hook forward priority filter`
    fn hook(&mut self, header: &mut Header) -> Result<(), NftError> {
        self.cursor.need_word("type")?;
        let (kind, place) = self.cursor.word("filter, nat or route")?;
        let kind = match kind.as_str() {
            "filter" => ChainKind::Filter,
            "nat" => ChainKind::Nat,
            "route" => ChainKind::Route,
            _ => return Err(NftError::syntax(place, format!("filter, nat or route is expected, but {kind} is there"))),
        };
        self.cursor.need_word("hook")?;
        let (hook, place) = self.cursor.word("a hook")?;
        let hook = match hook.as_str() {
            "prerouting" => Hook::Prerouting,
            "input" => Hook::Input,
            "forward" => Hook::Forward,
            "output" => Hook::Output,
            "postrouting" => Hook::Postrouting,
            "ingress" | "egress" => return Err(NftError::unsupported(place, format!("the hook {hook}"))),
            _ => {
                let reason = format!("prerouting, input, forward, output or postrouting is expected, but {hook} is there");
                return Err(NftError::syntax(place, reason));
            }
        };
        let fits = match kind {
            ChainKind::Filter => true,
            ChainKind::Nat => hook != Hook::Forward,
            ChainKind::Route => hook == Hook::Output,
        };
        if !fits {
            return Err(NftError::syntax(place, "a chain of this type cannot be at this hook"));
        }
        self.cursor.need_word("priority")?;
        let priority = self.priority()?;
        if kind == ChainKind::Nat && priority <= -200 {
            return Err(NftError::syntax(place, "a nat chain's priority must be above -200, where connection tracking stands"));
        }
        header.hook = Some((kind, hook, priority));
        Ok(())
    }

    fn priority(&mut self) -> Result<i32, NftError> {
        let (word, place) = self.cursor.word("a priority")?;
        if let Ok(number) = word.parse() {
            return Ok(number);
        }
        let wrong = || NftError::syntax(place, format!("a priority is expected, but {word} is there"));
        let (_, base) = PRIORITIES.iter().find(|(name, _)| *name == word).ok_or_else(wrong)?;
        let sign = match self.cursor.peek_word() {
            Some("+") => 1,
            Some("-") => -1,
            _ => return Ok(*base),
        };
        self.cursor.advance();
        let offset = self.cursor.number("a number", 1_000_000)?;
        Ok(base.saturating_add(i32::try_from(offset).unwrap_or(0).saturating_mul(sign)))
    }

    fn policy(&mut self, header: &mut Header) -> Result<(), NftError> {
        self.cursor.need_word("policy")?;
        let (policy, place) = self.cursor.word("accept or drop")?;
        header.policy = Some(match policy.as_str() {
            "accept" => Policy::Accept,
            "drop" => Policy::Drop,
            _ => return Err(NftError::syntax(place, format!("accept or drop is expected, but {policy} is there"))),
        });
        Ok(())
    }
}
