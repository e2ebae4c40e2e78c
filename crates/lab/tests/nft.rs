//! Rules are understood, and printed, as nftables does.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics says what is wrong"
)]

use roundtrip_lab::nft::{NftErrorKind, Rules, parse, print};
use roundtrip_sim::netfilter::ruleset::{Family, NftCommand, Ruleset, Table};

struct Line<'a> {
    rule: &'a str,
    chain: [&'a str; 3],
    family: &'a str,
    expected: &'a str,
}

fn corpus() -> Vec<Line<'static>> {
    let mut chain = ["filter", "input", "0"];
    let mut lines = Vec::new();
    for line in include_str!("nft/corpus.tsv").lines().filter(|line| !line.starts_with('#')) {
        if let Some(header) = line.strip_prefix("@ ") {
            let words: Vec<&str> = header.split(' ').collect();
            chain = [words[0], words[1], if words[1] == "output" { "-100" } else { words[2] }];
            continue;
        }
        let fields: Vec<&str> = line.split('\t').collect();
        assert_eq!(fields.len(), 3, "{line}");
        for (family, expected) in [("inet", fields[1]), ("ip", fields[2])] {
            lines.push(Line { rule: fields[0], chain, family, expected });
        }
    }
    assert!(lines.len() > 500);
    lines
}

impl Line<'_> {
    fn table(&self, rule: &str) -> String {
        let [kind, hook, priority] = self.chain;
        format!(
            "table {} t {{\n  chain other {{\n  }}\n  chain c {{\n    type {kind} hook {hook} priority {priority}; policy accept;\n    {rule}\n  }}\n}}\n",
            self.family
        )
    }
}

fn rule_text(ruleset: &Ruleset) -> String {
    let rules: Vec<&str> = ruleset.tables[0].chains[1].rules.iter().map(|rule| &*rule.text).collect();
    assert!(rules.windows(2).all(|pair| pair[0] == pair[1]));
    rules.first().map_or_else(String::new, |text| (*text).to_owned())
}

/// What nft can and we cannot.
const UNSUPPORTED: [&str; 12] = [
    "tcp flags { ",
    "ct status != ",
    "mbytes/second",
    "fib saddr",
    "ip frag-off 0 ",
    "ip dscp",
    "udp length",
    "}:8080",
    "numgen",
    "redirect to tcp dport map",
    "reject with icmpv6",
    "meta hour",
];

