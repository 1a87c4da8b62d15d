//! Byte strings read as one file, so that a package of many megabytes is not copied together before it is written.

use std::io::{self, Read, Seek, SeekFrom};

/// Reads parts one after the other.
pub(super) struct Joined {
    parts: Vec<Vec<u8>>,
    /// The part that is read, and the place in it.
    part: usize,
    place: usize,
}

impl Joined {
    pub(super) fn new(parts: Vec<Vec<u8>>) -> Self {
        Self { parts, part: 0, place: 0 }
    }

    fn position(&self) -> u64 {
        self.parts[..self.part].iter().map(|part| part.len() as u64).sum::<u64>() + self.place as u64
    }
}

impl Read for Joined {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while let Some(part) = self.parts.get(self.part) {
            let rest = &part[self.place..];
            if !rest.is_empty() {
                let length = rest.len().min(into.len());
                into[..length].copy_from_slice(&rest[..length]);
                self.place += length;
                return Ok(length);
            }
            (self.part, self.place) = (self.part + 1, 0);
        }
        Ok(0)
    }
}

impl Seek for Joined {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let length = self.parts.iter().map(|part| part.len() as u64).sum::<u64>();
        let target = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(offset) => length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position().checked_add_signed(offset),
        };
        let target = target.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        let mut rest = usize::try_from(target.min(length)).map_err(io::Error::other)?;
        (self.part, self.place) = (self.parts.len(), 0);
        for (index, part) in self.parts.iter().enumerate() {
            if rest < part.len() {
                (self.part, self.place) = (index, rest);
                break;
            }
            rest -= part.len();
        }
        Ok(target.min(length))
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Seek as _, SeekFrom};

    use super::Joined;

    #[test]
    fn parts_read_as_one_from_any_place() {
        let whole = b"abcdef";
        let mut joined = Joined::new(vec![b"ab".to_vec(), Vec::new(), b"c".to_vec(), b"def".to_vec()]);
        for start in 0..=whole.len() {
            for to in
                [SeekFrom::Start(start as u64), SeekFrom::End(i64::try_from(start).expect("it is small") - 6)]
            {
                let mut text = Vec::new();
                assert_eq!(joined.seek(to).expect("it is inside"), start as u64);
                assert_eq!(joined.stream_position().expect("it is known"), start as u64);
                joined.read_to_end(&mut text).expect("it is in memory");
                assert_eq!(text, whole[start..]);
            }
        }
        assert!(joined.seek(SeekFrom::End(-7)).is_err());
    }
}
