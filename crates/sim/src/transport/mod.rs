//! What stands on IP.