#[test]
fn rules_are_listed_as_nft_lists_them() {
    let mut wrong = Vec::new();
    for line in corpus() {
        let unsupported = UNSUPPORTED.iter().any(|part| line.rule.contains(part));
        match parse(&line.table(line.rule)) {
            Ok(_) if line.expected == "!" => wrong.push(format!("{} {}: nft refuses it, we do not", line.family, line.rule)),
            Ok(_) if unsupported => wrong.push(format!("{} {}: supported after all", line.family, line.rule)),
            Ok(ruleset) if rule_text(&ruleset) != line.expected => {
                wrong.push(format!("{} {}\n   nft:  {}\n   ours: {}", line.family, line.rule, line.expected, rule_text(&ruleset)));
            }
            Ok(_) => {}
            Err(errors) if line.expected != "!" => {
                let refused = errors.iter().all(|error| matches!(error.kind, NftErrorKind::Unsupported(_)));
                if !(unsupported && refused) {
                    wrong.push(format!("{} {}: {}", line.family, line.rule, errors[0]));
                }
            }
            Err(errors) => {
                // The mistake is in the rule, and is said to be there.
                assert!(errors.iter().any(|error| (6..=8).contains(&error.place.line)), "{}: {errors:?}", line.rule);
            }
        }
    }
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_is_listed_reads_back_as_the_same_rules() {
    for line in corpus().into_iter().filter(|line| line.expected != "!") {
        let Ok(once) = parse(&line.table(line.rule)) else { continue };
        let printed = print(&once);
        let again = parse(&printed).unwrap_or_else(|errors| panic!("{}: {errors:?}\n{printed}", line.rule));
        let matches = |ruleset: &Ruleset| -> Vec<_> {
            ruleset.tables[0].chains[1].rules.iter().map(|rule| (rule.matches.clone(), rule.verdict.clone(), rule.counter)).collect()
        };
        // What nft leaves out as implied comes back by being implied, perhaps in another place.
        let sorted = |ruleset: &Ruleset| {
            let mut all: Vec<String> =
                matches(ruleset).iter().flat_map(|(m, v, c)| m.iter().map(move |m| format!("{m:?} {v:?} {c}"))).collect();
            all.sort();
            all.dedup();
            all
        };
        assert_eq!(sorted(&once), sorted(&again), "{}", line.rule);
    }
}

/// Scripts on top of rules, and what nftables listed afterwards, or that it refused.
#[test]
fn scripts_do_what_they_do_to_nft() {
    let lines = |text: &str| -> Vec<String> { text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect() };
    let mut count = 0;
    for block in include_str!("nft/scripts.txt").split("== ").skip(1) {
        let (title, rest) = block.split_once('\n').unwrap();
        let (first, rest) = rest.split_once("-- script\n").unwrap();
        let mut rules = Rules::new();
        let applied = rules.apply(first);
        assert!(applied.errors.is_empty() && applied.refused.is_none(), "{title}: {applied:?}");
        let before = rules.clone();
        if let Some((script, listed)) = rest.split_once("-- listed\n") {
            let applied = rules.apply(script);
            assert!(applied.errors.is_empty() && applied.refused.is_none(), "{title}: {applied:?}");
            assert_eq!(lines(&rules.print()), lines(listed), "{title}");
            // The commands do to the simulation's rules what the script did.
            assert_eq!(replay(before.ruleset(), &applied.commands), *rules.ruleset(), "{title}");
        } else {
            let (script, _) = rest.split_once("-- refused\n").unwrap();
            let applied = rules.apply(script);
            assert!(applied.refused.is_some() && applied.commands.is_empty(), "{title}: {applied:?}");
            assert_eq!(rules.print(), before.print(), "{title}");
        }
        count += 1;
    }
    assert!(count >= 17);
}

/// What the commands mean, as the simulation's own documentation has it.
fn replay(ruleset: &Ruleset, commands: &[NftCommand]) -> Ruleset {
    let mut out = ruleset.clone();
    for command in commands {
        let table_at = |out: &Ruleset, family: Family, name: &str| out.tables.iter().position(|t| t.family == family && t.name == name);
        match command.clone() {
            NftCommand::FlushRuleset => out.tables.clear(),
            NftCommand::AddTable { family, table } => {
                if table_at(&out, family, &table).is_none() {
                    out.tables.push(Table { family, name: table, chains: Vec::new() });
                }
            }
            NftCommand::DeleteTable { family, table } => {
                let at = table_at(&out, family, &table).unwrap();
                out.tables.remove(at);
            }
            NftCommand::FlushTable { family, table } => {
                let at = table_at(&out, family, &table).unwrap();
                out.tables[at].chains.iter_mut().for_each(|chain| chain.rules.clear());
            }
            NftCommand::AddChain { family, table, chain } => {
                let at = table_at(&out, family, &table).unwrap();
                match out.tables[at].chains.iter_mut().find(|known| known.name == chain.name) {
                    Some(known) => known.base = chain.base,
                    None => out.tables[at].chains.push(chain),
                }
            }
            NftCommand::DeleteChain { family, table, chain } => {
                let at = table_at(&out, family, &table).unwrap();
                out.tables[at].chains.retain(|known| known.name != chain);
            }
            NftCommand::FlushChain { family, table, chain } => {
                let at = table_at(&out, family, &table).unwrap();
                out.tables[at].chains.iter_mut().find(|known| known.name == chain).unwrap().rules.clear();
            }
            NftCommand::AddRule { family, table, chain, insert, index, rule } => {
                let at = table_at(&out, family, &table).unwrap();
                let rules = &mut out.tables[at].chains.iter_mut().find(|known| known.name == chain).unwrap().rules;
                let place = match (index, insert) {
                    (None, true) => 0,
                    (None, false) => rules.len(),
                    (Some(index), true) => index,
                    (Some(index), false) => index + 1,
                };
                rules.insert(place, rule);
            }
            NftCommand::DeleteRule { family, table, chain, index } => {
                let at = table_at(&out, family, &table).unwrap();
                out.tables[at].chains.iter_mut().find(|known| known.name == chain).unwrap().rules.remove(index);
            }
        }
    }
    out
}

/// Everything that is said about rules is said in Japanese too.
#[test]
fn mistakes_are_told_in_japanese() {
    use roundtrip_lab::{Messages, Problem, ProblemId};
    let japanese = Messages::new("ja");
    let mut wrong = std::collections::BTreeSet::new();
    let said = |text: &str| text.chars().any(|letter| ('\u{3040}'..='\u{30ff}').contains(&letter));
    let mut texts: Vec<String> = corpus().iter().map(|line| line.table(line.rule)).collect();
    for (script, rest) in include_str!("nft/scripts.txt").split("== ").skip(1).filter_map(|block| block.split_once("-- script\n")) {
        let first = script.split_once('\n').unwrap().1;
        texts.push(format!("{first}\n{}", rest.split("-- ").next().unwrap()));
    }
    texts.extend(include_str!("nft/mistakes.txt").split("---\n").map(str::to_owned));
    for text in texts {
        let applied = Rules::new().apply(&text);
        for error in applied.errors.iter().chain(&applied.refused) {
            let (id, name, phrase) = match &error.kind {
                NftErrorKind::Syntax(reason) => (ProblemId::NftSyntax, "reason", reason),
                NftErrorKind::Unsupported(construct) => (ProblemId::NftUnsupported, "construct", construct),
            };
            let problem = Problem::new(id, "").with("line", 1).with("column", 1).with(name, phrase);
            let message = japanese.problem(&problem);
            // What is not simulated may be just its own words.
            let words = id == ProblemId::NftUnsupported && !phrase.contains(" a ") && !phrase.starts_with("a ");
            if !said(message.split_once("桁目: ").unwrap().1.trim_end_matches("」はシミュレーションの対象外です。")) && !words
            {
                wrong.insert(phrase.clone());
            }
        }
        for note in &applied.notes {
            let problem = Problem::new(ProblemId::NftNote, "").with("line", 1).with("column", 1).with("reason", &note.text);
            assert!(said(japanese.problem(&problem).split_once("桁目: ").unwrap().1), "{}", note.text);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
