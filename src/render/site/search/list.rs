//! Ascending numbers as text: the steps between them in base 64, or one bit a number where that is shorter.
//!
//! The digits are those of RFC 4648 base64; a step has five bits a digit, the lowest first, and the sixth says that more follow, as in the
//! mappings of source maps (ECMA-426), but without a sign.

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// What a list of bits begins with.
const BITS: char = '!';

/// A digit of base 64.
pub(super) fn digit(value: usize) -> char {
    char::from(DIGITS[value & 63])
}

/// Ascending numbers, none of them twice.
pub(super) fn encode(numbers: &[u32]) -> String {
    let mut steps = String::new();
    let mut last = None;
    for number in numbers {
        let mut step = last.map_or(*number, |last: u32| number - last - 1);
        last = Some(*number);
        while step > 31 {
            steps.push(digit(32 | (step & 31) as usize));
            step >>= 5;
        }
        steps.push(digit(step as usize));
    }
    let width = last.map_or(0, |last| last as usize / 6 + 1);
    if width + 1 >= steps.len() {
        return steps;
    }
    let mut bits = vec![0usize; width];
    for number in numbers {
        bits[*number as usize / 6] |= 1 << (number % 6);
    }
    std::iter::once(BITS).chain(bits.into_iter().map(digit)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decode(text: &str) -> Vec<u32> {
        let value = |c: u8| DIGITS.iter().position(|digit| *digit == c).unwrap() as u32;
        if let Some(bits) = text.strip_prefix(BITS) {
            let at = |(place, c): (usize, u8)| (0..6).filter(move |bit| value(c) >> bit & 1 == 1).map(move |bit| place as u32 * 6 + bit);
            return bits.bytes().enumerate().flat_map(at).collect();
        }
        let (mut numbers, mut next, mut step, mut shift) = (Vec::new(), 0u32, 0u32, 0);
        for c in text.bytes().map(value) {
            step |= (c & 31) << shift;
            shift += 5;
            if c & 32 == 0 {
                numbers.push(next + step);
                next += step + 1;
                (step, shift) = (0, 0);
            }
        }
        numbers
    }

    #[test]
    fn few_numbers_are_steps_and_many_are_bits() {
        assert_eq!(encode(&[0, 1, 34]), "AAgB");
        assert_eq!(encode(&(0..60).collect::<Vec<_>>()), "!//////////");
        assert_eq!(encode(&[]), "");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(numbers in proptest::collection::btree_set(0u32..5000, 0..2000)) {
            let numbers: Vec<u32> = numbers.into_iter().collect();
            prop_assert_eq!(decode(&encode(&numbers)), numbers);
        }
    }
}
