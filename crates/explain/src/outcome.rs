//! How a conversation ended, in one word.

use roundtrip_sim::trace::{ActionResult, Outcome as Recorded};

macro_rules! outcomes {
    ($($(#[$doc:meta])* $variant:ident $id:literal;)*) => {
        /// How a conversation ended.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Outcome {
            $($(#[$doc])* $variant,)*
        }

        impl Outcome {
            /// Every outcome.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name, which never changes.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// The name of its headline in the catalogues.
            #[must_use]
            pub const fn name_id(self) -> &'static str {
                match self { $(Self::$variant => concat!("outcome-", $id, "-name"),)* }
            }

            /// The name of its sentence in the catalogues.
            #[must_use]
            pub const fn message_id(self) -> &'static str {
                match self { $(Self::$variant => concat!("outcome-", $id),)* }
            }
        }
    };
}

outcomes! {
    /// As wished, without a loss.
    Healthy "healthy";
    /// As wished in the end, after losses on the way.
    Recovered "recovered";
    /// Some answers came, some did not.
    Partial "partial";
    /// TCP: connected as far as the client knows, and then nothing.
    Stalled "stalled";
    /// No answer in the application's time.
    TimedOut "timed-out";
    /// Refused: RST, or port unreachable.
    Refused "refused";
    /// The sender was told that there is no way.
    Unreachable "unreachable";
    /// TCP: broken off in the middle.
    Reset "reset";
    /// TCP: the far end ended the stream early.
    Ended "ended";
    /// Something else failed.
    Failed "failed";
    /// The simulation ended first.
    Unfinished "unfinished";
}

impl Outcome {
    /// True if the application got what it wanted.
    #[must_use]
    pub const fn works(self) -> bool {
        matches!(self, Self::Healthy | Self::Recovered)
    }

    /// Of a recorded one. `lossy`: packets of it were lost while it lasted. `missing`: some answers never came.
    #[must_use]
    pub const fn of(recorded: &Recorded, lossy: bool, missing: bool) -> Self {
        match recorded.result {
            ActionResult::Ok if missing => Self::Partial,
            ActionResult::Ok if lossy => Self::Recovered,
            ActionResult::Ok => Self::Healthy,
            ActionResult::Partial => Self::Partial,
            ActionResult::Timeout | ActionResult::TimeoutKernel => match recorded.connected {
                Some(true) => Self::Stalled,
                Some(false) | None => Self::TimedOut,
            },
            ActionResult::Refused => Self::Refused,
            ActionResult::Unreachable => Self::Unreachable,
            ActionResult::Reset => Self::Reset,
            ActionResult::Eof => Self::Ended,
            ActionResult::Error => Self::Failed,
            ActionResult::Running => Self::Unfinished,
        }
    }

    /// How far it is from what was wished; smaller is better.
    #[must_use]
    pub const fn badness(result: ActionResult) -> u8 {
        match result {
            ActionResult::Ok => 0,
            ActionResult::Running => 1,
            ActionResult::Partial => 2,
            ActionResult::Eof
            | ActionResult::Reset
            | ActionResult::Error
            | ActionResult::Timeout
            | ActionResult::TimeoutKernel
            | ActionResult::Refused
            | ActionResult::Unreachable => 3,
        }
    }
}
