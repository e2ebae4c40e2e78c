//! Changes of the rules: all commands of a script, or none.

use super::NftError;
use super::loaded::Loaded;
use super::ruleset::{Family, NftCommand};

impl Loaded {
    /// Carries commands out. After an error this is not to be used.
    pub(super) fn run(&mut self, commands: &[NftCommand]) -> Result<(), NftError> {
        for command in commands {
            self.one(command)?;
        }
        self.link().into_iter().next().map_or(Ok(()), Err)
    }

    fn known_table(&self, family: Family, table: &str) -> Result<usize, NftError> {
        self.table(family, table).ok_or_else(|| NftError::NoSuchTable { family, table: table.to_owned() })
    }

    fn known_chain(&self, family: Family, table: &str, chain: &str) -> Result<(usize, usize), NftError> {
        let place = self.known_table(family, table)?;
        let found = self.tables.get(place).and_then(|t| t.chains.iter().position(|c| *c.name == *chain));
        let missing = || NftError::NoSuchChain { table: table.to_owned(), chain: chain.to_owned() };
        found.map(|chain| (place, chain)).ok_or_else(missing)
    }

    fn one(&mut self, command: &NftCommand) -> Result<(), NftError> {
        match command {
            NftCommand::FlushRuleset => self.tables.clear(),
            NftCommand::AddTable { family, table } => {
                self.add_table(*family, table);
            }
            NftCommand::DeleteTable { family, table } => {
                let place = self.known_table(*family, table)?;
                self.tables.remove(place);
            }
            NftCommand::FlushTable { family, table } => {
                let place = self.known_table(*family, table)?;
                if let Some(table) = self.tables.get_mut(place) {
                    table.chains.iter_mut().for_each(|chain| chain.rules.clear());
                }
            }
            NftCommand::AddChain { family, table, chain } => {
                let place = self.known_table(*family, table)?;
                self.add_chain(place, chain);
            }
            NftCommand::DeleteChain { family, table, chain } => {
                let (table, place) = self.known_chain(*family, table, chain)?;
                self.link();
                if let Some(table) = self.tables.get_mut(table) {
                    let leads_here = table.chains.iter().flat_map(|c| &c.rules).any(|rule| rule.target == Some(place));
                    if leads_here || table.chains.get(place).is_some_and(|c| !c.rules.is_empty()) {
                        return Err(NftError::ChainInUse { chain: chain.clone() });
                    }
                    table.chains.remove(place);
                }
            }
            NftCommand::FlushChain { family, table, chain } => {
                let (table, chain) = self.known_chain(*family, table, chain)?;
                if let Some(chain) = self.chain_mut(table, chain) {
                    chain.rules.clear();
                }
            }
            NftCommand::AddRule { family, table, chain, insert, index, rule } => {
                let (table, place) = self.known_chain(*family, table, chain)?;
                let count = self.chain_mut(table, place).map_or(0, |chain| chain.rules.len());
                let at = match index {
                    Some(index) if *index >= count => return Err(NftError::NoSuchRule { chain: chain.clone(), index: *index }),
                    Some(index) if *insert => *index,
                    Some(index) => index.saturating_add(1),
                    None if *insert => 0,
                    None => count,
                };
                self.insert_rule(table, place, at, rule);
            }
            NftCommand::DeleteRule { family, table, chain, index } => {
                let (table, place) = self.known_chain(*family, table, chain)?;
                match self.chain_mut(table, place) {
                    Some(chain) if *index < chain.rules.len() => {
                        chain.rules.remove(*index);
                    }
                    _ => return Err(NftError::NoSuchRule { chain: chain.clone(), index: *index }),
                }
            }
        }
        Ok(())
    }
}
