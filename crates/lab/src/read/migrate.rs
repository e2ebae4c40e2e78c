//! From any version of the format to the current one, step by step. Old documents open for ever.

use super::json::Json;
use super::reader::Reader;
use crate::document::VERSION;
use crate::problem::ProblemId;

/// Makes a document of one version into one of the next.
type Migration = fn(Json) -> Json;

/// The step from version 1 to 2 first, and so on. Empty as long as 1 is the only version.
const MIGRATIONS: [Migration; 0] = [];

const _: () = assert!(MIGRATIONS.len() + 1 == VERSION as usize, "each version but the first needs its migration");

/// The document in the current version, or nothing if nobody knows its version.
pub(super) fn to_current(reader: &mut Reader, json: Json) -> Option<Json> {
    let Json::Object(fields) = &json else { return reader.wrong_type("an object", &json) };
    let Some((_, version)) = fields.iter().find(|(name, _)| name == "version") else {
        let problem = reader.problem(ProblemId::VersionMissing).with("known", VERSION);
        reader.report(problem);
        return Some(json);
    };
    let Json::Number(number) = version else {
        return reader.inside("version", |reader| reader.wrong_type("a number", version));
    };
    let found = number.as_u64().and_then(|n| u32::try_from(n).ok()).filter(|n| (1..=VERSION).contains(n));
    let Some(found) = found else {
        return reader.inside("version", |reader| {
            let problem = reader.problem(ProblemId::VersionUnknown).with("found", number).with("known", VERSION);
            reader.report(problem);
            None
        });
    };
    let done = usize::try_from(found).unwrap_or(usize::MAX).saturating_sub(1);
    Some(MIGRATIONS.iter().skip(done).fold(json, |json, migrate| migrate(json)))
}
