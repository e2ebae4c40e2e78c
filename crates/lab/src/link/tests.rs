use super::*;
use crate::examples;

fn id_of(link: &str) -> ProblemId {
    let loaded = decode(link);
    assert!(loaded.lab.is_none());
    loaded.problems.first().unwrap().id
}

#[test]
fn every_example_comes_back_as_it_was() {
    for example in examples() {
        let lab = example.lab();
        let link = encode(&lab).unwrap();
        assert_eq!(decode(&link).lab.unwrap(), lab, "{}", example.id);
        assert!(link.len() < COMFORTABLE_CHARS, "{}: {}", example.id, link.len());
    }
}

#[test]
fn an_address_a_fragment_and_what_is_behind_the_sign_are_the_same_link() {
    let lab = examples().first().unwrap().lab();
    let link = encode(&lab).unwrap();
    for form in [format!("https://example.org/lab/?lang=ja#{link}"), format!("#{link}"), format!("  {link}\n"), link.clone()] {
        assert_eq!(decode(&form).lab.as_ref(), Some(&lab), "{form}");
    }
    // As mail programs break lines.
    let (head, tail) = link.split_at(20);
    assert_eq!(decode(&format!("{head}\r\n {tail}")).lab.as_ref(), Some(&lab));
}

#[test]
fn what_is_no_link_is_told_from_what_is_a_broken_one() {
    assert_eq!(fragment("https://example.org/#top"), None);
    assert_eq!(fragment("story"), None);
    assert_eq!(fragment("labs/2.json"), None);
    assert_eq!(id_of(""), ProblemId::LinkUnknown);
    assert_eq!(id_of("#2.AAAA"), ProblemId::LinkNewer);
    assert_eq!(id_of("#1."), ProblemId::LinkCut);
}

#[test]
fn a_link_that_was_cut_says_so_wherever_it_was_cut() {
    let link = encode(&examples().first().unwrap().lab()).unwrap();
    for length in 2..link.len() {
        let cut = link.get(..length).unwrap();
        assert_eq!(id_of(cut), ProblemId::LinkCut, "{length} of {}", link.len());
    }
}

#[test]
fn a_changed_letter_never_goes_unseen() {
    let lab = examples().get(6).unwrap().lab();
    let link = encode(&lab).unwrap();
    for place in 2..link.len() {
        for letter in ["A", "b", "7", "_"] {
            let mut changed = link.clone();
            changed.replace_range(place..=place, letter);
            assert!(changed == link || decode(&changed).lab.is_none(), "{place}");
        }
    }
}

#[test]
fn a_letter_that_cannot_be_is_named_with_its_place() {
    let loaded = decode("#1.AAé+B");
    let problem = loaded.problems.first().unwrap();
    assert_eq!((problem.id, problem.args["place"].as_str(), problem.args["found"].as_str()), (ProblemId::LinkLetter, "3", "é"));
}

#[test]
fn a_bomb_is_refused_by_its_size() {
    let bomb = deflate::compress(&vec![b' '; limits::LINK_BYTES + 1]);
    assert!(bomb.len() < 2_000);
    assert_eq!(id_of(&format!("1.{}", URL_SAFE_NO_PAD.encode(bomb))), ProblemId::LinkTooLarge);
    let long = format!("1.{}", "A".repeat(limits::LINK_BYTES * 2 + 1));
    assert_eq!(id_of(&long), ProblemId::LinkTooLarge);
}

#[test]
fn a_document_that_is_too_large_for_a_link_is_not_made_one() {
    let mut lab = Lab::default();
    lab.description.set("en", &"x".repeat(limits::LINK_BYTES));
    assert_eq!(encode(&lab).unwrap_err().id, ProblemId::LinkTooLarge);
}

#[test]
fn the_sum_is_that_of_the_rfc() {
    assert_eq!(adler32(b""), 1);
    assert_eq!(adler32(b"Wikipedia"), 0x11E6_0398);
}

#[test]
fn the_dictionary_of_the_first_codec_stays_as_it_is() {
    assert_eq!(adler32(include_bytes!("dictionary-1.txt")), 2_658_719_128, "links of every release need it to the last byte");
}
