//! Scripts as lines: `send 600`, `recv eof within 2`, `sleep 1.5`, `keepalive 10 5 3`, `close`.

use roundtrip_lab::Json;

const KEEPALIVE: [&str; 3] = ["idle", "interval", "count"];

/// The steps in these lines, as the document has them. A line that is no step stays as it is, for the document's reader to say so.
#[must_use]
pub fn read(text: &str) -> Json {
    Json::List(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(step).collect())
}

fn step(line: &str) -> Json {
    let words: Vec<&str> = line.split_whitespace().collect();
    let object = |fields: Vec<(&str, Json)>| Json::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
    let much = |word: &str| if word.starts_with(|c: char| c.is_ascii_digit()) { Json::typed_number(word) } else { Json::text(word) };
    match words.as_slice() {
        [name @ ("send" | "sleep"), value] => object(vec![(name, Json::typed_number(value))]),
        ["recv", what] => object(vec![("recv", much(what))]),
        ["recv", what, "within", seconds] => object(vec![("recv", much(what)), ("within", Json::typed_number(seconds))]),
        ["keepalive", idle, interval, count] => {
            let values = KEEPALIVE.into_iter().zip([idle, interval, count]);
            object(vec![("keepalive", object(values.map(|(name, value)| (name, Json::typed_number(value))).collect()))])
        }
        _ => Json::text(line),
    }
}

/// Steps as lines.
#[must_use]
pub fn print(steps: &Json) -> String {
    let lines: Vec<String> = steps.elements().iter().map(line).collect();
    lines.join("\n")
}

fn line(step: &Json) -> String {
    let Json::Object(fields) = step else { return step.typed() };
    let mut words = Vec::new();
    for (name, value) in fields {
        words.push(name.clone());
        if name == "keepalive" {
            words.extend(KEEPALIVE.iter().filter_map(|key| value.get(key)).map(Json::typed));
        } else {
            words.push(value.typed());
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_read_as_they_are_printed() {
        let text = "recv request\nrecv eof within 2.5\nrecv 10\nsend 600\nsleep 1.5\nkeepalive 1 2 3\necho\nshutdown\nclose\nabort";
        assert_eq!(print(&read(text)), text);
        assert_eq!(read("jump").elements(), [Json::text("jump")]);
    }
}
