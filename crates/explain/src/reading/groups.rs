//! Items sorted into groups, in two arrays rather than a list per group.

/// For each key from 0 on, the items that belong to it, in the order in which they were given.
#[derive(Clone, Debug, Default)]
pub struct Groups<T> {
    /// Where each group ends in `items`.
    ends: Vec<u32>,
    items: Vec<T>,
}

impl<T: Copy> Groups<T> {
    /// Sorts pairs of key and item into `count` groups. Pairs with a key beyond are left out.
    #[must_use]
    pub fn new(count: usize, pairs: impl Iterator<Item = (usize, T)> + Clone) -> Self {
        let mut ends = vec![0_u32; count];
        for (key, _) in pairs.clone() {
            if let Some(size) = ends.get_mut(key) {
                *size = size.saturating_add(1);
            }
        }
        let mut sum = 0_u32;
        let mut next: Vec<u32> = Vec::with_capacity(count);
        for end in &mut ends {
            next.push(sum);
            sum = sum.saturating_add(*end);
            *end = sum;
        }
        let mut items: Vec<T> = Vec::new();
        if let Some((_, any)) = pairs.clone().next() {
            items.resize(sum as usize, any);
        }
        for (key, item) in pairs {
            if let Some(place) = next.get_mut(key) {
                if let Some(slot) = items.get_mut(*place as usize) {
                    *slot = item;
                }
                *place = place.saturating_add(1);
            }
        }
        Self { ends, items }
    }

    /// The items of a group; none if there is no such group.
    #[must_use]
    pub fn of(&self, key: usize) -> &[T] {
        let start = key.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(key).copied().unwrap_or(start);
        self.items.get(start as usize..end as usize).unwrap_or(&[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn as_a_list_of_lists(pairs in proptest::collection::vec((0_usize..9, 0_u16..999), 0..60)) {
            let groups = Groups::new(8, pairs.iter().copied());
            for key in 0..10 {
                let expected: Vec<u16> = pairs.iter().filter(|(k, _)| *k == key && key < 8).map(|(_, item)| *item).collect();
                prop_assert_eq!(groups.of(key), expected);
            }
        }
    }
}
