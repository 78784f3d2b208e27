// Before each file of tests in a mutation run.

import fc from "fast-check";

// A property beside the cases is cut short: the cases must kill, properties only add to it.
fc.configureGlobal({ interruptAfterTimeLimit: 100, markInterruptAsFailure: false });

// What is worked out while the tests are collected is nobody's mutant, nor that of the run before, whose
// worker this is (keep-worker.ts). Stryker names the next one when they begin.
Object.assign(Reflect.get(globalThis, "__stryker__") ?? {}, { activeMutant: undefined });
