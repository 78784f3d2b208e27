/** How long the token at hand stays good, in milliseconds; null when there is none to be had. */
export interface Identity {
  tokenGoodForMs(): Promise<number | null>;
}
