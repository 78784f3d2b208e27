import type { Detector, Looks } from "./detector.ts";

const RENEW_MS = 10_000;
const TTL_MS = 30_000;

/** The primary keeps a lease by renewing it where a majority can see; it is lost with the lease. */
export const lease: Detector = {
  name: "lease of 30 s",
  defaults: "Patroni: ttl 30, loop_wait 10",
  decide: (looks, endMs) => {
    let renewedAtMs = 0;
    for (let atMs = 0; atMs < endMs; atMs += RENEW_MS) {
      if (renews(looks, atMs)) renewedAtMs = atMs;
      else if (atMs - renewedAtMs >= TTL_MS) return atMs;
    }
    return null;
  },
};

/** It answers beside itself, and somebody outside of its region is in touch with it. */
function renews(looks: Looks, atMs: number): boolean {
  const outside = (["B", "C"] as const).some((place) => looks.answered(place, atMs) === true);
  return looks.answered("A", atMs) === true && outside;
}
