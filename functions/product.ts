/** Name and version of this product, as receipts and events name it. */
export const PRODUCT = "geo-failover/0.1.0";
