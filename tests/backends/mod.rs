//! Every backend.
