import { setDefaultAutoSelectFamilyAttemptTimeout } from "node:net";

/**
 * Half of the shortest deadline that a request has. Node tries the addresses of a name one after the other
 * and gives each but the last this long: by default a quarter of a second, so that a slow handshake beside
 * an address without a route would look like nobody.
 */
const PER_ADDRESS_MS = 3_500;

/** Makes every client of this process wait for slow addresses. To be called once, at its start. */
export function waitForSlowAddresses(): void {
  setDefaultAutoSelectFamilyAttemptTimeout(PER_ADDRESS_MS);
}
