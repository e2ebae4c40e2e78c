//! How fast the engine is: `cargo bench -p roundtrip-sim`. `cargo xtask bench` reports more.

#[path = "workloads.rs"]
mod workloads;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use roundtrip_sim::Simulation;

fn loads(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("engine");
    group.sample_size(10);
    for name in workloads::NAMES {
        let Some(scenario) = workloads::scenario(name, 10) else { continue };
        let frames = Simulation::with_trace(scenario.clone(), false).run().frame_count;
        group.throughput(Throughput::Elements(u64::from(frames)));
        for (how, full) in [("full trace", true), ("outcomes only", false)] {
            group.bench_function(format!("{name}, {how}"), |bencher| {
                bencher.iter_batched(|| scenario.clone(), |scenario| Simulation::with_trace(scenario, full).run(), BatchSize::PerIteration);
            });
        }
    }
    group.finish();
}

criterion_group!(benches, loads);
criterion_main!(benches);
