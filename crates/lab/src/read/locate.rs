//! Where in a document's text a problem is.

use super::reader::place_names;
use crate::problem::{Problem, ProblemId};

/// The line, from 1, of what a problem of [`load`](crate::load) is about: the deepest part of its place that the text has.
#[must_use]
pub fn line_of(text: &str, problem: &Problem) -> Option<usize> {
    if problem.id == ProblemId::JsonSyntax {
        return problem.args.get("line")?.parse().ok();
    }
    let root = Scanner { text, at: 0 }.value(0)?;
    let mut node = &root;
    for step in problem.path.split('/').filter(|step| !step.is_empty()) {
        let step = step.replace("~1", "/").replace("~0", "~");
        match node.child(text, &step) {
            Some(child) => node = child,
            None => break,
        }
    }
    // A problem of rules names a line in them, which may be one in the text.
    let inner = problem.args.get("line").and_then(|line| line.parse::<usize>().ok()).and_then(|line| line.checked_sub(1));
    if let (Content::List(lines), Some(inner)) = (&node.content, inner) {
        node = lines.get(inner).unwrap_or(node);
    }
    Some(text.get(..node.start)?.matches('\n').count().saturating_add(1))
}

struct Node {
    start: usize,
    end: usize,
    content: Content,
}

enum Content {
    Plain,
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    fn child(&self, text: &str, step: &str) -> Option<&Self> {
        match &self.content {
            Content::Plain => None,
            Content::Object(fields) => fields.iter().find(|(name, _)| name == step).map(|(_, value)| value),
            Content::List(elements) => {
                let names: Vec<Option<String>> = elements.iter().map(|element| element.name(text)).collect();
                let names: Vec<Option<&str>> = names.iter().map(Option::as_deref).collect();
                let index = place_names(&names).iter().position(|place| place == step).or_else(|| step.parse().ok())?;
                elements.get(index)
            }
        }
    }

    /// What an element of a list is called in a path.
    fn name(&self, text: &str) -> Option<String> {
        let Content::Object(fields) = &self.content else { return None };
        let field = |name: &str| fields.iter().find(|(field, _)| field == name);
        let (_, value) = field("name").or_else(|| field("id"))?;
        serde_json::from_str(text.get(value.start..value.end)?).ok()
    }
}

/// Deeper than any document is, and than any reader of JSON goes.
const DEPTH: usize = 128;

struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    /// The next byte that means something.
    fn skip(&mut self) -> Option<u8> {
        while self.peek().is_some_and(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | b',' | b':') || byte >= 0x80) {
            self.step();
        }
        self.peek()
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        let first = self.skip().filter(|_| depth < DEPTH)?;
        let start = self.at;
        let content = match first {
            b'{' => {
                self.step();
                let mut fields = Vec::new();
                while self.skip()? != b'}' {
                    let name = self.string()?;
                    fields.push((name, self.value(depth.saturating_add(1))?));
                }
                self.step();
                Content::Object(fields)
            }
            b'[' => {
                self.step();
                let mut elements = Vec::new();
                while self.skip()? != b']' {
                    elements.push(self.value(depth.saturating_add(1))?);
                }
                self.step();
                Content::List(elements)
            }
            b'"' => {
                self.string()?;
                Content::Plain
            }
            _ => {
                while self.peek().is_some_and(|byte| !matches!(byte, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t')) {
                    self.step();
                }
                if self.at == start {
                    return None;
                }
                Content::Plain
            }
        };
        Some(Node { start, end: self.at, content })
    }

    fn string(&mut self) -> Option<String> {
        let start = self.at;
        if self.peek()? != b'"' {
            return None;
        }
        self.step();
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => self.at = self.at.saturating_add(2),
                _ => self.step(),
            }
        }
        self.step();
        serde_json::from_str(self.text.get(start..self.at)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load;
    use proptest::prelude::*;

    const TEXT: &str = r#"{
  "version": 1,
  "title": "図 {[\"",
  "devices": [
    { "name": "pc",
      "interfaces": [
        { "name": "eth0", "mtu": 1500 },
        { "name": "eth1",
          "mtu": 5 }
      ],
      "gateway": "10.0.0" },
    { "name": "r",
      "nft": [
        "table inet filter {",
        "  chain c { tcp dprt 1 accept }",
        "}" ] }
  ],
  "actions": [
    { "id": "a", "type": "ping", "from": "pc",
      "to": "nobody" }
  ]
}"#;

    #[test]
    fn every_problem_leads_to_its_line() {
        let lines = |text: &str| -> Vec<(String, Option<usize>)> {
            load(text).problems.iter().map(|problem| (problem.path.clone(), line_of(text, problem))).collect()
        };
        let found = lines(TEXT);
        assert_eq!(found, [("devices/pc/interfaces/eth1/mtu".to_owned(), Some(9)), ("devices/pc/gateway".to_owned(), Some(11))]);
        let fixed = TEXT.replace("\"mtu\": 5", "\"mtu\": 500").replace("\"10.0.0\"", "null");
        let found = lines(&fixed);
        assert!(found.contains(&("devices/r/nft".to_owned(), Some(15))), "{found:?}");
        assert!(found.contains(&("actions/a/to".to_owned(), Some(20))), "{found:?}");
        assert_eq!(lines("{\n\"version\": 1,\n\n}")[0].1, Some(4));
    }

    proptest! {
        #[test]
        fn any_text_has_a_line_or_none(text in "[\\[\\]{}:,\"a-z0-9\\\\\n図]{0,60}") {
            let problem = Problem::new(ProblemId::MissingField, "devices/pc/0");
            let line = line_of(&text, &problem);
            prop_assert!(line.is_none_or(|line| line <= text.split('\n').count()));
        }
    }
}
