//! Each ruling of the dialect as an input and the whole of what it makes.

mod clozes;
mod forms;
mod inlines;
mod near_misses;
mod properties;
mod sections;
mod show;
