/** How long tests wait for what is sure to come: what never comes fails by it, and what is slow does not. */
export const patience = { timeout: 30_000, interval: 20 }
