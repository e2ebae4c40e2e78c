//! Points, boxes and lines of the picture. Floating point: nothing here decides anything in the network.

/// A place on the canvas, in pixels at natural size, from the left and from the top.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

impl Point {
    /// The point at these distances.
    #[must_use]
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    fn distance(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The point that has gone `share` (0 to 1) of the way to `other`.
    #[must_use]
    pub fn towards(self, other: Self, share: f64) -> Self {
        Self { x: (other.x - self.x).mul_add(share, self.x), y: (other.y - self.y).mul_add(share, self.y) }
    }
}

/// An upright rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Rect {
    /// With these edges and measures.
    #[must_use]
    pub const fn new(x: f64, y: f64, width: f64, height: f64) -> Self {
        Self { x, y, width, height }
    }

    /// Around a centre.
    #[must_use]
    pub fn around(centre: Point, width: f64, height: f64) -> Self {
        Self { x: centre.x - width / 2.0, y: centre.y - height / 2.0, width, height }
    }

    /// The right edge.
    #[must_use]
    pub const fn right(&self) -> f64 {
        self.x + self.width
    }

    /// The lower edge.
    #[must_use]
    pub const fn bottom(&self) -> f64 {
        self.y + self.height
    }

    /// The middle.
    #[must_use]
    pub fn centre(&self) -> Point {
        Point { x: self.x + self.width / 2.0, y: self.y + self.height / 2.0 }
    }

    /// The smallest rectangle that holds both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        Self { x, y, width: self.right().max(other.right()) - x, height: self.bottom().max(other.bottom()) - y }
    }

    /// As much larger on every side.
    #[must_use]
    pub fn grown(&self, by: f64) -> Self {
        Self { x: self.x - by, y: self.y - by, width: 2.0f64.mul_add(by, self.width), height: 2.0f64.mul_add(by, self.height) }
    }

    /// The area that both cover.
    #[must_use]
    pub fn overlap(&self, other: &Self) -> f64 {
        let width = self.right().min(other.right()) - self.x.max(other.x);
        let height = self.bottom().min(other.bottom()) - self.y.max(other.y);
        width.max(0.0) * height.max(0.0)
    }
}

/// A line through points, of which every part is known by its distance from the beginning.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    points: Vec<Point>,
    /// Distance of each point from the first, along the line.
    distances: Vec<f64>,
}

impl Line {
    /// Through these points, with every corner rounded to `radius` as far as its sides are long enough.
    #[must_use]
    pub fn rounded(corners: &[Point], radius: f64) -> Self {
        const PARTS: u32 = 6;
        let mut points = Vec::with_capacity(corners.len() * 4);
        points.extend(corners.first());
        for window in corners.windows(3) {
            let [before, corner, after] = *window else { continue };
            let (in_length, out_length) = (before.distance(corner), corner.distance(after));
            let cut = radius.min(in_length / 2.0).min(out_length / 2.0);
            if cut < 0.5 {
                points.push(corner);
                continue;
            }
            let (from, to) = (corner.towards(before, cut / in_length), corner.towards(after, cut / out_length));
            // A quadratic curve with the corner as its control point, in a few straight parts.
            for part in 0..=PARTS {
                let share = f64::from(part) / f64::from(PARTS);
                points.push(from.towards(corner, share).towards(corner.towards(to, share), share));
            }
        }
        if corners.len() > 1 {
            points.extend(corners.last());
        }
        let mut distances = Vec::with_capacity(points.len());
        let mut sum = 0.0;
        let mut last: Option<Point> = None;
        for point in &points {
            sum += last.map_or(0.0, |last| last.distance(*point));
            distances.push(sum);
            last = Some(*point);
        }
        Self { points, distances }
    }

    /// The points.
    #[must_use]
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// How long it is.
    #[must_use]
    pub fn length(&self) -> f64 {
        self.distances.last().copied().unwrap_or_default()
    }

    /// The point at a share (0 to 1) of its length.
    #[must_use]
    pub fn at(&self, share: f64) -> Point {
        let wanted = self.length() * share.clamp(0.0, 1.0);
        let after = self.distances.partition_point(|distance| *distance < wanted);
        let Some(end) = self.points.get(after).or(self.points.last()).copied() else { return Point::default() };
        let Some(start) = after.checked_sub(1) else { return end };
        let (Some(from), Some(near), Some(far)) = (self.points.get(start), self.distances.get(start), self.distances.get(after)) else {
            return end;
        };
        if far > near { from.towards(end, (wanted - near) / (far - near)) } else { end }
    }

    /// The same line without the last `length` of it.
    #[must_use]
    pub fn shortened(&self, length: f64) -> Self {
        let whole = self.length();
        if whole <= length {
            return self.clone();
        }
        let keep = whole - length;
        let mut points: Vec<Point> =
            self.points.iter().zip(&self.distances).take_while(|(_, distance)| **distance < keep).map(|(point, _)| *point).collect();
        points.push(self.at(keep / whole));
        Self::rounded(&points, 0.0)
    }

