//! How components read the session: by the parts that they need, and no oftener than these change.

use crate::store::{Moment, Store};
use crate::words::Words;
use roundtrip_editor::{Command, Snapshot};
use std::rc::Rc;
use yew::prelude::*;

/// A shared value, compared by pointer: the same pointer is the same value, and nothing is looked at.
#[derive(Debug)]
pub(crate) struct Same<T>(pub(crate) Rc<T>);

impl<T> Clone for Same<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for Same<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> std::ops::Deref for Same<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// The session.
#[hook]
pub(crate) fn use_store() -> Store {
    // The provider is the root of the page: there is no component outside it.
    use_context::<Store>().unwrap_or_else(|| unreachable!("no component is outside the provider"))
}

/// The words of the reader's language.
#[hook]
pub(crate) fn use_words() -> Words {
    use_context::<Words>().unwrap_or_else(|| unreachable!("no component is outside the provider"))
}

/// A part of the state. The component is rendered again when the part is another.
#[hook]
pub(crate) fn use_part<T: Clone + PartialEq + 'static>(select: fn(&Snapshot) -> T) -> T {
    let store = use_store();
    let part = use_state_eq(|| select(&store.snapshot()));
    {
        let setter = part.setter();
        use_effect_with(store, move |store| {
            // It may have changed between the first rendering and now.
            setter.set(select(&store.snapshot()));
            let subscription = store.on_change(move |snapshot| setter.set(select(snapshot)));
            move || drop(subscription)
        });
    }
    (*part).clone()
}

/// Something that depends on the moment and changes now and then. `key` is what else it depends on.
#[hook]
pub(crate) fn use_moment<K, T>(key: K, select: fn(&K, &Moment) -> T) -> T
where
    K: Clone + PartialEq + 'static,
    T: Clone + PartialEq + 'static,
{
    let store = use_store();
    let value = use_state_eq(|| select(&key, &store.moment()));
    {
        let setter = value.setter();
        use_effect_with((store, key), move |(store, key)| {
            setter.set(select(key, &store.moment()));
            let key = key.clone();
            let subscription = store.on_moment(move |moment| setter.set(select(&key, moment)));
            move || drop(subscription)
        });
    }
    (*value).clone()
}

/// Draws something directly at every frame, for as long as the component is there. `key` is what the drawing depends on:
/// when it changes, `make` is called for a new drawing.
#[hook]
pub(crate) fn use_drawing<K, D>(key: K, make: impl FnOnce(&K) -> D + 'static)
where
    K: Clone + PartialEq + 'static,
    D: Fn(&Moment) + 'static,
{
    let store = use_store();
    use_effect_with((store, key), move |(store, key)| {
        let draw = make(key);
        draw(&store.moment());
        let subscription = store.on_moment(draw);
        move || drop(subscription)
    });
}

/// A callback that sends a command.
#[hook]
pub(crate) fn use_send<E: 'static>(command: impl Fn() -> Command + 'static) -> Callback<E> {
    let store = use_store();
    Callback::from(move |_: E| store.send(command()))
}
