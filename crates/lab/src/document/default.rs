//! Defaults of fields, each with the test whether a value is the default.

/// True if the value is the default of its type.
pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Defaults of one type's fields, each with the test whether a value is the default.
macro_rules! defaults {
    ($module:ident, $owner:ident { $($name:ident, $test:ident: $type:ty = $value:expr;)* }) => {
        impl $owner {
            $(pub(crate) fn $name() -> $type {
                $value
            })*
        }
        pub(super) mod $module {
            #[allow(unused_imports, reason = "not every type of the document is some default's")]
            use super::*;
            $(pub(super) fn $test(value: &$type) -> bool {
                *value == $owner::$name()
            })*
        }
    };
}

pub(super) use defaults;