    /// As the `d` attribute of an SVG path.
    #[must_use]
    pub fn svg_path(&self) -> String {
        use std::fmt::Write;
        let mut text = String::with_capacity(self.points.len() * 12);
        for (i, point) in self.points.iter().enumerate() {
            // Writing to a string cannot fail.
            let _ = write!(text, "{}{:.1} {:.1}", if i == 0 { 'M' } else { 'L' }, point.x, point.y);
        }
        text
    }
}

/// About how wide a text is at 13 pixels, in pixels: layout needs it before any browser has measured.
#[must_use]
pub fn text_width(text: &str) -> f64 {
    text.chars().map(|c| if (c as u32) < 0x1100 { 7.4 } else { 13.5 }).sum()
}

/// Where a call-out of this size goes, beside `anchor`: where it covers least of `obstacles`, inside `within` if it fits.
#[must_use]
pub fn place_callout(anchor: Rect, width: f64, height: f64, obstacles: &[Rect], within: Rect) -> Rect {
    const GAP: f64 = 14.0;
    let centre = anchor.centre();
    let candidates = [
        (anchor.right() + GAP, anchor.y - GAP),
        (anchor.x - GAP - width, anchor.y - GAP),
        (centre.x - width / 2.0, anchor.y - GAP - height),
        (centre.x - width / 2.0, anchor.bottom() + GAP),
        (anchor.right() + GAP, anchor.y - height),
        (anchor.x - GAP - width, anchor.y - height),
        (anchor.right() + GAP, anchor.bottom()),
        (anchor.x - GAP - width, anchor.bottom()),
    ];
    let inside = |x: f64, y: f64| {
        Rect::new(x.min(within.right() - width).max(within.x), y.min(within.bottom() - height).max(within.y), width, height)
    };
    let cost = |place: &Rect| -> f64 {
        let covered: f64 = obstacles.iter().map(|obstacle| obstacle.overlap(place)).sum();
        20.0f64.mul_add(anchor.overlap(place), covered)
    };
    candidates
        .into_iter()
        .map(|(x, y)| inside(x, y))
        .min_by(|a, b| cost(a).total_cmp(&cost(b)))
        .unwrap_or_else(|| inside(anchor.right(), anchor.y))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_rounded_line_begins_and_ends_where_its_corners_do() {
        let corners = [Point::new(0.0, 100.0), Point::new(0.0, 0.0), Point::new(200.0, 0.0)];
        let line = Line::rounded(&corners, 14.0);
        assert_eq!((line.at(0.0), line.at(1.0)), (corners[0], corners[2]));
        assert!(line.length() < 300.0 && line.length() > 290.0, "the corner is cut: {}", line.length());
        assert!(line.svg_path().starts_with("M0.0 100.0L0.0 14.0"), "{}", line.svg_path());
        let short = line.shortened(10.0);
        assert!((short.length() - line.length() + 10.0).abs() < 1e-6);
        assert!((short.at(1.0).x - 190.0).abs() < 1e-6);
    }

    #[test]
    fn an_empty_line_is_harmless() {
        let line = Line::rounded(&[], 5.0);
        assert_eq!((line.length(), line.at(0.5), line.svg_path()), (0.0, Point::default(), String::new()));
        let dot = Line::rounded(&[Point::new(1.0, 2.0)], 5.0);
        assert_eq!(dot.at(0.7), Point::new(1.0, 2.0));
    }

    #[test]
    fn a_callout_avoids_what_is_there() {
        let anchor = Rect::new(400.0, 100.0, 90.0, 60.0);
        let within = Rect::new(0.0, 0.0, 1000.0, 600.0);
        let free = place_callout(anchor, 200.0, 60.0, &[], within);
        assert!(free.x > anchor.right());
        let beside = Rect::new(500.0, 60.0, 300.0, 200.0);
        let other = place_callout(anchor, 200.0, 60.0, &[beside], within);
        assert!(other.overlap(&beside) < 1.0 && other.overlap(&anchor) < 1.0, "{other:?}");
    }

    proptest! {
        #[test]
        fn going_along_a_line_never_jumps(xs in proptest::collection::vec((-500.0..500.0, -500.0..500.0), 2..8)) {
            let corners: Vec<Point> = xs.iter().map(|(x, y)| Point::new(*x, *y)).collect();
            let line = Line::rounded(&corners, 14.0);
            let step = line.length() / 100.0;
            for i in 0..100 {
                let (a, b) = (line.at(f64::from(i) / 100.0), line.at(f64::from(i + 1) / 100.0));
                prop_assert!(a.distance(b) <= step + 1e-6);
            }
        }

        #[test]
        fn a_callout_stays_inside(x in 0.0..900.0, y in 0.0..500.0) {
            let within = Rect::new(0.0, 0.0, 1000.0, 600.0);
            let place = place_callout(Rect::new(x, y, 90.0, 60.0), 300.0, 80.0, &[], within);
            prop_assert!(place.x >= 0.0 && place.right() <= 1000.0 && place.y >= 0.0 && place.bottom() <= 600.0);
        }
    }
}
