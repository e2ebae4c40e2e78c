#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Some(target) = roundtrip_fuzz_targets::target("nft") {
        target(bytes);
    }
});
