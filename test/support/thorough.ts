/**
 * `npm run exhaustive` sets it: the whole space, all days, every scenario. The gate takes less of each,
 * always the same.
 */
export const THOROUGH = process.env.THOROUGH === "1";
