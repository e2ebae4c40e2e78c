//! A map for few keys: two lists in the order of the keys. Looking a key up among few costs a handful of comparisons, which is what
//! a packet's way through a node asks for; putting one in among many costs more than in a tree.

/// Up to so many keys are looked at one by one.
const FEW: usize = 8;

/// The map.
#[derive(Clone, Debug)]
pub(crate) struct Sorted<K, V> {
    keys: Vec<K>,
    values: Vec<V>,
}

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Self {
        Self { keys: Vec::new(), values: Vec::new() }
    }
}

impl<K: Ord, V> Sorted<K, V> {
    #[inline]
    fn place(&self, key: &K) -> Option<usize> {
        if self.keys.len() <= FEW { self.keys.iter().position(|known| known == key) } else { self.keys.binary_search(key).ok() }
    }

    /// The value of a key.
    #[inline]
    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let place = self.place(key)?;
        self.values.get_mut(place)
    }

    /// Puts a value in if there is none for the key.
    pub(crate) fn ensure(&mut self, key: K, make: impl FnOnce() -> V) {
        if let Err(place) = self.keys.binary_search(&key) {
            self.keys.insert(place, key);
            self.values.insert(place, make());
        }
    }

    /// All, in the order of the keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.keys.iter().zip(&self.values)
    }

    /// All values, in the order of the keys.
    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.values.iter()
    }

    /// Keeps what `keep` says, asked in the order of the keys.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        let mut values = std::mem::take(&mut self.values).into_iter();
        let kept = &mut self.values;
        self.keys.retain(|key| {
            let Some(mut value) = values.next() else { return false };
            let stays = keep(key, &mut value);
            if stays {
                kept.push(value);
            }
            stays
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn as_a_tree(steps in prop::collection::vec((0_u8..3, 0_u8..40, any::<u16>()), 0..80)) {
            let (mut tree, mut sorted) = (BTreeMap::new(), Sorted::default());
            for (what, key, value) in steps {
                match what {
                    0 => {
                        tree.entry(key).or_insert(value);
                        sorted.ensure(key, || value);
                    }
                    1 => {
                        tree.retain(|at, held| *at % 5 != key % 5 && *held != value);
                        sorted.retain(|at, held| *at % 5 != key % 5 && *held != value);
                    }
                    _ => prop_assert_eq!(tree.get_mut(&key), sorted.get_mut(&key)),
                }
                prop_assert_eq!(tree.iter().collect::<Vec<_>>(), sorted.iter().collect::<Vec<_>>());
                prop_assert!(tree.values().eq(sorted.values()));
            }
        }
    }
}
