import { defineConfig } from "vitest/config";

// The mutation run has a configuration of its own: one project, and one file that gathers the quick
// tests of the policy.
export default defineConfig({ test: { include: ["test/mutation/policy-cases.ts"] } });
