//! Pictures as files: well formed, with the lab inside, whatever is written in it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that panics says what is wrong")]

use roundtrip_editor::picture::{CanvasPicture, LadderPicture, Palette, Style};
use roundtrip_editor::view::scene::{Caption, Scene};
use roundtrip_editor::{Focus, Run};
use roundtrip_export::lab_in_picture;
use roundtrip_lab::{Lab, examples, load};
use roundtrip_sim::SimTime;
use roxmltree::{Document, Node};

struct Both {
    canvas: String,
    ladder: String,
}

fn pictures(lab: &Lab, style: Style, word: &str) -> Both {
    let run = Run::new(lab);
    let focus = Focus::new(&run, run.most_interesting(), false);
    let caption = |title: &str| Caption { title: format!("{title}{word}"), subtitle: word.to_owned() };
    let scene = Scene::new(lab, 1.0, &|device| caption(&device.name), &|segment| caption(&segment.name));
    let canvas = CanvasPicture {
        lab,
        scene: &scene,
        run: &run,
        focus: &focus,
        moment: SimTime::MAX,
        style,
        title: word,
        description: word,
        only: &|_| format!("only{word}"),
        legend: &|_| format!("legend{word}"),
    };
    let ladder = LadderPicture {
        lab,
        focus: &focus,
        style,
        title: word,
        description: word,
        name: &|node| run.device_name(node).to_owned(),
        label: &|row| format!("{:?}{word}", row.member.label.kind),
        reason: &|_| format!("reason{word}"),
        clock: &|time| time.as_millis().to_string(),
        gap: &|_| format!("gap{word}"),
        more: &|count| format!("{count} more"),
    };
    Both { canvas: canvas.svg(), ladder: ladder.svg() }
}

fn texts<'a>(document: &'a Document<'_>) -> Vec<&'a str> {
    document.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "text"))).filter_map(|node| node.text()).collect()
}

fn count(document: &Document<'_>, class: &str) -> usize {
    document.descendants().filter(|node: &Node<'_, '_>| node.attribute("class") == Some(class)).count()
}

#[test]
fn every_example_is_a_picture_that_holds_it() {
    for example in examples() {
        let lab = example.lab();
        let both = pictures(&lab, Style::default(), "");
        for svg in [&both.canvas, &both.ladder] {
            Document::parse(svg).unwrap_or_else(|error| panic!("{}: {error}\n{svg}", example.id));
            assert_eq!(load(&lab_in_picture(svg.as_bytes()).unwrap()).lab.unwrap(), lab);
        }
        let canvas = Document::parse(&both.canvas).unwrap();
        assert_eq!(count(&canvas, "box") + count(&canvas, "box loss"), lab.devices.len(), "{}", example.id);
        assert_eq!(count(&canvas, "bar"), lab.segments.len());
    }
}

#[test]
fn the_story_shows_its_ways_its_loss_and_who_is_met_once() {
    let both = pictures(&examples()[0].lab(), Style::default(), "");
    let canvas = Document::parse(&both.canvas).unwrap();
    assert_eq!((count(&canvas, "box loss"), count(&canvas, "grave")), (1, 1));
    assert!(count(&canvas, "way there") > count(&canvas, "way back"));
    assert!(texts(&canvas).contains(&"only"), "{:?}", texts(&canvas));
    let ladder = Document::parse(&both.ladder).unwrap();
    assert!(texts(&ladder).starts_with(&["pc1", "r1", "r2", "pc2"]), "{:?}", texts(&ladder));
    assert!(count(&ladder, "grave") > 5 && texts(&ladder).contains(&"reason"));
}

#[test]
fn hostile_words_stay_words() {
    let word = "</text><script>alert(1)</script>\" onload=\"x' ]]> &amp; \u{1}\u{fffe}";
    let mut lab = examples()[0].lab();
    lab.title.set("en", word);
    for device in &mut lab.devices {
        device.label.set("en", word);
    }
    let both = pictures(&lab, Style::default(), word);
    for svg in [&both.canvas, &both.ladder] {
        let document = Document::parse(svg).unwrap_or_else(|error| panic!("{error}\n{svg}"));
        assert!(!document.descendants().any(|node| node.has_tag_name("script") || node.attribute("onload").is_some()));
        assert_eq!(load(&lab_in_picture(svg.as_bytes()).unwrap()).lab.unwrap(), lab);
    }
}

#[test]
fn it_names_itself_and_has_the_measures_that_are_asked_for() {
    let size = |style| {
        let svg = pictures(&examples()[0].lab(), style, "title").canvas;
        let document = Document::parse(&svg).unwrap();
        let root = document.root_element();
        assert_eq!(root.attribute("role"), Some("img"));
        let named = root
            .attribute("aria-labelledby")
            .unwrap()
            .split(' ')
            .map(|id| document.descendants().find(|node| node.attribute("id") == Some(id)));
        assert!(named.into_iter().all(|node| node.unwrap().text() == Some("title")));
        (root.attribute("width").unwrap().parse::<f64>().unwrap(), svg.contains("#14171d"), svg.contains('@'))
    };
    let (natural, dark, left_over) = size(Style::default());
    assert_eq!((dark, left_over), (false, false));
    let (twice, dark, left_over) = size(Style { palette: Palette::Dark, scale: 2.0 });
    assert_eq!((dark, left_over), (true, false));
    assert!((twice - 2.0 * natural).abs() <= 1.0, "{twice} {natural}");
}
