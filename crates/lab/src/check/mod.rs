//! What is wrong with a document whose parts can all be read.

mod actions;
mod addresses;
mod names;
mod routes;
mod rules;
mod segments;
mod services;

use crate::convert::Index;
use crate::document::{Device, Lab};
use crate::problem::{Problem, ProblemId, join_path};

/// Everything that is wrong with a document: values that could not be read back once it is saved, then what its parts say of
/// each other, in the order of its parts.
#[must_use]
pub fn check(lab: &Lab) -> Vec<Problem> {
    let mut problems = crate::read::problems_of(lab);
    problems.extend(relations(lab));
    problems
}

/// What is wrong between the parts of a document.
pub(crate) fn relations(lab: &Lab) -> Vec<Problem> {
    let mut checker = Checker::new(lab);
    checker.names();
    checker.segments();
    checker.addresses();
    checker.routes();
    checker.services();
    checker.rules();
    checker.actions();
    let mut problems = checker.problems;
    problems.extend(crate::convert::to_scenario(lab).1);
    problems
}

/// How the elements of a list are called in a path.
pub(crate) fn places<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let names: Vec<Option<&str>> = names.map(Some).collect();
    crate::read::reader::place_names(&names)
}

/// A document on the table, and what was found so far.
struct Checker<'a> {
    lab: &'a Lab,
    index: Index<'a>,
    /// Paths of the devices.
    devices: Vec<String>,
    /// Paths of each device's interfaces.
    interfaces: Vec<Vec<String>>,
    problems: Vec<Problem>,
}

impl<'a> Checker<'a> {
    fn new(lab: &'a Lab) -> Self {
        let devices: Vec<String> =
            places(lab.devices.iter().map(|device| device.name.as_str())).iter().map(|place| join_path("devices", place)).collect();
        let interfaces = lab
            .devices
            .iter()
            .zip(&devices)
            .map(|(device, path)| {
                let path = join_path(path, "interfaces");
                places(device.interfaces.iter().map(|i| i.name.as_str())).iter().map(|place| join_path(&path, place)).collect()
            })
            .collect();
        Self { lab, index: Index::new(lab), devices, interfaces, problems: Vec::new() }
    }

    fn report(&mut self, id: ProblemId, path: String, with: impl FnOnce(Problem) -> Problem) {
        self.problems.push(with(Problem::new(id, path)));
    }

    /// Every device with its path.
    fn each_device(&self) -> impl Iterator<Item = (&'a Device, String)> + use<'a> {
        self.lab.devices.iter().zip(self.devices.clone())
    }

    /// Every interface with its device's name and its path.
    fn each_interface(&self) -> impl Iterator<Item = (&'a Device, &'a crate::document::Interface, String)> + use<'a> {
        self.lab
            .devices
            .iter()
            .zip(self.interfaces.clone())
            .flat_map(|(device, paths)| device.interfaces.iter().zip(paths).map(move |(interface, path)| (device, interface, path)))
    }
}
