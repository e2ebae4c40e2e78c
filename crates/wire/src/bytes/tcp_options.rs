//! TCP options between value and bytes.

use crate::{SackBlock, TcpOptions, Timestamps};
use etherparse::{TcpOptionElement as Element, TcpOptionsIterator};

/// The options in the order and with the padding that Linux gives them: maximum segment size;
/// timestamps, preceded by SACK-permitted or by two NOPs; SACK-permitted alone behind two NOPs; window
/// scale behind one NOP; SACK blocks behind two NOPs. Always a multiple of four bytes.
pub(super) fn elements(options: &TcpOptions) -> Vec<Element> {
    let mut list = Vec::with_capacity(12);
    if let Some(mss) = options.mss {
        list.push(Element::MaximumSegmentSize(mss));
    }
    if options.sack_permitted {
        if options.timestamps.is_none() {
            list.extend([Element::Noop, Element::Noop]);
        }
        list.push(Element::SelectiveAcknowledgementPermitted);
    } else if options.timestamps.is_some() {
        list.extend([Element::Noop, Element::Noop]);
    }
    if let Some(Timestamps { value, echo }) = options.timestamps {
        list.push(Element::Timestamp(value, echo));
    }
    if let Some(shift) = options.window_scale {
        list.extend([Element::Noop, Element::WindowScale(shift)]);
    }
    let mut blocks = options.sack_on_wire().iter().map(|block| (block.left, block.right));
    if let Some(first) = blocks.next() {
        let others = std::array::from_fn(|_| blocks.next());
        list.extend([Element::Noop, Element::Noop, Element::SelectiveAcknowledgement(first, others)]);
    }
    list
}

/// Reads the options of a header. What is unknown or has a wrong length is passed over by its length
/// octet, as receivers must do (RFC 9293 section 3.1, MUST-6); the last of several counts.
pub(crate) fn read(mut bytes: &[u8]) -> TcpOptions {
    let mut options = TcpOptions::default();
    loop {
        let mut elements = TcpOptionsIterator::from_slice(bytes);
        match elements.next() {
            None => return options,
            Some(Ok(element)) => {
                note(&mut options, element);
                bytes = elements.rest();
            }
            Some(Err(_)) => {
                // A length octet counts itself and the kind, so less than two is nonsense.
                let Some(&len @ 2..) = bytes.get(1) else { return options };
                let Some(rest) = bytes.get(usize::from(len)..) else { return options };
                bytes = rest;
            }
        }
    }
}

fn note(options: &mut TcpOptions, element: Element) {
    match element {
        Element::Noop => {}
        Element::MaximumSegmentSize(mss) => options.mss = Some(mss),
        Element::WindowScale(shift) => options.window_scale = Some(shift),
        Element::SelectiveAcknowledgementPermitted => options.sack_permitted = true,
        Element::Timestamp(value, echo) => options.timestamps = Some(Timestamps { value, echo }),
        Element::SelectiveAcknowledgement(first, others) => {
            let blocks = [Some(first)].into_iter().chain(others).flatten();
            options.sack = blocks.map(|(left, right)| SackBlock { left, right }).collect();
        }
    }
}
