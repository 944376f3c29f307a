/**
 * What one source may have waiting for one destination, as a part of what is free then: one has a fifth of all at most, which is more
 * than a dial takes, and a hundred together leave room for a dial. The threshold of A. K. Choudhury and E. L. Hahne, "Dynamic queue
 * length thresholds for shared-memory packet switches" (1998).
 */
export const sourceShare = 1 / 4
