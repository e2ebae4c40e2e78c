//! Parts of the document as text: what a text would change, and what is wrong with it, line by line.

use super::{Configure, Edit};
use roundtrip_lab::{Lab, Problem, commands, line_of, load};
use std::rc::Rc;

/// What there is to say about a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checked {
    /// What applying it does; none if it cannot be applied.
    pub edit: Option<Edit>,
    /// What is wrong with it, each with its line from 1 if it has one.
    pub faults: Vec<(Option<usize>, Problem)>,
}

/// A device's commands.
#[must_use]
pub fn check_commands(lab: &Lab, device: &str, text: &str) -> Checked {
    let Some(before) = lab.device(device) else { return Checked::default() };
    let line = |problem: &Problem| problem.path.strip_prefix("lines/").and_then(|line| line.parse().ok());
    let read = commands::read(text, before).and_then(|to| {
        let change = Configure::Device { device: device.to_owned(), to: Rc::new(to) };
        change.attempt(lab).map(|_| change)
    });
    match read {
        Ok(change) => Checked { edit: Some(Edit::Configure(change)), faults: Vec::new() },
        Err(problems) => Checked { edit: None, faults: problems.into_iter().map(|problem| (line(&problem), problem)).collect() },
    }
}

/// The whole document.
#[must_use]
pub fn check_document(text: &str) -> Checked {
    let loaded = load(text);
    let edit = loaded.lab.as_ref().filter(|_| loaded.can_run()).map(|lab| Edit::Configure(Configure::Lab { lab: Rc::new(lab.clone()) }));
    Checked { edit, faults: loaded.problems.into_iter().map(|problem| (line_of(text, &problem), problem)).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use roundtrip_lab::save;

    fn story() -> Lab {
        roundtrip_lab::example("story").unwrap().lab()
    }

    #[test]
    fn commands_change_a_device_or_say_where_they_are_wrong() {
        let lab = story();
        let text = commands::print(lab.device("pc1").unwrap());
        let same = check_commands(&lab, "pc1", &text);
        assert_eq!((same.edit.unwrap().apply(&lab), same.faults), (None, vec![]), "what is not changed is no step");
        let changed = check_commands(&lab, "pc1", &text.replace("default via 192.168.1.1", "default via 192.168.1.2"));
        let after = changed.edit.unwrap().apply(&lab).unwrap();
        assert_eq!(after.device("pc1").unwrap().gateway.unwrap().to_string(), "192.168.1.2");
        let wrong = check_commands(&lab, "pc1", "ip addr add 1.2.3.4/24 dev eth0\nfoo");
        assert_eq!((wrong.edit, wrong.faults[0].0), (None, Some(2)));
    }

    #[test]
    fn the_document_as_text_is_applied_only_if_it_runs() {
        let text = save(&story());
        let changed = check_document(&text.replace("192.168.1.10/24", "192.168.1.20/24"));
        assert!(changed.edit.unwrap().apply(&story()).is_some());
        let wrong = check_document(&text.replacen("\"segment\": \"living\"", "\"segment\": \"nowhere\"", 1));
        assert!(wrong.edit.is_none());
        let (line, _) = wrong.faults.first().unwrap();
        assert!(text.split('\n').nth(line.unwrap() - 1).unwrap().contains("living"));
        assert_eq!(check_document("{").faults[0].0, Some(1));
    }
}
